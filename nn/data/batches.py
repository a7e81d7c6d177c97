"""Which records a step sees: all of them, or a shuffled few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.options import whole_number
from nn.randomness import Randomness, Seed, generator


def batches(records: int, size: int | None, rng: Seed) -> Iterator[list[int]]:
    """The record numbers of each batch of one epoch.

    Parameters
    ----------
    records : int
        How many records there are.
    size : int or None
        Records in a batch; the last batch holds the rest. None, or at least `records`, gives one batch in the order
        of the records and draws nothing.
    rng : numpy.random.Generator, numpy.random.RandomState or int
        Draws one permutation for each call.

    Returns
    -------
    iterator of list of int

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a size below 1, a TypeError for an option of another type.

    Examples
    --------
    >>> import numpy as np
    >>> list(batches(3, None, np.random.default_rng(0)))
    [[0, 1, 2]]
    >>> [len(batch) for batch in batches(5, 2, np.random.default_rng(0))]
    [2, 2, 1]
    """
    stream, count = generator(rng), None if size is None else whole_number(size, "size")
    return (rows.tolist() for rows in batch_rows(records, count, stream))


def batch_rows(records: int, size: int | None, rng: Randomness) -> Iterator[NDArray[Any]]:
    """The same as arrays, by which NumPy gathers records without a conversion."""
    if size is None or size >= records:
        yield np.arange(records)
        return
    order = rng.permutation(records)
    for start in range(0, records, size):
        yield order[start : start + size]
