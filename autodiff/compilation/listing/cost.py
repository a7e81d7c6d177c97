"""Cost: how many operations, rows and bytes a program comes to, counted from the plan that an executor follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autodiff.compilation.execute.plan import plan_of
from autodiff.compilation.program.program import Program

_DOUBLE = np.dtype(np.float64)


@final
@dataclass(frozen=True)
class Cost:
    """What a run over records takes, in float64."""

    record_operations: int
    """Operations on scalars, for each record."""
    single_operations: int
    """The others, which are carried out once."""
    record_rows: int
    """Rows of arrays that hold a number for each record."""
    record_bytes: int
    single_numbers: int
    """Numbers that are the same for all records."""
    single_bytes: int


def cost_of(program: Program) -> Cost:
    """The cost of a run. No array is made for it."""
    plan = plan_of(program)
    return Cost(
        record_operations=sum(program.blocks[step.out].rows for step in plan.body),
        single_operations=sum(program.blocks[step.out].rows for step in (*plan.before, *plan.after)),
        record_rows=plan.record_rows,
        record_bytes=plan.record_bytes(_DOUBLE),
        single_numbers=plan.single_rows,
        single_bytes=plan.single_rows * _DOUBLE.itemsize,
    )
