"""Kernel: a program prepared for one number of records: buffers, and the calls of the pass over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.backend import Backend
from autodiff.compilation.execute.numpy.outputs import copies_into
from autodiff.compilation.execute.numpy.quiet import quiet_context, run_calls
from autodiff.compilation.execute.plan import Plan
from autodiff.compilation.program.program import Program

Array = NDArray[Any]


@final
class Kernel:
    """Buffers for one chunk of records, and the calls of the pass over them.

    It has its own arrays for `sums`, so that other threads can sum at the same time; a kernel alone needs none.
    """

    def __init__(
        self,
        program: Program,
        plan: Plan,
        shared: Sequence[Array],
        size: int,
        sums: Sequence[int],
        backend: Backend,
    ) -> None:
        dtype = shared[0].dtype
        self.arrays = list(shared)
        self._given = plan.batched
        for number in plan.batched:
            self.arrays[number] = np.empty((program.blocks[number].rows, size), dtype)
        self.results = [np.empty((output.size, size), dtype) for output in plan.outputs]
        for number, array in plan.memory.arrays(size, dtype).items():
            self.arrays[number] = array
        for number, placement in plan.placed.items():
            self.arrays[number] = placement.view(self.results)
        for summed in sums:
            self.arrays[summed] = np.empty_like(shared[summed])
        self.calls = backend.calls(plan.body, self.arrays, dtype)
        for output, result in zip(plan.outputs, self.results, strict=True):
            self.calls += copies_into(result, output, self.arrays)
        self._quiet = quiet_context()

    def run(self, given: Sequence[Array], chunk: slice, results: Sequence[Array]) -> Kernel:
        """Carry out the pass over one chunk, and write what differs from record to record into `results`."""
        self._quiet.run(self._pass_over_chunk, given, chunk)
        for made, result in zip(self.results, results, strict=True):
            result[:, chunk] = made
        return self

    def _pass_over_chunk(self, given: Sequence[Array], chunk: slice) -> None:
        for number in self._given:
            self.arrays[number][...] = given[number][:, chunk]
        run_calls(self.calls)
