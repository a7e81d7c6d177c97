"""Memory: slots for the blocks that steps fill, used again as soon as their last reader is done."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.choice import WHERE
from autodiff.compilation.program.program import Program, Rows, Step
from autodiff.conditions import AND, CONDITIONS, OR

Array = NDArray[Any]


@final
@dataclass(frozen=True)
class Slot:
    """Memory for rows of records that several blocks use in turn."""

    rows: int
    is_condition: bool
    """It holds truth values, a byte each."""

    def numbers(self, records: int, dtype: np.dtype[Any]) -> Array:
        """An array for so many records."""
        return np.empty((self.rows, records), bool if self.is_condition else dtype)


@final
@dataclass(frozen=True)
class MemoryPlan:
    """Which slot each batched block is in, by its number. Blocks computed in a result have none."""

    slots: tuple[Slot, ...]
    slot_of: Mapping[int, int]

    def arrays(self, records: int, dtype: np.dtype[Any]) -> dict[int, Array]:
        """An array for each block that has a slot."""
        made = [slot.numbers(records, dtype) for slot in self.slots]
        return {block: made[slot] for block, slot in self.slot_of.items()}


def memory_plan(program: Program, steps: Sequence[Step], placed: Container[int] = frozenset()) -> MemoryPlan:
    """A slot for each batched block that `steps` fill, but for those that are `placed` in results.

    Blocks whose lives do not overlap share one, and a step writes over an operand that it is the last to read
    where it can; blocks that an output reads keep theirs.
    """
    conditions = condition_blocks(program)
    kinds = [Slot(block.rows, number in conditions) for number, block in enumerate(program.blocks)]
    last = _last_readers(program, steps)
    free: dict[Slot, list[int]] = {}
    slots: list[Slot] = []
    slot_of: dict[int, int] = {}
    for at, step in enumerate(steps):
        if not program.blocks[step.out].batched:
            continue
        kind = kinds[step.out]
        dying = [read for read in _blocks_read(step) if last.get(read) == at and read in slot_of]
        below = [read for read in dying if kinds[read] == kind and _is_aligned(step, read)]
        if step.out not in placed:
            if below:
                slot_of[step.out] = slot_of[below[0]]
                dying.remove(below[0])
            elif free.get(kind):
                slot_of[step.out] = free[kind].pop()
            else:
                slot_of[step.out] = len(slots)
                slots.append(kind)
        for read in dying:
            free.setdefault(kinds[read], []).append(slot_of[read])
    return MemoryPlan(tuple(slots), slot_of)


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
