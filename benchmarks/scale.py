"""Time and memory of large graphs: chains of nodes, each made from the one before and a constant."""

from __future__ import annotations

import gc
import statistics
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.comparison import seconds

SMALL, LARGE = 1_000, 1_000_000
ROUNDS = 5
SWEPT_ROUNDS, WARM_UP = 10_000, 100
BYTES_A_NODE = 200

Progress = Callable[[int], Any]


def chain(length: int) -> Any:
    """The end of a chain of so many nodes."""
    from autodiff import Value

    node = Value(0.5)
    for _ in range(length):
        node = node * 1.0000001
    return node


def time_a_node(progress: Progress) -> float:
    """The time to build, sweep and free a node of the large chain over that of the small one, medians of turns."""
    times: dict[int, list[float]] = {SMALL: [], LARGE: []}
    for done in range(ROUNDS):
        for length, taken in times.items():
            taken.append(seconds(lambda length=length: chain(length).backward(), LARGE // length))
        progress(done + 1)
    return statistics.median(times[LARGE]) / statistics.median(times[SMALL])


def bytes_a_node(progress: Progress) -> float:
    """What a node of a swept chain keeps, over the limit."""
    with _traced():
        before, _ = tracemalloc.get_traced_memory()
        root = chain(LARGE // 10)
        root.backward()
        after, _ = tracemalloc.get_traced_memory()
        progress(1)
    return (after - before) / (LARGE // 10) / BYTES_A_NODE


def growth(progress: Progress) -> float:
    """What many rounds of building and sweeping leave behind, the cyclic collector off, over what one graph keeps."""
    gc.disable()
    try:
        with _traced():
            empty, _ = tracemalloc.get_traced_memory()
            root = chain(100)
            root.backward()
            full, _ = tracemalloc.get_traced_memory()
            del root
            for _ in range(WARM_UP):
                chain(100).backward()
            before, _ = tracemalloc.get_traced_memory()
            for _ in range(SWEPT_ROUNDS):
                chain(100).backward()
            after, _ = tracemalloc.get_traced_memory()
    finally:
        gc.enable()
    progress(1)
    return max(after - before, 0) / (full - empty)


@contextmanager
def _traced() -> Iterator[None]:
    gc.collect()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
