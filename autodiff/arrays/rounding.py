"""Rounding: NumPy's functions that are no ufuncs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.compositions import rounded
from autodiff.primitive import map_elements


def around(a: Any, decimals: int = 0) -> Any:
    """Each entry to so many decimals."""
    return map_elements(lambda entry: rounded(entry, decimals), [a])


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {np.round: around, np.around: around}
