"""Levenberg-Marquardt: least squares on the Jacobian of every record's residual, by SciPy."""

from __future__ import annotations

from typing import final

import numpy as np

from nn.arrays import RealArray
from nn.calls import explained
from nn.errors import OptionError
from nn.optimizers.driver import Driver, Problem, scipy_optimize
from nn.options import number_from

_EPSILON = float(np.finfo(float).eps)
_TRIALS = 100
"""Evaluations of the residuals for each iteration, at most, on average."""


@final
class LevenbergMarquardt(Driver):
    """Levenberg-Marquardt: least squares by linearized residuals, SciPy's `least_squares(method="trf")`.

    A step solves (JᵀJ + λD²)·step = -Jᵀr with the exact Jacobian J of the residuals, λ being such that the step stays
    within the region: Levenberg and Marquardt's method as Moré put it. It takes "mse" and "sse", where it converges in
    few iterations, and needs memory for J: records · outputs · parameters numbers. `nn.uncertainty` then says how
    well the data determine the parameters. Names and defaults are SciPy's.

    Parameters
    ----------
    ftol, xtol, gtol : float
        At least 0; end the run when an iteration lowers the sum of squares by a smaller share of it, moves the
        parameters by a smaller share of their norm, or when no entry of the gradient Jᵀr is larger.
    x_scale : float or "jac"
        The size of the parameters in the trust region: one number above 0 for all, or "jac" for the inverse norms of
        the columns of J, which suits parameters of different units.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an option outside its range, a TypeError for one of another type.
    MissingExtraError
        An ImportError without SciPy, which the extra `train` installs.

    References
    ----------
    Levenberg (1944); Marquardt (1963); Moré, The Levenberg-Marquardt algorithm: implementation and theory (1978).

    Examples
    --------
    >>> from nn import MLP, fit
    >>> model = MLP(1, [1], rng=0)
    >>> history = fit(model, [[0.0], [1.0]], [1.0, 3.0], optimizer=LevenbergMarquardt(), epochs=20, progress=False)
    >>> history.final_loss < 1e-12
    True
    """

    takes_residuals = True

    @explained("LevenbergMarquardt()")
    def __init__(
        self, *, ftol: float = 1e-8, xtol: float = 1e-8, gtol: float = 1e-8, x_scale: float | str = 1.0
    ) -> None:
        scipy_optimize("LevenbergMarquardt")
        self.ftol = number_from(ftol, "ftol")
        self.xtol = number_from(xtol, "xtol")
        self.gtol = number_from(gtol, "gtol")
        if max(self.ftol, self.xtol, self.gtol) < _EPSILON:
            raise OptionError(f"at least one of ftol, xtol and gtol must be {_EPSILON:.2g} or more, got {self!r}")
        self.x_scale = x_scale if isinstance(x_scale, str) else number_from(x_scale, "x_scale")
        if self.x_scale != "jac" and (isinstance(self.x_scale, str) or not self.x_scale):
            raise OptionError(f'x_scale takes a number above 0 or "jac", got {x_scale!r}')

    def minimize(self, problem: Problem) -> str:
        """Run SciPy's iterations."""
        last = problem.start

        def jacobian(numbers: RealArray) -> RealArray:
            nonlocal last
            if not np.array_equal(numbers, last):  # SciPy asks for the Jacobian wherever it accepts a step
                last = numbers.copy()
                problem.reach(last)
            return problem.jacobian(numbers)

        tolerances = {"ftol": self.ftol, "xtol": self.xtol, "gtol": self.gtol}
        with np.errstate(all="ignore"):
            found = scipy_optimize("LevenbergMarquardt").least_squares(
                problem.residuals,
                problem.start,
                jacobian,
                method="trf",
                x_scale=self.x_scale,
                max_nfev=_TRIALS * (1 + problem.iterations),  # without xtol, steps may shrink for ever
                **{name: size if size >= _EPSILON else None for name, size in tolerances.items()},
            )
        return "converged" if found.success else str(found.message)
