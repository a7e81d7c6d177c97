"""A drawn program shows every entry of the printed page, with an edge for all that each reads."""

from __future__ import annotations

import re

import numpy as np
import pytest

import autodiff
import viz
from autodiff import Value
from nn import MLP

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


def _node_of(name):
    return "b" + re.sub(r"\D", "_", name[1:]).strip("_")


def test_every_entry_is_a_node(program):
    nodes = _nodes(viz.draw(program).source)
    page = program.page
    for section in page.steps:
        for entry in section.entries:
            shown = nodes[_node_of(entry.name)]
            assert f"{entry.name} = {entry.text}" in shown
            assert entry.origin in shown
            assert entry.shape in shown
    for number, entry in enumerate(page.results.entries):
        assert entry.name in nodes[f"r{number}"]


def test_every_read_is_an_edge_and_no_box_stands_alone(program):
    source = viz.draw(program).source
    edges = set(_EDGE.findall(source))
    nodes = _nodes(source)
    for section in program.page.steps:
        for entry in section.entries:
            for read in entry.reads:
                origins = {_node_of(read), _node_of(read.partition("[")[0])} & set(nodes)
                assert any((origin, _node_of(entry.name)) in edges for origin in origins)
    assert {end for edge in edges for end in edge} == set(nodes)


def test_parameters_are_drawn_where_they_are_read():
    source = viz.draw(_network()).source
    nodes = _nodes(source)
    assert "layer 1 / neuron 1 / w1 … neuron 2 / w3" in nodes["b0_0_3__4_7"]
    assert "layer 1 / neuron 1 / b and neuron 2 / b" in nodes["b0_3__7"]
    assert "b0" not in nodes


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
    lines = {line.partition(" [")[0].strip(): line for line in source.splitlines() if " [label=" in line}
    assert "#d8daeb" in lines[_node_of(first.entries[0].name)]
    assert "#fee0b6" in lines[_node_of(gradient.entries[0].name)]
    assert "dashed" in lines["b0_3__7"]
    assert "dashed" not in lines["b1"]
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


def test_other_things_are_refused():
    with pytest.raises(viz.OptionTypeError, match="expected a Value, or a model with data, got int"):
        viz.draw(3)
