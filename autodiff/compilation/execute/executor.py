"""Executor: runs a program over any number of records, in chunks that stay in cache."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.backend import Backend
from autodiff.compilation.execute.kernel import Kernel
from autodiff.compilation.execute.numpy.backend import NUMPY
from autodiff.compilation.execute.numpy.outputs import copies_into
from autodiff.compilation.execute.numpy.quiet import quiet_context, run_calls
from autodiff.compilation.execute.plan import Plan, plan_of
from autodiff.compilation.program.program import Program
from autodiff.compilation.rewrite.batch_sums import OVER_RECORDS

Array = NDArray[Any]

_ALONE = -1  # in place of the number of a thread: a kernel that passes over all records at once


@final
class Executor:
    """The buffers of a program and the calls that fill them, for float64 or another `dtype`.

    What depends on no record is computed once a run, the rest chunk by chunk, on `threads` threads. Sums
    over records are added up in the order of the chunks, so that no result depends on the threads.
    Thread-safe: concurrent calls are serialized because buffers are shared.
    """

    def __init__(
        self,
        program: Program,
        *,
        dtype: Any = np.float64,
        threads: int = 1,
        backend: Backend = NUMPY,
        sizes_kept: int = 8,
    ) -> None:
        self.program = program
        self._backend = backend
        self._sizes_kept = sizes_kept  # numbers of records that there are buffers for at a time
        self._dtype = np.dtype(dtype)
        self._threads = threads
        self._plan = plan_of(program)
        self._shared = [np.empty(0 if block.batched else block.rows, self._dtype) for block in program.blocks]
        self._unbatched = [number for number in range(program.given) if not program.blocks[number].batched]
        self._prelude = backend.calls(self._plan.before, self._shared, self._dtype)
        self._sums = [step.out for step in self._plan.body if step.primitive in OVER_RECORDS]
        self._kernels: dict[tuple[int, int], Kernel] = {}
        self._at_once = records_at_once(self._plan, self._dtype, backend)
        self._quiet = quiet_context()
        self._lock = Lock()
        self._vectors = [np.empty(output.size, self._dtype) for output in program.outputs if not output.batched]
        unbatched = [output for output in program.outputs if not output.batched]
        self._finale = backend.calls(self._plan.after, self._shared, self._dtype)
        for vector, output in zip(self._vectors, unbatched, strict=True):
            self._finale += copies_into(vector, output, self._shared)

    def run(self, given: Sequence[Array], records: int) -> list[Array]:
        """The outputs, each of shape (size,) or, where it differs from record to record, (size, records).

        `given` holds the leaf blocks in the order of the program, of shape (rows,) or (rows, records).
        """
        batched = [np.empty((out.size, records), self._dtype) for out in self.program.outputs if out.batched]
        with self._lock:
            self._quiet.run(self._prepare, given)
            self._run_body(given, records, batched)
            self._quiet.run(run_calls, self._finale)
            vectors, per_record = iter(self._vectors), iter(batched)
            return [next(per_record) if output.batched else next(vectors).copy() for output in self.program.outputs]

    def _prepare(self, given: Sequence[Array]) -> None:
        """Take what all records share, and compute what depends on it alone."""
        for number in self._unbatched:
            self._shared[number][:] = given[number]
        run_calls(self._prelude)

    def _run_body(self, given: Sequence[Array], records: int, results: Sequence[Array]) -> None:
        if not self._plan.body and not self._plan.outputs:
            return
        if 0 < records <= self._at_once:
            self._kernel(_ALONE, records).run(given, slice(0, records), results)
            return
        size = math.ceil(records / max(1, math.ceil(records / self._at_once)))  # all alike, but for the last
        chunks = [slice(start, min(start + size, records)) for start in range(0, records, max(1, size))]
        for block in self._sums:
            self._shared[block].fill(0.0)
        if self._threads == 1:
            self._pass_over(chunks, given, results, map)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            self._pass_over(chunks, given, results, pool.map)

    def _pass_over(
        self, chunks: Sequence[slice], given: Sequence[Array], results: Sequence[Array], mapped: Callable[..., Any]
    ) -> None:
        """Run the chunks, as many together as there are threads, and add up their sums in order."""
        for start in range(0, len(chunks), self._threads):
            together = chunks[start : start + self._threads]
            kernels = [self._kernel(thread, chunk.stop - chunk.start) for thread, chunk in enumerate(together)]
            for kernel in mapped(lambda kernel, chunk: kernel.run(given, chunk, results), kernels, together):
                for block in self._sums:
                    self._shared[block] += kernel.arrays[block]

    def _kernel(self, thread: int, size: int) -> Kernel:
        """The kernel of a thread for so many records; of other numbers of records, a few are kept."""
        if (thread, size) not in self._kernels:
            if len(self._kernels) >= self._sizes_kept * self._threads:
                self._kernels.pop(next(iter(self._kernels)))
            self._kernels[thread, size] = Kernel(
                self.program, self._plan, self._shared, size, [] if thread == _ALONE else self._sums, self._backend
            )
        return self._kernels[thread, size]


def fits_at_once(program: Program, dtype: np.dtype[Any], records: int, backend: Backend) -> bool:
    """Whether a pass of a program takes so many records together."""
    rows = sum(block.rows for block in program.blocks if block.batched)  # as many as there may be arrays for
    if records * rows * dtype.itemsize <= backend.chunk_bytes:
        return True
    return records <= records_at_once(plan_of(program), dtype, backend)


def records_at_once(plan: Plan, dtype: np.dtype[Any], backend: Backend) -> int:
    """How many records a pass takes together, at most."""
    return max(backend.least_chunk, backend.chunk_bytes // max(1, plan.record_bytes(dtype)))
