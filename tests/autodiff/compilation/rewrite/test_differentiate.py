"""Differentiate: symbols that come to the derivatives, reverse and forward alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from autodiff import exp, log, no_grad, scope, sin, where
from autodiff import sum as total
from autodiff.compilation.rewrite.differentiate import gradient_symbols, tangent_symbols
from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import tracing
from autodiff.modes import Origin
from tests.autodiff.compilation.by_hand import evaluated, leaves

Function = Callable[[Any, Any], Any]
POINTS = [(3.0, 2.0), (0.5, -1.0), (0.0, 0.25)]

# (function, its slopes along x and y)
FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "polynomial": (lambda x, y: x * x * y - 3.0 * x, lambda x, y: (2 * x * y - 3, x * x)),
    "quotient": (lambda x, y: x / y, lambda x, y: (1 / y, -x / y**2)),
    "one leaf alone": (lambda x, y: exp(2.0 * y), lambda x, y: (0.0, 2 * math.exp(2 * y))),
    "a leaf": (lambda x, y: x, lambda x, y: (1.0, 0.0)),
    "a constant": (lambda x, y: 4.0, lambda x, y: (0.0, 0.0)),
    "many terms": (lambda x, y: total([x, y, x, sin(x), 1.0]), lambda x, y: (2 + math.cos(x), 1.0)),
    "a choice": (lambda x, y: where(x > 0, x * y, log(x)), lambda x, y: (y, x) if x > 0 else (math.inf, 0.0)),
    "a part that is cut off": (lambda x, y: x.detach() * y, lambda x, y: (0.0, x)),
}


def _within(function: Function) -> tuple[Any, Symbol, Symbol]:
    x, y = leaves("xy")
    return function(x, y), x, y


def _at_points(roots: Sequence[Any], x: Symbol, y: Symbol) -> list[tuple[float, ...]]:
    """What the roots come to, point by point."""
    xs, ys = zip(*POINTS, strict=True)
    return [*zip(*evaluated(roots, {x: xs, y: ys}), strict=True)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_against_slopes_by_hand(name: str) -> None:
    function, slopes = FUNCTIONS[name]
    with tracing():
        out, x, y = _within(function)
        backward = gradient_symbols([out], [x, y], [1.0])
        forward = [tangent_symbols([out], leaf)[0] for leaf in (x, y)]
    for made in (backward, forward):
        for entries, point in zip(_at_points(made, x, y), POINTS, strict=True):
            assert entries == pytest.approx(slopes(*point), rel=1e-15)


def test_a_weighted_sum_of_outputs() -> None:
    """Of one that is named twice, both weights; a weight may be a symbol."""
    with tracing():
        out, x, y = _within(lambda x, y: x * y)
        (weight,) = leaves("w", batched=False)
        made = gradient_symbols([out, 5.0, x, out], [x, y], [weight, 100.0, 7.0, 10.0])
    assert _at_points_with(made, x, y, weight, 2.0) == [(12 * b + 7, 12 * a) for a, b in POINTS]


def _at_points_with(made: Sequence[Any], x: Symbol, y: Symbol, weight: Symbol, number: float) -> list[Any]:
    xs, ys = zip(*POINTS, strict=True)
    return [*zip(*evaluated(made, {x: xs, y: ys, weight: [number] * len(POINTS)}), strict=True)]


def test_tangents_of_several_outputs() -> None:
    with tracing():
        out, x, y = _within(lambda x, y: x * y)
        made = tangent_symbols([out, 5.0, y, x, out * out], x)
    assert made[1:4] == [0.0, 0.0, 1.0]
    assert _at_points(made, x, y) == [(b, 0.0, 0.0, 1.0, 2 * a * b * b) for a, b in POINTS]


def test_second_derivatives_are_derivatives_of_the_symbols() -> None:
    with tracing():
        out, x, y = _within(lambda x, y: sin(x) * y * y)
        (along_x,) = gradient_symbols([out], [x], [1.0])
        made = gradient_symbols([along_x], [x, y], [1.0])
    for entries, (a, b) in zip(_at_points(made, x, y), POINTS, strict=True):
        assert entries == pytest.approx((-math.sin(a) * b * b, 2 * math.cos(a) * b), rel=1e-15)


def test_derivatives_are_marked_as_those_along_their_nodes() -> None:
    """Of what an operation made the adjoint, of a leaf the gradient, whatever read it last."""
    with tracing():
        x, y = leaves("xy")
        x.origin = Origin(("inputs",))
        with scope("layer 1"):
            inner = sin(x)
        inner.label = "s"
        out = inner * y + exp(inner) * x
        (along_inner,) = gradient_symbols([out], [inner], [1.0])
        along_x, _ = gradient_symbols([out], [x, y], [1.0])
    assert (along_x.label, along_x.origin) == ("x", Origin(("inputs",), "gradient"))
    assert (along_inner.label, along_inner.origin) == ("s", Origin(("layer 1",), "adjoint"))
    assert (inner.label, inner.origin) == ("s", Origin(("layer 1",))), "what was there stays as it was"


def test_what_is_handed_on_is_the_adjoint_of_what_it_came_to_first() -> None:
    """Through an addition, whose slope is 1."""
    with tracing():
        x, y = leaves("xy")
        inner = sin(x)
        outer = inner + y
        inner.label, outer.label = "inner", "outer"
        made = gradient_symbols([sin(outer)], [inner, y], [1.0])
    assert made[0] is made[1]
    assert (made[0].label, made[0].origin) == ("outer", Origin((), "adjoint"))


def test_nothing_flows_into_what_no_input_leads_to() -> None:
    """An infinite slope beside the path is not met, so that no 0·inf is."""
    with tracing():
        x, y = leaves("xy")
        with no_grad():
            cut = log(x)
        out = log(y) + cut * x
        made = [*gradient_symbols([out], [x], [1.0]), *tangent_symbols([out], x)]
    assert evaluated(made, {x: [2.0], y: [0.0]}) == [[math.log(2.0)]] * 2
