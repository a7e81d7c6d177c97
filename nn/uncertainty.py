"""Uncertainty: how well data determine the parameters of a least-squares fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff import Value
from nn.arrays import ArrayLike, RealArray
from nn.data.features import matched_features
from nn.data.records import checked_records
from nn.errors import DataError
from nn.losses.functions import mse
from nn.losses.weights import record_weights
from nn.training.arguments import checked_model, checked_parameters
from nn.training.objective import Model, Objective
from nn.training.residuals import Residuals


@final
@dataclass(frozen=True)
class Uncertainty:
    """The parameters of a fit with their covariance, as `uncertainty` returns them.

    Parameters
    ----------
    parameters : ndarray, shape (p,)
        The numbers of the trained parameters.
    covariance : ndarray, shape (p, p)
        s² (JᵀJ)⁻¹.
    spread : float
        s, the standard deviation of the residuals: the root of Σr²/(residuals - p).

    Examples
    --------
    >>> Uncertainty(np.array([2.0]), np.array([[0.25]]), 1.0).errors
    array([0.5])
    """

    parameters: RealArray
    covariance: RealArray
    spread: float

    @property
    def errors(self) -> RealArray:
        """The standard error of each parameter, shape (p,)."""
        return np.sqrt(np.diag(self.covariance))


def uncertainty(
    model: Model,
    features: ArrayLike,
    targets: Any,
    *,
    parameters: Iterable[Value] | None = None,
    sample_weight: Any = None,
    compiled: bool = True,
) -> Uncertainty:
    """How well the data determine the parameters: their covariance at a minimum of the sum of squares.

    It comes from the exact Jacobian there. It holds where the model is linear over the size of the errors, and
    residuals are independent and of equal spread, or of spread 1/√w for weights w.

    Parameters
    ----------
    model, features, targets, parameters, sample_weight, compiled
        As `fit` takes them; the model as `fit` left it.

    Returns
    -------
    Uncertainty
        With `parameters` (p,), `covariance` (p, p), `spread` and the standard `errors` (p,).

    Raises
    ------
    DataError
        A ValueError where the data do not determine the parameters: no more residuals than parameters, or a direction
        in which the parameters change nothing, as in networks of which a neuron does nothing.

    References
    ----------
    Seber and Wild, Nonlinear Regression (1989), section 2.1.

    Examples
    --------
    A line through three points, whose slope is 2 ± 0.29:

    >>> from nn import Linear, LevenbergMarquardt, fit
    >>> line = Linear(1, 1, rng=0)
    >>> points, heights = [[0.0], [1.0], [2.0]], [0.0, 2.5, 4.0]
    >>> history = fit(line, points, heights, optimizer=LevenbergMarquardt(), epochs=9, progress=False)
    >>> found = uncertainty(line, points, heights)
    >>> found.parameters.round(2).tolist(), found.errors.round(2).tolist()
    ([2.0, 0.17], [0.29, 0.37])
    """
    records = checked_records(
        matched_features(checked_model(model), features), targets, record_weights(sample_weight, None, targets)
    )
    trained = checked_parameters(model, parameters)
    residuals = Residuals(Objective(model, mse, records), trained, compiled=compiled)
    left, slopes = residuals.now(), residuals.jacobian()
    # A record of weight 0 is none.
    counted = len(records) if records.weights is None else np.count_nonzero(records.weights)
    freedom = counted * records.outputs - len(trained)
    if freedom < 1:
        raise DataError(
            f"{len(trained)} parameters take more residuals than {freedom + len(trained)}; pass more records"
        )
    scale = np.linalg.norm(slopes, axis=0)
    _, sizes, directions = np.linalg.svd(slopes / np.where(scale, scale, 1.0), full_matrices=False)
    rank = int((sizes > sizes[0] * len(left) * np.finfo(float).eps).sum())
    if rank < len(trained):
        raise DataError(
            f"the data determine {rank} of {len(trained)} parameters: some direction changes no residual; fix "
            "parameters by parameters=[...], or take a smaller model"
        )
    spread = float(np.sqrt(left @ left / freedom))
    roots = directions.T / sizes / scale[:, np.newaxis]
    return Uncertainty(np.array([value.data for value in trained]), spread**2 * roots @ roots.T, spread)
