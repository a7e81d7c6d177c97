"""Arrays of real numbers, from whatever a caller has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Real
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autodiff.errors import CoercionError, ShapeError

RealArray = NDArray[np.float64]

RowNumbers: TypeAlias = Sequence[int] | NDArray[np.intp]
"""The numbers of some records, in the order in which they are read."""


class SupportsArray(Protocol):
    """What makes an array of itself: NumPy's arrays and numbers, memory maps, data frames, arrays of dask."""

    def __array__(self) -> NDArray[Any]: ...


ArrayLike: TypeAlias = SupportsArray | list[Any] | tuple[Any, ...] | Sequence[float | SupportsArray | Sequence[float]]
"""A number, or a row of numbers, for each record. A text, which is a sequence of texts, is none."""


def real_array(given: Any, name: str) -> RealArray:
    """`given`, a number, nested sequences, an array or a data frame, as a new float array of its shape.

    Masked entries become nan. Raises CoercionError (a TypeError) that names the first entry that is
    not a real number and where it stands, and ShapeError (a ValueError) for rows of unequal
    lengths; `name` is what the message is about.
    """
    if np.ma.isMaskedArray(given):
        given = np.ma.filled(given.astype(float), np.nan)
    if hasattr(given, "toarray"):
        raise CoercionError(f"{name}: a sparse matrix is not read as it is; pass {name}.toarray()")
    if isinstance(given, Iterator):
        raise CoercionError(f"{name}: {given!r} can be read only once; pass list({name}), or a BatchStream to fit")
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise ShapeError(f"{name}: rows of unequal lengths do not form an array ({error})") from error
    if array.dtype == object:
        for index, entry in np.ndenumerate(array):
            if not isinstance(entry, Real):
                where = place(index, getattr(given, "columns", ()))
                raise CoercionError(f"{name}: expected real numbers, got {entry!r} at {where}")
    elif array.dtype.kind not in "biuf":
        raise CoercionError(f"{name}: expected real numbers, got an array of type {array.dtype}")
    return array.astype(float)


def place(index: Sequence[int], columns: Sequence[Any] = ()) -> str:
    """Where an entry stands, in words; rows and columns count from 0, `columns` are their titles."""
    if not index:
        return "the only entry"
    if len(index) == 1:
        return f"row {index[0]}"
    title = f" ({columns[index[1]]!r})" if len(columns) else ""
    return f"row {index[0]}, column {index[1]}{title}"
