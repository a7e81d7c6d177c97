"""The plain data that every writer reads: what is drawn, where it stands, and how it is painted.

Lengths are pixels, x runs right and y down. Colors are those of the light theme; each colored cell also has its
`level` on the scale, -1 to 1, so that a writer can choose other colors. Everything is a dataclass of numbers, strings
and tuples, so `Drawing.as_json` loses nothing.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, final

Point: TypeAlias = tuple[float, float]


@final
@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> Point:
        """The middle of the right side."""
        return self.x + self.width, self.y + self.height / 2

    @property
    def left(self) -> Point:
        """The middle of the left side."""
        return self.x, self.y + self.height / 2

    @property
    def bottom(self) -> float:
        """The lower side."""
        return self.y + self.height


@final
@dataclass(frozen=True, slots=True)
class Paint:
    """How a shape looks. An empty color is none; `dash` is lengths of strokes and gaps, empty for a full line."""

    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()
    ink: str = "#1a1b1d"
    """The color of text on it."""


@final
@dataclass(frozen=True, slots=True)
class Cell:
    """A gradient as a colored cell."""

    number: float | None
    """None before a sweep."""
    text: str
    """The number as printed; a sign alone where there is no room; empty in a strip."""
    level: float
    box: Box
    paint: Paint


@final
@dataclass(frozen=True, slots=True)
class Row:
    """A line of a large card: what it is, its value and its gradient."""

    name: str
    number: float | None
    text: str
    """The value as printed."""
    cell: Cell | None
    y: float
    """Where the text stands: the middle of the row."""
    port: Point
    """Where lines end, or start on the row of the activation."""
    role: Literal["weight", "bias", "total", "output"] = "weight"
    key: str = ""
    """Names the node, as n0, n1, ... in topological order; empty for sums over records."""


@final
@dataclass(frozen=True, slots=True)
class Curve:
    """The activation as a line through a small box, and the points at which it works, one a record."""

    points: tuple[Point, ...]
    dots: tuple[Point, ...]
    tangent: tuple[Point, Point] | None
    slopes: tuple[float, ...]
    """The slope at each of the dots' records."""
    axes: tuple[Point, Point, Point, Point] | None
    """Ends of the horizontal and of the vertical axis; None where there is no room."""


Size: TypeAlias = Literal["L", "M", "S", "fold"]


@final
@dataclass(frozen=True, slots=True)
class Card:
    """A neuron: rows with numbers (L), a heat strip with a curve (M), a strip (S), or several neurons folded."""

    key: str
    title: str
    scope: tuple[str, ...]
    size: Size
    activation: str
    box: Box
    paint: Paint
    rows: tuple[Row, ...] = ()
    strip: tuple[Cell, ...] = ()
    """A cell for each weight, and the bias last; in one of S and M that stands for several, the strongest."""
    total: Cell | None = None
    """Of M and S, and of folded neurons: the gradient of the output, summed over records."""
    curve: Curve | None = None
    slope_text: str = ""
    note: str = ""
    """What is out of the ordinary: dead, or what is folded."""
    note_at: Point = (0.0, 0.0)
    neurons: int = 1
    records: int = 1
    details: tuple[str, ...] = ()
    """Everything in words, for a title on hover."""
    result: bool = False
    title_at: Point = (0.0, 0.0)
    """Where the title of M, S and folded neurons begins."""
    slope_at: Point | None = None
    """Where the slope of an M with figures begins; None where there is no room for figures."""
    totals: tuple[float, ...] = ()
    """The weighted sum in each record, in the order of `Drawing.records`; the same holds for the next two. Empty for
    folded neurons."""
    outputs: tuple[float, ...] = ()
    gradients: tuple[float, ...] = ()
    """The gradient of the output; empty before a sweep."""


