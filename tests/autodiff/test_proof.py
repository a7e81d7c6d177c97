"""Every mode against every other, finite differences and 40 digits, to order three, on random shared graphs.

What the long run takes is set in `example_counts`.
"""

from __future__ import annotations

import math
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mpmath import mp

from autodiff import check_gradients, define_primitive, grad
from autodiff.gradcheck.rounding import rounding_bounds
from autodiff.rules import COS, ELU, MEAN, MUL
from autodiff.testing import Expression, Step, expressions, shared_graphs
from tests.autodiff.example_counts import BATCHES
from tests.autodiff.lines import DEFINITIONS, HIGHEST_ORDER, Line, by_every_mode, is_smooth, lines

QUICK = settings(max_examples=60, deadline=None, derandomize=True)
GRAPHS = expressions(max_steps=6) | shared_graphs(max_steps=8)


def check_derivatives(line: Line, differenced: int) -> None:
    """All modes against mpmath, and the derivative of one order against differences of the order below."""
    exact = line.exact_derivatives()
    bounds = _rounding(line)
    for name, derivative in by_every_mode(line).items():
        order = int(name[0])
        gap = abs(derivative(0.0) - exact[order])
        assert gap <= _tolerance(bounds, exact, order), (name, gap, line)
    check_gradients([line, grad(line), grad(grad(line))][differenced], 0.0, order=1)


def _rounding(line: Line) -> list[float]:
    """What rounding may cost each derivative, from its own graph."""
    nested = [line, grad(line), grad(grad(line)), grad(grad(grad(line)))]
    return [float(bound) for bound in rounding_bounds(lambda point: [f(point[0]) for f in nested], [0.0])]


def _tolerance(bounds: list[float], exact: list[float], order: int) -> float:
    """The bound, twice over for modes that add up in another order, and the rounding of slopes that are constants."""
    return 2.0 * bounds[order] + 1e-13 * (1.0 + max(map(abs, exact)))


@QUICK
@given(lines(GRAPHS), st.integers(0, HIGHEST_ORDER - 1))
def test_derivatives_to_order_three(line: Line, differenced: int) -> None:
    check_derivatives(line, differenced)


# A sine whose derivative of one order is off by a part in a billion, and those of lower order are right.

_DERIVATIVES = (math.sin, math.cos, lambda x: -math.sin(x))


def _sine(wrong_order: int, order: int = 0) -> Any:
    if order == HIGHEST_ORDER:
        return lambda x: -COS(x)
    fault = 1.0 + 1e-9 * (order + 1 == wrong_order)
    slope = define_primitive(partials=[lambda _, x: _sine(wrong_order, order + 1)(x) * fault], name=f"sine {order}")
    return slope(_DERIVATIVES[order])


@pytest.mark.parametrize("wrong_order", range(1, HIGHEST_ORDER + 1))
def test_a_part_in_a_billion_is_seen(wrong_order: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DEFINITIONS, "sine 0", mp.sin)
    wrong, right = (Step(_sine(order), (0,)) for order in (wrong_order, 0))
    for step, sees in ((right, nullcontext()), (wrong, pytest.raises(AssertionError, match=f"'{wrong_order} "))):
        with sees:
            check_derivatives(Line(Expression((0.75,), (step, Step(MUL, (1, 0)))), (1.0,)), 0)


# What the long run has found, and what was wrong.
MISMATCHES: dict[str, tuple[Line, int]] = {
    # The checker allowed modes no difference at all where every slope is a constant, and 1/3 + 1/12 rounds.
    "means of means": (
        Line(Expression((-1.53125,), (Step(MEAN, (0, 0, 0, 0)), Step(MEAN, (1, 0, 1)))), (1.0,)),
        0,
    ),
}


@pytest.mark.parametrize("name", MISMATCHES)
def test_mismatches_that_were_found(name: str) -> None:
    check_derivatives(*MISMATCHES[name])


def test_a_kink_of_the_second_derivative_is_no_place_for_lines() -> None:
    """The long run has met elu at 0, whose slope is 1 on both sides; mpmath differentiated across."""
    assert not is_smooth(Expression((0.0,), (Step(ELU, (0, 1.0)),)))
    assert is_smooth(Expression((0.5,), (Step(ELU, (0, 1.0)),)))


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(len(BATCHES)))
def test_derivatives_to_order_three_at_length(batch: int) -> None:
    @settings(max_examples=BATCHES[batch], deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(lines(GRAPHS), st.integers(0, HIGHEST_ORDER - 1))
    def check(line: Line, differenced: int) -> None:
        check_derivatives(line, differenced)

    check()
