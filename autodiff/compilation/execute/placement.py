"""Placement: which blocks can be computed where they belong in a result, without a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.numpy.views import strides_within, view_of_rows
from autodiff.compilation.program.program import Output, Program, Rows, Step


@final
@dataclass(frozen=True, eq=False)
class Placement:
    """Where in a result the rows of a block belong."""

    output: int
    """The number of the output."""
    positions: NDArray[np.intp]
    shape: tuple[int, ...]
    """How the rows are arranged, outermost first."""

    def view(self, results: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """The rows, as a view of their result. Raises TypeError if they have no such view."""
        found = view_of_rows(results[self.output], self.positions, self.shape)
        if found is None:
            raise TypeError(f"rows {self.positions} are not evenly spaced in {self.shape}")
        return found


def placements(program: Program, outputs: Sequence[Output], steps: Sequence[Step]) -> dict[int, Placement]:
    """The blocks that `steps` can compute where they belong in one of `outputs`, by their numbers.

    A block that belongs in several is computed in the first. One that all records share is placed if no step reads
    it and its rows are without gaps, for what reads it would be slowed down by them.
    """
    grids = {step.out: step.grid for step in steps}
    read = {read.block for step in program.steps for read in step.reads if isinstance(read, Rows)}
    found: dict[int, Placement] = {}
    for number, output in enumerate(outputs):
        for positions, part in output.parts:
            if not isinstance(part, Rows) or part.block in found or part.block not in grids:
                continue
            block = program.blocks[part.block]
            if block.batched != output.batched or not np.array_equal(part.index, np.arange(block.rows)):
                continue
            shape = (None if block.batched else grids[part.block]) or (len(positions),)
            strides = strides_within(positions, shape)
            dense = block.rows == 1 or strides is None or strides[-1] == 1
            if strides is not None and (block.batched or (dense and part.block not in read)):
                found[part.block] = Placement(number, positions, shape)
    return found
