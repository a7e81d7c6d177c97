"""The data that a model is drawn with: rows of named features, and their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, final

import numpy as np

from autodiff import Value
from autodiff.errors import CoercionError, ShapeError


@final
@dataclass(frozen=True, slots=True)
class Table:
    """Rows of numbers or Values, with a name for each row and column."""

    rows: tuple[tuple[Any, ...], ...]
    names: tuple[str, ...]
    """Of the rows: the labels of a data frame, else their numbers from 1."""
    columns: tuple[str, ...]


def feature_table(features: Any) -> Table:
    """Features of shape (records, inputs), or (inputs,) for one record, as a table.

    Data frames and series are recognized by their attributes, so that pandas is not imported. A nan is let pass:
    it is what somebody may want to see. Raises ShapeError (a ValueError) for other shapes and CoercionError
    (a TypeError) for anything but a number or a Value.
    """
    cells = _cells(features, "features")
    if cells.ndim == 1:
        labels = _labels(features, "index") or _default_names(len(cells))
        return Table((tuple(cells),), ("1",), labels)
    if cells.ndim != 2:
        raise ShapeError(f"features take the shape (records, inputs), or (inputs,) for one record, got {cells.shape}")
    names = _labels(features, "index") or tuple(str(number) for number in range(1, len(cells) + 1))
    columns = _labels(features, "columns") or _default_names(cells.shape[1])
    return Table(tuple(map(tuple, cells)), names, columns)


def target_rows(targets: Any, records: int) -> tuple[Any, ...]:
    """A target for each record, as a loss of `nn` takes it: a float, or a list of floats where there are several.

    Raises ShapeError (a ValueError) that names both lengths, and CoercionError (a TypeError) for anything but a number.
    """
    cells = _cells(targets, "targets")
    if cells.ndim == 0 or (cells.ndim == 1 and records == 1 and len(cells) > 1):
        cells = cells.reshape(1, *cells.shape)  # the target, or the targets, of a single record
    if cells.ndim > 2 or len(cells) != records:
        raise ShapeError(f"features have {records} records and targets the shape {cells.shape}; give one row for each")
    if cells.ndim == 2 and cells.shape[1] == 1:
        cells = cells[:, 0]
    return tuple(cells.tolist())


def _cells(given: Any, name: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    """An object array of floats and Values. Raises ShapeError for none or for rows of unequal lengths."""
    try:
        cells = np.array(given.to_numpy() if hasattr(given, "to_numpy") else given, dtype=object)
    except ValueError as error:
        raise ShapeError(f"{name}: rows of unequal lengths do not form an array ({error})") from error
    if not cells.size:
        raise ShapeError(f"{name} are empty, of shape {cells.shape}; give at least one record")
    for place, cell in np.ndenumerate(cells):
        if isinstance(cell, (list, tuple, np.ndarray)):
            raise ShapeError(f"{name}: rows of unequal lengths do not form an array, see row {place[0]}")
        if not isinstance(cell, (Value, Real, np.bool_)):
            raise CoercionError(f"{name}: expected numbers or Values, got {cell!r} at {place}")
        cells[place] = cell if isinstance(cell, Value) else float(cell)
    return cells


def _labels(given: Any, axis: str) -> tuple[str, ...]:
    """The labels of a data frame or series along an axis; none for anything else."""
    labels = getattr(given, axis, None)  # a list has a method called index
    return () if labels is None or callable(labels) else tuple(map(str, labels))


def _default_names(count: int) -> tuple[str, ...]:
    return tuple(f"x{number}" for number in range(1, count + 1))


def entry_list(outputs: Any) -> list[Any]:
    """What a model returned as a list, also where it is one bare number."""
    return list(outputs) if isinstance(outputs, (Sequence, np.ndarray)) and np.ndim(outputs) else [outputs]
