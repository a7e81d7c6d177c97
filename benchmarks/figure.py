"""A figure of our own, measured against a limit and not against a peer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Figure:
    """One row: what is measured, what it is divided by, and the largest quotient that is good enough."""

    name: str
    peer: str
    """What the figure is divided by: a limit, or the same at another size."""
    target: float
    about: str
    measure: Callable[[Callable[[int], Any]], float]
    """Returns the quotient; it calls its argument with the number of rounds done."""
    rounds: int = 7

    available: ClassVar[bool] = True

    def ratio(self, progress: Callable[[int], Any]) -> float:
        """The quotient."""
        return self.measure(progress)
