"""Every primitive of the table, compiled, against graphs: over its domain, in its tails and at the points between."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence

import numpy as np
import pytest

from autodiff import compile, grad
from autodiff.rules import PRIMITIVES
from tests.autodiff.compilation.agreement import Point, by_graph, by_graphs, by_program, columns, disagreements
from tests.autodiff.domains import DOMAINS
from tests.autodiff.sampling import Domain, Scale

ULPS = 8.0  # NumPy's vector loops promise 4, Python's math about 1; a slope is a few operations

INF, NAN = math.inf, math.nan
AWKWARD = (0.0, 1.0, -1.0, 2.0, 0.5, INF, -INF, NAN, 1e-300, -1e-300, 1e300, -1e300, 40.0, -40.0, 1000.0, -1000.0)
AWKWARD_AT_RANDOM = 200

# The compiled form is a chain of logaddexp, and right to an ulp where the eager form cancels.
LESS_EXACT_BY_GRAPH = {"logsumexp"}

ROWS = pytest.mark.parametrize("name", sorted(PRIMITIVES))


def _domain_points(name: str) -> dict[int, list[Point]]:
    """Points of the domain table, by the number of operands."""
    found: dict[int, list[Point]] = {}
    for box in DOMAINS[name].boxes:
        found.setdefault(len(box), []).extend(DOMAINS[name].points(box, seed=name, count=6))
    return found


def _awkward_points(name: str, operands: int) -> list[Point]:
    if operands <= 2:
        return [*itertools.product(AWKWARD, repeat=operands)]
    draws = random.Random(name)
    return [tuple(draws.choice(AWKWARD) for _ in range(operands)) for _ in range(AWKWARD_AT_RANDOM)]


def _scales(domain: Domain, points: Sequence[Point]) -> np.ndarray:
    """What rounding of value and of slopes is measured against, where terms cancel."""
    return np.array(
        [[_scale(domain.value_scale, point), *[_scale(domain.slope_scale, point)] * len(point)] for point in points]
    )


def _scale(scale: Scale | None, point: Point) -> float:
    return 0.0 if scale is None else float(scale(*point))


@ROWS
def test_over_the_domain(name: str) -> None:
    row = PRIMITIVES[name]
    for points in _domain_points(name).values():
        scales = _scales(DOMAINS[name], points)
        found = disagreements(by_program(row, points), by_graphs(row, points), ulps=ULPS, scale=scales)
        assert not found, found[:3]


@ROWS
def test_at_zeros_infinities_nan_and_far_out(name: str) -> None:
    row = PRIMITIVES[name]
    for operands in _domain_points(name):
        points = _awkward_points(name, operands)
        scale = 1.0 if name in LESS_EXACT_BY_GRAPH else 0.0
        found = disagreements(by_program(row, points), by_graphs(row, points), ulps=ULPS, scale=scale)
        assert not found, [(points[place // (operands + 1)], a, b) for place, a, b in found[:3]]


@ROWS
def test_one_record(name: str) -> None:
    row = PRIMITIVES[name]
    for points in _domain_points(name).values():
        point = points[len(points) // 2]
        value, gradient = compile(row, batched=()).value_and_grad(*point, argnums=range(len(point)))
        expected = by_graphs(row, [point])[0]
        assert not disagreements([value, *gradient], expected, ulps=ULPS, scale=_scales(DOMAINS[name], [point])[0])


@ROWS
def test_against_constants(name: str) -> None:
    """Each operand alone as an argument, the others as numbers: maximum has another row for that, pow another form."""
    row = PRIMITIVES[name]
    for points in _domain_points(name).values():
        for place, point in enumerate(points[: 2 * len(points[0])]):
            varied = place % len(point)

            def of_one(x, varied=varied, point=point):
                return row(*point[:varied], x, *point[varied + 1 :])

            value, slope = compile(of_one, batched=()).value_and_grad(point[varied])
            (expected_value, (expected_slope,)) = by_graph(of_one, [point[varied]])
            scale = _scales(DOMAINS[name], [point])[0, :2]
            found = disagreements([value, slope], [expected_value, expected_slope], ulps=ULPS, scale=scale)
            assert not found, (point, varied, found)


@ROWS
def test_second_derivatives(name: str) -> None:
    """Along each operand: the Jacobian of a compiled gradient against a gradient of a graph's gradient."""
    row = PRIMITIVES[name]
    for operands, points in _domain_points(name).items():
        in_first_box = points[: 6 if operands == 1 else 4]
        for place in range(operands):
            slope = grad(lambda *xs: row(*xs), argnums=place)
            expected = by_graphs(slope, in_first_box)
            computed = by_program(slope, in_first_box)
            largest = np.nanmax(np.abs(np.where(np.isfinite(expected), expected, 0.0)), axis=0)
            found = disagreements(computed, expected, ulps=64.0, scale=largest)
            assert not found, (place, found[:3])


def test_the_batch_is_the_records() -> None:
    """All points at once, or one by one: so that a batch of awkward points cannot hide a neighbor's."""
    points = _awkward_points("pow", 2)
    compiled = compile(PRIMITIVES["pow"], batched=(0, 1))
    together = compiled(*columns(points))
    apart = np.concatenate([compiled(*columns([point])) for point in points])
    np.testing.assert_array_equal(together, apart)
