"""Results of a compiled function: rows, arranged as the function returns them, with an axis of records first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.structure import Atom, Structure, rebuild, runs

Array = NDArray[Any]


def unpacked(structure: Structure, results: Array, records: int | None) -> Any:
    """Rows of results, of shape (rows,) or (rows, records), in a structure, each with records along its first axis.

    Arrays are views of the rows.
    """
    if records is not None and results.ndim == 1:
        results = np.repeat(results[:, np.newaxis], records, axis=1)
    if isinstance(structure, Atom):
        return _leading(results, structure.shape, records)
    return rebuild(structure, (_leading(results[run], atom.shape, records) for atom, run in runs(structure)))


def unpacked_matrix(rows: Structure, columns: Structure, matrix: Array, records: int | None) -> Any:
    """The same for a matrix of results: the structure of its rows, in each that of its columns."""
    if records is not None and matrix.ndim == 2:
        matrix = np.repeat(matrix[..., np.newaxis], records, axis=-1)
    return rebuild(
        rows,
        (
            rebuild(
                columns,
                (_leading(matrix[down, right], _joined(over, across), records) for across, right in runs(columns)),
            )
            for over, down in runs(rows)
        ),
    )


def _joined(over: Atom, across: Atom) -> tuple[int, ...] | None:
    return None if over.shape is None and across.shape is None else (over.shape or ()) + (across.shape or ())


def _leading(rows: Array, shape: tuple[int, ...] | None, records: int | None) -> Any:
    if records is not None:
        side_by_side = rows.reshape(*(shape or ()), records)
        return side_by_side.transpose(-1, *range(side_by_side.ndim - 1))
    return float(rows.flat[0]) if shape is None else rows.reshape(shape)
