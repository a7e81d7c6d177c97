"""A drawn program shows every entry of the printed page, with an edge for all that each reads."""

from __future__ import annotations

import re

import numpy as np
import pytest

import autodiff
import viz
from autodiff import Value
from nn import MLP
from viz.drawing.program_graph import read_program

_NODE = re.compile(r'^\t(\w+) \[label="?(.*?)"? \w+=', re.MULTILINE)
_EDGE = re.compile(r"^\t(\w+) -> (\w+)$", re.MULTILINE)


def _network():
    model = MLP(3, [2, 1], activation="sigmoid", rng=0)
    compiled = autodiff.compile(lambda features, target: (model(features) - target) ** 2, batched=(0, 1))
    compiled.backward(np.ones((3, 3)), np.zeros(3))
    return compiled.program


def _expression():
    w = Value(0.5, label="w")
    compiled = autodiff.compile(lambda x, y: (3.0 * x - w) / y - 1.0 / x, batched=(0, 1))
    compiled.backward([1.0, 2.0], [3.0, 4.0])
    return compiled.program


def _second_argument():
    compiled = autodiff.compile(lambda x, y: [y[1] - y[0], 4.0], batched=(0, 1))
    compiled([1.0], [[3.0, 4.0]])
    return compiled.program


PROGRAMS = {"network": _network, "expression": _expression, "second argument": _second_argument}


@pytest.fixture(params=PROGRAMS)
def program(request):
    return PROGRAMS[request.param]()


def _nodes(source):
    return dict(_NODE.findall(source))


def _node_of(name, nodes):
    """The node of a block or of its rows, by what is written on it."""
    return next(key for key, label in nodes.items() if label.startswith((f"{name} = ", f"{name}\\n")))


def test_every_entry_is_a_node(program):
    nodes = _nodes(viz.draw(program).source)
    page = program.page
    for section in page.steps:
        for entry in section.entries:
            shown = nodes[_node_of(entry.name, nodes)]
            assert f"{entry.name} = {entry.text}" in shown
            assert entry.origin in shown
            assert entry.shape in shown
    results = [*nodes.values()][-len(page.results.entries) :]
    for shown, entry in zip(results, page.results.entries, strict=True):
        assert shown.startswith(entry.name)


def test_every_read_is_an_edge_and_no_box_stands_alone(program):
    source = viz.draw(program).source
    edges = set(_EDGE.findall(source))
    nodes = _nodes(source)
    for section in program.page.steps:
        for entry in section.entries:
            for read in entry.reads:
                known = {key for key, label in nodes.items() if re.match(rf"({re.escape(read)}|%\d+)(\\n| = )", label)}
                block = read.partition("[")[0]
                origins = [key for key in known if nodes[key].startswith((f"{read}\\n", f"{block}\\n", f"{block} = "))]
                assert any((origin, _node_of(entry.name, nodes)) in edges for origin in origins)
    assert {end for edge in edges for end in edge} == set(nodes)


def test_parameters_are_drawn_where_they_are_read():
    source = viz.draw(_network()).source
    nodes = _nodes(source)
    assert "layer 1 / neuron 1 / w1 … neuron 2 / w3" in nodes[_node_of("%0[0:3, 4:7]", nodes)]
    assert "layer 1 / neuron 1 / b and neuron 2 / b" in nodes[_node_of("%0[3, 7]", nodes)]
    assert not any(label.startswith("%0\\n") for label in nodes.values())


def test_constants_and_the_order_of_operands_are_told():
    shown = " ".join(_nodes(viz.draw(_expression()).source).values())
    assert re.search(r"mul\(3, %1\)", shown)
    assert re.search(r"div\(1, %1\)", shown)
    assert re.search(r"sub\(%\d+, %0\)", shown)
    assert re.search(r"div\(%\d+, %2\)", shown)


def test_derivatives_and_what_is_computed_once_look_otherwise():
    source = viz.draw(_network()).source
    first, gradient = _network().page.steps[:2]
    assert first.leading
    assert not gradient.leading
    nodes = _nodes(source)
    lines = {line.partition(" [")[0].strip(): line for line in source.splitlines() if " [label=" in line}
    assert "#d8daeb" in lines[_node_of(first.entries[0].name, nodes)]
    assert "#fee0b6" in lines[_node_of(gradient.entries[0].name, nodes)]
    assert "dashed" in lines[_node_of("%0[3, 7]", nodes)]
    assert "dashed" not in lines[_node_of("%1", nodes)]
    assert source.count("peripheries=2") == 2


def test_from_the_top_down_unless_told_otherwise(program):
    assert "rankdir=TB" in viz.draw(program).source
    assert "rankdir=LR" in viz.draw(program, direction="LR").source


def test_totals_stay_without_the_legend(program):
    whole, plain = viz.draw(program).source, viz.draw(program, legend=False).source
    for total in program.page.totals:
        assert total in whole
        assert total in plain
    assert "violet" in whole
    assert "violet" not in plain


def test_renders(program):
    assert b"<svg" in viz.draw(program).pipe(format="svg")


def _deep(layers, width=8):
    model = MLP(2, [width] * layers + [1], activation="tanh", rng=0)
    compiled = autodiff.compile(lambda features, target: (model(features) - target) ** 2, batched=(0, 1))
    compiled.backward(np.ones((3, 2)), np.zeros(3))
    return compiled.program


def _long():
    def tower(x):
        for _ in range(30):
            x = autodiff.sin(x) * x
        return x

    compiled = autodiff.compile(tower, batched=0)
    compiled.backward([0.5])
    return compiled.program


@pytest.mark.parametrize(
    "made", [_network, _expression, lambda: _deep(1), lambda: _deep(8), _long], ids=["1", "2", "3", "4", "5"]
)
def test_a_program_fits_a_page_and_what_is_folded_is_counted(made):
    program = made()
    drawing = viz.draw(program).drawing
    assert drawing.width * 9.0 / 10.5 <= 1280
    assert drawing.height * 9.0 / 10.5 <= 850
    assert sum(vertex.nodes for vertex in drawing.vertices) == drawing.nodes == len(read_program(program.page))
    assert len(drawing.vertices) > 3


def test_equal_layers_are_one_group_that_says_how_many_there_are():
    vertices = {vertex.title: vertex for vertex in viz.draw(_deep(8)).drawing.vertices}
    layers = vertices["layer 1 … layer 8 ×8"]
    assert layers.lines == ("24 steps in 8 equal groups", "8 dot, 8 add, 8 tanh")
    assert len(layers.details) == layers.nodes == 24
    assert "layer 9" in vertices


def test_a_group_lists_its_steps_on_hover_and_max_nodes_draws_each():
    program = _deep(1)
    folded = {vertex.title: vertex for vertex in viz.draw(program).drawing.vertices}
    assert folded["layer 1"].lines[0] == "3 steps"
    assert [line.partition(" = ")[2].partition("(")[0] for line in folded["layer 1"].details] == [
        "dot of 2",
        "add",
        "tanh",
    ]
    whole = viz.draw(program, max_nodes=1500).drawing
    assert len(whole.vertices) == whole.nodes
    assert not whole.remarks


def test_every_line_between_steps_has_room_for_its_arrow():
    for line in viz.draw(_deep(8)).drawing.lines:
        assert line.arrow
        assert len(line.path) >= 4
        assert line.path[0] != line.path[-1]


def test_other_things_are_refused():
    with pytest.raises(autodiff.errors.CoercionError, match="expected a Value, or a model with data, got int"):
        viz.draw(3)
