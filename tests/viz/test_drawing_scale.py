"""The scale of gradients: levels, colors, contrast, and lines."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.drawing.scale import FAINTEST, STOPS, Scale, color, contrast, ink, scale_of

MAGNITUDES = st.floats(min_value=1e-300, max_value=1e300)


def test_the_scale_is_neutral_at_zero_and_strongest_at_its_ends() -> None:
    assert (color(-1.0), color(0.0), color(1.0)) == ("#b35806", "#ffffff", "#542788")
    assert [color(-1.0 + place / 4) for place in range(9)] == [*STOPS]


@given(st.floats(-1.0, 1.0))
def test_text_can_be_read_on_every_color(level: float) -> None:
    fill = color(level)
    assert contrast(ink(fill), fill) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the textbook's just-failing grey


@given(MAGNITUDES, MAGNITUDES, st.integers(2, 6))
def test_levels_are_odd_rise_and_never_look_like_zero(a: float, b: float, decades: int) -> None:
    scale = Scale(1.0, decades)
    low, high = sorted((a, b))
    assert FAINTEST <= scale.level(low) <= scale.level(high) <= 1.0
    assert scale.level(-high) == -scale.level(high)


def test_a_decade_is_an_equal_step() -> None:
    assert [Scale(1.0, 4).level(10.0**-power) for power in range(4)] == pytest.approx([1.0, 0.75, 0.5, 0.25])


@pytest.mark.parametrize(
    ("grads", "largest", "decades"),
    [
        ([], 1.0, 2),
        ([0.0], 1.0, 2),
        ([-3.0, 2.0], 3.0, 2),
        ([math.nan, math.inf, 0.5], 0.5, 2),
        ([1.0, 1e-4], 1.0, 4),
        ([1.0, 1e-30], 1.0, 6),
        ([1.0] * 99 + [1e-5], 1.0, 2),  # 95 % lie within
    ],
)
def test_the_decades_cover_the_parameters(grads: list[float], largest: float, decades: int) -> None:
    scale = scale_of(grads, grads)
    assert (scale.largest, scale.decades) == (largest, decades)


def test_zero_nan_and_absent_look_otherwise_than_numbers() -> None:
    scale = Scale(1.0, 3)
    assert scale.paint(0.0).dash
    assert not scale.paint(0.0).fill
    assert not scale.paint(None).fill
    assert scale.paint(math.nan).fill not in {color(level / 100) for level in range(-100, 101)}
    assert scale.line(0.0).dash
    assert not scale.line(1e-300).dash
    assert scale.line(1.0).width > scale.line(0.1).width > scale.line(1e-9).width
