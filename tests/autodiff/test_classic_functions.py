"""The classic optimization problems: derivatives by every mode against 50 digits, and minima against the paper."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, final

import numpy as np
import pytest
from mpmath import mp

import autodiff
from autodiff import Value, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from tests.autodiff.optimization_problems import PROBLEMS, Problem

# Of the sum of the magnitudes of the terms that a derivative of a sum of squares consists of: their own cancellation
# costs digits by no fault of a mode, and the rest is some hundred roundings.
TOLERANCE = 2e-13

_DIGITS = 110
_STEP = -25  # a power of ten: first differences are exact to 50 digits, and second ones
_WANDERINGS = 4  # points at random for each problem, besides its start; most of them in the long run

NAMES = sorted(PROBLEMS)
LONG = {"gulf", "meyer", "osborne_1", "osborne_2", "penalty_2"}  # seconds each


def _marked(name: str, *others: int, slow: bool = False) -> Any:
    return pytest.param(name, *others, marks=[pytest.mark.slow] if slow or name in LONG else [])


EACH = [_marked(name) for name in NAMES]
POINTS = [_marked(name, wandering, slow=wandering > 1) for name in NAMES for wandering in range(1 + _WANDERINGS)]


@final
@dataclass(frozen=True)
class Exact:
    """Derivatives at a point, and the magnitudes of their terms."""

    residual_slopes: np.ndarray
    gradient: np.ndarray
    gradient_terms: np.ndarray
    hessian: np.ndarray
    hessian_terms: np.ndarray


def _point(name: str, wandering: int) -> list[float]:
    start = PROBLEMS[name].start
    draws = random.Random(f"{name} {wandering}")
    return [x + min(wandering, 2) * (0.1 * abs(x) + 0.05) * draws.uniform(-1.0, 1.0) for x in start]


@cache
def _exact(name: str, wandering: int) -> Exact:
    """From central differences of the residuals; the product rule makes them those of the sum of squares."""
    point = _point(name, wandering)
    with mp.workdps(_DIGITS):
        values, slopes, curvatures = _differences(PROBLEMS[name], [*map(mp.mpf, point)])
        curved = np.einsum("k,kij->ij", values, curvatures)
        bent = np.einsum("k,kij->ij", abs(values), abs(curvatures))
        return Exact(
            slopes,
            2 * slopes.T @ values,
            2 * abs(slopes).T @ abs(values),
            2 * (slopes.T @ slopes + curved),
            2 * (abs(slopes).T @ abs(slopes) + bent),
        )


def _differences(problem: Problem, center: list[Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Residuals with their first and second derivatives, as arrays of mpmath numbers."""
    size, step = len(center), mp.mpf(10) ** _STEP

    def moved(*directions: tuple[int, int]) -> np.ndarray:
        point = list(center)
        for place, sign in directions:
            point[place] += sign * step
        return np.array([mp.mpf(residual) for residual in problem.residuals(point, mp)])

    slopes = np.array([(moved((i, 1)) - moved((i, -1))) / (2 * step) for i in range(size)]).T
    curvatures = np.empty((len(slopes), size, size), dtype=object)
    for i in range(size):
        for j in range(i + 1):
            corners = [sign * other * moved((i, sign), (j, other)) for sign in (1, -1) for other in (1, -1)]
            curvatures[:, i, j] = curvatures[:, j, i] = sum(corners) / (4 * step**2)
    return moved(), slopes, curvatures


def _assert_close(found: Any, exact: np.ndarray, terms: np.ndarray) -> None:
    with mp.workdps(_DIGITS):
        excess = np.array(abs(np.asarray(found) - exact), dtype=float) - TOLERANCE * np.array(terms, dtype=float)
    assert (excess <= 0.0).all(), f"{np.count_nonzero(excess > 0.0)} entries off, by up to {excess.max()}"


def _objective(name: str) -> Callable[[Sequence[Any]], Any]:
    return lambda x: PROBLEMS[name].objective(x, autodiff)


def _residuals(name: str) -> Callable[[Sequence[Any]], list[Any]]:
    return lambda x: PROBLEMS[name].residuals(x, autodiff)


def _swept(function: Callable[[Sequence[Any]], Any], point: Sequence[float]) -> list[float]:
    leaves = [*map(Value, point)]
    function(leaves).backward()
    return [leaf.grad for leaf in leaves]


