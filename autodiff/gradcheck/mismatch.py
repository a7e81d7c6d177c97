"""The failure of a check: which derivative, what each side says, and what is odd about the function there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from autodiff.errors import AutodiffError


@final
@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """Two numbers for one derivative."""

    derivative: str
    """Which one: `d result / d args[0]`."""
    mode: str
    found: float
    source: str
    """Where the other number is from."""
    expected: float
    tolerance: float
    """The largest gap that the errors of both could explain."""
    step: float | None
    """The step of the differences, where the reference is one."""
    others: Mapping[str, float]
    """What the remaining modes say."""
    count: int
    """How many derivatives of this order and mode disagree with this reference."""
    remarks: tuple[str, ...]
    """What is odd about the function next to this input, in sentences."""

    def __str__(self) -> str:
        step = "" if self.step is None else f" with steps down to {self.step:.3g}"
        lines = [f"{self.derivative} is {self.found!r} by {self.mode}, but {self.expected!r} by {self.source}{step}"]
        gap = abs(self.found - self.expected)
        if math.isfinite(gap):
            lines.append(f"they differ by {self._sized(gap)}; {self.tolerance:.2g} could be truncation and rounding")
        if self.others:
            others = ", ".join(f"{mode}: {number!r}" for mode, number in self.others.items())
            lines.append(f"the other modes say {others}")
        if self.count > 1:
            lines.append(f"{self.count} derivatives disagree here; this is the worst")
        return "\n  ".join([*lines, *self.remarks])

    def _sized(self, gap: float) -> str:
        if not self.expected:
            return f"{gap:.3g}"
        return f"{gap:.3g}, that is {gap / abs(self.expected):.3g} relative and {gap / math.ulp(self.expected):.3g} ulp"


@final
class GradientMismatchError(AutodiffError, AssertionError):
    """A derivative disagrees with its reference by more than the errors of both explain.

    `disagreement` holds the two numbers and where they stand.
    """

    def __init__(self, disagreement: Disagreement) -> None:
        super().__init__(str(disagreement))
        self.disagreement = disagreement


@final
class UnresolvedGradientError(AutodiffError, AssertionError):
    """Rounding or noise in a function hides its derivative: any claim would have passed, so none was checked."""
