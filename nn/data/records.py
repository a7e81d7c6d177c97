"""Features and targets: checked, and turned into lists of floats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff.errors import ShapeError
from nn.arrays import RealArray, place, real_array
from nn.errors import DataError


@final
@dataclass(frozen=True)
class Records:
    """What a model learns from: for each record its features and its target."""

    features: list[list[float]]
    targets: list[Any]
    """A float for each record, or a list where there are several outputs."""
    weights: list[float] | None = None
    """How much each record counts; None where all count alike."""

    def __len__(self) -> int:
        return len(self.features)

    @property
    def outputs(self) -> int:
        """The number of targets that a record has."""
        return len(self.targets[0]) if isinstance(self.targets[0], list) else 1


def checked_records(features: Any, targets: Any, weights: RealArray | None = None) -> Records:
    """Features of shape (n, inputs) with targets of shape (n,) or (n, outputs).

    Each may be anything that NumPy makes a real array of: lists, arrays, data frames. Raises
    ShapeError (a ValueError) that names both lengths, DataError (a ValueError) for no records and
    for a nan or infinity, with its row and column, and CoercionError (a TypeError) for what is not
    a number.
    """
    matrix, wanted = feature_matrix(features), _target_array(targets)
    if len(matrix) != len(wanted):
        raise ShapeError(f"features have {len(matrix)} records and targets {len(wanted)}; they must be equal")
    return Records(matrix.tolist(), wanted.tolist(), None if weights is None else weights.tolist())


def feature_matrix(features: Any) -> RealArray:
    """Features as an array of shape (n, inputs), with n and inputs at least 1. Raises as `checked_records` does."""
    matrix = real_array(features, "features")
    if matrix.ndim != 2:
        raise ShapeError(
            f"features take the shape (records, inputs), got {matrix.shape}; write [record] for one record"
        )
    return _finite(matrix, "features", features)


def _target_array(targets: Any) -> RealArray:
    wanted = real_array(targets, "targets")
    if wanted.ndim not in (1, 2):
        raise ShapeError(f"targets take the shape (records,) or (records, outputs), got {wanted.shape}")
    wanted = _finite(wanted, "targets", targets)
    return wanted[:, 0] if wanted.shape[1:] == (1,) else wanted


def _finite(array: RealArray, name: str, given: Any) -> RealArray:
    if not array.size:
        raise DataError(f"{name} are empty, of shape {array.shape}; there must be at least one record")
    finite = np.isfinite(array)
    if not finite.all():
        wrong = np.argwhere(~finite)
        first = tuple(wrong[0].tolist())
        more = f" and {len(wrong) - 1} more like it" if len(wrong) > 1 else ""
        where = place(first, getattr(given, "columns", ()))
        raise DataError(f"{name} hold {array[first]} at {where}{more}; leave such records out or fill them in")
    return array
