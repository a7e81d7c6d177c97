"""Where a primitive is tested, and against what: boxes of operands, and the points drawn from them."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, final

Axis = Callable[[float], float]
"""Maps [0, 1] onto the numbers that an operand is drawn from."""

Box = tuple[Axis, ...]
"""An axis for each operand."""

Scale = Callable[..., Any]
"""The magnitude that rounding errors are measured against, from the operands."""


def even(low: float, high: float) -> Axis:
    return lambda share: low + share * (high - low)


def magnitudes(low: float, high: float, *, negative: bool = False) -> Axis:
    """Evenly spread orders of magnitude."""
    sign = -1.0 if negative else 1.0
    return lambda share: sign * math.exp(math.log(low) + share * (math.log(high) - math.log(low)))


def near(center: float, axis: Axis) -> Axis:
    """`center` plus the numbers of an axis."""
    return lambda share: center + axis(share)


@final
@dataclass(frozen=True, kw_only=True)
class Domain:
    """Where one primitive is tested, and against what.

    `boxes` hold the points; in the first of them value and slopes are moderate, so that finite
    differences apply there too. `kink` is the distance to the nearest kink or jump. Accuracy counts ulp of the
    exact result, unless `value_scale` or `slope_scale` names the magnitude of terms that cancel,
    for the reason in `because`.
    """

    reference: Callable[..., Any]
    boxes: tuple[Box, ...]
    kink: Callable[..., float] | None = None
    value_scale: Scale | None = None
    slope_scale: Scale | None = None
    because: str = ""

    def __post_init__(self) -> None:
        if bool(self.value_scale or self.slope_scale) != bool(self.because):
            raise ValueError("a loosened row needs a reason, and only a loosened row")

    def points(self, box: Box, *, seed: str, count: int) -> Iterator[tuple[float, ...]]:
        """A fixed grid over a box, then `count` points at random; points on a kink are left out."""
        draws = random.Random(seed)
        scattered = (tuple(axis(draws.random()) for axis in box) for _ in range(count))
        for point in itertools.chain(_grid(box), scattered):
            if self.kink is None or self.kink(*point) != 0.0:
                yield point


def _grid(box: Box) -> Iterator[tuple[float, ...]]:
    """Evenly spaced shares of each axis, ends included; beyond two axes only as many points as one axis has."""
    if len(box) <= 2:
        steps = 17 if len(box) == 1 else 6
        for shares in itertools.product(range(steps), repeat=len(box)):
            yield tuple(axis(share / (steps - 1)) for axis, share in zip(box, shares, strict=True))
        return
    for row in range(11):
        yield tuple(axis((row * (place + 1) + place) % 11 / 10) for place, axis in enumerate(box))
