"""A gradient bound to its data: what training repeats, as one list of calls on one flat parameter vector."""

from __future__ import annotations

import itertools
from collections.abc import Container, Mapping, Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.memory import batched_arrays
from autodiff.compilation.execute.numpy.binding import bound_calls
from autodiff.compilation.execute.numpy.outputs import copies_into
from autodiff.compilation.execute.numpy.quiet import quiet_context, run_calls
from autodiff.compilation.execute.numpy.views import rows
from autodiff.compilation.execute.replay import Replay
from autodiff.compilation.program.program import FIXED, Output, Program, Rows, Step
from autodiff.value import Value

Array = NDArray[Any]


@final
class BoundGradient:
    """A reduced result and its gradient on arrays that stay where they are.

    Calling it computes the result for what the arrays hold now, returns it, and leaves the gradient in
    `gradient`. `numbers` is the parameter vector: assign to its entries between calls, and call `write_back` when
    the Values should hold them.
    """

    def __init__(
        self, program: Program, given: Sequence[Array], records: int, *, parameters: Sequence[Value] = ()
    ) -> None:
        dtype = given[0].dtype
        self.parameters = parameters
        """The Values that the numbers are of, in the order in which the function meets them."""
        self.numbers = given[0]
        """Their numbers, as they were when this was bound, and as they are set since."""
        self.gradient = np.empty(len(self.numbers), dtype)
        self._value = np.empty(1, dtype)
        value, gradient = program.outputs
        leading = set(program.leading_to(value).steps)
        fixed, forward, backward = _in_turn(program, leading)
        placed = _placed(program, forward, value, self._value) | _placed(program, backward, gradient, self.gradient)
        arrays = _arrays(program, given, [*fixed, *forward, *backward], records, placed)
        self._quiet = quiet_context()
        self._quiet.run(run_calls, bound_calls(fixed, arrays, dtype))
        self._forward = [*bound_calls(forward, arrays, dtype), *copies_into(self._value, value, arrays)]
        swept = [*bound_calls(backward, arrays, dtype), *copies_into(self.gradient, gradient, arrays)]
        self._calls = [*self._forward, *swept]

    def __call__(self) -> float:
        """The result, after filling `gradient`."""
        self._quiet.run(run_calls, self._calls)
        return float(self._value[0])

    def value(self) -> float:
        """The result alone; `gradient` stays as it is."""
        self._quiet.run(run_calls, self._forward)
        return float(self._value[0])

    def write_back(self) -> None:
        """Put the numbers on the Values that they are of; `grad` stays as it is."""
        _write(self.numbers, self.parameters)


@final
class ChunkedGradient:
    """What BoundGradient is, for more records than stay in cache at once."""

    def __init__(
        self,
        program: Program,
        given: Sequence[Array],
        records: int,
        *,
        threads: int,
        parameters: Sequence[Value] = (),
    ) -> None:
        self.parameters = parameters
        self.numbers = given[0]
        self.gradient = np.empty_like(self.numbers)
        dtype = self.numbers.dtype
        self._replay = Replay(program, dtype=dtype, threads=threads)
        self._value = Replay(program.leading_to(program.outputs[0]), dtype=dtype, threads=threads)
        self._given = given
        self._records = records

    def __call__(self) -> float:
        """The result, after filling `gradient`."""
        value, self.gradient[...] = self._replay.run(self._given, self._records)
        return float(value[0])

    def value(self) -> float:
        """The result alone; `gradient` stays as it is."""
        (value,) = self._value.run(self._given, self._records)
        return float(value[0])

    def write_back(self) -> None:
        """Put the numbers on the Values that they are of; `grad` stays as it is."""
        _write(self.numbers, self.parameters)


def _write(numbers: Array, parameters: Sequence[Value]) -> None:
    for value, number in zip(parameters, numbers.tolist(), strict=True):
        value.data = number


def _in_turn(program: Program, leading: Container[Step]) -> tuple[list[Step], list[Step], list[Step]]:
    """The steps that read nothing but the weight and the number of records, which never change; then those
    that lead to the value; then the others."""
    known = {number for number, block in enumerate(program.blocks[: program.given]) if block.name in FIXED}
    turns: tuple[list[Step], list[Step], list[Step]] = ([], [], [])
    for step in itertools.chain(*program.phases()):
        if all(read.block in known for read in step.reads if isinstance(read, Rows)):
            known.add(step.out)
            turns[0].append(step)
        else:
            turns[1 if step in leading else 2].append(step)
    return turns


def _arrays(
    program: Program, given: Sequence[Array], steps: Sequence[Step], records: int, placed: Mapping[int, Array]
) -> list[Array]:
    """An array for each block: those that are given or placed, and new ones for the others that `steps` fill."""
    dtype = given[0].dtype
    known = batched_arrays(program, steps, records, dtype) | dict(enumerate(given)) | dict(placed)
    blocks = enumerate(program.blocks)
    return [known[number] if number in known else np.empty(block.rows, dtype) for number, block in blocks]


def _placed(program: Program, steps: Sequence[Step], output: Output, vector: Array) -> dict[int, Array]:
    """Views of a vector for the blocks that `steps` can compute where they belong in it, by their numbers."""
    grids = {step.out: step.grid for step in steps}
    read = {read.block for step in program.steps for read in step.reads if isinstance(read, Rows)}
    found: dict[int, Array] = {}
    for positions, part in output.parts:
        if not isinstance(part, Rows) or part.block in read or part.block not in grids:
            continue
        if np.array_equal(part.index, np.arange(program.blocks[part.block].rows)):
            view = rows(vector, positions, grids[part.block] or (len(positions),))
            if view is not None and (view.size == 1 or view.strides[-1] == vector.itemsize):
                found[part.block] = view
    return found
