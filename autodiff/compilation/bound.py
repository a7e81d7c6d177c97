"""A gradient bound to its data: what training repeats, as one list of calls on one flat parameter vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.binding import bound_calls
from autodiff.compilation.memory import batched_arrays
from autodiff.compilation.outputs import copies_into
from autodiff.compilation.program import FIXED, Output, Program, Rows, Step
from autodiff.compilation.replay import Replay
from autodiff.compilation.views import rows

Array = NDArray[Any]


@final
class BoundGradient:
    """A reduced result and its gradient on arrays that stay where they are.

    Calling it computes the result for what the arrays hold now, returns it, and leaves the gradient in
    `gradient`. `numbers` is the parameter vector: assign to its entries between calls.
    """

    def __init__(self, program: Program, given: Sequence[Array], records: int) -> None:
        dtype = given[0].dtype
        self.numbers = given[0]
        """The parameters, in the order in which the function meets them."""
        self.gradient = np.empty(len(self.numbers), dtype)
        self._value = np.empty(1, dtype)
        steps = [step for phase in program.phases() for step in phase]
        arrays = [
            *given,
            *(np.empty(0 if block.batched else block.rows, dtype) for block in program.blocks[len(given) :]),
        ]
        for number, array in batched_arrays(program, steps, records, dtype).items():
            arrays[number] = array
        value, gradient = program.outputs
        placed = _placed(program, gradient, self.gradient)
        for number, array in placed.items():
            arrays[number] = array
        fixed, repeated = _split_fixed(program, steps)
        with np.errstate(all="ignore"):
            for call in bound_calls(fixed, arrays, dtype):
                call()
        self._calls = bound_calls(repeated, arrays, dtype)
        self._copies = [*copies_into(self._value, value, arrays), *copies_into(self.gradient, gradient, arrays, placed)]

    def __call__(self) -> float:
        """The result, after filling `gradient`."""
        with np.errstate(all="ignore"):
            for call in self._calls:
                call()
        for target, source in self._copies:
            target[...] = source
        return float(self._value[0])


@final
class ChunkedGradient:
    """What BoundGradient is, for more records than stay in cache at once."""

    def __init__(self, replay: Replay, given: Sequence[Array], records: int) -> None:
        self.numbers = given[0]
        self.gradient = np.empty_like(self.numbers)
        self._replay = replay
        self._given = given
        self._records = records

    def __call__(self) -> float:
        """The result, after filling `gradient`."""
        value, self.gradient[...] = self._replay.run(self._given, self._records)
        return float(value[0])


def _split_fixed(program: Program, steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """The steps that read nothing but the weight and the number of records, which never change; and the others."""
    known = {number for number, block in enumerate(program.blocks[: program.given]) if block.name in FIXED}
    fixed: list[Step] = []
    for step in steps:
        if all(read.block in known for read in step.reads if isinstance(read, Rows)):
            known.add(step.out)
            fixed.append(step)
    return fixed, [step for step in steps if step.out not in known]


def _placed(program: Program, output: Output, vector: Array) -> dict[int, Array]:
    """Views of a vector for the blocks that can be computed where they belong in it, by their numbers."""
    grids = {step.out: step.grid for step in program.steps}
    read = {read.block for step in program.steps for read in step.reads if isinstance(read, Rows)}
    found: dict[int, Array] = {}
    for positions, part in output.parts:
        if not isinstance(part, Rows) or part.block in read or part.block not in grids:
            continue
        if np.array_equal(part.index, np.arange(program.blocks[part.block].rows)):
            view = rows(vector, positions, grids[part.block] or (len(positions),))
            if view is not None and view.strides[-1] == vector.itemsize:
                found[part.block] = view
    return found
