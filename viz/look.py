"""What a drawing is asked to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from viz.errors import DrawingOptionError, DrawingTypeError
from viz.sketch import Sketch

DIRECTIONS = ("LR", "TB", "RL", "BT")
MOST_DIGITS = 17  # a float64 has no more
FEWEST_NODES = 2  # the root and the rest
ROOMY = 150
"""Up to so many edges of a folded picture, which are dense, have room for text."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The options of a drawing, checked when it is made.

    Raises DrawingOptionError (a ValueError) for a value out of range, DrawingTypeError (a TypeError)
    for a precision or a number of nodes that is not an integer.
    """

    direction: str = "LR"
    values: bool = True
    gradients: bool = True
    slopes: bool = True
    precision: int = 4
    """Significant digits, 0 to 17; 0 means 1, as in Python's own formats."""
    legend: bool = True
    max_labeled: int = 300
    """Up to so many nodes everything is written; beyond, titles only, and the rest on hover."""
    max_nodes: int = 1500
    """Beyond so many nodes the graph is folded until no more than `max_labeled` of them remain."""

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise DrawingOptionError(f"direction is one of {', '.join(DIRECTIONS)}, got {self.direction!r}")
        _require_integer("precision", self.precision, 0, MOST_DIGITS)
        _require_integer("max_labeled", self.max_labeled, 0)
        _require_integer("max_nodes", self.max_nodes, FEWEST_NODES)

    def labels_nodes(self, sketch: Sketch) -> bool:
        """Whether the nodes of this picture have room for their numbers."""
        return len(sketch.vertices) <= self.max_labeled

    def labels_edges(self, sketch: Sketch) -> bool:
        """Whether the edges of this picture have room for their slopes, and these are asked for."""
        return self.slopes and self.labels_nodes(sketch) and not (sketch.folded and len(sketch.edges) > ROOMY)


def _require_integer(name: str, given: object, least: int, most: int | None = None) -> None:
    expected = f"{name} is an integer of at least {least}" + ("" if most is None else f" and at most {most}")
    if not isinstance(given, int) or isinstance(given, bool):
        raise DrawingTypeError(f"{expected}, got {given!r} of type {type(given).__name__}")
    if given < least or (most is not None and given > most):
        raise DrawingOptionError(f"{expected}, got {given}")
