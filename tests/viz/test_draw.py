"""draw(): what the picture says, as Graphviz understands it."""

from __future__ import annotations

import math
import subprocess
import sys

import graphviz
import numpy as np
import pytest

import viz
from autodiff import AutodiffError, Origin, Value, log, no_grad, relu, topological_order, where
from tests.viz.graphs import network, square
from tests.viz.structure import parsed
from viz import Picture, draw


def test_the_result_is_a_digraph():
    picture = draw(square())
    assert isinstance(picture, Picture)
    assert isinstance(picture, graphviz.Digraph)
    assert picture.format == "svg"


def test_both_edges_of_a_square_are_there_with_their_slopes():
    edges = parsed(draw(square())).between("n0", "n1")
    assert [edge["label"].strip() for edge in edges] == ["3", "3"]
    assert [edge["tooltip"] for edge in edges] == ["slope 3.0\\nslope × upstream 3.0"] * 2


def test_nodes_show_label_or_symbol_then_data_then_grad():
    nodes = parsed(draw(square())).nodes
    assert nodes["n0"]["label"] == "x\\ndata 3\\ngrad 6"
    assert nodes["n1"]["label"] == "×\\ndata 9\\ngrad 1"


def test_a_labeled_operation_shows_both():
    root = square()
    root.label = "y"
    assert parsed(draw(root)).nodes["n1"]["label"].startswith("y (×)\\n")


def test_before_a_sweep_gradients_are_absent_and_not_zero():
    root = network([2, 2, 1], swept=False)
    picture = parsed(draw(root))
    grads = [node["label"].split("\\n")[-1] for node in picture.nodes.values() if "grad" in node["label"]]
    assert len(grads) == len(topological_order(root))
    assert set(grads) == {"grad –"}
    assert {node["fillcolor"] for node in picture.nodes.values()} == {"#ffffff"}
    assert not any("penwidth" in edge or edge.get("style") == "dashed" for *_, edge in picture.edges)


def test_leaves_that_an_earlier_sweep_filled_show_no_gradient_of_an_unswept_root():
    x = Value(3.0, label="x")
    (x * x).backward()
    assert parsed(draw(x + 1.0)).nodes["n0"]["label"] == "x\\ndata 3\\ngrad –"


def test_a_gradient_of_zero_after_a_sweep_is_shown_as_zero():
    x = Value(-2.0, label="x")
    root = relu(x)
    root.backward()
    picture = parsed(draw(root))
    assert picture.nodes["n0"]["label"].endswith("grad 0")
    (edge,) = picture.between("n0", "n1")
    assert edge["style"] == "dashed"
    assert edge["label"].strip() == "0"


@pytest.mark.parametrize(
    ("options", "leaf", "slopes"),
    [
        ({"values": False}, "x\\ngrad 6.667", 2),
        ({"gradients": False}, "x\\ndata 3.333", 2),
        ({"values": False, "gradients": False}, "x", 2),
        ({"slopes": False}, "x\\ndata 3.333\\ngrad 6.667", 0),
        ({"precision": 2}, "x\\ndata 3.3\\ngrad 6.7", 2),
        ({"precision": 17}, "x\\ndata 3.3333333333333335\\ngrad 6.666666666666667", 2),
    ],
)
def test_options_choose_what_is_written(options, leaf, slopes):
    picture = parsed(draw(square(10 / 3), **options))
    assert picture.nodes["n0"]["label"] == leaf
    assert sum("label" in edge for *_, edge in picture.edges) == slopes


def test_tooltips_hold_every_digit():
    x = Value(1 / 3, label="x", origin=Origin(("layer 1", "neuron 2"), "parameter"))
    root = x * x
    root.backward()
    tooltip = parsed(draw(root)).nodes["n0"]["tooltip"]
    assert tooltip == f"x\\nparameter in layer 1 / neuron 2\\ndata {1 / 3!r}\\ngrad {2 / 3!r}"


