"""Order statistics: sorted entries, and the median. Ties share the slope, as those of the largest do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autodiff import rules
from autodiff.arrays.entries import Axes, along, reduced
from autodiff.choice import WHERE
from autodiff.errors import ShapeError
from autodiff.functions import reductions as f
from autodiff.modes import current_tracer
from autodiff.primitive import is_node
from autodiff.refusals import refused
from autodiff.sources import user_line

_MOST_WHILE_COMPILING = 64  # entries; a network of 64 has 543 comparisons, and each place looks at every entry


def sort(a: Any, axis: int | None = -1, kind: Any = None, *, stable: Any = None) -> Any:  # noqa: ARG001 - ties are equal
    """The entries in ascending order, nan last."""
    return along(_sorted, a, axis)


def partition(a: Any, kth: Any, axis: int | None = -1, kind: Any = None) -> Any:  # noqa: ARG001 - every order is one
    """The entries in ascending order, which is a partition at any place."""
    return sort(a, axis)


def median(
    a: Any,
    axis: Axes = None,
    overwrite_input: bool = False,  # noqa: ARG001 - nothing is overwritten
    *,
    keepdims: bool = False,
) -> Any:
    return reduced(_median, a, axis, keepdims=keepdims)


def _median(row: list[Any]) -> Any:
    if not row:
        raise ShapeError("np.median needs at least one entry along the axis, got none")
    half = len(row) // 2
    middle = _ordered(row, [half] if len(row) % 2 else [half - 1, half])
    out = middle[0] if len(middle) == 1 else f.mean(middle)
    total = rules.LARGEST(*row)
    return WHERE(total == total, out, total)  # a nan among the entries makes the median, and every slope, nan


def _sorted(row: list[Any]) -> list[Any]:
    ordered = _ordered(row, range(len(row)))
    return _with_nan_last(row, ordered) if current_tracer() is not None and any(map(is_node, row)) else ordered


def _with_nan_last(row: list[Any], ordered: list[Any]) -> list[Any]:
    """The sorted symbols, with each nan of the row at a place of its own after the numbers, in the order of the row."""
    is_number = [WHERE(x == x, 1.0, 0.0) for x in row]
    place = f.sum(is_number)
    for x, counts in zip(row, is_number, strict=True):
        here = WHERE(x == x, -1.0, place)
        ordered = [WHERE(here == float(k), x, entry) for k, entry in enumerate(ordered)]
        place = place + (1.0 - counts)
    return ordered


def _ordered(row: list[Any], places: Any) -> list[Any]:
    """The entries at these places of ascending order."""
    if current_tracer() is not None and any(map(is_node, row)):
        return _ordered_symbols(row, list(places))
    numbers = [float(x._number if is_node(x) else x) for x in row]
    order = sorted(range(len(row)), key=lambda k: (math.isnan(numbers[k]), numbers[k]))
    return [_shared([row[k] for k in _ties(numbers, order, place)]) for place in places]


def _ties(numbers: list[float], order: list[int], place: int) -> list[int]:
    """The entries equal to that at `place` of the order, each nan for itself."""
    first = last = place
    while first and numbers[order[first - 1]] == numbers[order[place]]:
        first -= 1
    while last + 1 < len(order) and numbers[order[last + 1]] == numbers[order[place]]:
        last += 1
    return order[first : last + 1]


def _shared(ties: list[Any]) -> Any:
    return ties[0] if len(ties) == 1 else rules.LARGEST(*ties)


def _ordered_symbols(row: list[Any], places: list[int]) -> list[Any]:
    """The same of symbols: a sorting network finds the numbers, and each place takes the entries that equal its own."""
    if len(row) > _MOST_WHILE_COMPILING:
        raise refused(
            f"the order of {len(row)} entries is not known while compiling, at {user_line()}; sort at most "
            f"{_MOST_WHILE_COMPILING}, or call the function eagerly"
        )
    keys = [x.detach() if is_node(x) else x for x in row]
    keys = [WHERE(key == key, key, math.inf) for key in keys]  # nan comes last, and is seen to by the caller
    for low, high in _comparators(len(keys)):
        keys[low], keys[high] = rules.MINIMUM(keys[low], keys[high]), rules.MAXIMUM(keys[low], keys[high])
    return [_equal_to(keys[place], row) for place in places]


def _equal_to(key: Any, row: list[Any]) -> Any:
    """The entries that equal the key, as one; what takes the place of the others must be none of them, -inf neither."""
    largest = rules.LARGEST(*[WHERE(x == key, x, -math.inf) for x in row])
    smallest = rules.NEG(rules.LARGEST(*[WHERE(x == key, -x, -math.inf) for x in row]))
    return WHERE(key == -math.inf, smallest, largest)


def _comparators(count: int) -> Iterator[tuple[int, int]]:
    """Pairs of places to put in order, one after the other. Source: Batcher's merge exchange, Knuth 5.2.2, M."""
    top = 1 << max(count - 1, 0).bit_length() - 1 if count > 1 else 0
    step = top
    while step:
        gap, offset, limit = step, 0, top
        while True:
            yield from ((k, k + gap) for k in range(count - gap) if k & step == offset)
            if limit == step:
                break
            gap, offset, limit = limit - step, step, limit // 2
        step //= 2


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.sort: sort,
    np.partition: partition,
    np.median: median,
}
