"""A gradient bound to its data, for training: one list of calls on one flat parameter vector."""

from __future__ import annotations

import itertools
from collections.abc import Container, Sequence
from functools import partial
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.backend import Backend, Call
from autodiff.compilation.execute.executor import Executor, fits_at_once
from autodiff.compilation.execute.memory import memory_plan
from autodiff.compilation.execute.numpy.backend import NUMPY
from autodiff.compilation.execute.numpy.outputs import copies_into
from autodiff.compilation.execute.numpy.quiet import quiet_context, run_calls
from autodiff.compilation.execute.placement import placements
from autodiff.compilation.program.program import FIXED, Program, Rows, Step
from autodiff.value import Value

Array = NDArray[Any]
Results = tuple[Array, Array]
"""The value, a vector of one, and the gradient."""


@final
class BoundGradient:
    """A reduced result and its gradient on arrays that stay where they are.

    `CompiledFunction.bind` makes one. A call computes the result from the present content of the arrays, returns it,
    and writes the gradient into `gradient`. `numbers` is the parameter vector: assign to its entries between calls,
    and call `write_back` to assign them to the Values. Records beyond the cache are processed in chunks.
    """

    def __init__(
        self,
        program: Program,
        given: Sequence[Array],
        records: int,
        *,
        parameters: Sequence[Value] = (),
        threads: int = 1,
        backend: Backend = NUMPY,
    ) -> None:
        dtype = given[0].dtype
        self.parameters = parameters
        """The Values of the parameters, in the order in which the function uses them."""
        self.numbers = given[0]
        """Their numbers, of shape (parameters,): those at the time of `bind`, until they are assigned."""
        self.gradient = np.empty(len(self.numbers), dtype)
        self._value = np.empty(1, dtype)
        results = (self._value, self.gradient)
        if fits_at_once(program, dtype, records, backend):
            self._measure, self._sweep = _at_once(program, given, records, results, backend)
        else:
            self._measure, self._sweep = _in_chunks(program, given, records, results, threads, backend)

    def __call__(self) -> float:
        """The result, after filling `gradient`."""
        self._sweep()
        return float(self._value[0])

    def value(self) -> float:
        """The result alone; `gradient` stays as it is."""
        self._measure()
        return float(self._value[0])

    def write_back(self) -> None:
        """Assign the numbers to the Values; `grad` stays as it is."""
        for value, number in zip(self.parameters, self.numbers.tolist(), strict=True):
            value.data = number


def _at_once(
    program: Program, given: Sequence[Array], records: int, results: Results, backend: Backend
) -> tuple[Call, Call]:
    """Two functions, for the value alone and for both, each one list of calls on the arrays themselves."""
    dtype = given[0].dtype
    value, gradient = program.outputs
    leading = set(program.leading_to(value).steps)
    fixed, forward, backward = _in_turn(program, leading)
    placed = {number: place.view(results[:1]) for number, place in placements(program, [value], forward).items()}
    placed |= {number: place.view(results[1:]) for number, place in placements(program, [gradient], backward).items()}
    known = memory_plan(program, [*fixed, *forward, *backward]).arrays(records, dtype) | dict(enumerate(given)) | placed
    arrays = [
        known[number] if number in known else np.empty(block.rows, dtype) for number, block in enumerate(program.blocks)
    ]
    quiet = quiet_context()
    quiet.run(run_calls, backend.calls(fixed, arrays, dtype))
    measured = [*backend.calls(forward, arrays, dtype), *copies_into(results[0], value, arrays)]
    swept = [*backend.calls(backward, arrays, dtype), *copies_into(results[1], gradient, arrays)]
    return partial(quiet.run, run_calls, measured), partial(quiet.run, run_calls, [*measured, *swept])


def _in_chunks(
    program: Program, given: Sequence[Array], records: int, results: Results, threads: int, backend: Backend
) -> tuple[Call, Call]:
    """The same for more records than stay in cache at once."""
    outputs = program.outputs

    def runs(part: Program, filled: Sequence[Array]) -> Call:
        executor = Executor(part, dtype=given[0].dtype, threads=threads, backend=backend)
        return partial(_run_into, filled, executor, given, records)

    return runs(program.leading_to(outputs[0]), results[:1]), runs(program, results)


def _run_into(results: Sequence[Array], executor: Executor, given: Sequence[Array], records: int) -> None:
    for result, made in zip(results, executor.run(given, records), strict=True):
        result[...] = made


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
