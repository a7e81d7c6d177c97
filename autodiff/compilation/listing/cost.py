"""Cost: how many operations, NumPy calls, rows and bytes a program comes to, counted where it is bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.executor import Executor
from autodiff.compilation.execute.numpy.operands import Call
from autodiff.compilation.program.program import Program

Array = NDArray[Any]

_RECORDS = 101  # to bind it with: all numbers of records are bound alike, and few other axes have this length


@final
@dataclass(frozen=True)
class Cost:
    """What a run over records takes, in float64."""

    record_operations: int
    """Operations on scalars, for each record."""
    single_operations: int
    """The others, which are carried out once."""
    calls: int
    """Calls of NumPy on arrays, for all records in one chunk."""
    record_rows: int
    """Rows of the buffers that hold a number for each record."""
    record_bytes: int
    shared_bytes: int
    """Of the numbers that are the same for all records."""


def cost_of(program: Program) -> Cost:
    """The cost of a run, from the calls and buffers that an executor makes for it."""
    before, each, after = program.phases()
    prelude, kernel, finale = Executor(program).prepared(_RECORDS)
    filled = [array for array in kernel.arrays if array.ndim == 2 and not _is_within(array, kernel.results)]
    buffers = [*{id(array): array for array in filled}.values(), *kernel.results]
    buffers += _scratch(kernel.calls, [*buffers, *kernel.arrays])
    return Cost(
        record_operations=sum(program.blocks[step.out].rows for step in each),
        single_operations=sum(program.blocks[step.out].rows for step in (*before, *after)),
        calls=len(prelude) + len(kernel.calls) + len(finale),
        record_rows=sum(buffer.size for buffer in buffers) // _RECORDS,
        record_bytes=sum(buffer.nbytes for buffer in buffers) // _RECORDS,
        shared_bytes=sum(array.nbytes for array in kernel.arrays if array.ndim == 1),
    )


def _scratch(calls: Iterable[Call], known: Sequence[Array]) -> list[Array]:
    """The arrays with a number for each record that calls write to besides those known; steps share them."""
    written = [x.keywords.get("out", x.args[-1]) for x in calls if isinstance(x, partial)]
    arrays = [x for x in written if isinstance(x, np.ndarray) and x.shape[-1:] == (_RECORDS,)]
    found: list[Array] = []
    for array in sorted(arrays, key=lambda array: array.size, reverse=True):  # a whole comes before its rows
        if not _is_within(array, [*known, *found]):
            found.append(array)
    return found


def _is_within(array: Array, others: Iterable[Array]) -> bool:
    return any(np.may_share_memory(array, other) for other in others)
