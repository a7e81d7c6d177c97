"""Program: blocks and steps as plain data, which is printed, pickled, and run by a back end."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.program.page import Page
from autodiff.compilation.rewrite.batch_sums import OVER_RECORDS
from autodiff.compilation.trace.origins import Mark, described
from autodiff.display import page_card
from autodiff.errors import GraphFormatError
from autodiff.primitive import Primitive


@final
@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of one block as an operand: one for each lane of the step."""

    block: int
    index: NDArray[np.intp]


FORMAT = 2
"""The version of the fields below and of the places of their primitives, which pickles carry."""

FIXED = ("weight", "count")
"""The names of given blocks that stay as they are while a training loop runs."""

Read: TypeAlias = "Rows | NDArray[np.float64]"
"""Rows of a block, or a constant for each lane."""


@final
@dataclass(frozen=True, eq=False)
class Block:
    """An array of rows: (rows, records) if they differ from record to record, else (rows,)."""

    rows: int
    batched: bool
    name: str
    """Of a given block: parameters, an argument, weight or count. Else empty."""
    marks: tuple[Mark, ...] = field(repr=False)
    """Where each row came from."""

    def origin_text(self, rows: NDArray[np.intp] | None = None) -> str:
        """The scopes and labels that its rows, or some of them, came from, in a few words."""
        return described(self.marks if rows is None else [self.marks[row] for row in rows])


@final
@dataclass(frozen=True, eq=False)
class Step:
    """One operation on whole blocks."""

    primitive: Primitive
    out: int
    reads: tuple[Read, ...]
    grid: tuple[int, int] | None
    """For products of every first vector with every second: how many there are of each."""


@final
@dataclass(frozen=True, eq=False)
class Output:
    """A vector of results. A part is positions in it, and the rows or constants at these."""

    name: str
    size: int
    batched: bool
    parts: tuple[tuple[NDArray[np.intp], Read], ...]


@final
@dataclass(frozen=True, eq=False)
class Program:
    """A compiled function as plain data: blocks of numbers, and the steps that fill them, in order.

    Print it to read it; pickle it to run it elsewhere with `run_program`.

    Parameters
    ----------
    blocks : tuple of Block
        Arrays of rows; the first `given` come from outside.
    given : int
    steps : tuple of Step
        One operation each, on whole blocks.
    outputs : tuple of Output
        The vectors of results.

    Examples
    --------
    >>> from autodiff import compile
    >>> squared = compile(lambda x: x * x)
    >>> squared([1.0, 2.0]).tolist()
    [1.0, 4.0]
    >>> len(squared.program.steps)
    1
    """

    blocks: tuple[Block, ...]
    given: int
    steps: tuple[Step, ...]
    outputs: tuple[Output, ...]

    @property
    def page(self) -> Page:
        """The program in words: blocks, steps, totals and a legend."""
        # The listing reads programs, so it is above this module; a program that is only run does not load it.
        listing = importlib.import_module("autodiff.compilation.listing.listing")
        page: Page = listing.page_of(self)
        return page

    def __getstate__(self) -> dict[str, Any]:
        return {"version": FORMAT, **{entry.name: getattr(self, entry.name) for entry in fields(self)}}

    def __setstate__(self, state: Any) -> None:
        if not isinstance(state, dict) or state.get("version") != FORMAT:
            found = state.get("version") if isinstance(state, dict) else None
            raise GraphFormatError(
                f"the pickle holds a program of version {found!r:.60}, and this library reads version {FORMAT}; "
                "compile the function again"
            )
        for entry in fields(self):
            object.__setattr__(self, entry.name, state[entry.name])

    def leading_to(self, *outputs: Output) -> Program:
        """The program of these outputs alone, without the steps that do not lead to them.

        Parameters
        ----------
        *outputs : Output
            Some of `outputs`.

        Returns
        -------
        Program
            Its blocks keep their numbers.
        """
        needed = {read.block for output in outputs for _, read in output.parts if isinstance(read, Rows)}
        steps: list[Step] = []
        for step in reversed(self.steps):
            if step.out in needed:
                needed |= {read.block for read in step.reads if isinstance(read, Rows)}
                steps.append(step)
        return replace(self, steps=tuple(reversed(steps)), outputs=outputs)

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
        return str(self.page)

    def _repr_html_(self) -> str:
        return page_card(str(self))
