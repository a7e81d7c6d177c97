"""Views: rows read without a copy are the rows that the index names, in any dimensions that it fits."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff.compilation.execute.numpy.views import Layouts, shared_dimensions, strides_within, view_of_rows

QUICK = settings(max_examples=200, deadline=None, derandomize=True)

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=3)
ANY_INDEX = st.lists(st.integers(0, 6), min_size=1, max_size=16).map(lambda entries: np.array(entries, np.intp))
INNER = st.sampled_from([(), (1,), (3,)])


def _affine(sizes: Sequence[int], strides: Sequence[int]) -> Any:
    """The index that goes so far along each dimension, from where none of it is below 0."""
    index = np.tensordot(strides, np.indices(sizes), axes=1).ravel()
    return index - index.min()


@st.composite
def grids(draw: st.DrawFn, count: int = 1) -> tuple[list[int], list[np.ndarray]]:
    """Dimensions, and indices that are affine in them."""
    sizes = draw(SIZES)
    strides = st.tuples(*[st.integers(-5, 5)] * len(sizes))
    return sizes, [_affine(sizes, draw(strides)) for _ in range(count)]


def _array(index: np.ndarray, inner: tuple[int, ...]) -> np.ndarray:
    shape = (int(index.max()) + 2, *inner)
    return np.arange(math.prod(shape), dtype=float).reshape(shape)


def _check_view(index: np.ndarray, dimensions: Sequence[int], inner: tuple[int, ...]) -> None:
    array = _array(index, inner)
    view = view_of_rows(array, index, dimensions)
    assert view is not None
    assert np.shares_memory(view, array)
    np.testing.assert_array_equal(view, array[index].reshape(*dimensions, *inner))


@QUICK
@given(grids(), INNER)
def test_an_affine_index_is_a_view(grid: tuple[list[int], list[np.ndarray]], inner: tuple[int, ...]) -> None:
    sizes, (index,) = grid
    _check_view(index, sizes, inner)
    _check_view(index, shared_dimensions([index]), inner)


@QUICK
@given(grids(count=3))
def test_indices_of_one_grid_share_dimensions(grid: tuple[list[int], list[np.ndarray]]) -> None:
    _, indices = grid
    dimensions = shared_dimensions(indices)
    for index in indices:
        _check_view(index, dimensions, ())


@QUICK
@given(ANY_INDEX, st.data())
def test_any_index_is_a_view_or_none(index: np.ndarray, data: st.DataObject) -> None:
    """A view if and only if the whole index follows from its first steps along each dimension."""
    length = len(index)
    divisor = data.draw(st.sampled_from([k for k in range(1, length + 1) if length % k == 0]))
    for dimensions in ((length,), (divisor, length // divisor), shared_dimensions([index])):
        shaped = index.reshape(dimensions)
        ends = [tuple(int(k == axis) for k in range(len(dimensions))) for axis in range(len(dimensions))]
        strides = tuple(
            int(shaped[end] - index[0]) if size > 1 else 0 for end, size in zip(ends, dimensions, strict=True)
        )
        places = itertools.product(*map(range, dimensions))
        affine = all(shaped[place] == index[0] + sum(map(int.__mul__, strides, place)) for place in places)
        assert strides_within(index, dimensions) == (strides if affine else None)
        if affine:
            _check_view(index, dimensions, (2,))
        else:
            assert view_of_rows(_array(index, ()), index, dimensions) is None


@QUICK
@given(st.lists(ANY_INDEX, min_size=1, max_size=4), INNER)
def test_layouts_answer_alike_the_first_time_and_later(indices: list[np.ndarray], inner: tuple[int, ...]) -> None:
    layouts = Layouts()
    for index in indices * 2:
        dimensions = layouts.shared_dimensions([index])
        assert dimensions == shared_dimensions([index])
        assert layouts.is_one_row(index) == (len({*index.tolist()}) == 1)
        for array in (_array(index, inner), np.repeat(_array(index, inner), 2, axis=0)[::2]):  # the second has gaps
            view, expected = layouts.view_of_rows(array, index, dimensions), view_of_rows(array, index, dimensions)
            assert (view is None) == (expected is None)
            if view is None or expected is None:
                continue
            assert np.shares_memory(view, array)
            assert view.strides == expected.strides
            np.testing.assert_array_equal(view, array[index].reshape(*dimensions, *inner))


@QUICK
@given(
    st.integers(1, 12).flatmap(
        lambda size: st.lists(st.lists(st.integers(0, 4), min_size=size, max_size=size), min_size=1, max_size=3)
    )
)
def test_dimensions_multiply_to_the_length(indices: list[list[int]]) -> None:
    dimensions = shared_dimensions([np.array(index, np.intp) for index in indices])
    assert math.prod(dimensions) == len(indices[0])
    assert min(dimensions) >= 1


# Indices, and the dimensions that they share.
DIMENSIONS: list[tuple[list[list[int]], tuple[int, ...]]] = [
    ([[4]], (1,)),
    ([[3, 9]], (2,)),
    ([[0, 1, 2, 3]], (4,)),
    ([[5, 5, 5]], (3,)),
    ([[9, 6, 3]], (3,)),
    ([[0, 1, 0, 1]], (2, 2)),
    ([[0, 0, 1, 1, 2, 2]], (3, 2)),
    ([[0, 1, 10, 11, 20, 21]], (3, 2)),
    ([[0, 1, 10, 11, 5, 6]], (6,)),
    ([[0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]], (2, 3, 2)),
    ([[0, 1, 2, 3], [0, 1, 0, 1]], (2, 2)),
    ([[0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2]], (2, 3)),
    ([[0, 0, 0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1, 0, 1]], (2, 2, 2)),
    ([[0, 1, 2, 0, 1, 2], [0, 1, 0, 1, 0, 1]], (2, 3)),  # the second would need others, and is gathered
    ([[0, 1, 3, 4, 5]], (5,)),
]


@pytest.mark.parametrize(("indices", "dimensions"), DIMENSIONS)
def test_shared_dimensions(indices: list[list[int]], dimensions: tuple[int, ...]) -> None:
    assert shared_dimensions([np.array(index, np.intp) for index in indices]) == dimensions


def test_a_view_of_a_part_that_is_not_contiguous() -> None:
    """Of every other row of a transposed array, by strides of its own."""
    array = np.arange(24.0).reshape(3, 8).T[::2]
    for index in ([1, 2, 3], [3, 1], [0, 0], [2]):
        view = view_of_rows(array, np.array(index, np.intp), (len(index),))
        assert view is not None
        np.testing.assert_array_equal(view, array[index])