def test_each_use_of_a_constant_is_a_dotted_node_without_a_slope():
    x = Value(3.0, label="x")
    root = (x + 2.0) * 2.0
    root.backward()
    picture = parsed(draw(root, constants="separate"))
    constants = picture.titled("2")
    assert len(constants) == 2
    for name in constants:
        assert "dotted" in picture.nodes[name]["style"]
        ((_, _, edge),) = [edge for edge in picture.edges if edge[0] == name]
        assert edge.get("label", "") == ""
        assert edge["style"] == "dotted"


def test_the_branch_that_was_not_taken_is_a_constant():
    x, y = Value(3.0, label="x"), Value(-1.0, label="y")
    picture = parsed(draw(where(x > 0.0, x, y)))
    assert not picture.titled("y")
    assert picture.titled("-1")


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("input", {"shape": "box", "style": "filled"}),
        ("parameter", {"shape": "box", "style": "filled,bold"}),
        ("operation", {"shape": "box", "style": "filled,rounded"}),
        ("constant", {"shape": "box", "style": "filled,dotted"}),
        ("root", {"peripheries": "2"}),
    ],
)
def test_a_role_is_a_shape(role, expected):
    x = Value(3.0, label="input")
    w = Value(2.0, label="parameter", origin=Origin((), "parameter"))
    inner = x * w
    inner.label = "operation"
    root = inner + 5.0
    root.label = "root"
    picture = parsed(draw(root))
    (name,) = picture.titled("5" if role == "constant" else f"{role} (×)" if role == "operation" else role) or (
        picture.titled("root (+)")
    )
    assert expected.items() <= picture.nodes[name].items()
    assert sum("peripheries" in node for node in picture.nodes.values()) == 1


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_nan_and_inf_are_written_and_seen(bad):
    x = Value(2.0, label="x")
    root = x * bad
    root.backward()
    picture = parsed(draw(root))
    assert picture.nodes["n0"]["label"] == f"x\\ndata 2\\ngrad {bad:g}"
    assert picture.nodes["n2"]["label"] == f"×\\ndata {bad:g}\\ngrad 1"
    assert {picture.nodes[name]["color"] for name in ("n0", "n2")} == {"#c4003a"}
    (edge,) = picture.between("n0", "n2")
    assert edge["label"].strip() == f"{bad:g}"
    assert edge["color"] == "#c4003a"
    assert "legend_nan or inf" in parsed(draw(root), legend=True).nodes
    assert "legend_nan or inf" not in parsed(draw(square()), legend=True).nodes


def test_a_slope_outside_the_domain_is_nan_and_does_not_raise():
    x = Value(-1.0, label="x")
    root = log(x)
    root.backward()
    assert parsed(draw(root)).between("n0", "n1")[0]["label"].strip() == "nan"


def test_a_leaf_alone_is_a_picture():
    (only,) = parsed(draw(Value(2.5))).nodes.values()
    assert only["label"] == "input\\ndata 2.5\\ngrad –"
    assert only["peripheries"] == "2"


def test_what_was_made_without_a_record_is_an_input():
    x = Value(2.0)
    with no_grad():
        y = x * x
    assert list(parsed(draw(y)).nodes) == ["n0"]


def test_a_gradient_that_is_itself_a_value_is_shown_as_its_number():
    root = square()
    root.operands[0].grad = Value(6.0)
    assert parsed(draw(root)).nodes["n0"]["label"].endswith("grad 6")


def test_equal_graphs_have_equal_text():
    assert draw(network([2, 3, 1])).source == draw(network([2, 3, 1])).source


