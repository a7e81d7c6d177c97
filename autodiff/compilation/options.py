"""Options of compile, checked where they are given."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autodiff.compilation.execute.backend import Backend
from autodiff.compilation.execute.numpy.backend import NUMPY
from autodiff.errors import OptionError

BACKENDS: dict[str, Backend] = {"numpy": NUMPY}
"""The back ends that have a name."""

_PARTS = ("rules", "least_chunk", "chunk_bytes", "calls")


def record_weight(reduction: str, records: int) -> float:
    """What each of so many records counts in a mean or a sum. Raises OptionError for another reduction."""
    if reduction not in ("mean", "sum"):
        raise OptionError(f"reduction must be 'mean' or 'sum', got {reduction!r}")
    return 1.0 / max(records, 1) if reduction == "mean" else 1.0


def floating_type(dtype: Any) -> np.dtype[Any]:
    """float64 or float32. Raises OptionError for anything else."""
    for known in (np.dtype(np.float64), np.dtype(np.float32)):
        if dtype == known:
            return known
    raise OptionError(f"dtype must be float64 or float32, got {dtype!r}")


def thread_count(threads: Any) -> int:
    """At least 1. Raises OptionError for anything else."""
    if not hasattr(threads, "__index__") or isinstance(threads, bool) or operator.index(threads) < 1:
        raise OptionError(f"threads must be a whole number from 1 on, got {threads!r}")
    return operator.index(threads)


def chosen_backend(backend: str | Backend) -> Backend:
    """The back end of a name, or the object that is one. Raises OptionError for anything else."""
    if isinstance(backend, str) and backend in BACKENDS:
        return BACKENDS[backend]
    missing = [part for part in _PARTS if not hasattr(backend, part)]
    if not isinstance(backend, str) and not missing:
        return backend
    names = " or ".join(map(repr, BACKENDS))
    lacking = "" if isinstance(backend, str) else f", which has no {' and no '.join(missing)}"
    raise OptionError(f"backend must be {names}, or an object with {', '.join(_PARTS)}; got {backend!r:.60}{lacking}")
