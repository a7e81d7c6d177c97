"""Products: dots and sums over records are what sums of products are, over rows with gaps and without."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from autodiff.compilation.execute.numpy.binder import Binder
from autodiff.compilation.execute.numpy.products import bind_batch_dot, bind_batch_sum, bind_dot, call_sum_of_rows
from autodiff.compilation.execute.numpy.quiet import quiet_context, run_calls
from autodiff.compilation.program.program import Read, Rows, Step
from autodiff.compilation.rewrite.batch_sums import BATCH_DOT, BATCH_SUM
from autodiff.rules import DOT
from tests.autodiff.compilation.by_hand import rows, step

RECORDS = 5
Bind = Callable[[Binder, Step, np.ndarray], None]
Vectors = Sequence[Sequence[int]]


def _blocks() -> list[np.ndarray]:
    """Two shared blocks and two of records, of small integers, so that sums are exact in any order."""
    numbers = np.random.default_rng(0)
    return [numbers.integers(-9, 9, shape).astype(float) for shape in ((40,), (40,), (40, RECORDS), (40, RECORDS))]


BLOCKS = _blocks()


def _carried_out(bind: Bind, made: Step, out: np.ndarray) -> list[Any]:
    """Fill `out`, and return the NumPy functions that did."""
    binder = Binder(BLOCKS, np.dtype(np.float64))
    bind(binder, made, out)
    for _ in range(2):  # a replay makes the same calls again
        run_calls(binder.calls)
    return [call.func for call in binder.calls if isinstance(call, partial)]


def _column(block: int, vectors: Vectors) -> list[Read]:
    """The reads of members whose operands are these vectors of rows."""
    return [rows(block, *places) for places in zip(*vectors, strict=True)]


def _read(read: Read) -> np.ndarray:
    found = BLOCKS[read.block][read.index] if isinstance(read, Rows) else read
    return found if found.ndim == 2 else np.repeat(found[:, np.newaxis], RECORDS, axis=1)


def _dot_of(reads: Sequence[Read], ndim: int) -> Any:
    half = len(reads) // 2
    terms = [_read(a) * _read(b) for a, b in zip(reads[:half], reads[half:], strict=True)]
    made = np.sum(terms, axis=0)
    return made if ndim == 2 else made[:, 0]


def _check_dot(reads: list[Read], grid: tuple[int, int] | None) -> list[Any]:
    batched = any(isinstance(read, Rows) and BLOCKS[read.block].ndim == 2 for read in reads)
    out = np.full((len(_read(reads[0])), RECORDS) if batched else len(_read(reads[0])), np.nan)
    made = _carried_out(bind_dot, step(DOT, 9, *reads, grid=grid), out)
    np.testing.assert_array_equal(out, _dot_of(reads, out.ndim))
    return made


# (what, first vectors, second vectors): rows in their blocks.
VECTORS: list[tuple[str, Vectors, Vectors]] = [
    ("side by side", [[0, 1, 2], [3, 4, 5]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]),
    ("with gaps between", [[0, 1, 2], [4, 5, 6]], [[1, 2, 3], [9, 10, 11], [17, 18, 19]]),
    ("with uneven gaps", [[0, 1, 2], [4, 5, 6], [20, 21, 22]], [[1, 2, 3], [9, 10, 11], [13, 14, 15]]),
    ("with gaps within", [[0, 2, 4], [6, 8, 10]], [[0, 3, 6], [1, 4, 7]]),
    ("rows of a transposed matrix", [[0, 2, 4], [1, 3, 5]], [[0, 1, 2]]),
    ("in any order", [[5, 0, 9], [7, 7, 3]], [[2, 12, 4], [30, 1, 8], [4, 4, 4]]),
    ("backwards", [[5, 4, 3], [2, 1, 0]], [[9, 8, 7]]),
    ("one vector each", [[3, 4, 5]], [[7, 8, 9]]),
    ("of one entry", [[3], [5]], [[7], [2], [4]]),
    ("one row alone", [[3, 3], [3, 3]], [[8, 8]]),
]
EVERY = pytest.mark.parametrize(("first", "second"), [row[1:] for row in VECTORS], ids=[row[0] for row in VECTORS])
HALVES = pytest.mark.parametrize(("a", "b"), [(0, 1), (0, 2), (2, 0), (2, 3), (2, 2), (0, 0)])


@EVERY
@HALVES
def test_every_first_with_every_second(a: int, b: int, first: Vectors, second: Vectors) -> None:
    lines, columns = zip(*itertools.product(first, second), strict=True)
    made = _check_dot([*_column(a, lines), *_column(b, columns)], (len(first), len(second)))
    assert a >= 2 or {np.dot, np.matmul} & {*made}, "one product of matrices where the first are shared"


@pytest.mark.parametrize("b", [1, 2])
def test_side_by_side_it_is_one_call(b: int) -> None:
    """A product of matrices that are read where they are."""
    lines, columns = zip(*itertools.product(VECTORS[0][1], VECTORS[0][2]), strict=True)
    (made,) = _check_dot([*_column(0, lines), *_column(b, columns)], (2, 3))
    assert made in (np.dot, np.matmul)


@EVERY
@HALVES
def test_pairs(a: int, b: int, first: Vectors, second: Vectors) -> None:
    pairs = min(len(first), len(second))
    _check_dot([*_column(a, first[:pairs]), *_column(b, second[:pairs])], None)


@pytest.mark.parametrize(
    "reads",
    [
        [rows(2, 0, 5), rows(0, 1, 2), rows(2, 3, 4), rows(2, 7, 6)],  # halves of several blocks
        [rows(2, 0, 5), rows(2, 1, 2), rows(3, 3, 4), rows(2, 7, 6)],
        [np.array([2.0, -1.0]), rows(2, 1, 2), rows(2, 3, 4), rows(2, 7, 6)],  # constants
        [rows(2, 0, 5), np.array([3.0, 3.0]), rows(0, 3, 4), np.array([3.0, 4.0])],
        [rows(0, 0, 5), rows(1, 1, 2), rows(0, 3, 4), rows(0, 7, 6)],  # without records
        [rows(0, 0, 5), rows(2, 1, 2)],  # one product
    ],
)
def test_product_by_product(reads: list[Read]) -> None:
    _check_dot(reads, None)


@pytest.mark.parametrize("index", [[0, 1, 2], [7, 4, 1], [3, 9, 4, 4], [6]])
@pytest.mark.parametrize("block", [2, 3])
def test_sums_over_records(block: int, index: list[int]) -> None:
    out = np.full(len(index), np.nan)
    _carried_out(bind_batch_sum, step(BATCH_SUM, 9, rows(block, *index)), out)
    np.testing.assert_array_equal(out, BLOCKS[block][index].sum(axis=1))


@pytest.mark.parametrize("lines", [[0, 1, 2], [8, 3], [4, 9, 11], [5]])
@pytest.mark.parametrize("columns", [[0, 1], [30, 20, 10], [4, 9, 11], [6]])
@pytest.mark.parametrize("placed", [False, True])
def test_sums_over_records_of_every_product(lines: list[int], columns: list[int], placed: bool) -> None:
    """Into an array, or where they belong in a longer one, in a grid with gaps."""
    first, second = zip(*itertools.product(lines, columns), strict=True)
    made = step(BATCH_DOT, 9, rows(2, *first), rows(3, *second), grid=(len(lines), len(columns)))
    wide = np.full((len(lines), len(columns) + 2), np.nan)
    out = wide[:, 1:-1] if placed else np.full(len(first), np.nan)
    assert {np.dot, np.matmul} & {*_carried_out(bind_batch_dot, made, out)}
    np.testing.assert_array_equal(np.ravel(out), (BLOCKS[2][[*first]] * BLOCKS[3][[*second]]).sum(axis=1))
    assert np.isnan(wide[:, [0, -1]]).all(), "what is between stays"


@pytest.mark.parametrize("first", [[0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 4, 6], [0, 0, 5, 5], [9, 1, 4, 4]])
@pytest.mark.parametrize("second", [[0, 1, 2, 3], [7, 7, 7, 7], [0, 1, 0, 1], [2, 8, 3, 3]])
@pytest.mark.parametrize("block", [2, 3])
def test_sums_over_records_of_pairs(first: list[int], second: list[int], block: int) -> None:
    out = np.full(4, np.nan)
    _carried_out(bind_batch_dot, step(BATCH_DOT, 9, rows(2, *first), rows(block, *second)), out)
    np.testing.assert_array_equal(out, (BLOCKS[2][first] * BLOCKS[block][second]).sum(axis=1))


@pytest.mark.parametrize("terms", [slice(3, 7), slice(5, 6), slice(None, None, 2), slice(7, 3, -1)])
def test_sums_of_rows(terms: slice) -> None:
    """Of those side by side, and of those that are apart; infinities and nan are added up as they are."""
    records = BLOCKS[2].copy()
    records[5, :3] = np.inf, -np.inf, np.nan
    records[6, :3] = np.inf, np.inf, 1.0
    out = np.full(RECORDS, np.nan)
    binder = Binder([records], np.dtype(np.float64))
    call_sum_of_rows(binder, records[terms], out)
    quiet_context().run(run_calls, binder.calls)
    np.testing.assert_array_equal(out, [sum(column) for column in records[terms].T.tolist()])


def test_a_product_over_records_has_no_constant() -> None:
    made = step(BATCH_DOT, 9, rows(2, 0), np.array([2.0]))
    with pytest.raises(TypeError, match="no constant factor"):
        bind_batch_dot(Binder(BLOCKS, np.dtype(np.float64)), made, np.empty(1))
