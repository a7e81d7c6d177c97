"""Gradients of somebody else, and the complex step."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff import (
    GradientMismatchError,
    check_gradients,
    grad,
    sin,
)


def _energy(x: Any) -> float:
    return float(np.sum(np.sin(x) ** 2))


def test_a_given_gradient_passes() -> None:
    report = check_gradients(_energy, np.arange(3.0), gradient=lambda x: np.sin(2.0 * x))
    assert (report.entries, [*report.errors]) == (3, ["the given gradient"])


@pytest.mark.parametrize("wrong", [1e-5, 1e-9])
def test_a_wrong_given_gradient_is_found(wrong: float) -> None:
    def gradient(x: Any) -> Any:
        slopes = np.sin(2.0 * x)
        slopes[1] *= 1.0 + wrong
        return slopes

    with pytest.raises(GradientMismatchError, match=r"d result / d args\[0\]\[1\] is .* by the given gradient"):
        check_gradients(_energy, np.arange(3.0), gradient=gradient)


def test_a_given_gradient_has_the_structure_of_the_arguments() -> None:
    def loss(p: Any, y: float) -> float:
        return float((p["a"] * y - p["b"][0]) ** 2)

    def gradient(p: Any, y: float) -> Any:
        residual = 2.0 * (p["a"] * y - p["b"][0])
        return {"a": residual * y, "b": [-residual]}, residual * p["a"]

    assert check_gradients(loss, {"a": 2.0, "b": [1.0]}, 3.0, gradient=gradient).entries == 3


def test_single_precision_needs_a_tolerance() -> None:
    def gradient(x: Any) -> Any:
        return np.sin(2.0 * x).astype(np.float32)

    with pytest.raises(GradientMismatchError):
        check_gradients(_energy, np.arange(1.0, 4.0), gradient=gradient)
    assert check_gradients(_energy, np.arange(1.0, 4.0), gradient=gradient, tolerance=1e-6).entries == 3


def test_a_given_gradient_may_be_ours_of_another_function() -> None:
    with pytest.raises(GradientMismatchError):
        check_gradients(math.sin, 1.0, gradient=grad(lambda x: sin(1.001 * x)))
    assert check_gradients(math.sin, 1.0, gradient=grad(sin)).entries == 1


# The complex step.


def _fine(x: Any) -> Any:
    return x * x * x / (1.0 + x * x)


def test_the_complex_step_sees_below_the_differences() -> None:
    def slope(x: float) -> float:
        return (3.0 * x * x + x**4) / (1.0 + x * x) ** 2 * (1.0 + 1e-10)

    # Rounding in the values hides the error from differences, and costs the complex step nothing.
    def drowned(x: Any) -> Any:
        return _fine(x) + 1e7

    with pytest.raises(GradientMismatchError, match="by the complex step"):
        check_gradients(drowned, 0.7, gradient=slope)
    assert check_gradients(drowned, 0.7, gradient=slope, complex_step=False).entries == 1


REFUSING: dict[str, Callable[[Any], Any]] = {
    "math": math.exp,
    "a branch": lambda x: x if x > 0 else -x,
    "float()": lambda x: float(x) ** 2,
    "an array of floats": lambda x: np.sum(np.array([x, x], dtype=float) ** 2),
    "abs, which is not analytic": lambda x: abs(x) * x,
    "the real part": lambda x: np.real(x) ** 2,
}


@pytest.mark.parametrize("name", REFUSING)
def test_functions_that_refuse_complex_numbers_are_differenced(name: str) -> None:
    function = REFUSING[name]
    slopes = {"math": math.exp(2.0), "a branch": 1.0, "an array of floats": 8.0}
    report = check_gradients(function, 2.0, gradient=lambda _: slopes.get(name, 4.0))
    assert report.errors["the given gradient"] < 1e-11