@final
@dataclass(frozen=True, slots=True)
class Vertex:
    """A node, an input, a constant, or several nodes folded into one."""

    key: str
    role: Literal["input", "parameter", "operation", "constant", "folded", "target"]
    title: str
    text: str
    """The value as printed, or how many nodes are folded."""
    number: float | None
    grad: float | None
    cell: Cell | None
    """The gradient; None for what has none, such as data."""
    box: Box
    paint: Paint
    lines: tuple[str, ...] = ()
    """Further lines of text, below."""
    records: int = 1
    """How many records stand behind one another."""
    numbers: tuple[float, ...] = ()
    """Beside cards: the value in each record, of the loss what it is for each by itself, where that is known."""
    nodes: int = 1
    result: bool = False
    scope: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    note: str = ""
    """Printed below: the sum that makes the gradient, or that a nan starts here."""
    compact: bool = False
    """The smaller size: the gradient without its name."""
    name: str = ""
    """The whole label, or else the symbol of the operation, or else the role; of a vertex that Graphviz places."""
    operation: str = ""
    """The symbol of the operation that made the node; empty for leaves and folded nodes."""
    starts: bool = False
    """A nan or inf starts here."""

    @property
    def alarming(self) -> bool:
        """The number or the gradient is nan or infinite."""
        return any(number is not None and not math.isfinite(number) for number in (self.number, self.grad))


@final
@dataclass(frozen=True, slots=True)
class Line:
    """From what was read to what read it: points of a path of cubic curves, one and then three for each curve."""

    tail: str
    head: str
    row: int
    """Which row or cell of a card it ends at; -1 at a vertex."""
    path: tuple[Point, ...]
    paint: Paint
    slope: float | None = None
    contribution: float | None = None
    """slope × upstream, summed over records and over what is folded."""
    edges: int = 1
    label: str = ""
    label_at: Point = (0.0, 0.0)
    label_box: Box | None = None
    arrow: bool = False
    details: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Column:
    """The title above a column of cards."""

    title: str
    subtitle: str
    at: Point
    caption: str = ""
    """What the cells of its strips are."""
    caption_at: Point = (0.0, 0.0)


@final
@dataclass(frozen=True, slots=True)
class Frame:
    """A box around the vertices of one scope."""

    title: str
    scope: tuple[str, ...]
    box: Box
    paint: Paint


@final
@dataclass(frozen=True, slots=True)
class Fold:
    """What is not drawn by itself."""

    name: str
    nodes: int


@final
@dataclass(frozen=True, slots=True)
class Sample:
    """A line of the legend with what it means."""

    text: str
    at: Point
    path: tuple[Point, Point]
    paint: Paint


@final
@dataclass(frozen=True, slots=True)
class Legend:
    """What colors and lines say."""

    box: Box
    bar: Box | None
    """The color scale, from its lower to its upper end; None before a sweep."""
    stops: tuple[str, ...]
    ends: tuple[str, str]
    largest: float
    decades: int
    sentences: tuple[tuple[str, Point], ...]
    samples: tuple[Sample, ...]
    caption: tuple[str, ...] = ()
    """At the right: what is drawn, and its number."""


@final
@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture."""

    title: str
    description: str
    width: float
    height: float
    columns: tuple[Column, ...] = ()
    cards: tuple[Card, ...] = ()
    vertices: tuple[Vertex, ...] = ()
    lines: tuple[Line, ...] = ()
    frames: tuple[Frame, ...] = ()
    folds: tuple[Fold, ...] = ()
    legend: Legend | None = None
    notes: tuple[str, ...] = ()
    """What the reader has to know: gradients accumulated, no sweep, numbers changed since."""
    remarks: tuple[str, ...] = ()
    """What the picture leaves out, counted."""
    nodes: int = 0
    """The number of nodes of the graph."""
    swept: bool = False
    """Whether there are gradients."""
    largest: float = 1.0
    decades: int = 2
    """The scale of colors and widths: its end, and over how many powers of ten it runs."""
    records: tuple[str, ...] = ()
    """The names of the records behind one another, in the order of all numbers that are one a record."""
    notes_at: Point = field(default=(0.0, 0.0))

    def as_dict(self) -> dict[str, Any]:
        """The drawing in dicts, lists, strings and numbers. nan and infinities are the strings nan, inf and -inf."""
        plain: dict[str, Any] = _plain(self)
        return plain

    def as_json(self) -> str:
        """The same as JSON text."""
        return json.dumps(self.as_dict(), allow_nan=False, ensure_ascii=False)


def _plain(thing: Any) -> Any:
    if dataclasses.is_dataclass(thing):
        return dict(_fields(thing))
    if isinstance(thing, tuple):
        return [_plain(entry) for entry in thing]
    if isinstance(thing, float):
        return thing if math.isfinite(thing) else str(thing)
    return thing


def _fields(thing: Any) -> Iterator[tuple[str, Any]]:
    for entry in dataclasses.fields(thing):
        yield entry.name, _plain(getattr(thing, entry.name))
