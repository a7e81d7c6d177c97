"""Memory: arrays for the blocks that steps fill, used again as soon as their last reader is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.choice import WHERE
from autodiff.compilation.execute.numpy.views import rows
from autodiff.compilation.program.program import Output, Program, Rows, Step
from autodiff.compilation.trace.stop_gradient import AND, CONDITIONS, OR

Array = NDArray[Any]


def placed_blocks(program: Program, outputs: Sequence[Output], results: Sequence[Array]) -> dict[int, Array]:
    """Views of results, one for each output, for the blocks that can be computed where they belong, by their
    numbers. A block that belongs in several is computed in the first."""
    found: dict[int, Array] = {}
    for output, result in zip(outputs, results, strict=True):
        for positions, part in output.parts:
            if isinstance(part, Rows) and part.block >= program.given and program.blocks[part.block].batched:
                view = rows(result, positions, (len(positions),))
                if view is not None and np.array_equal(part.index, np.arange(program.blocks[part.block].rows)):
                    found.setdefault(part.block, view)
    return found


def batched_arrays(
    program: Program,
    steps: Sequence[Step],
    records: int,
    dtype: np.dtype[Any],
    placed: Mapping[int, Array] = MappingProxyType({}),
) -> dict[int, Array]:
    """An array of shape (rows, records) for each batched block that `steps` fill, by its number: that of `placed`
    for those which have one.

    Blocks whose lives do not overlap share one, and a step writes over an operand that it is the last to read
    where it can; blocks that an output reads keep theirs.
    """
    conditions = condition_blocks(program)
    kinds = [(block.rows, number in conditions) for number, block in enumerate(program.blocks)]
    last = _last_readers(program, steps)
    free: dict[tuple[int, bool], list[Array]] = {}
    arrays: dict[int, Array] = {}
    for at, step in enumerate(steps):
        if not program.blocks[step.out].batched:
            continue
        size, is_condition = kind = kinds[step.out]
        dying = [read for read in _blocks_read(step) if last.get(read) == at and read in arrays]
        below = [read for read in dying if kinds[read] == kind and _is_aligned(step, read)]
        if step.out in placed:
            arrays[step.out] = placed[step.out]
        elif below:
            arrays[step.out] = arrays[below[0]]
            dying.remove(below[0])
        elif free.get(kind):
            arrays[step.out] = free[kind].pop()
        else:
            arrays[step.out] = np.empty((size, records), bool if is_condition else dtype)
        for read in dying:
            free.setdefault(kinds[read], []).append(arrays[read])
    return arrays


def record_bytes(program: Program, dtype: np.dtype[Any]) -> int:
    """How much memory a record takes: what is given, and what the steps fill."""
    filled = {id(array): array.nbytes for array in batched_arrays(program, program.steps, 1, dtype).values()}
    given = sum(block.rows for block in program.blocks[: program.given] if block.batched)
    return given * dtype.itemsize + sum(filled.values())


def _blocks_read(step: Step) -> list[int]:
    return [*dict.fromkeys(read.block for read in step.reads if isinstance(read, Rows))]


def _is_aligned(step: Step, block: int) -> bool:
    """Whether a step reads each row of a block for the same row of its result alone, so that it can write there."""
    if not isinstance(step.primitive.array, np.ufunc):
        return False
    return all(_in_order(read.index) for read in step.reads if isinstance(read, Rows) and read.block == block)


def _in_order(index: NDArray[np.intp]) -> bool:
    """Whether an index of as many rows as a block has is of all of them, in their order."""
    return bool(index[0] == 0 and (index[1:] - index[:-1] == 1).all())


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
