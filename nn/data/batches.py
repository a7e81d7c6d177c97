"""Which records a step sees: all of them, or a shuffled few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.randomness import Randomness


def batches(records: int, size: int | None, rng: Randomness) -> Iterator[list[int]]:
    """The record numbers of each batch of one epoch.

    Parameters
    ----------
    records : int
        How many records there are.
    size : int or None
        Records in a batch; the last batch holds the rest. None, or at least `records`, gives one batch in the order
        of the records and draws nothing.
    rng : numpy.random.Generator or numpy.random.RandomState
        Draws one permutation for each call.

    Yields
    ------
    list of int

    Examples
    --------
    >>> import numpy as np
    >>> list(batches(3, None, np.random.default_rng(0)))
    [[0, 1, 2]]
    >>> [len(batch) for batch in batches(5, 2, np.random.default_rng(0))]
    [2, 2, 1]
    """
    for rows in batch_rows(records, size, rng):
        yield rows.tolist()


def batch_rows(records: int, size: int | None, rng: Randomness) -> Iterator[NDArray[Any]]:
    """The same as arrays, by which NumPy gathers records without a conversion."""
    if size is None or size >= records:
        yield np.arange(records)
        return
    order = rng.permutation(records)
    for start in range(0, records, size):
        yield order[start : start + size]
