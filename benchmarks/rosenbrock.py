"""The Hessian of Rosenbrock's function of 20 variables, written for each library as its users would."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

import autodiff
from autodiff import square
from benchmarks.comparison import Work

POINT = np.linspace(-1.2, 1.0, 20)


def scalars(x: Any) -> Any:
    """The sum of 100·(b - a²)² + (1 - a)² over neighboring entries a, b, as this engine's users write it."""
    return autodiff.sum([100.0 * square(b - square(a)) + square(1.0 - a) for a, b in itertools.pairwise(x)])


def arrays(x: Any, library: Any) -> Any:
    """The same as an array library's users write it."""
    return library.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def hessians() -> tuple[Work, Work]:
    """Both sides, after a check that they compute the same matrix."""
    import autograd
    import autograd.numpy

    ours = autodiff.hessian(scalars)
    theirs = autograd.hessian(lambda x: arrays(x, autograd.numpy))
    gap = float(np.max(np.abs(ours(POINT) - theirs(POINT))))
    if gap > 1e-9:
        raise ArithmeticError(f"the two sides disagree by {gap}")
    return lambda: ours(POINT), lambda: theirs(POINT)
