"""Elementwise functions of NumPy that are no ufuncs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.compositions import rounded
from autodiff.primitive import map_elements
from autodiff.rules import SINC


def around(a: Any, decimals: int = 0) -> Any:
    """Each entry to so many decimals."""
    return map_elements(lambda entry: rounded(entry, decimals), [a])


def sinc(x: Any) -> Any:
    return map_elements(SINC, [x])


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {np.round: around, np.around: around, np.sinc: sinc}
