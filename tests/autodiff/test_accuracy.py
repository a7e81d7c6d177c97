"""Every primitive against its definition, in 700-digit arithmetic: value and slopes, on floats and on arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from autodiff import Value, local_slopes
from autodiff.rules import PRIMITIVES
from tests.autodiff import exact
from tests.autodiff.domains import DOMAINS
from tests.autodiff.sampling import Scale

FLOAT_ULPS = 4.0
# NumPy promises 4 ulp for its vector loops, which differ from machine to machine; a slope adds to that.
ARRAY_ULPS = 6.0

POINTS = pytest.mark.parametrize("count", [6, pytest.param(300, marks=pytest.mark.slow)], ids=["few", "many"])
ROWS = pytest.mark.parametrize("name", sorted(PRIMITIVES))


def test_every_primitive_has_a_domain() -> None:
    assert set(DOMAINS) == set(PRIMITIVES)


@pytest.mark.parametrize("name", sorted(DOMAINS))
def test_every_box_holds_points(name: str) -> None:
    domain = DOMAINS[name]
    assert all(len({*domain.points(box, seed=name, count=4)}) >= 8 for box in domain.boxes)


@pytest.mark.parametrize(("computed", "ulps"), [(1.0, 0), (1.0 + 2**-52, 1), (1.0 - 2**-52, 1), (1.5, 2**51)])
def test_ulps_are_counted(computed: float, ulps: int) -> None:
    assert exact.ulps(computed, mp.mpf(1)) == ulps


@pytest.mark.parametrize("computed", [math.nan, math.inf])
def test_what_is_not_finite_is_never_near(computed: float) -> None:
    assert exact.ulps(computed, mp.mpf(1)) == math.inf


@POINTS
@ROWS
def test_value(name: str, count: int) -> None:
    row, domain = PRIMITIVES[name], DOMAINS[name]
    for box in domain.boxes:
        points = [*domain.points(box, seed=name, count=count)]
        on_arrays = _on_arrays(row.array, points)
        for point, in_array in zip(points, on_arrays, strict=True):
            definition = exact.value(domain.reference, point)
            scale = _scale(domain.value_scale, point)
            for computed, bound in ((row.compute(*point), FLOAT_ULPS), (in_array, ARRAY_ULPS)):
                assert exact.ulps(computed, definition, scale=scale) <= bound, (name, point, computed)


@POINTS
@ROWS
def test_slopes(name: str, count: int) -> None:
    row, domain = PRIMITIVES[name], DOMAINS[name]
    for box in domain.boxes:
        points = [*domain.points(box, seed=name, count=count)]
        on_arrays = _array_slopes(name, points)
        for index, point in enumerate(points):
            slopes = local_slopes(row(*map(Value, point)))
            for place, slope in enumerate(slopes):
                definition = exact.slope(domain.reference, point, place)
                scale = _scale(domain.slope_scale, point)
                # A choice has no edge, and so no slope, along the operands that it did not take.
                computed = ((0.0 if slope is None else slope, FLOAT_ULPS), (on_arrays[place][index], ARRAY_ULPS))
                for number, bound in computed:
                    assert exact.ulps(number, definition, scale=scale) <= bound, (name, place, point, number)


@pytest.mark.parametrize("base", [-3.0, -1.0, -0.25])
@pytest.mark.parametrize("exponent", [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0])
def test_negative_base_with_a_whole_exponent(base: float, exponent: float) -> None:
    x = Value(base)
    (x**exponent).backward()
    assert exact.ulps(x.grad, exact.slope(DOMAINS["pow"].reference, (base, exponent), 0)) <= FLOAT_ULPS


@ROWS
def test_slopes_against_finite_differences(name: str) -> None:
    """On plain floats, in the mild box: independent of mpmath and of the definitions."""
    row, domain = PRIMITIVES[name], DOMAINS[name]
    tried = 0
    for point in domain.points(domain.boxes[0], seed=name, count=20):
        if domain.kink is None or abs(domain.kink(*point)) > 1e-3:
            slopes = local_slopes(row(*map(Value, point)))
            differences = [_difference(row.compute, point, place) for place in range(len(point))]
            assert [slope or 0.0 for slope in slopes] == pytest.approx(differences, rel=1e-6, abs=1e-7), point
            tried += 1
    assert tried >= 10


def _difference(evaluate: Any, point: Sequence[float], place: int) -> float:
    step = 2.0**-17  # near the cube root of the rounding error
    above, below = ([x + sign * step * (i == place) for i, x in enumerate(point)] for sign in (1, -1))
    return float(evaluate(*above) - evaluate(*below)) / (2.0 * step)


def _scale(scale: Scale | None, point: Sequence[float]) -> Any:
    return None if scale is None else scale(*map(mp.mpf, point))


def _on_arrays(function: Any, points: Sequence[Sequence[float]]) -> list[float]:
    columns = [np.array(column) for column in zip(*points, strict=True)]
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(function(*columns), dtype=float), len(points)).tolist()


def _array_slopes(name: str, points: Sequence[Sequence[float]]) -> list[list[float]]:
    """Each operand's slopes at all the points, from the row's own partials on arrays."""
    row = PRIMITIVES[name]
    places = range(len(points[0]))

    def along(place: int, *columns: Any) -> Any:
        partials = row.partials[place] if isinstance(row.partials, tuple) else row.partials
        slopes = partials(row.array(*columns), *columns) if callable(partials) else partials
        return slopes if isinstance(row.partials, tuple) else slopes[place]

    return [_on_arrays(lambda *columns, place=place: along(place, *columns), points) for place in places]
