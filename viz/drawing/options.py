"""What a drawing is asked to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final, get_args

from viz.errors import OptionError, OptionTypeError

Direction: TypeAlias = Literal["LR", "TB", "RL", "BT"]
Constants: TypeAlias = Literal["shared", "hidden", "separate"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
CONSTANTS: tuple[Constants, ...] = get_args(Constants)
MOST_DIGITS = 17  # a float64 has no more
FEWEST_NODES = 2  # the root and the rest


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a drawing, checked when it is made.

    Raises OptionError (a ValueError) for a value out of range, OptionTypeError (a TypeError)
    for a precision or a number of nodes that is not an integer.
    """

    direction: Direction = "LR"
    values: bool = True
    gradients: bool = True
    slopes: bool = True
    contributions: bool = False
    constants: Constants = "shared"
    precision: int = 4
    """Significant digits, 0 to 17; 0 means 1, as in Python's own formats."""
    legend: bool = True
    max_labeled: int = 300
    """Up to this many nodes everything is written; beyond, titles only, and the rest on hover."""
    max_nodes: int | None = None
    """Beyond this many nodes the graph is folded; None folds what does not fit a page with readable text."""

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise OptionError(f"direction is one of {', '.join(DIRECTIONS)}, got {self.direction!r}")
        if self.constants not in CONSTANTS:
            raise OptionError(f"constants is one of {', '.join(CONSTANTS)}, got {self.constants!r}")
        _require_integer("precision", self.precision, 0, MOST_DIGITS)
        _require_integer("max_labeled", self.max_labeled, 0)
        if self.max_nodes is not None:
            _require_integer("max_nodes", self.max_nodes, FEWEST_NODES)


def _require_integer(name: str, given: object, least: int, most: int | None = None) -> None:
    expected = f"{name} is an integer of at least {least}" + ("" if most is None else f" and at most {most}")
    if not isinstance(given, int) or isinstance(given, bool):
        raise OptionTypeError(f"{expected}, got {given!r} of type {type(given).__name__}")
    if given < least or (most is not None and given > most):
        raise OptionError(f"{expected}, got {given}")
