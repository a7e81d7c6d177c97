"""The report of a check that passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, repr=False)
class GradientReport:
    """How closely derivatives agreed with their references.

    Errors and resolutions are shares of the largest derivative of their order, or absolute where all are 0.
    """

    entries: int
    """The number of derivatives compared, over all orders, each by every mode."""
    errors: Mapping[str, float]
    """The largest error of each mode: `{"reverse": 1e-13, "forward over reverse": 3e-12}`."""
    resolutions: Mapping[int, float]
    """For each order the largest error that the references themselves may have: smaller ones go unseen."""

    def __repr__(self) -> str:
        errors = ", ".join(f"{mode} {error:.1e}" for mode, error in self.errors.items())
        resolutions = ", ".join(f"{resolution:.1e}" for resolution in self.resolutions.values())
        return f"<gradients agree: {self.entries} entries; largest errors: {errors}; resolution {resolutions}>"
