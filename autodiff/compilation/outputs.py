"""Outputs: where in a vector of results the rows of blocks belong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from numpy.typing import NDArray

from autodiff.compilation.program import Output, Rows
from autodiff.compilation.views import rows, shared_dimensions

Array = NDArray[Any]


def copies_into(
    vector: Array, output: Output, arrays: Sequence[Array], placed: Collection[int] = ()
) -> list[tuple[Array, Array]]:
    """Views of a vector, each with the view that it is a copy of after a run; constants are set at once.

    Blocks in `placed` are computed in the vector itself.
    """
    copies: list[tuple[Array, Array]] = []
    for positions, read in output.parts:
        if not isinstance(read, Rows):
            vector[positions] = read
        elif read.block not in placed:
            copies += _runs(positions, read, arrays[read.block], vector)
    return copies


def _runs(positions: Array, read: Rows, source: Array, vector: Array) -> list[tuple[Array, Array]]:
    dimensions = shared_dimensions([positions, read.index])
    target, found = rows(vector, positions, dimensions), rows(source, read.index, dimensions)
    if target is not None and found is not None:
        return [(target, found)]
    return [(vector[at : at + 1], source[row : row + 1]) for at, row in zip(positions, read.index, strict=True)]
