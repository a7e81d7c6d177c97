"""What is compared must compute the same, or the ratio says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.comparison import Work


def agreeing(
    ours: Callable[[], Any], theirs: Callable[[], Any], *, relative: float = 1e-7, absolute: float = 1e-9
) -> tuple[Work, Work]:
    """Both, once each has run and what they returned is the same: numbers, lists and tuples of arrays, or a
    function that gives these, so that rearranging them takes no part in the time.

    Raises AssertionError, with the numbers that differ.
    """
    np.testing.assert_allclose(_flat(ours()), _flat(theirs()), rtol=relative, atol=absolute)
    return ours, theirs


def _flat(results: Any) -> np.ndarray:
    if callable(results):
        return _flat(results())
    if isinstance(results, Sequence):
        return np.concatenate([_flat(part) for part in results])
    return np.ravel(np.asarray(results, dtype=float))
