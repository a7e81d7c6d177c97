"""What differences show of a function next to a point: a jump, a kink, noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autodiff.gradcheck.differences import Ladder
from autodiff.gradcheck.subject import Evaluate, Floats

_FLAT = 0.5  # what does not shrink to this share over one rung does not vanish with the step
_ABOVE_NOISE = 10.0
_ROUNDING = 2.0**-50  # the share of any value, at least, that its rounding takes


def remarks(
    name: str, evaluate: Evaluate, point: Sequence[float], rungs: Ladder, output: int, noise: float
) -> Iterator[str]:
    """Sentences on what is odd about one output, called `name`, along the input that the ladder moves."""
    noise = max(noise, _ROUNDING * float(rungs.size[output]))
    again = evaluate(point)[output]
    here = rungs.center[output]
    if again != here and not np.isnan(here):
        yield f"{name} was {here!s} and then {again!s} for the same input: fix the seed of anything random"
    above, below = rungs.above[:, output], rungs.below[:, output]
    if not np.isfinite(here) or not (np.isfinite(above) & np.isfinite(below)).any():
        yield f"{name}, here {here!s}, is not finite on both sides of this input"
    else:
        with np.errstate(all="ignore"):
            yield from _steepness(name, rungs.steps, above - here, here - below, noise)


def _steepness(name: str, steps: Floats, rise: Floats, fall: Floats, noise: float) -> Iterator[str]:
    jumps = _stays(np.maximum(np.abs(rise), np.abs(fall)), np.full(len(steps), noise))
    if jumps[-3:].all():
        yield (
            f"{name} has a jump or noise here: a step of {steps[-1]:.3g} changes it by "
            f"{rise[-1]:.3g} above and {fall[-1]:.3g} below"
        )
        return
    right, left = rise / steps, fall / steps
    kinks = np.flatnonzero(_stays(np.abs(right - left), noise / steps))
    if len(kinks):
        rung = kinks[-1]
        yield (
            f"{name} has a kink within {steps[rung]:.3g} of this input: "
            f"its slope is {left[rung]:.6g} below and {right[rung]:.6g} above"
        )


def _stays(change: Floats, noise: Floats) -> Floats:
    """On which rungs a change is above the noise, and as large as two rungs before, where steps were 16 times wider."""
    stays = np.zeros(len(change), dtype=bool)
    stays[2:] = (change[2:] > _ABOVE_NOISE * noise[2:]) & (change[2:] > _FLAT * change[:-2])
    stays[2:] &= change[2:] < change[:-2] / _FLAT
    return stays
