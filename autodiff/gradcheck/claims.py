"""What each mode claims the derivatives of one order to be."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff.gradcheck.foreign import blamed, plain
from autodiff.gradcheck.rounding import rounding_bounds
from autodiff.gradcheck.subject import Floats, Subject, numbers, on_floats
from autodiff.jacobians import Mode, hessian, jacobian
from autodiff.transforms import grad

_FOREIGN_ROUNDING = 2.0**-36
"""The share of a gradient that rounding may take from one whose program is not known to us."""

_CONSTANT_ROUNDING = 2.0**-50
"""The share of the largest derivative that slopes which are constants may cost by their rounding, such as the 1/3 of
a mean: no node shows it."""


@final
@dataclass(frozen=True, eq=False)
class Claim:
    """Derivatives by one mode: a row for each derivative of the order below, a column for each input."""

    mode: str
    slopes: Floats
    rounding: Floats
    """A bound on the rounding error of each."""


def derivative(function: Callable[..., Any], modes: Sequence[Mode]) -> Callable[..., Any]:
    """Derivatives by nested Jacobians, the outermost mode first; the function itself for no mode."""
    for mode in reversed(modes):
        function = jacobian(function, mode=mode)
    return function


def claims(subject: Subject, order: int, modes: Sequence[Mode]) -> Iterator[Claim]:
    """Every nesting of the modes to that order, and the transforms that have a walk of their own."""
    for nesting in itertools.product(modes, repeat=order):
        yield _claim(subject, " over ".join(nesting), derivative(subject.flat, nesting))
    if len(subject.outputs) == 1:
        if order == 1 and "reverse" in modes:
            yield _claim(subject, "grad", grad(lambda point: subject.flat(point)[0]))
        if order == 2 and {"reverse", "forward"} <= set(modes):
            yield _claim(subject, "hessian", hessian(lambda point: subject.flat(point)[0]))


def given_claim(gradient: Callable[..., Any], args: Sequence[Any]) -> Claim:
    """What a gradient function of somebody else claims, from the arguments as they were passed."""
    with blamed("the given gradient"):
        returned = plain(gradient(*args))
    slopes = np.array([numbers(returned, "the given gradient returned")])
    return Claim("the given gradient", slopes, np.full(slopes.shape, _FOREIGN_ROUNDING * np.max(np.abs(slopes))))


def _claim(subject: Subject, mode: str, function: Callable[..., Any]) -> Claim:
    shape = (-1, len(subject.point))
    slopes = on_floats(function)(subject.point).reshape(shape)
    largest = np.max(np.abs(slopes), initial=0.0, where=np.isfinite(slopes))
    return Claim(mode, slopes, rounding_bounds(function, subject.point).reshape(shape) + _CONSTANT_ROUNDING * largest)
