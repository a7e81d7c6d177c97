"""The Hessian of Rosenbrock's function of 20 variables, written once on arrays of either library."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.comparison import Work

POINT = np.linspace(-1.2, 1.0, 20)


def rosenbrock(x: Any, library: Any) -> Any:
    """The sum of 100·(b - a²)² + (1 - a)² over neighbouring entries a, b."""
    return library.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def hessians() -> tuple[Work, Work]:
    """Both sides, after a check that they compute the same matrix."""
    import autograd
    import autograd.numpy

    import autodiff

    ours = autodiff.hessian(lambda x: rosenbrock(x, np))
    theirs = autograd.hessian(lambda x: rosenbrock(x, autograd.numpy))
    gap = float(np.max(np.abs(ours(POINT) - theirs(POINT))))
    if gap > 1e-9:
        raise ArithmeticError(f"the two sides disagree by {gap}")
    return lambda: ours(POINT), lambda: theirs(POINT)
