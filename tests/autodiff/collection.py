"""The cyclic garbage collector out of the way, to see what is freed without it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from autodiff.compilation.trace.collector import collector_paused


@contextmanager
def no_cyclic_collector() -> Iterator[None]:
    """Nothing is left to collect at the start, and no cycle is looked for within."""
    gc.collect()
    with collector_paused():
        yield
