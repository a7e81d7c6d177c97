"""Binder: what a step reads is `array[index]`, in the shape asked for, as soon as the calls so far are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff.compilation.execute.numpy.binder import Binder, without_axes
from autodiff.compilation.execute.numpy.quiet import run_calls
from autodiff.compilation.program.program import Read, Rows
from tests.autodiff.compilation.by_hand import rows

SHARED = np.arange(8.0) + 100.0
RECORDED = np.arange(24.0).reshape(8, 3)
BLOCKS = (SHARED, RECORDED)


def _binder(*arrays: np.ndarray, dtype: Any = np.float64) -> Binder:
    return Binder(arrays or BLOCKS, np.dtype(dtype))


def _viewed(read: Read, dimensions: Sequence[int], *, batched: bool) -> tuple[Any, int]:
    """What a view holds once the calls are made, and how many those are."""
    binder = _binder()
    view = binder.view(read, dimensions, batched=batched)
    run_calls(binder.calls)
    return view, len(binder.calls)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 7), min_size=1, max_size=12), st.integers(0, 1), st.booleans(), st.data())
def test_any_rows(index: list[int], block: int, batched: bool, data: st.DataObject) -> None:
    """Shared rows have an axis of length 1 in place of that of the records, or none if all are one number."""
    lines = data.draw(st.sampled_from([k for k in range(1, len(index) + 1) if len(index) % k == 0]))
    dimensions = (lines, len(index) // lines)
    view, _ = _viewed(rows(block, *index), dimensions, batched=batched)
    expected = BLOCKS[block][index].reshape(*dimensions, *BLOCKS[block].shape[1:])
    if batched and block == 0:
        one = len(set(index)) == 1
        assert view.shape == (() if one else (*dimensions, 1))
        expected = expected[..., np.newaxis]
        view = np.broadcast_to(view, expected.shape)
    np.testing.assert_array_equal(view, expected, strict=True)


# (what, read, dimensions, whether it takes a call): a buffer is filled only where there is no view.
VIEWS: list[tuple[str, Read, tuple[int, ...], bool]] = [
    ("in order", rows(1, 2, 3, 4), (3,), False),
    ("backwards", rows(1, 4, 3, 2), (3,), False),
    ("one row", rows(1, 5, 5), (2,), False),
    ("every with every", rows(1, 0, 0, 3, 3), (2, 2), False),
    ("out of step", rows(1, 0, 1, 3), (3,), True),
    ("shared, in order", rows(0, 2, 3, 4), (3,), False),
    ("shared, every with every", rows(0, 1, 2, 5, 6), (2, 2), False),
    ("shared, out of step", rows(0, 0, 1, 3), (3,), True),
    ("one shared number", rows(0, 3, 3, 3), (3,), False),
    ("constants", np.array([1.0, 2.0]), (2,), False),
]


@pytest.mark.parametrize(("read", "dimensions", "copied"), [row[1:] for row in VIEWS], ids=[row[0] for row in VIEWS])
def test_calls_are_made_where_there_is_no_view(read: Read, dimensions: tuple[int, ...], copied: bool) -> None:
    view, calls = _viewed(read, dimensions, batched=True)
    assert calls == copied
    assert (_binder().found(read, dimensions) is None) == copied
    if isinstance(read, Rows):
        assert np.shares_memory(view, BLOCKS[read.block]) != copied
        expected = BLOCKS[read.block][read.index].reshape(*dimensions, -1)
        np.testing.assert_array_equal(view if view.ndim else np.full((*dimensions, 1), view), expected, strict=True)


def test_what_is_gathered_is_gathered_at_each_run() -> None:
    array = SHARED.copy()
    binder = _binder(array)
    view = binder.view(rows(0, 5, 0, 6), (3,), batched=False)
    for shift in (0.0, 1.0):
        array[:] = SHARED + shift
        run_calls(binder.calls)
        np.testing.assert_array_equal(view, array[[5, 0, 6]])


@pytest.mark.parametrize(
    ("numbers", "batched", "shape"),
    [
        ([2.0], True, ()),
        ([2.0, 2.0], True, ()),
        ([2.0, 3.0], True, (2, 1)),
        ([2.0, 3.0], False, (2,)),
        ([2.0], False, ()),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_constants(numbers: list[float], batched: bool, shape: tuple[int, ...], dtype: Any) -> None:
    made = _binder(dtype=dtype).view(np.array(numbers), (len(numbers),), batched=batched)
    assert (made.shape, made.dtype) == (shape, dtype)
    np.testing.assert_array_equal(np.broadcast_to(made.ravel(), len(numbers)), numbers)


def test_one_constant_is_written_out_once() -> None:
    binder = _binder()
    constant, shared, recorded = np.array([2.0, 2.0, 2.0]), rows(0, 1, 2, 3), rows(1, 1, 2, 3)
    full = binder.full(constant, (3, 4), binder.view(constant, (3,)))
    np.testing.assert_array_equal(full, np.full((3, 4), 2.0), strict=True)
    assert binder.full(constant[:1], (3, 4), binder.view(constant[:1], (1,))) is full
    others = [(np.array([-2.0]), (3, 4)), (constant, (3, 5)), (np.array([0.0]), (2, 2)), (np.array([-0.0]), (2, 2))]
    for number, shape in others:
        made = binder.full(number, shape, binder.view(number, (len(number),)))
        np.testing.assert_array_equal(made, np.full(shape, number[0]), strict=True)
        assert (np.signbit(made) == np.signbit(number[0])).all()
    for read in (shared, recorded, np.array([1.0, 2.0, 3.0])):
        view = binder.view(read, (3,))
        assert binder.full(read, (3, 3), view) is view
    assert binder.calls == []


def test_the_only_nan_is_one_constant() -> None:
    assert np.isnan(_binder().view(np.array([np.nan]), (1,)))


@pytest.mark.parametrize(
    ("read", "expected"),
    [(rows(1, 4, 0), RECORDED[0]), (rows(0, 4, 7), SHARED[7]), (np.array([1.5, 2.5]), 2.5)],
)
def test_a_row(read: Read, expected: Any) -> None:
    blocks = [block.copy() for block in BLOCKS]
    made = _binder(*blocks).row(read, 1)
    np.testing.assert_array_equal(made, np.array(expected), strict=True)
    for block in blocks:
        block += 1000.0
    later = expected + 1000.0 if isinstance(read, Rows) else expected
    np.testing.assert_array_equal(made, later, err_msg="it is read when the calls are made")


def test_a_matrix_is_the_rows_member_by_member() -> None:
    found = _binder().matrix([rows(1, 0, 1), rows(1, 4, 5), rows(1, 7, 2)])
    assert found is not None
    assert (found.block, found.index.tolist()) == (1, [0, 4, 7, 1, 5, 2])
    alone = _binder().matrix([rows(1, 0, 5)])
    assert alone is not None
    assert (alone.block, alone.index.tolist()) == (1, [0, 5])


@pytest.mark.parametrize(
    "reads", [[rows(1, 0), rows(0, 0)], [rows(1, 0), np.array([1.0])], [np.array([1.0]), np.array([2.0])]]
)
def test_no_matrix_of_several_blocks(reads: list[Read]) -> None:
    assert _binder().matrix(reads) is None


def test_scratch_is_used_again_by_later_steps_alone() -> None:
    binder = _binder()
    first, second = binder.scratch((2, 3)), binder.scratch((6,))
    assert not np.shares_memory(first, second)
    binder.end_step()
    again = [binder.scratch((3, 2)), binder.scratch((1, 6)), binder.scratch((6,))]
    used = [np.shares_memory(new, old) for new in again for old in (first, second)]
    assert sum(used[:4]) == 2
    assert not any(used[4:])
    assert not any(np.shares_memory(a, b) for a, b in [(again[0], again[1]), (again[0], again[2])])


def test_scratch_of_another_size_or_type_is_another() -> None:
    binder = _binder(dtype=np.float32)
    first = binder.scratch((4,))
    binder.end_step()
    others = [binder.scratch((5,)), binder.scratch((4,), bool), binder.scratch((4,), np.float64)]
    assert [other.dtype for other in (first, *others)] == [np.float32, np.float32, bool, np.float64]
    assert not any(np.shares_memory(first, other) for other in others)


def test_an_entry_without_axes_is_a_view() -> None:
    array = np.array([1.0, 2.0, 3.0])
    entry = without_axes(array[1:])
    array[1] = 7.0
    assert (entry.shape, float(entry)) == ((), 7.0)
