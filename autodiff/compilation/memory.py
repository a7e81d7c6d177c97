"""Memory: arrays for the blocks that steps fill, used again as soon as their last reader is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.choice import WHERE
from autodiff.compilation.cuts import AND, CONDITIONS, OR
from autodiff.compilation.program import Program, Rows, Step

Array = NDArray[Any]


def batched_arrays(program: Program, steps: Sequence[Step], records: int, dtype: np.dtype[Any]) -> dict[int, Array]:
    """An array of shape (rows, records) for each batched block that `steps` fill, by its number.

    Blocks whose lives do not overlap share one; those that an output reads keep theirs.
    """
    conditions = condition_blocks(program)
    last = _last_readers(program, steps)
    free: dict[tuple[int, bool], list[Array]] = {}
    arrays: dict[int, Array] = {}
    for at, step in enumerate(steps):
        block = program.blocks[step.out]
        if not block.batched:
            continue
        kind = (block.rows, step.out in conditions)
        spare = free.get(kind)
        arrays[step.out] = spare.pop() if spare else np.empty((block.rows, records), bool if kind[1] else dtype)
        for read in {read.block for read in step.reads if isinstance(read, Rows)}:
            if last.get(read) == at and read in arrays:
                free.setdefault((program.blocks[read].rows, read in conditions), []).append(arrays[read])
    return arrays


def condition_blocks(program: Program) -> frozenset[int]:
    """The blocks of conditions that are read as conditions alone: truth values, an eighth of the memory."""
    found = {step.out for step in program.steps if step.primitive in CONDITIONS}
    for step in program.steps:
        if step.primitive not in (AND, OR):
            decided = step.reads[1:] if step.primitive is WHERE else step.reads
            found -= {read.block for read in decided if isinstance(read, Rows)}
    return frozenset(found - _read_by_outputs(program))


def _last_readers(program: Program, steps: Sequence[Step]) -> dict[int, int]:
    """The place of the last step that reads each block; blocks that an output reads have none."""
    kept = _read_by_outputs(program)
    readers = {read.block: at for at, step in enumerate(steps) for read in step.reads if isinstance(read, Rows)}
    return {block: at for block, at in readers.items() if block not in kept}


def _read_by_outputs(program: Program) -> set[int]:
    return {read.block for output in program.outputs for _, read in output.parts if isinstance(read, Rows)}
