"""Slopes from central differences over a ladder of steps, with an estimate of their error.

On each rung a central difference D(h) errs by c₁h² + c₂h⁴ + ..., and by what rounding leaves in the
values, divided by h. Two Richardson extrapolations take c₁ and c₂ away, where differences do shrink as h²:
next to a kink of a derivative they do not. The rung whose estimated error is least gives the slope. Wide
steps are for functions that change slowly next to their rounding, narrow ones for those that change fast:
no scale has to be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from autodiff.gradcheck.subject import Evaluate, Floats

_RATIO = 4.0  # of each step to the next
_WIDEST, _NARROWEST = 2.0**-3, 2.0**-39  # steps, as shares of the size of the input
_SHRINKING = 10.0, 26.0  # by about the square of the ratio from rung to rung: errors of the order h²
_EPSILON = 2.0**-52
_ULPS = 4.0  # of rounding that any value has


@final
@dataclass(frozen=True)
class Ladder:
    """Values of all outputs around one input: one row for each step, widest first."""

    steps: Floats
    above: Floats
    centre: Floats
    below: Floats

    @property
    def slopes(self) -> Floats:
        """The central difference on every rung."""
        return (self.above - self.below) / (2.0 * self.steps[:, None])

    @property
    def size(self) -> Floats:
        """The largest finite value of each output on the ladder."""
        values = np.abs(np.vstack([self.above, self.centre[None], self.below]))
        largest: Floats = np.max(np.where(np.isfinite(values), values, 0.0), axis=0)
        return largest


@final
@dataclass(frozen=True)
class Estimate:
    """The slope of every output along one input, how far it may be off, and the narrowest step that it used."""

    slopes: Floats
    errors: Floats
    """Infinite where no difference was finite."""
    steps: Floats


def ladder(evaluate: Evaluate, point: Sequence[float], place: int) -> Ladder:
    """Evaluate on both sides of one input. An evaluation that raises as mathematics does counts as nan."""
    steps = _steps(point[place])
    centre = evaluate(point)
    above, below = (
        np.array([_value(evaluate, point, place, sign * step, len(centre)) for step in steps]) for sign in (1.0, -1.0)
    )
    return Ladder(steps, above, centre, below)


def estimate(rungs: Ladder, noise: Floats) -> Estimate:
    """The slope of least estimated error; `noise` bounds the rounding error in each output's value, at least."""
    with np.errstate(all="ignore"):
        slopes, errors, steps = _extrapolated(rungs, noise)
        errors = _consistent(slopes, errors)
    best = np.argmin(errors, axis=0)
    columns = np.arange(slopes.shape[1])
    return Estimate(slopes[best, columns], errors[best, columns], steps[best])


def _steps(number: float) -> Floats:
    """Powers of the ratio, rounded so that number ± step is exact."""
    size = abs(number)
    widest, narrowest = max(size, 1.0) * _WIDEST, (size or 1.0) * _NARROWEST
    count = 1 + int(np.log(widest / narrowest) / np.log(_RATIO))
    steps: Floats = widest * _RATIO ** -np.arange(count, dtype=float)
    return (size + steps) - size


def _value(evaluate: Evaluate, point: Sequence[float], place: int, step: float, size: int) -> Floats:
    moved = list(point)
    moved[place] = float(moved[place] + step)
    try:
        values = evaluate(moved)
    except (ArithmeticError, ValueError):  # outside the domain, or beyond the floats
        return np.full(size, np.nan)
    return values if len(values) == size else np.full(size, np.nan)


def _extrapolated(rungs: Ladder, noise: Floats) -> tuple[Floats, Floats, Floats]:
    """Slopes, their errors and the narrowest step of each, for every three rungs in a row."""
    plain = rungs.slopes
    once = plain[1:] + (plain[1:] - plain[:-1]) / (_RATIO**2 - 1.0)
    twice = once[1:] + (once[1:] - once[:-1]) / (_RATIO**4 - 1.0)
    # What a slope moves from one extrapolation to the next is the error of the one before.
    changes = np.abs(np.diff(plain, axis=0))
    shrinking = changes[:-1] / changes[1:]
    as_expected = (_SHRINKING[0] < shrinking) & (shrinking < _SHRINKING[1])
    truncation = np.where(as_expected, np.abs(twice - once[1:]), np.maximum(changes[1:], np.abs(twice - once[1:])))
    steps = rungs.steps[2:]
    errors = truncation + 2.0 * _noise(rungs, noise)[2:] / steps[:, None]
    return twice, np.where(np.isfinite(errors), errors, np.inf), steps


def _noise(rungs: Ladder, noise: Floats) -> Floats:
    """The error in the values on each rung: at least the given one and a few ulp, and what the differences of
    narrower steps scatter by."""
    magnitude = np.maximum(np.abs(rungs.above), np.abs(rungs.below))
    scatter = np.abs(np.diff(rungs.slopes, axis=0)) * rungs.steps[1:, None]
    scatter = np.where(np.isfinite(scatter), scatter, 0.0)
    seen = np.maximum.accumulate(scatter[::-1], axis=0)[::-1]
    at_least: Floats = np.maximum(_ULPS * _EPSILON * magnitude, noise)
    everywhere: Floats = np.vstack([seen, seen[-1:]])
    return np.maximum(at_least, everywhere, dtype=float)


def _consistent(slopes: Floats, errors: Floats) -> Floats:
    """Errors raised where a slope contradicts one from narrower steps, which see less of a kink or a period."""
    raised = errors.copy()
    for rung in range(len(slopes) - 1):
        gaps = np.abs(slopes[rung] - slopes[rung + 1 :]) - errors[rung + 1 :]
        raised[rung] = np.maximum(errors[rung], np.max(np.where(np.isfinite(gaps), gaps, 0.0), axis=0))
    return raised
