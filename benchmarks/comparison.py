"""How two pieces of code are compared: one process, taking turns, medians, a ratio."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

Work = Callable[[], Any]


@dataclass(frozen=True)
class Comparison:
    """One row: what is compared, the ratio it must reach, and how to set both sides up."""

    name: str
    peer: str
    """The module that theirs needs; where it is missing the row says so and is left out."""
    target: float
    """The largest ratio ours / theirs that is good enough."""
    about: str
    prepare: Callable[[], tuple[Work, Work]]
    """Imports, builds and warms up; returns ours and theirs."""
    rounds: int = 7
    repeats: int = 1
    """How often the work is done in one timed turn. Work that leaves garbage needs enough to pay for it itself."""
    needs: tuple[str, ...] = ()
    """Other modules that the row takes, for its data."""

    @property
    def available(self) -> bool:
        """Whether the peer and what else it takes are installed."""
        return all(find_spec(module) is not None for module in (self.peer, *self.needs))

    def ratio(self, progress: Callable[[int], Any]) -> float:
        """The median time of ours over the median time of theirs."""
        ours, theirs = self.prepare()
        times: tuple[list[float], list[float]] = ([], [])
        for done in range(self.rounds):
            for work, taken in zip((ours, theirs), times, strict=True):
                taken.append(seconds(work, self.repeats))
            progress(done + 1)
        return statistics.median(times[0]) / statistics.median(times[1])


def seconds(work: Work, repeats: int) -> float:
    """How long `repeats` calls take, with the collector on, as it is by default, and a clean heap to start from."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    return time.perf_counter() - start
