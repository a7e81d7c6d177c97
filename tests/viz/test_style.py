"""Colors, widths and dashes in DOT."""

from __future__ import annotations

import pytest

from autodiff import Value
from tests.viz.graphs import network, square
from tests.viz.structure import parsed
from viz import draw
from viz.drawing.scale import STOPS


def test_sign_is_color_and_also_printed():
    x = Value(3.0, label="x")
    y = Value(2.0, label="y")
    root = x * y * -1.0
    root.backward()
    nodes = parsed(draw(root)).nodes
    negative = [node for node in nodes.values() if "grad -" in node["label"]]
    assert len(negative) == 3
    for node in negative:
        red, _, blue = (int(node["fillcolor"][i : i + 2], 16) for i in (1, 3, 5))
        assert red > blue


def test_width_grows_with_the_contribution():
    x, y = Value(3.0, label="x"), Value(100.0, label="y")
    root = x * y  # d/dx = 100, d/dy = 3
    root.backward()
    picture = parsed(draw(root))
    widths = {picture.nodes[tail]["label"][0]: float(edge["penwidth"]) for tail, _, edge in picture.edges}
    assert widths["x"] > widths["y"] > 0.0


def test_dark_fills_carry_white_text():
    nodes = parsed(draw(square())).nodes
    assert (nodes["n0"]["fillcolor"], nodes["n0"]["fontcolor"]) == ("#542788", "#ffffff")


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_the_legend_shows_the_scale_and_only_the_roles_in_use(direction):
    legend = parsed(draw(square(), direction=direction), legend=True)
    roles = {"legend_input", "legend_operation", "legend_result"}
    assert roles <= legend.nodes.keys()
    assert not {"legend_parameter", "legend_constant", "legend_folded"} & legend.nodes.keys()
    assert legend.nodes["legend_scale"]["fillcolor"] == ":".join(STOPS)
    written = " ".join(node["label"] for node in legend.nodes.values())
    assert "-6" in written
    assert "|slope × upstream|" in written


def test_the_legend_says_that_no_sweep_has_run():
    legend = parsed(draw(network([2, 2, 1], swept=False)), legend=True)
    assert "backward()" in legend.nodes["legend_scale"]["label"]
    assert "dashed" not in legend.nodes["legend_lines"]["label"]


def test_the_legend_can_be_left_out():
    assert "legend" not in draw(square(), legend=False).source
