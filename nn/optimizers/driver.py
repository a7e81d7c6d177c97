"""Driver: an optimizer that runs the iterations itself, as those of SciPy do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol

from nn.arrays import RealArray
from nn.extras import imported


class Problem(Protocol):
    """The loss of all records as a function of the vector of trained parameters."""

    start: RealArray
    """The parameters at the start, of shape (p,)."""
    iterations: int
    """The largest number of iterations."""

    def value_and_gradient(self, numbers: RealArray) -> tuple[float, RealArray]:
        """The loss and its gradient, of shape (p,)."""

    def residuals(self, numbers: RealArray) -> RealArray:
        """Prediction less target of every output, times the root of the record's weight, shape (n · outputs,)."""

    def jacobian(self, numbers: RealArray) -> RealArray:
        """The derivatives of the residuals, of shape (n · outputs, p)."""

    def reach(self, numbers: RealArray) -> None:
        """End an iteration, with the parameters here. Errors raised here end the run, so a driver lets them pass."""


class Driver(ABC):
    """An optimizer that runs the iterations itself: `fit` counts an epoch for each.

    A subclass defines `minimize`. It evaluates the problem wherever it likes, and says with `reach` where each
    iteration ends: between iterations `fit` measures, calls callbacks and stops. An interrupted iteration leaves no
    trace. A driver steps on all records, has no learning rate, and keeps nothing between runs.

    Attributes
    ----------
    takes_residuals : bool
        Whether `minimize` reads residuals and their Jacobian, so that the loss must be "mse" or "sse".

    Examples
    --------
    Gradient descent with a step that halves until the loss falls:

    >>> from nn import MLP, fit
    >>> class Halving(Driver):
    ...     def minimize(self, problem):
    ...         x, rate = problem.start, 1.0
    ...         for _ in range(problem.iterations):
    ...             loss, gradient = problem.value_and_gradient(x)
    ...             while problem.value_and_gradient(x - rate * gradient)[0] > loss:
    ...                 rate = 0.5 * rate
    ...             x = x - rate * gradient
    ...             problem.reach(x)
    ...         return ""
    >>> model = MLP(1, [1], rng=0)
    >>> history = fit(model, [[0.0], [1.0]], [1.0, 3.0], optimizer=Halving(), epochs=50, progress=False)
    >>> history.epochs, history.final_loss < 1e-4
    (50, True)
    """

    takes_residuals: bool = False

    @abstractmethod
    def minimize(self, problem: Problem) -> str:
        """Go from `problem.start` towards a minimum.

        Parameters
        ----------
        problem : Problem
            The loss of all records as a function of the trained parameters.

        Returns
        -------
        str
            Why there are no more iterations, such as "converged", for `History.stopped`.
        """

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"{type(self).__name__}({options})"


def scipy_optimize(user: str) -> Any:
    """The module `scipy.optimize`. Raises MissingExtraError (an ImportError) that names `user` without SciPy."""
    return imported("scipy.optimize", f"{user} needs SciPy: pip install 'valuegraph[train]'")


ENDLESS = 2**31 - 1
"""No limit, for counts of SciPy other than iterations."""