def test_text_does_not_depend_on_the_hash_seed():
    program = (
        "from tests.viz.graphs import network; from viz import draw; import hashlib;"
        "print(hashlib.sha256((draw(network([2, 2, 1])).source + draw(network([2, 2, 1]), max_nodes=9).source)"
        ".encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(digests) == 1


def test_names_follow_the_topological_order():
    root = network([2, 2, 1])
    values = [node.data for node in topological_order(root)]
    nodes = parsed(draw(root, precision=17)).nodes
    drawn = [
        float(node["label"].split("data ")[1].split("\\n")[0])
        for _, node in sorted(nodes.items(), key=lambda item: int(item[0][1:]))
        if "data " in node["label"]
    ]
    assert drawn == values


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_direction(direction):
    picture = parsed(draw(square(), direction=direction))
    assert picture.graph["rankdir"] == direction


def test_everything_is_set_in_courier():
    source = draw(network([2, 2, 1])).source
    assert source.count("fontname=Courier") == source.count("fontname") == 3


@pytest.mark.parametrize("thing", [3.0, "x", None, [Value(1.0)], np.array([Value(1.0)]), Value])
def test_only_a_value_can_be_drawn(thing):
    with pytest.raises(TypeError, match=r"a Value|a model is drawn with its features") as caught:
        draw(thing)
    assert isinstance(caught.value, AutodiffError)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"precision": -1}, ValueError, "precision is an integer of at least 0 and at most 17, got -1"),
        ({"precision": 18}, ValueError, "at most 17, got 18"),
        ({"precision": 2.5}, TypeError, "got 2.5 of type float"),
        ({"precision": True}, TypeError, "got True of type bool"),
        ({"direction": "up"}, ValueError, "direction is one of LR, TB, RL, BT, got 'up'"),
        ({"direction": ""}, ValueError, "got ''"),
        ({"format": "jpgg"}, ValueError, "format is svg, png, pdf or another that Graphviz knows, got 'jpgg'"),
        ({"format": ["svg"]}, ValueError, "got \\['svg'\\]"),
        ({"max_nodes": 1}, ValueError, "max_nodes is an integer of at least 2, got 1"),
        ({"max_labeled": -1}, ValueError, "max_labeled is an integer of at least 0, got -1"),
        ({"time_limit": 0}, ValueError, "time_limit is a number of seconds above 0, got 0"),
        ({"time_limit": math.nan}, ValueError, "got nan"),
    ],
)
def test_options_that_no_drawing_knows(options, kind, message):
    with pytest.raises(kind, match=message) as caught:
        draw(square(), **options)
    assert isinstance(caught.value, AutodiffError)


def test_drawing_changes_nothing():
    root = network([2, 2, 1])
    before = [(node.data, node.grad, node.label, node.stamp) for node in topological_order(root)]
    draw(root)
    assert [(node.data, node.grad, node.label, node.stamp) for node in topological_order(root)] == before


def test_all_names_exist():
    assert sorted(viz.__all__) == viz.__all__
    assert all(hasattr(viz, name) for name in viz.__all__)


def test_contributions_are_in_dot_text_and_on_lines() -> None:
    x = Value(3.0, label="x")
    y = x * x * 2.0 + x * -4.0
    y.backward()
    picture = draw(y, contributions=True)
    assert picture.source.count("3 × 2 = 6") == 2
    assert "-4 × 1 = -4" in picture.source
    assert "= 6 + 6 − 4" in picture.source
    labels = [line.label for line in picture.drawing.lines if line.slope is not None]
    assert sorted(labels) == sorted(["3 × 2 = 6", "3 × 2 = 6", "−4 × 1 = −4", "2 × 1 = 2", "1 × 1 = 1", "1 × 1 = 1"])
    assert [vertex.note for vertex in picture.drawing.vertices if vertex.note] == ["= 6 + 6 − 4"]


def test_a_fold_has_no_product_of_its_peak_and_no_sum_of_parts() -> None:
    x = Value(0.5, label="x")
    y = x
    for _ in range(60):
        y = y * x + 0.1
    y.backward()
    drawing = draw(y, contributions=True).drawing
    folded = {vertex.key for vertex in drawing.vertices if vertex.role == "folded"}
    assert folded
    assert not [line.label for line in drawing.lines if line.head in folded and "=" in line.label]
    many = {line.tail for line in drawing.lines if line.edges > 1}
    assert not [vertex.note for vertex in drawing.vertices if vertex.key in many | folded and vertex.note]


def test_notes_are_in_dot_text() -> None:
    y = square()
    y.backward()
    y.backward()
    assert "Accumulated gradients" in draw(y).source


@pytest.mark.parametrize(
    ("given", "error"), [("a", TypeError), (None, TypeError), (0, ValueError), (math.nan, ValueError)]
)
def test_time_limits(given: object, error: type[Exception]) -> None:
    with pytest.raises(error, match="number of seconds above 0"):
        draw(square(), time_limit=given)
