"""What the derivatives ought to be: from differences, and from the complex step where that applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from autodiff.gradcheck.differences import Ladder, estimate, ladder
from autodiff.gradcheck.subject import Evaluate, Floats, Truths

_NO_DIGIT = 0.1  # a share of the slope: an error above it leaves nothing to compare with
_FELT = 1e-3  # a share of the value: an error that changes it by less over one step may be that of a slope of 0
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

    def resolves(self, slopes: Floats) -> Truths:
        """Whether the errors leave a digit of each slope to compare with, or are those of rounding at least."""
        sizes = np.transpose([rungs.size for rungs in self.ladders])
        smooth = np.maximum(_FELT * sizes, _ROUNDINGS * self.noise[:, None])
        with np.errstate(invalid="ignore"):
            lost = self.errors > _NO_DIGIT * np.maximum(np.abs(slopes), np.abs(self.slopes))
            felt = self.errors * self.steps > smooth
        return ~np.asarray(lost & felt)


def by_differences(evaluate: Evaluate, point: Sequence[float], noise: Floats) -> Reference:
    """Central differences of every output along every input; `noise` bounds the rounding in the outputs."""
    ladders = tuple(ladder(evaluate, point, place) for place in range(len(point)))
    estimates = [estimate(rungs, noise) for rungs in ladders]
    slopes, errors, steps = (
        np.transpose([getattr(column, name) for column in estimates]) for name in ("slopes", "errors", "steps")
    )
    return Reference(slopes, errors, steps, np.zeros(slopes.shape, dtype=bool), noise, ladders)


def sharpened(reference: Reference, slopes: Floats, errors: Floats) -> Reference:
    """The reference with slopes of the complex step wherever they lie within the errors of the differences:
    elsewhere the function is not analytic."""
    with np.errstate(invalid="ignore"):
        better = (np.abs(slopes - reference.slopes) <= reference.errors) & (errors < reference.errors)
    return replace(
        reference,
        slopes=np.where(better, slopes, reference.slopes),
        errors=np.where(better, errors, reference.errors),
        by_complex_step=better,
    )
