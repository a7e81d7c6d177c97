"""A gradient bound to its data: what training repeats, as one list of calls on one flat parameter vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.binding import bound_calls
from autodiff.compilation.program import Output, Program, Rows
from autodiff.compilation.replay import Replay
from autodiff.compilation.views import rows, shared_dimensions

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
        arrays = [*given]
        for block in program.blocks[len(given) :]:
            arrays.append(np.empty((block.rows, records) if block.batched else block.rows, dtype))
        steps = [step for phase in program.phases() for step in phase]
        self._calls = bound_calls(steps, arrays, dtype)
        value, gradient = program.outputs
        self._value = np.empty(1, dtype)
        self._copies = [*_copies(value, arrays, self._value), *_copies(gradient, arrays, self.gradient)]

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


def _copies(output: Output, arrays: Sequence[Array], vector: Array) -> list[tuple[Array, Array]]:
    """Views of a vector, each with the view that it is a copy of after a run; constants are set at once."""
    copies: list[tuple[Array, Array]] = []
    for positions, read in output.parts:
        if isinstance(read, Rows):
            copies += _runs(positions, read, arrays[read.block], vector)
        else:
            vector[positions] = read
    return copies


def _runs(positions: Array, read: Rows, source: Array, vector: Array) -> list[tuple[Array, Array]]:
    dimensions = shared_dimensions([positions, read.index])
    target, found = rows(vector, positions, dimensions), rows(source, read.index, dimensions)
    if target is not None and found is not None:
        return [(target, found)]
    return [(vector[at : at + 1], source[row : row + 1]) for at, row in zip(positions, read.index, strict=True)]
