"""Executor: one program over any number of records gives the same, in whatever chunks and on however many threads."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
import pytest

from autodiff.compilation.execute.executor import Executor, records_at_once
from autodiff.compilation.execute.numpy.backend import NUMPY, NumpyBackend
from autodiff.compilation.execute.plan import plan_of
from autodiff.compilation.program.program import Program
from autodiff.compilation.rewrite.batch_sums import BATCH_DOT, BATCH_SUM
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DIV, DOT, LOG, MUL, NEG, SQUARE, SUB, SUM
from tests.autodiff.compilation.by_hand import interpreted, output, program, rows, step

SIZES = (1, 2, 3, 4, 5, 7, 8, 11, 12, 23)


def _program(doubling: Primitive = ADD) -> Program:
    """Steps before, within and after the pass, sums over records that one another read, and outputs of all kinds.

    Given are 2 shared numbers w and 3 of a record x.
    """
    steps = [
        step(doubling, 2, rows(0, 0, 1), rows(0, 0, 1)),  # 2w
        step(DOT, 3, rows(2, 0), rows(2, 1), rows(1, 0), rows(1, 2)),  # 2w·(x0, x2)
        step(SUB, 4, rows(3, 0, 0), rows(1, 1, 2)),
        step(BATCH_SUM, 5, rows(4, 1, 0)),
        step(BATCH_DOT, 6, rows(3, 0, 0), rows(1, 0, 1), grid=(1, 2)),
        step(MUL, 7, rows(5, 0, 1), rows(6, 1, 0)),
        step(SUM, 8, rows(7, 0), rows(7, 1), rows(2, 0)),
        step(NEG, 9, rows(1, 2, 1)),
    ]
    outputs = [
        output(rows(4, 1, 0), rows(0, 1), np.array([0.5]), batched=True),
        output(rows(8, 0), rows(6, 1, 0), np.array([2.5]), rows(2, 1), batched=False),
        output(rows(9, 0, 1), batched=True),
        output(rows(1, 2, 2), batched=True),
    ]
    return program("2 3* | 2 1* 2* 2 2 2 1 2*", steps, outputs)


def _given(records: int, seed: int = 0) -> list[np.ndarray]:
    """Small integers, whose sums are exact in any order."""
    numbers = np.random.default_rng(seed)
    return [numbers.integers(-9, 9, 2).astype(float), numbers.integers(-9, 9, (3, records)).astype(float)]


def _check(made: list[np.ndarray], expected: list[np.ndarray]) -> None:
    assert len(made) == len(expected)
    for ours, theirs in zip(made, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs, strict=True)


SMALL = NumpyBackend(least_chunk=3, chunk_bytes=1)
"""At most three records at once."""


@final
@dataclass(frozen=True)
class Counting:
    """A back end that notes the records of every chunk it prepares calls for."""

    sizes: list[int] = field(default_factory=list)
    least_chunk: int = SMALL.least_chunk
    chunk_bytes: int = SMALL.chunk_bytes
    rules: Any = field(default_factory=lambda: NUMPY.rules)

    def calls(self, steps: Any, arrays: Any, dtype: Any) -> list[Any]:
        if arrays[1].ndim == 2:
            self.sizes.append(arrays[1].shape[1])
        return NUMPY.calls(steps, arrays, dtype)


def test_at_once() -> None:
    made = Executor(_program())
    for records in (*SIZES, 5):
        given = _given(records)
        _check(made.run(given, records), interpreted(_program(), given, records))


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_in_chunks(threads: int) -> None:
    made = Executor(_program(), threads=threads, backend=SMALL)
    for records in (*SIZES, 5):
        given = _given(records)
        _check(made.run(given, records), interpreted(_program(), given, records))


def test_sums_do_not_depend_on_the_threads() -> None:
    """To the last bit, though the order of additions counts."""
    numbers = np.random.default_rng(0)
    for records in (7, 50):
        given = [numbers.normal(size=2), numbers.normal(size=(3, records)) * 10.0 ** numbers.integers(-8, 8, records)]
        made = [Executor(_program(), threads=threads, backend=SMALL).run(given, records) for threads in (1, 2, 3, 5)]
        for other in made[1:]:
            _check(other, made[0])
        for ours, theirs in zip(made[0], interpreted(_program(), given, records), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-10 * np.abs(theirs).max())


@pytest.mark.parametrize("threads", [1, 2])
def test_no_records(threads: int) -> None:
    """Sums over none are 0, and what differs from record to record is empty."""
    made = Executor(_program(), threads=threads)
    made.run(_given(3), 3)
    given = _given(0)
    _check(
        made.run(given, 0),
        [
            np.empty((4, 0)),
            np.array([2 * given[0][0], 0.0, 0.0, 2.5, 2 * given[0][1]]),
            np.empty((2, 0)),
            np.empty((2, 0)),
        ],
    )


@pytest.mark.parametrize(
    ("records", "threads", "sizes"),
    [
        (1, 1, [1]),
        (3, 1, [3]),
        (4, 1, [2]),
        (7, 1, [3, 1]),
        (8, 1, [3, 2]),
        (9, 1, [3]),
        (10, 1, [3, 1]),
        (3, 4, [3]),
        (12, 2, [3, 3]),
        (11, 4, [3, 3, 3, 2]),
        (9, 4, [3, 3, 3]),
    ],
)
def test_chunks_are_alike_but_for_the_last(records: int, threads: int, sizes: list[int]) -> None:
    """A kernel of each thread for each size, and none for a thread that has nothing to do."""
    counting = Counting()
    Executor(_program(), threads=threads, backend=counting).run(_given(records), records)
    assert counting.sizes == sizes


def test_kernels_of_a_few_sizes_are_kept() -> None:
    counting = Counting()
    made = Executor(_program(), backend=counting, sizes_kept=2)
    for records in (1, 2, 1, 2, 3, 2, 3, 1, 3):
        given = _given(records)
        _check(made.run(given, records), interpreted(_program(), given, records))
    assert counting.sizes == [1, 2, 3, 1]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_depends_on_no_record_is_computed_once_a_run(threads: int) -> None:
    calls = []

    def counted(*operands: Any) -> Any:
        calls.append(operands)
        return np.add(*operands)

    made = Executor(_program(Primitive("counted", math.fsum, counted, (1.0, 1.0))), threads=threads)
    for runs in (1, 2):
        given = _given(11, seed=runs)
        _check(made.run(given, 11), interpreted(_program(), given, 11))
        assert len(calls) == runs


@pytest.mark.parametrize("records", [2, 7])
def test_results_and_what_is_given_are_left_alone(records: int) -> None:
    made = Executor(_program(), backend=SMALL)
    given = _given(records)
    first = made.run(given, records)
    kept = [array.copy() for array in first]
    made.run(_given(records, seed=1), records)
    _check(first, kept)
    _check(given, _given(records))


def test_calls_at_the_same_time_are_served_in_turn() -> None:
    made = Executor(_program(), threads=2, backend=SMALL)
    batches = [_given(20, seed=k) for k in range(4)]
    expected = [interpreted(_program(), given, 20) for given in batches]

    def mistakes(k: int) -> int:
        runs = [made.run(batches[k], 20) for _ in range(25)]
        return sum(not all(map(np.array_equal, run, expected[k])) for run in runs)

    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(mistakes, range(4))] == [0] * 4


@pytest.mark.parametrize("threads", [1, 3])
def test_nan_and_infinity_arise_without_a_word(threads: int) -> None:
    """Before, within and after the pass."""
    steps = [
        step(LOG, 2, rows(0, 0)),
        step(DIV, 3, rows(2, 0), rows(1, 0)),
        step(BATCH_SUM, 4, rows(3, 0)),
        step(SQUARE, 5, rows(4, 0)),
    ]
    made = Executor(
        program("1 1* | 1 1* 1 1", steps, [output(rows(3, 0), batched=True), output(rows(5, 0), batched=False)]),
        threads=threads,
    )
    before = np.geterr()
    quotients, square = made.run([np.zeros(1), np.array([[1.0, -1.0, 0.0, math.inf]])], 4)
    np.testing.assert_array_equal(quotients, [[-math.inf, math.inf, -math.inf, math.nan]])
    np.testing.assert_array_equal(square, [math.nan])
    assert np.geterr() == before


@pytest.mark.parametrize("records", [2, 7])
def test_sums_alone(records: int) -> None:
    """Where no output differs from record to record."""
    steps = [step(BATCH_DOT, 2, rows(1, 0), rows(1, 1)), step(MUL, 3, rows(2, 0), rows(0, 1))]
    whole = program("2 3* | 1 1", steps, [output(rows(3, 0), batched=False)])
    given = _given(records)
    _check(Executor(whole, backend=SMALL).run(given, records), interpreted(whole, given, records))


@pytest.mark.parametrize("records", [2, 7])
def test_outputs_of_what_is_given(records: int) -> None:
    """There is no step, but there is a pass over the records."""
    whole = program("2 3* |", [], [output(rows(1, 2, 0), rows(0, 1), batched=True), output(rows(0, 1), batched=False)])
    given = _given(records)
    _check(Executor(whole, backend=SMALL).run(given, records), interpreted(whole, given, records))


def test_outputs_of_nothing_but_constants_and_shared_numbers() -> None:
    whole = program(
        "2 | 1",
        [step(SUM, 1, rows(0, 0), rows(0, 1))],
        [output(np.array([1.5]), batched=False), output(rows(1, 0), batched=False)],
    )
    _check(Executor(whole).run([np.array([1.0, 2.0])], 5), [np.array([1.5]), np.array([3.0])])


def test_in_single_precision() -> None:
    given = _given(5)
    made = Executor(_program(), dtype=np.float32).run(given, 5)
    for ours, theirs in zip(made, interpreted(_program(), given, 5), strict=True):
        np.testing.assert_array_equal(ours, theirs.astype(np.float32), strict=True)


@pytest.mark.parametrize(
    ("least", "total", "expected"), [(1, 96 * 10, 10), (1, 96 * 10 + 95, 10), (7, 96, 7), (1, 1, 1)]
)
def test_as_many_records_at_once_as_stay_in_cache(least: int, total: int, expected: int) -> None:
    """Here a record takes 12 numbers of 8 bytes: 3 are given, and 9 filled, for outputs read all of these."""
    index = range(3)
    chained = program(
        "3* | 3* 3* 3*",
        [step(NEG, k + 1, rows(k, *index)) for k in index],
        [output(*(rows(k + 1, *index) for k in index), batched=True)],
    )
    assert (
        records_at_once(plan_of(chained), np.dtype(np.float64), NumpyBackend(least_chunk=least, chunk_bytes=total))
        == expected
    )
