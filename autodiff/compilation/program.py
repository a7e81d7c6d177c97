"""Program: what a replay computes, as plain data that can be printed, pickled and bound to buffers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.reductions import OVER_RECORDS
from autodiff.primitive import Primitive


@final
@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one block that an operand is read from, one for each member of the result."""

    block: int
    index: NDArray[np.intp]


Read: TypeAlias = "Rows | NDArray[np.float64]"
"""Rows of a block, or a constant for each member."""


@final
@dataclass(frozen=True, eq=False)
class Block:
    """An array of rows: (rows, records) if they differ from record to record, else (rows,)."""

    rows: int
    batched: bool
    name: str


@final
@dataclass(frozen=True, eq=False)
class Step:
    """One operation on whole blocks."""

    primitive: Primitive
    out: int
    reads: tuple[Read, ...]
    grid: tuple[int, int] | None
    origin: str
    """The scope or label that its first member came from."""


@final
@dataclass(frozen=True, eq=False)
class Output:
    """A vector of results: which rows of which blocks, and constants, stand where in it."""

    size: int
    batched: bool
    parts: tuple[tuple[NDArray[np.intp], Read], ...]


@final
@dataclass(frozen=True, eq=False)
class Program:
    """Blocks and the steps that fill them, in order; the first `given` blocks come from outside."""

    blocks: tuple[Block, ...]
    given: int
    steps: tuple[Step, ...]
    outputs: tuple[Output, ...]

    @property
    def nodes(self) -> int:
        """How many scalar operations the steps do for one record."""
        return sum(block.rows for block in self.blocks[self.given :])

    def phases(self) -> tuple[list[Step], list[Step], list[Step]]:
        """The steps before, within and after the pass over the records: once, for each, and once."""
        phases: tuple[list[Step], list[Step], list[Step]] = ([], [], [])
        phase_of = {block: 1 if self.blocks[block].batched else 0 for block in range(self.given)}
        for step in self.steps:
            read = [phase_of[source.block] for source in step.reads if isinstance(source, Rows)]
            inside = self.blocks[step.out].batched or step.primitive in OVER_RECORDS
            phase = 1 if inside else 2 if max(read, default=0) > 0 else 0
            phases[phase].append(step)
            phase_of[step.out] = 2 if inside and not self.blocks[step.out].batched else phase
        return phases

    def __str__(self) -> str:
        return listing(self)


def listing(program: Program) -> str:
    """What is given, each step with its operation, shape and origin, and the totals."""
    calls = len(program.steps)
    rows = sum(block.rows for block in program.blocks if block.batched)
    lines = [f"{program.nodes} operations a record in {calls} steps; {rows} rows a record ({8 * rows} bytes)"]
    for number, block in enumerate(program.blocks[: program.given]):
        lines.append(f"  given   {_shape(program, number):<16} {_name(number)} = {block.name}")
    for phase, steps in zip(("before", "records", "after"), program.phases(), strict=True):
        lines += [f"  {phase:<7} {_step(program, step)}" for step in steps]
    for output in program.outputs:
        reads = sorted({_name(read.block) for _, read in output.parts if hasattr(read, "block")})
        lines.append(f"  output  {f'({output.size})':<16} from {', '.join(reads) or 'constants'}")
    return "\n".join(lines)


def _step(program: Program, step: Step) -> str:
    operands = ", ".join(_operands(step))
    origin = f"   # {step.origin}" if step.origin else ""
    return f"{_shape(program, step.out):<16} {_name(step.out)} = {step.primitive.name}({operands}){origin}"


def _operands(step: Step) -> list[str]:
    """The blocks and constants that a step reads, runs of one block as one."""
    shown: list[str] = []
    for read in step.reads:
        text = _read(read)
        if not shown or shown[-1] != text:
            shown.append(text)
    return shown


def _read(read: Any) -> str:
    if hasattr(read, "block"):
        return _name(read.block)
    return f"{read[0]:g}" if (read == read[0]).all() else f"{len(read)} constants"


def _name(block: int) -> str:
    return f"%{block}"


def _shape(program: Program, block: int) -> str:
    rows, batched = program.blocks[block].rows, program.blocks[block].batched
    return f"({rows}, records)" if batched else f"({rows})"
