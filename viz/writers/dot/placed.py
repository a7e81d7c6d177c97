"""A drawing as DOT with every place given, which Graphviz's engine `nop2` paints without a layout: for PDF and others
that `dot` alone can write, with its fonts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never, final

import graphviz

from viz.drawing.model import Box, Drawing, Paint, Point
from viz.drawing.numbers import text_width
from viz.text import escaped
from viz.writers.picture import shapes
from viz.writers.shapes import Cubic, Disc, Group, Hairlines, Rectangle, Shape, Straight, Words

ENGINE = "nop2"
FONT = "Inter,Helvetica Neue,Helvetica,Arial,Liberation Sans,DejaVu Sans Condensed"
ROUND = 8.0
"""Graphviz rounds corners in one way only, so smaller radii are drawn square: round is an operation."""
ARROW = 10.0
BASELINE = 0.3
"""How far below the middle of a line its baseline is, as a share of the size."""
_HEAD = "end"
_ALIGNED = {"start": "\\l", "middle": "", "end": "\\r"}


def placed_dot(drawing: Drawing, *, dpi: int | None = None) -> str:
    """DOT text that paints `drawing`, its unit a point; `dpi` is for formats made of pixels."""
    graph = graphviz.Digraph(graph_attr={"pad": "0", "margin": "0", "outputorder": "breadthfirst"})
    graph.attr("graph", **({} if dpi is None else {"dpi": str(dpi)}))
    graph.attr("node", label="", fixedsize="true", margin="0", shape="box")
    graph.attr("edge", arrowhead="none")
    _Painting(graph, drawing.width, drawing.height).paint(shapes(drawing))
    return str(graph.source)


@final
class _Painting:
    """Nodes in the order in which they are painted. An edge is painted with its tail, so each has a tail of its own."""

    def __init__(self, graph: Any, width: float, height: float) -> None:
        self.graph, self.width, self.height = graph, width, height
        self.count = 0
        self._node(_HEAD, (0.0, 0.0), shape="point", style="invis", width="0")

    def paint(self, found: Iterator[Shape] | Sequence[Shape]) -> None:
        """Add shapes."""
        for shape in found:
            self._add(shape)

    def _add(self, shape: Shape) -> None:
        match shape:
            case Rectangle():
                self._rectangle(shape)
            case Words():
                self._words(shape)
            case Cubic():
                self._path(shape.points, shape.paint)
                if shape.arrow:
                    self._arrow(shape)
            case Hairlines():
                for points in shape.paths:
                    self._path(points, shape.paint)
            case Straight():
                self._path(_corners(shape.points), shape.paint)
            case Disc():
                size = f"{shape.radius / 36:.4f}"
                looks = {"shape": "circle", "style": "filled", "color": shape.fill, "fillcolor": shape.fill}
                self._node(self._name(), shape.center, width=size, height=size, penwidth="0", **looks)
            case Group():
                self.paint(shape.content)
            case _:
                assert_never(shape)

    def _rectangle(self, shape: Rectangle) -> None:
        rounded = ["rounded"] if shape.radius >= ROUND else []
        fill = ":".join(shape.stops) or shape.paint.fill
        kinds = [*rounded, *(["striped"] if shape.stops else ["filled"] if fill else []), *_dashes(shape.paint)]
        looks = {"style": ",".join(kinds)} if kinds else {}
        looks |= {"fillcolor": fill} if fill else {}
        self._box(shape.box, **looks, **_stroke(shape.paint))

    def _words(self, shape: Words) -> None:
        if not shape.text:
            return
        wide = text_width(shape.text, shape.size)
        if shape.halo:
            left = shape.at[0] - {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
            self._box(Box(left - 2, shape.at[1] - shape.size, wide * 0.9, shape.size * 1.3), style="filled",
                      fillcolor="#ffffff", penwidth="0")  # fmt: skip
        x = shape.at[0]
        room = {"start": self.width - x, "middle": 2 * min(x, self.width - x), "end": x}[shape.anchor]
        left = x - {"start": 0.0, "middle": room / 2, "end": room}[shape.anchor]
        self._box(
            Box(left, shape.at[1] - (0.5 + BASELINE) * shape.size, room, shape.size), shape="plaintext",
            label=graphviz.nohtml(escaped(shape.text) + _ALIGNED[shape.anchor]), fontsize=f"{shape.size:.1f}",
            fontcolor=shape.ink, fontname=f"{FONT} Bold" if shape.bold else FONT,
        )  # fmt: skip

    def _path(self, points: Sequence[Point], paint: Paint) -> None:
        name, kinds = self._name(), _dashes(paint)
        looks: Mapping[str, str] = {"style": kinds[0]} if kinds else {}
        self._node(name, points[0], shape="point", style="invis", width="0")
        self.graph.edge(name, _HEAD, pos=" ".join(map(self._at, points)), **looks, **_stroke(paint))

    def _arrow(self, shape: Cubic) -> None:
        """A head of one size: Graphviz's own would grow with the line."""
        (x, y), (end_x, end_y) = shape.points[-2], shape.points[-1]
        reach = math.hypot(end_x - x, end_y - y) or 1.0
        tip = end_x + ARROW * (end_x - x) / reach, end_y + ARROW * (end_y - y) / reach
        name, start = self._name(), self._at(shape.points[-1])
        self._node(name, shape.points[-1], shape="point", style="invis", width="0")
        self.graph.edge(
            name, _HEAD, pos=f"e,{self._at(tip)} {' '.join([start] * 4)}", arrowhead="normal", arrowsize="1.1",
            color=shape.paint.stroke,
        )  # fmt: skip

    def _box(self, box: Box, **looks: str) -> None:
        size = {"width": f"{box.width / 72:.4f}", "height": f"{box.height / 72:.4f}"}
        self._node(self._name(), (box.x + box.width / 2, box.y + box.height / 2), **size, **looks)

    def _node(self, name: str, at: Point, **looks: str) -> None:
        self.graph.node(name, pos=self._at(at), **looks)

    def _name(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def _at(self, point: Point) -> str:
        return f"{point[0]:.2f},{self.height - point[1]:.2f}"


def _stroke(paint: Paint) -> dict[str, str]:
    return {"color": paint.stroke, "penwidth": f"{paint.width:.2f}"} if paint.stroke else {"penwidth": "0"}


def _dashes(paint: Paint) -> list[str]:
    return ["dashed"] if paint.dash else []


def _corners(points: Sequence[Point]) -> list[Point]:
    """Straight lines as cubic curves."""
    found = [points[0]]
    for start, end in itertools.pairwise(points):
        found += [start, end, end]
    return found
