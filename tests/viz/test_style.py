"""Colors, widths and dashes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff import Value
from tests.viz.graphs import network, square
from tests.viz.structure import parsed
from viz import draw, style

PLACES = st.floats(-1.0, 1.0)
MAGNITUDES = st.floats(min_value=1e-300, max_value=1e300)


def test_the_scale_is_neutral_at_zero_and_strongest_at_its_ends():
    assert (style.color(-1.0), style.color(0.0), style.color(1.0)) == ("#b35806", "#f7f7f7", "#542788")


@given(PLACES)
def test_text_can_be_read_on_every_color(place):
    fill = style.color(place)
    assert style.contrast(style.ink(fill), fill) >= 4.5
    assert style.contrast(style.ink(fill), fill) == max(style.contrast(c, fill) for c in (style.INK, style.BLANK))


def test_contrast_is_that_of_wcag():
    assert style.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert style.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the textbook's just-failing grey


@given(MAGNITUDES, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_the_scale_is_odd_and_rises(largest, a, b):
    low, high = sorted((a, b))
    places = [style.position(share * largest, largest) for share in (low, high)]
    assert 0.0 <= places[0] <= places[1] <= 1.0 + 1e-12
    assert style.position(-high * largest, largest) == -places[1]


def test_the_scale_is_logarithmic_over_three_decades():
    steps = [style.position(10.0**power, 1.0) for power in (0, -1, -2)]
    assert steps[0] - steps[1] == pytest.approx(steps[1] - steps[2], rel=0.05) == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.parametrize(
    ("grads", "expected"),
    [([], 1.0), ([None, 0.0], 1.0), ([-3.0, 2.0], 3.0), ([math.nan, math.inf, 0.5], 0.5), ([5e-324], 5e-324)],
)
def test_the_peak_is_the_largest_finite_magnitude(grads, expected):
    assert style.peak(grads) == expected


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
    assert legend.nodes["legend_scale"]["fillcolor"] == ":".join(style.STOPS)
    written = " ".join(node["label"] for node in legend.nodes.values())
    assert "-6" in written
    assert "|slope × upstream|" in written


def test_the_legend_says_that_no_sweep_has_run():
    legend = parsed(draw(network([2, 2, 1], swept=False)), legend=True)
    assert "backward()" in legend.nodes["legend_scale"]["label"]
    assert "dashed" not in legend.nodes["legend_lines"]["label"]


def test_the_legend_can_be_left_out():
    assert "legend" not in draw(square(), legend=False).source
