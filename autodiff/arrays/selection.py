"""Choices: where, select, clip, and what replaces nan."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff import rules
from autodiff.arrays.entries import objects
from autodiff.arrays.options import unknown
from autodiff.choice import WHERE
from autodiff.errors import ShapeError
from autodiff.primitive import map_elements

_LARGEST_FLOAT = sys.float_info.max


def where(condition: Any, *branches: Any) -> Any:
    """The entries of the first branch where the condition holds, else of the second, which then has no edge."""
    if len(branches) != 2:
        raise unknown("np.where without two branches finds places, not values; use np.where(condition, a, b)")
    return map_elements(WHERE, (objects(condition), *map(objects, branches)))


def select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0.0) -> Any:
    """The entries of the choice whose condition holds first, else the default."""
    if len(conditions) != len(choices):
        raise ShapeError(f"np.select takes a choice for each condition, got {len(choices)} for {len(conditions)}")
    shape = np.broadcast_shapes(*(np.shape(part) for part in (*conditions, *choices, default)))
    out = np.broadcast_to(objects(default), shape)
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        out = objects(where(condition, choice, out))
    return out


def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:  # noqa: A002 - NumPy's names
    """The entries kept within bounds, each of which may be None."""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    out = objects(a).copy()  # also without bounds, so that writing into the result leaves what was given
    if low is not None:
        out = objects(map_elements(rules.MAXIMUM, (out, objects(low))))
    return out if high is None else map_elements(rules.MINIMUM, (out, objects(high)))


def without_nan(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Numbers in place of nan and of the infinities."""
    high, low = (_LARGEST_FLOAT if posinf is None else posinf), (-_LARGEST_FLOAT if neginf is None else neginf)

    def replaced(entry: Any, number: Any, above: Any, below: Any) -> Any:
        finite = WHERE(entry == math.inf, above, WHERE(entry == -math.inf, below, entry))
        return WHERE(entry == entry, finite, number)

    made = map_elements(replaced, (objects(x), objects(nan), objects(high), objects(low)))
    if copy or not isinstance(x, np.ndarray):
        return made
    x[...] = made
    return x


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.where: where,
    np.select: select,
    np.clip: clip,
    np.nan_to_num: without_nan,
}
