"""Plan: how a program runs over its records, before there is an array: which steps when, and where blocks are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from autodiff.compilation.execute.memory import MemoryPlan, memory_plan
from autodiff.compilation.execute.placement import Placement, placements
from autodiff.compilation.program.program import Output, Program, Step


@final
@dataclass(frozen=True, eq=False)
class Plan:
    """What an executor carries out, and the memory that it takes."""

    before: Sequence[Step]
    """The steps that depend on no record."""
    body: Sequence[Step]
    """The pass over the records."""
    after: Sequence[Step]
    """What reads sums over records."""
    batched: Sequence[int]
    """The given blocks with a number for each record."""
    outputs: Sequence[Output]
    """The results with a number for each record."""
    placed: Mapping[int, Placement]
    """The blocks that the pass computes in these results."""
    memory: MemoryPlan
    """The slots of the others that it fills."""
    record_rows: int
    """Rows of arrays with a number for each record: what is given, slots and results."""
    single_rows: int
    """Numbers that are the same for all records."""

    def record_bytes(self, dtype: np.dtype[np.generic]) -> int:
        """The memory that a record takes, but for what a back end needs within a step."""
        conditions = sum(slot.rows for slot in self.memory.slots if slot.is_condition)
        return (self.record_rows - conditions) * dtype.itemsize + conditions


def plan_of(program: Program) -> Plan:
    """The plan of a program for any number of records."""
    before, body, after = program.phases()
    blocks = program.blocks
    batched = [number for number in range(program.given) if blocks[number].batched]
    outputs = [output for output in program.outputs if output.batched]
    placed = placements(program, outputs, body)
    memory = memory_plan(program, body, placed)
    rows = [*(blocks[number].rows for number in batched), *(slot.rows for slot in memory.slots)]
    return Plan(
        before,
        body,
        after,
        batched,
        outputs,
        placed,
        memory,
        sum(rows) + sum(output.size for output in outputs),
        sum(block.rows for block in blocks if not block.batched),
    )
