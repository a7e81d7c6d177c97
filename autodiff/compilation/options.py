"""Options of compile, checked where they are given."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autodiff.errors import OptionError


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
