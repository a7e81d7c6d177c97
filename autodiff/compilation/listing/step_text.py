"""Step text: a step as a person writes it, `dot of 6(%0[0:12] @ %1)`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.program.program import Block, Read, Rows, Step
from autodiff.rules import DOT

Index = NDArray[np.intp]

_FEW = 3
"""At most this many runs of rows, or constants, are written out; of more, the first ones and the last."""


@final
@dataclass(frozen=True)
class Reading:
    """One operand of a step, or several in a row that are read from one block, in words."""

    text: str
    rows: Rows | None = None
    """The rows read, each once and in order; None for constants."""


def step_text(step: Step, blocks: Sequence[Block]) -> str:
    """The operation with its operands: `div(1, %4)`, `dot of 6(%0[0:12] @ %1)`."""
    primitive = step.primitive
    terms = len(step.reads) // 2 if primitive is DOT else len(step.reads)
    count = f" of {terms}" if primitive.arity is None else ""
    sign = " · " if step.grid is None else " @ "
    halves = [", ".join(operand.text for operand in half) for half in readings(step, blocks)]
    return f"{primitive.name}{count}({sign.join(halves)})"


def readings(step: Step, blocks: Sequence[Block]) -> list[list[Reading]]:
    """The operands of a step: a list for each of the two vectors of dots and grids, else one list."""
    half = len(step.reads) // 2
    if step.grid is not None:
        return [[_all_of(step.reads[:half], blocks)], [_all_of(step.reads[half:], blocks)]]
    if step.primitive is DOT:
        return [_together(step.reads[:half], blocks), _together(step.reads[half:], blocks)]
    if step.primitive.arity is None:
        return [_together(step.reads, blocks)]
    return [[_reading(read, blocks) for read in step.reads]]


def index_text(index: Index, size: int) -> str:
    """Some of `size` rows, as NumPy writes them: `[2:8]`, `[0, 3]`, `[0:2, 3:5, … 45:47]`; empty for all in order."""
    if len(index) == size and (index == np.arange(size)).all():
        return ""
    steps = np.diff(index)
    if len(index) > _FEW and steps[0] > 1 and (steps == steps[0]).all():
        return f"[{index[0]}:{index[-1] + 1}:{steps[0]}]"
    breaks = np.flatnonzero(steps != 1)
    runs = [*zip(index[[0, *(breaks + 1)]], index[[*breaks, -1]], strict=True)]
    shown = runs if len(runs) <= _FEW else [*runs[: _FEW - 1], runs[-1]]
    texts = [f"{first}" if first == last else f"{first}:{last + 1}" for first, last in shown]
    return f"[{', '.join(texts[:-1])}, … {texts[-1]}]" if len(runs) > _FEW else f"[{', '.join(texts)}]"


def rows_text(rows: Rows, blocks: Sequence[Block]) -> str:
    """Rows of a block, in their order: `%4` for all, `%0[2:8]`."""
    return f"%{rows.block}{index_text(rows.index, blocks[rows.block].rows)}"


def constants_text(numbers: NDArray[np.float64]) -> str:
    """The number if all are equal, else a few numbers, else how many there are."""
    if (numbers == numbers[0]).all():
        return f"{numbers[0]:g}"
    return f"[{', '.join(f'{x:g}' for x in numbers)}]" if len(numbers) <= _FEW else f"{len(numbers)} constants"


def _together(reads: Sequence[Read], blocks: Sequence[Block]) -> list[Reading]:
    """Operands, with neighbors from one block merged into one."""
    runs = [[*run] for _, run in groupby(reads, lambda read: read.block if isinstance(read, Rows) else None)]
    return [_reading(run[0], blocks) if len(run) == 1 else _all_of(run, blocks) for run in runs]


def _all_of(reads: Sequence[Read], blocks: Sequence[Block]) -> Reading:
    """All rows read from one block, or all constants, as one operand."""
    rows = [read for read in reads if isinstance(read, Rows)]
    if not rows:
        return Reading(constants_text(np.concatenate([read for read in reads if not isinstance(read, Rows)])))
    found = Rows(rows[0].block, np.unique(np.concatenate([read.index for read in rows])))
    return Reading(rows_text(found, blocks), found)


def _reading(read: Read, blocks: Sequence[Block]) -> Reading:
    if not isinstance(read, Rows):
        return Reading(constants_text(read))
    return Reading(read_text(read, blocks), Rows(read.block, np.unique(read.index)))


def read_text(read: Rows, blocks: Sequence[Block]) -> str:
    """The rows that lanes read one after the other: `%4`, `%0[2:8]`, `repeat(%4)`, `tile(%4)`, `transposed(%4)`."""
    index, distinct = read.index, np.unique(read.index)
    times = len(index) // len(distinct)
    if len(distinct) == 1:
        index = distinct
    elif times > 1 and len(index) % times == 0:
        for name, grid in (("repeat", index.reshape(-1, times).T), ("tile", index.reshape(times, -1))):
            if (grid == grid[0]).all():
                return f"{name}({rows_text(Rows(read.block, grid[0]), blocks)})"
    elif len(index) == blocks[read.block].rows and _is_transposed(index):
        return f"transposed(%{read.block})"
    return rows_text(Rows(read.block, index), blocks)


def _is_transposed(index: Index) -> bool:
    """Whether the rows, taken as a matrix, are read column by column."""
    columns = int(index[1])
    if columns < 2 or len(index) % columns:
        return False
    return bool((np.arange(len(index)).reshape(-1, columns).T.ravel() == index).all())
