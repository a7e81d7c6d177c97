"""Exact values and slopes, from definitions evaluated with 700 digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from mpmath import mp

DIGITS = 700
_RELATIVE_STEP = -25  # a power of ten: the truncation error is its square, the cancellation costs twice it


def value(reference: Callable[..., Any], point: Sequence[float]) -> Any:
    with mp.workdps(DIGITS):
        return mp.mpf(reference(*map(mp.mpf, point)))


def slope(reference: Callable[..., Any], point: Sequence[float], place: int) -> Any:
    """The derivative along one operand: a central difference, exact to some 40 digits."""
    with mp.workdps(DIGITS):
        operands = [*map(mp.mpf, point)]
        center = operands[place]
        step = mp.mpf(10) ** _RELATIVE_STEP * (min(abs(center), mp.one) or mp.one)
        operands[place] = center + step
        above = reference(*operands)
        operands[place] = center - step
        return (mp.mpf(above) - mp.mpf(reference(*operands))) / (2 * step)


def ulps(computed: float, exact: Any, *, scale: Any = None) -> float:
    """The distance of a float from an exact number, in units of the last place of `scale` or of that number."""
    nearest = float(exact)
    if computed == nearest:
        return 0.0
    if not (math.isfinite(computed) and math.isfinite(nearest)):
        return math.inf
    with mp.workdps(DIGITS):
        return float(abs(mp.mpf(computed) - exact) / math.ulp(float(exact if scale is None else scale)))
