"""Rows that are composed of others: what a program makes of them, against the C library and 50 digits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import autodiff
from autodiff.approximations import erf_near_zero, scaled_erfc
from autodiff.compilation.trace.symbol import Symbol
from autodiff.rules import PRIMITIVES
from tests.autodiff import exact
from tests.autodiff.domains import DOMAINS

COMPOSED = {name: row for name, row in PRIMITIVES.items() if row.composed}
BELLS = ("gaussian", "normal_pdf", "normal_cdf", "erf", "erfc", "gelu")
POINTS = (*np.linspace(-6.0, 6.0, 41).tolist(), -37.0, -26.0, -0.84375, -1e-300, 0.3, 0.84375, 5.3, 26.0)
EDGES = (-math.inf, -1e300, -50.0, -0.0, 0.0, 5e-324, 50.0, 1e300, math.inf, math.nan)


@pytest.mark.parametrize("name", COMPOSED)
def test_a_program_is_within_four_ulp(name: str) -> None:
    compiled, domain = autodiff.compile(lambda x: COMPOSED[name](x)), DOMAINS[name]
    points = [x for x in POINTS if domain.kink is None or domain.kink(x) != 0.0]
    for point, made in zip(points, compiled(np.array(points)).tolist(), strict=True):
        definition = exact.value(domain.reference, (point,))
        scale = domain.value_scale(mp.mpf(point)) if domain.value_scale else None
        assert exact.ulps(made, definition, scale=scale) <= 4.0, (point, made)


@pytest.mark.parametrize("name", COMPOSED)
def test_edges_are_those_of_floats(name: str) -> None:
    row = COMPOSED[name]
    expected = [row.compute(x) for x in EDGES]
    compiled = autodiff.compile(lambda x: row(x))
    for made in (row(np.array(EDGES)), compiled(np.array(EDGES))):
        np.testing.assert_array_equal(made, expected)
        np.testing.assert_array_equal(np.signbit(made[:-1]), np.signbit(expected[:-1]))


@pytest.mark.parametrize("name", BELLS)
def test_in_single_precision_the_square_is_rounded_and_no_more(name: str) -> None:
    """The slopes too, which are bell curves."""
    points = np.linspace(-6.0, 6.0, 41, dtype=np.float32)
    values, slopes = autodiff.compile(lambda x: COMPOSED[name](x), dtype=np.float32).value_and_grad(points)
    exactly = autodiff.compile(lambda x: COMPOSED[name](x)).value_and_grad(points.astype(float))
    tolerance = (4.0 + 2.0 * points.astype(float) ** 2) * np.finfo(np.float32).eps
    assert (abs(values - exactly[0]) <= tolerance * abs(exactly[0]) + 1e-37).all()
    assert (abs(slopes - exactly[1]) <= tolerance * (abs(exactly[1]) + abs(exactly[0])) + 1e-37).all()


@pytest.mark.parametrize("name", COMPOSED)
def test_every_back_end_can_trace_it(name: str) -> None:
    traced: list[Any] = []
    autodiff.compile(lambda x: traced.append(x) or COMPOSED[name].array(x))([1.0])
    assert type(traced[0]) is Symbol
    program = autodiff.compile(lambda x: COMPOSED[name](x))
    program([1.0])
    steps = {step.primitive.name for step in program.program.steps}
    assert not steps & {*COMPOSED}
    assert ("exp" in steps) == (name in BELLS)


def test_the_approximations_themselves() -> None:
    for x in np.linspace(1e-9, 0.84375, 30).tolist():
        assert exact.ulps(erf_near_zero(x), exact.value(mp.erf, (x,))) <= 2.0
    for x in np.geomspace(0.01, 40.0, 60).tolist():
        number, rest = scaled_erfc(x)
        with mp.workdps(60):
            made = mp.mpf(number) * (1 + mp.mpf(rest))
            assert abs(made * mp.exp(-(mp.mpf(x) ** 2)) / mp.erfc(mp.mpf(x)) - 1) < 4 * 2.0**-53


@pytest.mark.parametrize("name", sorted({*COMPOSED} - {*BELLS}))
def test_in_single_precision_a_few_ulp_are_lost(name: str) -> None:
    """Slopes too, against the size of the terms that they are made of."""
    points = np.linspace(0.05, 12.0, 60, dtype=np.float32)
    values, slopes = autodiff.compile(lambda x: COMPOSED[name](x), dtype=np.float32).value_and_grad(points)
    exactly = autodiff.compile(lambda x: COMPOSED[name](x)).value_and_grad(points.astype(float))
    for found, right in ((values, exactly[0]), (slopes, exactly[1])):
        assert (abs(found - right) <= 16.0 * np.finfo(np.float32).eps * np.maximum(1.0, abs(right))).all()
