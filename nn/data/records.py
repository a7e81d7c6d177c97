"""Features and targets: checked, and held as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff.errors import ShapeError
from nn.arrays import RealArray, place, real_array
from nn.errors import DataError

BLOCK = 65_536
"""Records that are looked at together where all of them need not be in memory at once."""


@final
@dataclass(frozen=True)
class Records:
    """What a model learns from: for each record its features and its target."""

    features: RealArray
    """Shape (n, inputs). A memory map stays one, of whatever real numbers it holds; batches are read from it."""
    targets: RealArray
    """Shape (n,), or (n, outputs) where there are several outputs."""
    weights: RealArray | None = None
    """How much each record counts, shape (n,); None where all count alike."""

    def __len__(self) -> int:
        return len(self.features)

    @property
    def outputs(self) -> int:
        """The number of targets that a record has."""
        return self.targets.shape[1] if self.targets.ndim == 2 else 1

    def record(self, row: int) -> list[float]:
        """The features of a record, as a model is called with them."""
        return self.features[row].astype(float).tolist()  # type: ignore[no-any-return]  # one dimension gives a flat list

    def target(self, row: int) -> Any:
        """The target of a record, as a loss is called with it: a float, or a list where there are several outputs."""
        return self.targets[row].astype(float).tolist()


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
    return Records(matrix, wanted, weights)


def distinct_rows(targets: RealArray) -> list[Any]:
    """Each target that occurs, once: floats, sorted within blocks, or lists where there are several outputs."""
    found: dict[Any, None] = {}
    for start in range(0, len(targets), BLOCK):
        block = np.asarray(targets[start : start + BLOCK], dtype=float)
        found |= dict.fromkeys(np.unique(block).tolist() if targets.ndim == 1 else map(tuple, block.tolist()))
    return [*found] if targets.ndim == 1 else [*map(list, found)]


def feature_matrix(features: Any) -> RealArray:
    """Features as an array of shape (n, inputs), with n and inputs at least 1. Raises as `checked_records` does.

    A memory map of real numbers is returned as it is.
    """
    matrix = _real_numbers(features, "features")
    if matrix.ndim != 2:
        raise ShapeError(
            f"features take the shape (records, inputs), got {matrix.shape}; write [record] for one record"
        )
    return _finite(matrix, "features", features)


def _target_array(targets: Any) -> RealArray:
    wanted = _real_numbers(targets, "targets")
    if wanted.ndim not in (1, 2):
        raise ShapeError(f"targets take the shape (records,) or (records, outputs), got {wanted.shape}")
    wanted = _finite(wanted, "targets", targets)
    return wanted[:, 0] if wanted.shape[1:] == (1,) else wanted


def _real_numbers(given: Any, name: str) -> RealArray:
    if isinstance(given, np.memmap) and given.dtype.kind in "biuf":
        return given
    array = real_array(given, name)
    return np.ascontiguousarray(array) if array.ndim else array


def _finite(array: RealArray, name: str, given: Any) -> RealArray:
    if not array.size:
        raise DataError(f"{name} are empty, of shape {array.shape}; there must be at least one record")
    # In blocks, so that no array as large as a memory map is made.
    if not all(np.isfinite(array[start : start + BLOCK]).all() for start in range(0, len(array), BLOCK)):
        wrong = np.argwhere(~np.isfinite(array))
        first = tuple(wrong[0].tolist())
        more = f" and {len(wrong) - 1} more like it" if len(wrong) > 1 else ""
        where = place(first, getattr(given, "columns", ()))
        raise DataError(f"{name} hold {array[first]} at {where}{more}; leave such records out or fill them in")
    return array
