"""Elementwise: a ufunc on what is read, whether by one call, row by row, or over copies side by side."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from autodiff.compilation.execute.numpy.binder import Binder
from autodiff.compilation.execute.numpy.elementwise import call_elementwise
from autodiff.compilation.execute.numpy.quiet import run_calls
from autodiff.compilation.program.program import Read, Rows
from tests.autodiff.compilation.by_hand import rows

UFUNCS: tuple[np.ufunc, ...] = (np.subtract, np.maximum, np.minimum, np.negative, np.hypot)


def _blocks(records: int | None) -> list[np.ndarray]:
    """A shared block, and two with as many records."""
    numbers = np.random.default_rng(0)
    shared = numbers.normal(size=12)
    return [shared] if records is None else [shared, *numbers.normal(size=(2, 12, records))]


def _expected(ufunc: np.ufunc, blocks: Sequence[np.ndarray], reads: Sequence[Read], out: np.ndarray, onto: bool) -> Any:
    found = [blocks[read.block][read.index] if isinstance(read, Rows) else read for read in reads]
    found = [x[:, np.newaxis] if out.ndim == 2 and x.ndim == 1 else x for x in found]
    return np.broadcast_to(ufunc(*([out] * onto), *found), out.shape)


def _check(
    ufunc: np.ufunc, blocks: Sequence[np.ndarray], reads: Sequence[Read], out: np.ndarray, *, onto: bool
) -> None:
    expected = _expected(ufunc, blocks, reads, out, onto)
    binder = Binder(blocks, np.dtype(np.float64))
    call_elementwise(binder, ufunc, reads, out, onto=onto)
    run_calls(binder.calls)
    np.testing.assert_array_equal(out, expected)


def _indices(draws: random.Random, size: int) -> list[list[int]]:
    """In order, backwards, one row again and again, in a grid, and anything."""
    start = draws.randrange(13 - size)
    ordered = [*range(start, start + size)]
    return [ordered, ordered[::-1], [start] * size, [k // 2 for k in range(size)], draws.choices(range(12), k=size)]


@pytest.mark.parametrize("records", [None, 1, 5])
@pytest.mark.parametrize("size", [1, 2, 4, 5, 8, 9, 12])
def test_any_reads(size: int, records: int | None) -> None:
    draws = random.Random(f"{size} {records}")
    blocks = _blocks(records)
    numbers = np.random.default_rng(1)
    constants = [np.full(size, 2.0), numbers.normal(size=size)]
    for ufunc in UFUNCS * 8:
        onto = draws.random() < 0.3
        known = [rows(block, *index) for block in range(len(blocks)) for index in _indices(draws, size)]
        reads: list[Read] = draws.choices([*known, *constants], k=ufunc.nin - onto)
        out = numbers.normal(size=size if records is None else (size, records))
        if any(isinstance(read, Rows) for read in reads):
            _check(ufunc, blocks, reads, out, onto=onto)


def test_over_an_operand() -> None:
    """Rows in order of the array that the result goes to are read before they are written."""
    for size in (3, 12):
        for other in (rows(2, *range(size)), rows(0, *range(size)), np.full(size, 0.5)):
            blocks = [block[:size].copy() for block in _blocks(4)]
            for reads in ([rows(1, *range(size)), other], [other, rows(1, *range(size))]):
                _check(np.subtract, blocks, reads, blocks[1], onto=False)


def test_numpy_is_given_one_object_where_it_writes_over_an_operand() -> None:
    array = np.ones((12, 3))
    binder = Binder([array], np.dtype(np.float64))
    index = [*range(12)]
    call_elementwise(binder, np.multiply, [rows(0, *index), rows(0, *index[::-1])], array)
    (call,) = binder.calls
    assert isinstance(call, partial)
    first, second, out = call.args
    assert first is out
    assert second is not out


# (rows read, how many members, calls): copies side by side are worth one call from nine members on.
CALLS: list[tuple[str, list[list[int]], int]] = [
    ("in order", [[*range(12)], [*range(12)]], 1),
    ("few, in order", [[0, 1], [2, 3]], 1),
    ("few, one of them again and again", [[0, 1, 2], [5, 5, 5]], 3),
    ("more, one of them again and again", [[0, 1, 2, 3, 4], [5, 5, 5, 5, 5]], 1),
    ("out of step", [[0, 1, 3, 4, 9, 11, 2, 5], [*range(8)]], 8),
    ("many out of step", [[0, 1, 3, 4, 9, 11, 2, 5, 6], [*range(9)]], 2),
]


@pytest.mark.parametrize(("indices", "calls"), [pytest.param(*row[1:], id=row[0]) for row in CALLS])
def test_as_few_calls_as_take_least(indices: list[list[int]], calls: int) -> None:
    binder = Binder(_blocks(5), np.dtype(np.float64))
    call_elementwise(binder, np.add, [rows(1, *index) for index in indices], np.empty((len(indices[0]), 5)))
    assert len(binder.calls) == calls
