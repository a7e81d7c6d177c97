"""Which records a step sees: all of them, or a shuffled few."""

from __future__ import annotations

from collections.abc import Iterator

from nn.randomness import Randomness


def batches(records: int, size: int | None, rng: Randomness) -> Iterator[list[int]]:
    """The record numbers of each batch of one epoch.

    None, or a size of all the records and more, gives one batch in the order of the records and
    draws nothing. Otherwise each call draws one permutation; the last batch holds what is left over.
    """
    if size is None or size >= records:
        yield list(range(records))
        return
    order = rng.permutation(records).tolist()
    for start in range(0, records, size):
        yield order[start : start + size]
