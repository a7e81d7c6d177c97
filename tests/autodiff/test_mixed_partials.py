"""Every mixed partial to order three, in every order of differentiation, by graphs and programs, either mode.

At smooth points against mpmath; at ties, edges and nan against literal numbers, and all ways against each other.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from mpmath import mp

from autodiff import (
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    clip,
    erf,
    expm1,
    gelu,
    grad,
    hypot,
    leaky_relu,
    log,
    log1p,
    log2,
    log10,
    log_sigmoid,
    log_softmax,
    maximum,
    minimum,
    norm,
    relu,
    sigmoid,
    silu,
    sin,
    sinh,
    softplus,
    sqrt,
    tan,
    tanh,
    xlogy,
)
from autodiff.rules import PRIMITIVES
from tests.autodiff import exact
from tests.autodiff.domains import DOMAINS
from tests.autodiff.mixed_partials import WAYS, Places, sequences

INF, NAN = math.inf, math.nan
ROWS = pytest.mark.parametrize("name", sorted(PRIMITIVES))
EXTENT = pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "all"])

Point = tuple[float, ...]


def _same(a: float, b: float, *, scale: float = 0.0) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b)) + 1e-11 * scale


def _of_row(name: str, point: Point) -> tuple[Callable[..., Any], Callable[..., Any], int]:
    """A row as a function, its definition, and how many operands are varied: the orders of pow_partial are not."""
    row, reference = PRIMITIVES[name], DOMAINS[name].reference
    if name == "pow_partial":
        return lambda x, y: row(x, y, *point[2:]), lambda x, y: reference(x, y, *point[2:]), 2
    return lambda *operands: row(*operands), reference, len(point)


def _exact(reference: Callable[..., Any], point: Point, places: Places) -> float:
    counts = tuple(map(places.count, range(len(point))))
    with mp.workdps(40):
        operands = tuple(map(mp.mpf, point))
        if len(point) == 1:
            return float(mp.diff(reference, operands[0], counts[0]))
        return float(mp.diff(lambda *xs: mp.mpf(reference(*xs)), operands, counts))


# Smooth points.


@EXTENT
@ROWS
def test_at_smooth_points(name: str, whole: bool) -> None:
    domain = DOMAINS[name]
    drawn = domain.points(domain.boxes[0], seed="mixed", count=2)
    away = [point for point in drawn if domain.kink is None or abs(domain.kink(*point)) > 0.01]
    points = [point[:4] if name == "dot" else point for point in (away[1:8:2] if whole else away[3:4])]
    function, reference, varied = _of_row(name, points[0])
    points = [point[:varied] for point in points]
    highest = 3 if whole or varied < 3 else 2
    expected = {
        places: [_exact(reference, point, places) for point in points]
        for places in map(tuple, map(sorted, sequences(varied, highest=highest)))
    }
    scales = [max(1e-3, *(abs(numbers[k]) for numbers in expected.values())) for k in range(len(points))]
    for places in sequences(varied, highest=highest):
        for way, computed in WAYS.items():
            if not whole and "compiled" in way and (len(places) > 2 or list(places) != sorted(places)):
                continue
            found = computed(function, places, points)
            for point, number, right, scale in zip(points, found, expected[tuple(sorted(places))], scales, strict=True):
                assert _same(number, right, scale=scale), (way, places, point, number, right)


SMALL: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "tanh": (tanh, mp.tanh),
    "sigmoid": (sigmoid, lambda x: 1 / (1 + mp.exp(-x))),
    "asin": (asin, mp.asin),
    "atanh": (atanh, mp.atanh),
    "asinh": (asinh, mp.asinh),
    "atan": (atan, mp.atan),
    "sin": (sin, mp.sin),
    "sinh": (sinh, mp.sinh),
    "tan": (tan, mp.tan),
    "erf": (erf, mp.erf),
    "expm1": (expm1, lambda x: mp.exp(x) - 1),
    "softplus": (softplus, lambda x: mp.log(1 + mp.exp(x))),
    "log_sigmoid": (log_sigmoid, lambda x: -mp.log(1 + mp.exp(-x))),
    "silu": (silu, lambda x: x / (1 + mp.exp(-x))),
    "gelu": (gelu, lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2),
}


@pytest.mark.parametrize("x", [1e-12, -1e-8, 1e-3, 0.1, -0.4])
@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("way", WAYS)
def test_second_derivatives_near_0_keep_their_digits(name: str, x: float, way: str) -> None:
    function, reference = SMALL[name]
    (found,) = WAYS[way](lambda x: function(x), (0, 0), [(x,)])
    with mp.workdps(60):
        assert exact.ulps(found, mp.diff(reference, mp.mpf(x), 2)) <= 16, found


@pytest.mark.parametrize("logits", [(1e4, 10001.0), (-1e6, -1e6 + 0.25, -1e6 - 3.0), (1e300, 1e300), (0.0, 700.0)])
@pytest.mark.parametrize("way", WAYS)
def test_log_softmax_is_exact_however_large_the_logits(logits: Point, way: str) -> None:
    for place in range(len(logits)):
        with mp.workdps(1000):
            right = (
                mp.mpf(logits[place]) - mp.log(mp.fsum(mp.exp(mp.mpf(x) - max(logits)) for x in logits)) - max(logits)
            )
            share = mp.exp(right)
        assert exact.ulps(log_softmax(logits)[place], right, scale=max(mp.one, abs(right))) <= 4
        (slope,) = WAYS[way](lambda *xs, place=place: log_softmax(xs)[place], (place,), [logits])
        assert slope == pytest.approx(float(1 - share), rel=1e-12, abs=1e-15)


# Edges and ties, literally.

Partials = dict[Places, float]
EDGES: list[tuple[str, Callable[..., Any], Point, Partials]] = [
    (
        "xlogy at (0, 2)",
        xlogy,
        (0.0, 2.0),
        {(0,): math.log(2.0), (1,): 0.0, (0, 1): 0.5, (1, 1): 0.0, (0, 1, 1): -0.25},
    ),
    ("xlogy at (0, 0)", xlogy, (0.0, 0.0), {(0,): -INF, (1,): 0.0, (0, 1): INF, (1, 1): 0.0, (0, 1, 1): -INF}),
    ("xlogy at (1, -1)", xlogy, (1.0, -1.0), {(0,): NAN, (1,): NAN, (0, 1): NAN, (1, 1): NAN, (0, 1, 1): NAN}),
    (
        "x**y at (0, 1)",
        lambda x, y: x**y,
        (0.0, 1.0),
        {(0,): 1.0, (1,): 0.0, (0, 0): 0.0, (0, 1): -INF, (1, 1): 0.0, (0, 0, 0): 0.0, (0, 0, 1): INF, (0, 1, 1): INF},
    ),
    (
        "x**y at (0, 2)",
        lambda x, y: x**y,
        (0.0, 2.0),
        {(0,): 0.0, (1,): 0.0, (0, 0): 2.0, (0, 1): 0.0, (1, 1): 0.0, (0, 0, 0): 0.0, (0, 0, 1): -INF, (0, 1, 1): 0.0},
    ),
    (
        "x**y at (0, 0.5)",
        lambda x, y: x**y,
        (0.0, 0.5),
        {(0,): INF, (1,): 0.0, (0, 0): -INF, (0, 1): -INF, (1, 1): 0.0, (0, 0, 0): INF, (0, 1, 1): INF, (1, 1, 1): 0.0},
    ),
    ("x**y at (0, 0)", lambda x, y: x**y, (0.0, 0.0), dict.fromkeys([(0,), (1,), (0, 1), (0, 0), (1, 1)], 0.0)),
    ("x**y at (-2, 3)", lambda x, y: x**y, (-2.0, 3.0), {(0,): 12.0, (0, 0): -12.0, (1,): NAN, (0, 1): NAN}),
    ("asin at 1", asin, (1.0,), {(0,): INF, (0, 0): INF, (0, 0, 0): INF}),
    ("asin at -1", asin, (-1.0,), {(0,): INF, (0, 0): -INF, (0, 0, 0): INF}),
    ("acosh at 1", acosh, (1.0,), {(0,): INF, (0, 0): -INF, (0, 0, 0): INF}),
    ("atanh at 1", atanh, (1.0,), {(0,): INF, (0, 0): INF, (0, 0, 0): INF}),
    ("sqrt at 0", sqrt, (0.0,), {(0,): INF, (0, 0): -INF, (0, 0, 0): INF}),
    ("log at 0", log, (0.0,), {(0,): INF, (0, 0): -INF, (0, 0, 0): INF}),
    ("tanh at inf", tanh, (INF,), {(0,): 0.0, (0, 0): 0.0, (0, 0, 0): 0.0}),
    ("atan at inf", atan, (INF,), {(0,): 0.0, (0, 0): 0.0}),
    ("hypot at (inf, 3)", hypot, (INF, 3.0), {(0,): 1.0, (1,): 0.0, (0, 0): 0.0, (0, 1): 0.0, (1, 1): 0.0}),
    ("hypot at the origin", hypot, (0.0, 0.0), dict.fromkeys([(0,), (1,), (0, 0), (0, 1), (1, 1)], 0.0)),
    ("norm at (1, -inf)", lambda *xs: norm(xs), (1.0, -INF), {(0,): 0.0, (1,): -1.0, (0, 0): 0.0, (0, 1): 0.0}),
    ("maximum at a tie", maximum, (1.0, 1.0), {(0,): 0.5, (1,): 0.5, (0, 0): 0.0, (0, 1): 0.0, (1, 1, 0): 0.0}),
    ("minimum at a tie", minimum, (1.0, 1.0), {(0,): 0.5, (1,): 0.5, (0, 0): 0.0, (0, 1): 0.0, (1, 1, 0): 0.0}),
    ("a tie with a number", lambda x: maximum(x, 1.0), (1.0,), {(0,): 0.5, (0, 0): 0.0, (0, 0, 0): 0.0}),
    ("a tie with a number first", lambda x: minimum(1.0, x), (1.0,), {(0,): 0.5, (0, 0): 0.0, (0, 0, 0): 0.0}),
    ("the lower bound of clip", lambda x: clip(x, 0.0, 1.0), (0.0,), {(0,): 0.5, (0, 0): 0.0}),
    ("the upper bound of clip", lambda x: clip(x, 0.0, 1.0), (1.0,), {(0,): 0.5, (0, 0): 0.0}),
    ("a tie of three", lambda *xs: PRIMITIVES["largest"](*xs), (2.0,) * 3, dict.fromkeys([(0,), (1,), (2,)], 1 / 3)),
    ("a nested tie", lambda x, y, z: maximum(maximum(x, y), z), (2.0,) * 3, {(0,): 0.25, (1,): 0.25, (2,): 0.5}),
    ("relu at 0", relu, (0.0,), {(0,): 0.0, (0, 0): 0.0, (0, 0, 0): 0.0}),
    ("leaky_relu at 0", leaky_relu, (0.0, 0.1), {(0,): 0.1, (1,): 0.0, (0, 1): 1.0, (0, 0): 0.0}),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("function", "point", "partials"), [pytest.param(*row[1:], id=row[0]) for row in EDGES])
def test_at_ties_and_edges(function: Callable[..., Any], point: Point, partials: Partials, way: str) -> None:
    for places, right in partials.items():
        for ordered in sorted(set(itertools.permutations(places))):
            (found,) = WAYS[way](lambda *xs: function(*xs), ordered, [point])
            assert _same(found, right), (ordered, found, right)


@pytest.mark.parametrize("argnums", [0, 1, (0, 1)])
@pytest.mark.parametrize("function", [maximum, minimum])
def test_a_tie_does_not_depend_on_what_is_asked(function: Callable[..., Any], argnums: Any) -> None:
    assert {0.5} == set(
        [*grad(function, argnums=argnums)(1.0, 1.0)] if argnums == (0, 1) else [grad(function)(1.0, 1.0)]
    )


# nan.

OUTSIDE: list[tuple[Callable[..., Any], float]] = [
    *[(function, -2.0) for function in (log, log1p, log2, log10, atanh, asin, sqrt, acosh)],
    *[(function, 2.0) for function in (atanh, asin)],
    (acosh, 0.5),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("function", "x"), OUTSIDE)
def test_outside_the_domain_every_order_is_nan(function: Callable[..., Any], x: float, way: str) -> None:
    for order in (1, 2, 3):
        assert math.isnan(WAYS[way](lambda x: function(x), (0,) * order, [(x,)])[0]), order


LINEAR, QUADRATIC = {"identity", "neg"}, {"square"}
"""Polynomials have their derivatives at nan too."""


@ROWS
def test_where_a_slope_is_nan_every_order_is(name: str) -> None:
    """With each operand nan in turn, the derivatives along it."""
    domain = DOMAINS[name]
    ordinary = [*domain.points(domain.boxes[0], seed="nan", count=1)][3]
    varied = 2 if name == "pow_partial" else len(ordinary)
    for place in range(varied):
        point = (*ordinary[:place], NAN, *ordinary[place + 1 :])
        function, _, count = _of_row(name, point)
        for way, computed in WAYS.items():
            orders = (1, 2) if varied > 1 and "compiled" in way else (1, 2, 3)
            found = [computed(function, (place,) * order, [point[:count]])[0] for order in orders]
            if varied == 1:
                assert math.isnan(found[0]) == (name not in LINEAR), (way, found)
            if math.isnan(found[0]) and name not in QUADRATIC:
                assert all(map(math.isnan, found)), (way, place, found)


# All ways against each other, wherever the operands are.

AWKWARD = (0.0, 1.0, -1.0, 2.0, 0.5, INF, -INF, NAN)
NAN_AT_INFINITY = {"pow"}
"""At an infinite operand one order of differentiation has the limit, and another, inf/inf, is nan."""


@EXTENT
@ROWS
def test_ways_and_orders_agree_everywhere(name: str, whole: bool) -> None:
    if name == "pow_partial":
        pytest.skip("made where x is 0 alone, so held by the row of pow")
    row = PRIMITIVES[name]
    operands = row.arity or 2
    grid = [*itertools.product(AWKWARD, repeat=operands)]
    points: Sequence[Point] = grid if whole and operands < 3 else grid[:: max(1, len(grid) // (40 if whole else 13))]
    found: dict[Places, dict[Any, list[float]]] = defaultdict(dict)
    for places in sequences(operands, highest=3 if operands < 3 else 2):
        for way, computed in WAYS.items():
            if "compiled" not in way or len(places) < (3 if whole else 2):
                key = tuple(sorted(places))
                found[key][way, places] = computed(lambda *xs: row(*xs), places, points)
    for key, by_way in found.items():
        for k, point in enumerate(points):
            numbers = {way: made[k] for way, made in by_way.items()}
            if name in NAN_AT_INFINITY and any(map(math.isinf, point)):
                numbers = {way: number for way, number in numbers.items() if not math.isnan(number)}
            first = next(iter(numbers.values()), NAN)
            assert all(_same(number, first, scale=1e-4) for number in numbers.values()), (key, point, numbers)
