"""What the derivatives ought to be: from differences, and from the complex step where that applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from autodiff.gradcheck.differences import Ladder, estimate, ladder, rounding
from autodiff.gradcheck.quantization import quanta, ulps
from autodiff.gradcheck.subject import Evaluate, Floats, Truths

_NO_DIGIT = 0.1  # a share of the slope: an error above it leaves nothing to compare with
_FELT = 1e-3  # a share of the value: an error that changes it by less over one step may be that of a slope of 0
_WIDER = 3  # rungs, for values that move in steps
_REPEATS, _FLICKERS = 8, 4.0  # evaluations of the same input; what they differ by is a share of what noise may be
_NOISY = 128.0  # times rounding: noise that rounding does not explain
_ROUNDINGS = 16.0  # how often a slope may carry the rounding of the values


@final
@dataclass(frozen=True)
class Reference:
    """Slopes from evaluations alone: a row for each output, a column for each input."""

    slopes: Floats
    errors: Floats
    """How far each may be off."""
    steps: Floats
    """The narrowest step that each used."""
    by_complex_step: Truths
    """Where the slope is from the complex step and not from differences."""
    noise: Floats
    """A bound on the rounding in each output."""
    ladders: tuple[Ladder, ...]
    """For each input the evaluations around it."""
    scales: Floats
    """How steep each output is over the whole of each ladder."""
    steps_of_values: Floats
    """The size of the steps in which each output moves along each input; 0 where it does not move in steps."""
    expected: Floats
    """The part of the noise that the program of each output explains."""
    steady: Truths
    """Whether each output is the same whenever it is asked for."""

    def resolves(self, slopes: Floats) -> Truths:
        """Whether the errors leave a digit of each slope to compare with, or are those of rounding at least."""
        sizes = np.transpose([rungs.size for rungs in self.ladders])
        smooth = np.maximum(_FELT * sizes, _ROUNDINGS * np.maximum(self.noise, rounding(np.zeros(1)))[:, None])
        with np.errstate(invalid="ignore"):
            lost = self.errors > _NO_DIGIT * np.maximum(np.abs(slopes), np.abs(self.slopes))
            felt = self.errors * self.steps > smooth
        return ~np.asarray(lost & felt & (self.steps_of_values == 0.0)) & self.steady[:, None]

    def drowned(self, slopes: Floats) -> Truths:
        """Whether noise, or steps of the values, hide each slope and every other one that the function may have."""
        sizes = np.transpose([rungs.size for rungs in self.ladders])
        noisy = self.errors * self.steps > _NOISY * np.maximum(rounding(sizes), self.expected[:, None])
        largest = np.maximum(np.maximum(np.abs(slopes), np.abs(self.slopes)), self.scales)
        return np.asarray(((self.steps_of_values > 0.0) | noisy) & (self.errors > _NO_DIGIT * largest))


def by_differences(
    evaluate: Evaluate, point: Sequence[float], noise: Floats, *, steps: bool, foreign: bool = False
) -> Reference:
    """Central differences of every output along every input; `noise` bounds the rounding in the outputs.

    With `steps`, values that move in steps are taken for those of a smooth function that were rounded. A `foreign`
    function may be noisy, and such steps are looked for beyond the widest difference too.
    """
    flicker = _flicker(evaluate, point, _REPEATS if foreign else 1)
    expected, noise = noise, np.maximum(noise, _FLICKERS * flicker) if foreign else noise
    columns = []
    for place in range(len(point)):
        rungs = ladder(evaluate, point, place)
        least = np.maximum(noise, rounding(rungs.size))
        sizes = quanta(evaluate, point, place, rungs, least, beyond=foreign) if steps else np.zeros(len(least))
        if sizes.any() or (foreign and flicker.any()):
            rungs = ladder(evaluate, point, place, wider=_WIDER)
        found = estimate(rungs, np.maximum(noise, np.where(sizes > 0.0, np.maximum(sizes, ulps(rungs)), 0.0)))
        columns.append((found.slopes, found.errors, found.steps, rungs.scale, sizes, rungs))
    *numbers, ladders = zip(*columns, strict=True)
    slopes, errors, widths, scales, sizes_of_steps = map(np.transpose, numbers)
    by_complex_step = np.zeros(slopes.shape, dtype=bool)
    return Reference(
        slopes,
        errors,
        widths,
        by_complex_step,
        noise,
        ladders,
        scales,
        sizes_of_steps,
        expected,
        (flicker == 0.0) | foreign,
    )


def _flicker(evaluate: Evaluate, point: Sequence[float], repeats: int) -> Floats:
    """By how much each output changes while the input stays."""
    first, *others = (evaluate(point) for _ in range(1 + repeats))
    with np.errstate(invalid="ignore"):
        apart = np.max([np.where(other == first, 0.0, np.abs(other - first)) for other in others], axis=0)
    return np.where(np.isfinite(apart), apart, 0.0)


def sharpened(reference: Reference, slopes: Floats, errors: Floats) -> Reference:
    """The reference with slopes of the complex step wherever they lie within the errors of the differences:
    elsewhere the function is not analytic."""
    with np.errstate(invalid="ignore"):
        better = (np.abs(slopes - reference.slopes) <= reference.errors) & (errors < reference.errors)
        better &= reference.steps_of_values == 0.0  # what rounds values rounds imaginary parts as well
    return replace(
        reference,
        slopes=np.where(better, slopes, reference.slopes),
        errors=np.where(better, errors, reference.errors),
        by_complex_step=better,
    )