GRADIENTS = {
    "backward": _swept,
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x)[1],
    "vjp": lambda f, x: vjp(f, x)[1](1.0)[0],
    "jvp": lambda f, x: [jvp(f, (x,), (unit,))[1] for unit in np.eye(len(x)).tolist()],
    "jacobian forward": lambda f, x: jacobian(f, mode="forward")(x),
    "jacobian reverse": lambda f, x: jacobian(f, mode="reverse")(x),
}

HESSIANS = {
    "hessian": lambda f, x: hessian(f)(x),
    "hvp": lambda f, x: [hvp(f, (x,), (unit,)) for unit in np.eye(len(x)).tolist()],
    "jvp of grad": lambda f, x: [jvp(grad(f), (x,), (unit,))[1] for unit in np.eye(len(x)).tolist()],
    "grad of grad": lambda f, x: [grad(lambda p, i=i: grad(f)(p)[i])(x) for i in range(len(x))],
    "grad of jvp": lambda f, x: [
        grad(lambda p, unit=unit: jvp(f, (p,), (unit,))[1])(x) for unit in np.eye(len(x)).tolist()
    ],
    "reverse over reverse": lambda f, x: jacobian(jacobian(f, mode="reverse"), mode="reverse")(x),
    "reverse over forward": lambda f, x: jacobian(jacobian(f, mode="forward"), mode="reverse")(x),
    "forward over forward": lambda f, x: jacobian(jacobian(f, mode="forward"), mode="forward")(x),
}


@pytest.mark.parametrize(("name", "wandering"), POINTS)
def test_gradients(name: str, wandering: int) -> None:
    exact = _exact(name, wandering)
    for gradient in GRADIENTS.values():
        _assert_close(gradient(_objective(name), _point(name, wandering)), exact.gradient, exact.gradient_terms)


@pytest.mark.parametrize("mode", ["forward", "reverse", None])
@pytest.mark.parametrize("name", EACH)
def test_jacobians_of_the_residuals(name: str, mode: str | None) -> None:
    for wandering in range(2):
        exact = _exact(name, wandering).residual_slopes
        found = jacobian(_residuals(name), mode=mode)(_point(name, wandering))
        _assert_close(found, exact, np.maximum(abs(exact), 1e-3 * abs(exact).max(axis=1, keepdims=True)))


@pytest.mark.parametrize(("name", "wandering"), POINTS)
def test_hessians(name: str, wandering: int) -> None:
    exact = _exact(name, wandering)
    for second in HESSIANS.values():
        _assert_close(second(_objective(name), _point(name, wandering)), exact.hessian, exact.hessian_terms)


@pytest.mark.parametrize("name", NAMES)
def test_hessian_is_exactly_symmetric(name: str) -> None:
    matrix = np.array(hessian(_objective(name))(_point(name, 1)))
    assert (matrix == matrix.T).all()


@pytest.mark.parametrize("name", EACH)
def test_descent_ends_in_the_minimum_of_the_paper(name: str) -> None:
    assert _least(_objective(name), PROBLEMS[name].start) == pytest.approx(PROBLEMS[name].minimum, rel=5e-6, abs=1e-15)


def _least(objective: Callable[[Sequence[Any]], Any], start: Sequence[float]) -> float:
    """The least value that a damped Newton method finds."""
    *_, (value, _) = _newton(objective, list(start))
    return value


def _newton(objective: Callable[[Sequence[Any]], Any], point: list[float]) -> Iterator[tuple[float, list[float]]]:
    """Ever smaller values and their points: steps of the Hessian with its eigenvalues made positive, and damped."""
    value, damping = objective(point), 1e-3
    while damping < 1e14 and value > 1e-20:
        slopes, curvatures = np.array(grad(objective)(point)), np.array(hessian(objective)(point))
        diagonal = np.abs(np.diag(curvatures))
        scale = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
        sizes, axes = np.linalg.eigh(curvatures * np.outer(scale, scale))
        step = -scale * (axes @ ((axes.T @ (slopes * scale)) / (np.abs(sizes) + damping)))
        there = [x + move for x, move in zip(point, step.tolist(), strict=True)]
        found = objective([*map(Value, there)]).data
        if found < value:
            settled = value - found <= 1e-12 * value
            value, point, damping = found, there, damping / 5.0
            yield value, point
            if settled:
                return
        else:
            damping *= 4.0
