"""What is right passes at any scale, what is wrong is found, and what makes no sense is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import autodiff
from autodiff import (
    GradientMismatchError,
    Value,
    atan,
    check_gradients,
    cos,
    dot,
    exp,
    grad,
    jacobians,
    log,
    logsumexp,
    norm,
    relu,
    sin,
    sqrt,
    where,
)
from autodiff.errors import CoercionError, ShapeError
from autodiff.rules import PRIMITIVES
from autodiff.testing import Expression, expressions
from tests.autodiff.gradcheck.planted import PLANTED, SIN_WRONG_TWICE, WRONG_SIN
from tests.autodiff.gradcheck.stretched import STRETCHED, arguments, scales
from tests.autodiff.optimization_problems import PROBLEMS

QUICK = settings(max_examples=60, deadline=None, derandomize=True)
LONG = settings(max_examples=3000, deadline=None)


class Point(NamedTuple):
    across: Any
    up: Any


CORRECT: dict[str, tuple[Any, ...]] = {
    "one number": (lambda x: sin(x) * x, 0.5),
    "two arguments": (lambda x, y: exp(x * y) / y, 0.5, -2.0),
    "an array": (lambda x: norm(x) * logsumexp(x), np.array([1.0, -2.0, 3.0])),
    "a matrix in a dict": (lambda p: np.sum(np.tanh(p["w"] @ p["x"])), {"w": np.eye(2) * 0.3, "x": np.ones(2)}),
    "a named tuple": (lambda p: {"angle": atan(p.up / p.across), "area": [p.up * p.across]}, Point(1.0, 2.0)),
    "a matrix result": (lambda x: np.outer(x, x), np.array([1.0, 2.0])),
    "no dependence": (lambda _, y: y * y, 1.0, 2.0),
    "a constant": (lambda _: 3.0, 1.0),
    "zero everywhere": (lambda x: 0.0 * x, 0.0),
    "a flat point": (lambda x: x**4, 0.0),
    "an inflection": (lambda x: x**3, 0.0),
    "beside a kink": (lambda x: relu(x - 1.0), 1.0 + 1e-9),
    "beside a pole": (lambda x: 1.0 / x, 1e-6),
    "at the edge of a domain": (lambda x: log(x) * sqrt(x), 1e-8),
    "a branch": (lambda x: where(x > 0, sqrt(x), 0.0) + x, -1.0),
    "an overflow nearby": (lambda x: exp(x), 709.0),
    "cancellation": (lambda x: (x + 1e8) - 1e8, 1.0),
    "methods of Values": (lambda x: (x * 2.0).tanh(), 0.3),
    "fast beside slow": (lambda x, y: sin(1e6 * x) + cos(1e-6 * y), 0.1, 1e5),
    "a function of NumPy": (lambda x: np.sqrt(x) * np.arctan(x), 2.0),
    "a derivative": (lambda x: grad(lambda y: x * y**3)(x), 2.0),
    "a kink of the slope": (lambda x: where(abs(x) <= 1.0, 0.5 * x * x, abs(x) - 0.5), 0.3),
    "integers": (lambda x: x**2, 3),
}


@pytest.mark.parametrize("name", CORRECT)
def test_correct_functions_pass(name: str) -> None:
    function, *args = CORRECT[name]
    report = check_gradients(function, *args)
    assert report.entries > 0
    assert max(report.errors.values()) < 1e-5


@pytest.mark.parametrize("name", [name for name, problem in PROBLEMS.items() if len(problem.start) <= 4])
def test_classic_problems_pass(name: str) -> None:
    problem = PROBLEMS[name]
    report = check_gradients(lambda x: problem.objective(x, autodiff), list(problem.start))
    size = len(problem.start)
    assert report.entries == size + size * size
    assert max(report.errors.values()) < 1e-9


@pytest.mark.parametrize("function", [lambda x: x * abs(x), lambda x: where(x > 0, x * x, 0.0)])
@pytest.mark.parametrize("shift", [0.0, 1.0, -3e5])
def test_a_kink_of_the_slope_does_not_hurt_the_slope(function: Callable[[Any], Any], shift: float) -> None:
    assert check_gradients(lambda x: function(x - shift), shift, order=1).entries == 1


def test_third_order() -> None:
    report = check_gradients(lambda x, y: exp(x * y), 0.5, 1.5, order=3)
    assert report.entries == 2 + 4 + 8
    assert len([mode for mode in report.errors if mode.count("over") == 2]) == 8


def test_chosen_arguments_and_modes() -> None:
    report = check_gradients(lambda x, name, y: x * y if name else 0.0, 2.0, "product", 3.0, argnums=(0, -1), order=1)
    assert (report.entries, [*report.errors]) == (2, ["reverse", "forward", "grad"])
    forward = check_gradients(lambda x: x * x, 2.0, modes=["forward"])
    assert [*forward.errors] == ["forward", "forward over forward"]


def test_closures_over_values_are_held_constant() -> None:
    weight = Value(3.0)
    assert check_gradients(lambda x: weight * sin(x), 1.0).entries == 2
    assert weight.grad == 0.0


def test_a_report_reads_as_one_line() -> None:
    report = repr(check_gradients(lambda x: x * x, 2.0, order=1))
    assert report.startswith("<gradients agree: 1 entries; largest errors: reverse ")
    assert "resolution" in report


@QUICK
@example("sin", 1.0, 1e8, 1e-8)
@example("exp", -2.0, 1e-8, 1e8)
@given(st.sampled_from(sorted(STRETCHED)), arguments, scales, scales)
def test_scale_does_not_matter(name: str, argument: float, across: float, up: float) -> None:
    report = check_gradients(lambda x: up * STRETCHED[name](across * x), argument / across)
    assert max(report.errors.values()) < 1e-8


@pytest.mark.slow
@LONG
@given(st.sampled_from(sorted(STRETCHED)), arguments, scales, scales)
def test_scale_does_not_matter_at_length(name: str, argument: float, across: float, up: float) -> None:
    check_gradients(lambda x: up * STRETCHED[name](across * x), argument / across)


@QUICK
@given(st.sampled_from(sorted(STRETCHED)), st.floats(-8.0, 0.3), st.floats(-8.0, 8.0), st.booleans())
def test_nor_do_inputs_near_zero_or_far_away(name: str, near: float, far: float, below: bool) -> None:
    side = -1.0 if below else 1.0
    check_gradients(lambda x: STRETCHED[name](x), side * 10.0**near)
    check_gradients(lambda x: atan(x) + sin(x), side * 10.0**far)


@pytest.mark.parametrize(
    ("function", "point"),
    [
        (lambda x: autodiff.tan(x * x), 1.5),
        (lambda x: autodiff.tan(40.0 * x), 1.5),
        (lambda x: 1.0 / autodiff.sin(9.0 * x), 0.3),
    ],
)
def test_poles_nearby_are_no_rounding(function: Callable[[Any], Any], point: float) -> None:
    assert check_gradients(function, point, order=1)


@pytest.mark.parametrize(
    ("function", "point"),
    [
        (autodiff.floor, 0.9375),
        (lambda x: autodiff.floor(200.0 * x), 0.9991),
        (lambda x: autodiff.ceil(x / 0.1875), 1.0),
        (lambda x: round(3.0 * x), 1.05),
        (lambda x: x // 0.375, 1.0),
        (lambda x: x % 0.1875, 1.0),
    ],
)
def test_staircases_are_no_rounded_slopes(function: Callable[[Any], Any], point: float) -> None:
    assert check_gradients(function, point, order=1)


@QUICK
@given(expressions(max_steps=5))
def test_random_expressions_pass(expression: Expression) -> None:
    check_gradients(lambda *inputs: expression.run(inputs), *expression.inputs, order=1)


@QUICK
@example(1.0, 1.0, 1.0)
@given(st.floats(0.1, 1.4), scales, scales)
def test_a_planted_slope_is_found_at_any_scale(argument: float, across: float, up: float) -> None:
    with pytest.raises(GradientMismatchError) as caught:
        check_gradients(lambda x: up * WRONG_SIN(across * x), argument / across)
    found = caught.value.disagreement
    assert found.found / found.expected - 1.0 == pytest.approx(PLANTED, rel=1e-3)


@QUICK
@given(expressions(primitives=[PRIMITIVES[name] for name in ("add", "sub", "tanh", "sin", "mul")], max_steps=4))
def test_a_planted_slope_is_found_inside_an_expression(expression: Expression) -> None:
    # Added to whatever else there is, at a point where its slope is not 0.
    with pytest.raises(GradientMismatchError):
        check_gradients(lambda *inputs: expression.run(inputs[1:]) + WRONG_SIN(inputs[0]), 0.5, *expression.inputs)


def test_a_planted_second_slope_is_found() -> None:
    assert check_gradients(lambda x: SIN_WRONG_TWICE(x), 0.5, order=1).entries == 1
    with pytest.raises(GradientMismatchError, match=r"d² result / d args\[0\] d args\[0\]") as caught:
        check_gradients(lambda x: SIN_WRONG_TWICE(x), 0.5)
    found = caught.value.disagreement
    assert found.expected == pytest.approx(-math.sin(0.5), rel=1e-9)
    assert found.found == pytest.approx(-math.sin(0.5) * (1.0 + PLANTED), rel=1e-9)


@pytest.mark.parametrize(("sweep", "mode"), [("pushforward", "forward"), ("pullback", "reverse")])
def test_a_broken_mode_is_found(monkeypatch: pytest.MonkeyPatch, sweep: str, mode: str) -> None:
    right = getattr(jacobians, sweep)
    monkeypatch.setattr(jacobians, sweep, lambda *args: {node: 1.001 * slope for node, slope in right(*args).items()})
    with pytest.raises(GradientMismatchError) as caught:
        check_gradients(lambda x, y: sin(x) * y, 1.0, 2.0, order=1)
    assert caught.value.disagreement.mode == mode


# Arguments that make no sense.

REFUSED: dict[str, tuple[type[Exception], str, Callable[[], Any]]] = {
    "order": (ValueError, "order must be at least 1, got 0", lambda: check_gradients(sin, 1.0, order=0)),
    "no modes": (ValueError, "modes is empty", lambda: check_gradients(sin, 1.0, modes=())),
    "a mode": (ValueError, "got 'sideways'", lambda: check_gradients(sin, 1.0, modes=["sideways"])),
    "no numbers": (ShapeError, "hold none", lambda: check_gradients(lambda _: 1.0, [])),
    "no arguments": (ShapeError, "hold none", lambda: check_gradients(lambda: 1.0)),
    "text": (CoercionError, "argnums", lambda: check_gradients(lambda x, _: x, 1.0, "text")),
    "argnums": (ValueError, "argument 1", lambda: check_gradients(sin, 1.0, argnums=1)),
    "a vector with a given gradient": (
        ShapeError,
        "one at a time",
        lambda: check_gradients(lambda x: [x, x], 1.0, gradient=lambda _: 1.0),
    ),
    "a gradient of another size": (
        ShapeError,
        "the given gradient holds 1 numbers, but the arguments 2",
        lambda: check_gradients(lambda x: dot(x, x), [1.0, 2.0], gradient=lambda _: 1.0),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_errors_of_use(name: str) -> None:
    kind, message, call = REFUSED[name]
    with pytest.raises(kind, match=message) as caught:
        call()
    assert not isinstance(caught.value, AssertionError)
