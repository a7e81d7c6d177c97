"""Functions whose values move in steps: computed in single precision, or rounded to some digits.

Differences over less than a step are 0, whatever the slope is, and look as exact as any. Steps are told from
kinks and jumps, of which there are few, by their number: among evenly spaced values, second differences are
sharp at several places and next to nothing between them. A wave that is sampled too coarsely is rough everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autodiff.gradcheck.differences import Ladder, scatter, value_at
from autodiff.gradcheck.subject import Evaluate, Floats

_SAMPLES = 65
_FEWEST = 4  # steps; a kink, a jump, a plateau between two jumps, or a peak shows fewer
_SPREAD = 1.0 / 3.0  # the share of the samples that lies between the first and the last step: a peak is in one place
_SHARP, _BETWEEN = (
    0.25,
    1.0 / 32.0,
)  # shares of the largest second difference: what a step has at least, other places at most
_BLUNT = 0.125  # the share of bends of a middling size that steps may show
_ABRUPT = 128.0  # truncation grows by 64 from one rung to the next wider one
_ABOVE_NOISE = 64.0
_RATIO = 4.0
_WIDER, _BEYOND = 8, 6  # widths to look at: from the first abrupt rung on; beyond the ladder where all of it is level


def quanta(
    evaluate: Evaluate, point: Sequence[float], place: int, rungs: Ladder, noise: Floats, *, beyond: bool
) -> Floats:
    """The size of the steps that each output takes along one input; 0 where it does not move in steps.

    With `beyond`, outputs that are level on the whole ladder are looked at beyond it.
    """
    found = np.zeros(len(rungs.center))
    with np.errstate(all="ignore"):
        pending = {output: [*_widths(rungs, output, noise[output], beyond=beyond)] for output in range(len(found))}
        for width in sorted({width for widths in pending.values() for width in widths}):
            samples = _samples(evaluate, point, place, width, len(found))
            for output, widths in pending.items():
                if width in widths and not found[output]:
                    found[output] = _step_size(samples[:, output], noise[output])
    return found


def ulps(rungs: Ladder) -> Floats:
    """The ulp of the values on each rung in the smallest type that holds all of an output, if that is not float64."""
    largest = np.maximum(np.abs(rungs.above), np.abs(rungs.below))
    found = np.zeros(largest.shape)
    with np.errstate(all="ignore"):
        for kind in (np.float32, np.float16):
            held = [
                ((values.astype(kind) == values) | np.isnan(values)).all(axis=0)
                for values in (rungs.above, rungs.below)
            ]
            found = np.where(held[0] & held[1], float(np.finfo(kind).eps) * largest, found)
    return found


def _widths(rungs: Ladder, output: int, noise: float, *, beyond: bool) -> Iterator[float]:
    """The distances from the input at which to look for steps; none where differences change as those of smooth
    functions do."""
    apart = np.maximum(scatter(rungs)[:, output], noise)
    abrupt = np.flatnonzero(apart[:-1] > _ABRUPT * apart[1:])
    widest = rungs.steps[0]
    if len(abrupt):
        first = rungs.steps[abrupt[-1] + 1]
        yield from (width for wider in range(_WIDER) if (width := first * _RATIO**wider) <= widest * _RATIO**2)
    elif beyond and (rungs.above[:, output] == rungs.below[:, output]).all():
        yield from (widest * _RATIO ** (1 + wider) for wider in range(_BEYOND))


def _samples(evaluate: Evaluate, point: Sequence[float], place: int, width: float, size: int) -> Floats:
    offsets = np.linspace(-width, width, _SAMPLES)
    return np.array([value_at(evaluate, point, place, offset, size) for offset in offsets])


def _step_size(values: Floats, noise: float) -> float:
    """The largest step among evenly spaced values; 0 where they do not move in steps."""
    bends = np.abs(np.diff(values, 2))
    bends = bends[np.isfinite(bends)]
    largest = float(np.max(bends, initial=0.0))
    if largest <= _ABOVE_NOISE * noise or np.median(bends) > _BETWEEN * largest:
        return 0.0
    sharp = bends > _SHARP * largest
    if np.sum((bends > _BETWEEN * largest) & ~sharp) > _BLUNT * np.sum(sharp):
        return 0.0  # a pole is approached: bends of every size
    starts = np.flatnonzero(sharp & ~np.concatenate([[False], sharp[:-1]]))
    return largest if len(starts) >= _FEWEST and starts[-1] - starts[0] >= _SPREAD * len(bends) else 0.0
