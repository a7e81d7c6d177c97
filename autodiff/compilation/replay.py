"""Replay: a program run over any number of records, in chunks that stay in cache."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.binding import bound_calls
from autodiff.compilation.memory import batched_arrays
from autodiff.compilation.outputs import copies_into
from autodiff.compilation.program import Output, Program, Rows, Step
from autodiff.compilation.reductions import OVER_RECORDS
from autodiff.compilation.silence import carry_out

Array = NDArray[Any]

_LEAST_CHUNK = 256  # records: fewer would spend the time on calls
_ALONE = -1  # the seat of a worker that passes over all records at once
_CHUNK_BYTES = 4_000_000  # of all batched blocks together: about what a core's cache holds


@final
class Replay:
    """The buffers of a program and the calls that fill them, for float64 or another `dtype`.

    What depends on no record is computed once a run, the rest chunk by chunk, on `threads` threads. Sums
    over records are added up in the order of the chunks, so that no result depends on the threads.
    """

    def __init__(self, program: Program, *, dtype: Any = np.float64, threads: int = 1) -> None:
        self.program = program
        self._dtype = np.dtype(dtype)
        self._threads = threads
        before, self._body, after = program.phases()
        self._shared = [np.empty(0 if block.batched else block.rows, self._dtype) for block in program.blocks]
        self._prelude = bound_calls(before, self._shared, self._dtype)
        self._finale = bound_calls(after, self._shared, self._dtype)
        self._sums = [step.out for step in self._body if step.primitive in OVER_RECORDS]
        self._workers: dict[tuple[int, int], _Worker] = {}
        self._vectors = [np.empty(output.size, self._dtype) for output in program.outputs if not output.batched]
        unbatched = [output for output in program.outputs if not output.batched]
        self._copies = [
            copy
            for vector, output in zip(self._vectors, unbatched, strict=True)
            for copy in copies_into(vector, output, self._shared)
        ]

    def run(self, given: Sequence[Array], records: int) -> list[Array]:
        """The outputs, each of shape (size,) or, where it differs from record to record, (size, records).

        `given` holds the leaf blocks in the order of the program, of shape (rows,) or (rows, records).
        """
        for block, shared, array in zip(self.program.blocks, self._shared, given, strict=False):
            if not block.batched:
                shared[:] = array
        batched = [np.empty((out.size, records), self._dtype) for out in self.program.outputs if out.batched]
        with np.errstate(all="ignore"):
            carry_out(self._prelude)
            self._run_body(given, records, batched)
            carry_out(self._finale)
        carry_out(self._copies)
        found = {True: iter(batched), False: (vector.copy() for vector in self._vectors)}
        return [next(found[output.batched]) for output in self.program.outputs]

    def _run_body(self, given: Sequence[Array], records: int, results: Sequence[Array]) -> None:
        if not self._body and not any(output.batched for output in self.program.outputs):
            return
        size = chunk_size(self.program, self._dtype, records)
        chunks = [slice(start, min(start + size, records)) for start in range(0, records, size)]
        if len(chunks) == 1:
            self._worker(_ALONE, records).run(given, chunks[0], results)
            return
        for block in self._sums:
            self._shared[block].fill(0.0)
        if self._threads == 1:
            self._pass_over(chunks, given, results, map)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            self._pass_over(chunks, given, results, pool.map)

    def _pass_over(
        self, chunks: Sequence[slice], given: Sequence[Array], results: Sequence[Array], carry_out: Callable[..., Any]
    ) -> None:
        """Run the chunks, as many together as there are threads, and add up their sums in order."""
        for start in range(0, len(chunks), self._threads):
            together = chunks[start : start + self._threads]
            workers = [self._worker(seat, chunk.stop - chunk.start) for seat, chunk in enumerate(together)]
            for worker in carry_out(lambda worker, chunk: worker.run(given, chunk, results), workers, together):
                for block in self._sums:
                    self._shared[block] += worker.arrays[block]

    def _worker(self, seat: int, size: int) -> _Worker:
        if (seat, size) not in self._workers:
            self._workers[seat, size] = _Worker(
                self.program, self._body, self._shared, size, [] if seat == _ALONE else self._sums
            )
        return self._workers[seat, size]


def chunk_size(program: Program, dtype: np.dtype[Any], records: int) -> int:
    """How many of so many records a pass of the program takes at once."""
    rows = sum(block.rows for block in program.blocks if block.batched)
    fitting = _CHUNK_BYTES // (max(rows, 1) * dtype.itemsize)
    chunks = max(1, math.ceil(records / max(_LEAST_CHUNK, fitting)))
    return max(1, math.ceil(records / chunks))  # all alike, but for the last


@final
class _Worker:
    """Buffers for one chunk of records, and the calls of the pass over them.

    It has its own arrays for `sums`, so that others can sum at the same time; a worker alone needs none.
    """

    def __init__(
        self, program: Program, body: Sequence[Step], shared: Sequence[Array], size: int, sums: Sequence[int]
    ) -> None:
        self._program = program
        dtype = shared[0].dtype
        self.arrays = list(shared)
        for number, block in enumerate(program.blocks[: program.given]):
            if block.batched:
                self.arrays[number] = np.empty((block.rows, size), dtype)
        for number, array in batched_arrays(program, body, size, dtype).items():
            self.arrays[number] = array
        for summed in sums:
            self.arrays[summed] = np.empty_like(shared[summed])
        self._calls = bound_calls(body, self.arrays, dtype)

    def run(self, given: Sequence[Array], chunk: slice, results: Sequence[Array]) -> _Worker:
        """Carry out the pass over one chunk, and write what differs from record to record into `results`."""
        for block, array, source in zip(self._program.blocks, self.arrays, given, strict=False):
            if block.batched:
                array[...] = source[:, chunk]
        with np.errstate(all="ignore"):
            carry_out(self._calls)
        batched = [output for output in self._program.outputs if output.batched]
        for output, result in zip(batched, results, strict=True):
            _collect(output, self.arrays, result[:, chunk])
        return self


def _collect(output: Output, arrays: Sequence[Array], result: Array) -> None:
    for positions, read in output.parts:
        if isinstance(read, Rows):
            for position, row in zip(positions, read.index, strict=True):  # each copied once, and not gathered before
                result[position] = arrays[read.block][row]
        else:
            result[positions] = read[:, np.newaxis]
