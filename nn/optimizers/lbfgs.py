"""L-BFGS by SciPy: quasi-Newton steps with a curvature estimated from the last gradients."""

from __future__ import annotations

from typing import final

import numpy as np

from nn.calls import explained
from nn.optimizers.driver import ENDLESS, Driver, Problem, scipy_optimize
from nn.options import number_from, whole_number


@final
class LBFGS(Driver):
    """L-BFGS: a quasi-Newton method of little memory with a line search, SciPy's `minimize(method="L-BFGS-B")`.

    Use it for losses without noise, that is with steps on all records, and up to some thousand parameters. It then
    needs far fewer passes over the data than a rule with a learning rate. Names and defaults are SciPy's.

    Parameters
    ----------
    maxcor : int
        How many earlier steps it remembers, at least 1.
    ftol : float
        At least 0; ends the run when an iteration lowers the loss by a smaller share of it.
    gtol : float
        At least 0; ends the run when no entry of the gradient is larger.
    maxls : int
        How often a line search evaluates the loss, at most.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an option outside its range, a TypeError for one of another type.
    MissingExtraError
        An ImportError without SciPy, which the extra `train` installs.

    References
    ----------
    Byrd, Lu, Nocedal and Zhu, A limited memory algorithm for bound constrained optimization (1995); Morales and
    Nocedal, Remark on algorithm 778 (2011).

    Examples
    --------
    >>> from nn import MLP, fit
    >>> model = MLP(1, [1], rng=0)
    >>> history = fit(model, [[0.0], [1.0]], [1.0, 3.0], optimizer=LBFGS(), epochs=50, progress=False)
    >>> history.stopped, history.final_loss < 1e-9
    ('converged', True)
    """

    @explained("LBFGS()")
    def __init__(
        self, *, maxcor: int = 10, ftol: float = 2.220446049250313e-09, gtol: float = 1e-5, maxls: int = 20
    ) -> None:
        scipy_optimize("LBFGS")
        self.maxcor = whole_number(maxcor, "maxcor")
        self.ftol = number_from(ftol, "ftol")
        self.gtol = number_from(gtol, "gtol")
        self.maxls = whole_number(maxls, "maxls")

    def minimize(self, problem: Problem) -> str:
        """Run SciPy's iterations."""
        with np.errstate(all="ignore"):
            found = scipy_optimize("LBFGS").minimize(
                problem.value_and_gradient,
                problem.start,
                jac=True,
                method="L-BFGS-B",
                callback=lambda numbers: problem.reach(numbers),  # the vector, by any name but intermediate_result
                options=vars(self) | {"maxiter": problem.iterations, "maxfun": ENDLESS},
            )
        return "converged" if found.success else str(found.message)
