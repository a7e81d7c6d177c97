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
_EPSILON, _SMALLEST = 2.0**-52, 2.0**-1074
_ULPS = 4.0  # of rounding that any value has
_TOGETHER = 3  # of the narrowest rungs: they have one noise
_FINEST = 2.0**-1000  # a step whose double, and square of the ratio, is still far from the smallest float


@final
@dataclass(frozen=True)
class Ladder:
    """Values of all outputs around one input: one row for each step, widest first."""

    steps: Floats
    above: Floats
    center: Floats
    below: Floats

    @property
    def slopes(self) -> Floats:
        """The central difference on every rung."""
        return (self.above - self.below) / (2.0 * self.steps[:, None])

    @property
    def size(self) -> Floats:
        """The largest finite value of each output on the ladder."""
        values = np.abs(np.vstack([self.above, self.center[None], self.below]))
        largest: Floats = np.max(np.where(np.isfinite(values), values, 0.0), axis=0)
        return largest

    @property
    def scale(self) -> Floats:
        """The range of the finite values of each output, as a slope over the widest step."""
        values = np.vstack([self.above, self.center[None], self.below])
        highest, lowest = (
            pick(np.where(np.isfinite(values), values, outside), axis=0)
            for pick, outside in ((np.max, -np.inf), (np.min, np.inf))
        )
        with np.errstate(all="ignore"):
            return np.where(highest > lowest, (highest - lowest) / (2.0 * self.steps[0]), 0.0)


@final
@dataclass(frozen=True)
class Estimate:
    """The slope of every output along one input, how far it may be off, and the narrowest step that it used."""

    slopes: Floats
    errors: Floats
    """Infinite where no difference was finite."""
    steps: Floats


def ladder(evaluate: Evaluate, point: Sequence[float], place: int, *, wider: int = 0) -> Ladder:
    """Evaluate on both sides of one input. An evaluation that raises as mathematics does counts as nan.

    `wider` is how many rungs wider than usual the widest one is.
    """
    steps = _steps(point[place], wider)
    center = evaluate(point)
    above, below = (
        np.array([value_at(evaluate, point, place, sign * step, len(center)) for step in steps]) for sign in (1.0, -1.0)
    )
    return Ladder(steps, above, center, below)


def rounding(sizes: Floats) -> Floats:
    """What any value of such a size may be off by."""
    return _ULPS * np.maximum(_EPSILON * sizes, _SMALLEST)


def estimate(rungs: Ladder, noise: Floats) -> Estimate:
    """The slope of least estimated error; `noise` bounds the rounding error in each output's value, at least, one
    for all rungs or a row for each."""
    with np.errstate(all="ignore"):
        slopes, errors, steps = _extrapolated(rungs, noise)
        errors = _consistent(slopes, errors)
    best = np.argmin(errors, axis=0)
    columns = np.arange(slopes.shape[1])
    return Estimate(slopes[best, columns], errors[best, columns], steps[best])


def _steps(number: float, wider: int) -> Floats:
    """Powers of the ratio, rounded so that number ± step is exact."""
    size = abs(number)
    widest, narrowest = max(size, 1.0) * _WIDEST, max((size or 1.0) * _NARROWEST, _FINEST)
    count = 1 + int(np.log(widest / narrowest) / np.log(_RATIO))
    steps = widest * _RATIO ** -np.arange(-wider, count, dtype=float)
    with np.errstate(over="ignore"):
        exact: Floats = (size + steps) - size
    return np.where(np.isfinite(exact), exact, steps)


def value_at(evaluate: Evaluate, point: Sequence[float], place: int, step: float, size: int) -> Floats:
    """The outputs, of which there are `size`, after a step; nan where the function raises as mathematics does."""
    moved = list(point)
    moved[place] = float(moved[place]) + float(step)
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
    least = np.broadcast_to(noise, rungs.above.shape) / rungs.steps[:, None]
    noisy = np.maximum(_noise(rungs, noise)[2:] / steps[:, None], np.maximum(least[:-2], least[1:-1]))
    errors = truncation + 2.0 * noisy
    return twice, np.where(np.isfinite(errors), errors, np.inf), steps


def scatter(rungs: Ladder) -> Floats:
    """What the differences of each rung and of the next wider one disagree by, in terms of values."""
    apart = np.abs(np.diff(rungs.slopes, axis=0)) * rungs.steps[1:, None]
    return np.where(np.isfinite(apart), apart, 0.0)


def _noise(rungs: Ladder, noise: Floats) -> Floats:
    """The error in the values on each rung: at least the given one and a few ulp, and what the differences of
    narrower steps scatter by."""
    magnitude = np.maximum(np.abs(rungs.above), np.abs(rungs.below))
    apart = scatter(rungs)
    apart[-_TOGETHER:] = np.max(apart[-_TOGETHER:], axis=0)  # one difference of noise may be small by chance
    seen = np.maximum.accumulate(apart[::-1], axis=0)[::-1]
    at_least: Floats = np.maximum(rounding(magnitude), noise)
    everywhere: Floats = np.vstack([seen, seen[-1:]])
    return np.maximum(at_least, everywhere, dtype=float)


def _consistent(slopes: Floats, errors: Floats) -> Floats:
    """Errors raised where a slope contradicts one from narrower steps, which see less of a kink or a period."""
    raised = errors.copy()
    for rung in range(len(slopes) - 1):
        gaps = np.abs(slopes[rung] - slopes[rung + 1 :]) - errors[rung + 1 :]
        raised[rung] = np.maximum(errors[rung], np.max(np.where(np.isfinite(gaps), gaps, 0.0), axis=0))
    return raised
