"""Outputs: where in a vector of results the rows of blocks belong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.numpy.binder import Call
from autodiff.compilation.execute.numpy.views import shared_dimensions, view_of_rows
from autodiff.compilation.program.program import Output, Rows

Array = NDArray[Any]


def copies_into(vector: Array, output: Output, arrays: Sequence[Array]) -> list[Call]:
    """The calls that copy to a vector, or to one a record side by side, what is not computed there itself;
    constants are set at once."""
    copies: list[Call] = []
    for positions, read in output.parts:
        if not isinstance(read, Rows):
            vector[positions] = read if vector.ndim == 1 else read[:, np.newaxis]
        elif not np.may_share_memory(vector, arrays[read.block]):
            runs = _runs(positions, read, arrays[read.block], vector)
            copies += [partial(target.__setitem__, ..., source) for target, source in runs]
    return copies


def _runs(positions: Array, read: Rows, source: Array, vector: Array) -> list[tuple[Array, Array]]:
    if source.ndim < vector.ndim:
        source = source[:, np.newaxis]  # the same for all records
    dimensions = shared_dimensions([positions, read.index])
    target, found = view_of_rows(vector, positions, dimensions), view_of_rows(source, read.index, dimensions)
    if target is not None and found is not None:
        return [(target, found)]
    return [(vector[at : at + 1], source[row : row + 1]) for at, row in zip(positions, read.index, strict=True)]
