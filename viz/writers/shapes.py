"""Shapes: the few kinds of marks that a picture is made of, in the order in which they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final

from viz.drawing.model import Box, Paint, Point


@final
@dataclass(frozen=True, slots=True)
class Rectangle:
    """A box, its corners rounded by `radius`."""

    box: Box
    paint: Paint
    radius: float = 0.0
    stops: tuple[str, ...] = ()
    """Colors from left to right in place of one fill."""


@final
@dataclass(frozen=True, slots=True)
class Words:
    """A line of text with its baseline at a point; a halo keeps it clear of lines below."""

    text: str
    at: Point
    size: float = 11.5
    ink: str = "#1a1b1d"
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    halo: bool = False


@final
@dataclass(frozen=True, slots=True)
class Cubic:
    """A path of cubic curves: one point, then three for each curve."""

    points: tuple[Point, ...]
    paint: Paint
    arrow: bool = False


@final
@dataclass(frozen=True, slots=True)
class Hairlines:
    """Curves that say where lines run, and carry nothing by themselves."""

    paths: tuple[tuple[Point, ...], ...]
    paint: Paint


@final
@dataclass(frozen=True, slots=True)
class Straight:
    """Straight lines through points."""

    points: tuple[Point, ...]
    paint: Paint


@final
@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    center: Point
    radius: float
    fill: str


@final
@dataclass(frozen=True, slots=True)
class Group:
    """Shapes together, with what they say on hover."""

    kind: str
    content: tuple[Shape, ...]
    details: tuple[str, ...] = ()


Shape: TypeAlias = Rectangle | Words | Cubic | Hairlines | Straight | Disc | Group
