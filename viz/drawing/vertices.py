"""A graph as vertices: their sizes and looks, the places that Graphviz gives them, and the text between."""

from __future__ import annotations

import itertools
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, final

import graphviz

from viz import text
from viz.drawing.legend import ALARM, HEIGHT, LEADING, legend
from viz.drawing.model import Box, Cell, Drawing, Fold, Frame, Line, Paint, Point, Vertex
from viz.drawing.numbers import fitted, short_number, text_width
from viz.drawing.options import Options
from viz.drawing.ranks import ranked
from viz.drawing.scale import ALARM_FILL, ALARM_LINE, CARD, INFECTED_FILL, INK, STRONG, ZERO, Scale, scale_of
from viz.drawing.sketch import Edge, Sketch
from viz.drawing.sketch import Vertex as Node
from viz.writers.dot.clusters import clusters, nest

Layout: TypeAlias = Callable[[str], bytes]
"""From DOT text to Graphviz's json0."""

MARGIN, TOP = 24.0, 24.0
LEAST_WIDTH = 700.0
ROOMY, ROOMY_RANKS = 24, 6
"""Up to this many vertices on this many ranks they take the larger size."""
ARROW = 10.0
"""The length of an arrowhead: lines end that much before it."""
PILL = 17.0
MOST_TERMS = 4
"""Of the sum that makes a gradient, as written below a vertex."""
HASTY = 100
"""Beyond this many vertices the layout is allowed fewer passes: a tenth of the time, and hardly a difference."""


def vertex_drawing(
    sketch: Sketch, options: Options, notes: Sequence[str], layout: Layout, *, sentences: Sequence[str] = ()
) -> Drawing:
    """The drawing of a graph, with the places that `layout` gives its vertices.

    `sentences` take the place of the legend's own.
    """
    build = _Building(sketch, options, sentences)
    placed = _placed(json.loads(layout(build.source())), build)
    return build.drawing(placed, notes)


def unplaced_drawing(
    sketch: Sketch, options: Options, notes: Sequence[str] = (), *, sentences: Sequence[str] = ()
) -> Drawing:
    """The same without places and legend, for writers that place things themselves."""
    return _Building(sketch, options, sentences).unplaced(notes)


def graph_scale(sketch: Sketch) -> Scale:
    """The scale of all gradients but the root's own."""
    inner = [vertex.grad for vertex in sketch.vertices[:-1]]
    return scale_of(inner, [grad for grad in inner if grad is not None])


@final
class _Building:
    """Vertices and edges as they look, before they have places."""

    def __init__(self, sketch: Sketch, options: Options, sentences: Sequence[str]) -> None:
        self.sketch, self.options, self.sentences = sketch, options, sentences
        self.scale = graph_scale(sketch)
        self.labeled = len(sketch.vertices) <= options.max_labeled
        self.large = len(sketch.vertices) <= ROOMY and max(ranked(sketch), default=0) < ROOMY_RANKS
        self.sums = gradient_sums(sketch, options)
        self.vertices = [self._vertex(place, node) for place, node in enumerate(sketch.vertices)]
        self.lines = [self._line(edge) for edge in sketch.edges]
        self.scopes: dict[str, tuple[str, ...]] = {}

    def _vertex(self, place: int, node: Node) -> Vertex:
        title_room, size = (86.0, 12.5) if self.large else (52.0, 10.5)
        title_room = 380.0 if node.fill else title_room
        constant = node.role == "constant"
        title = "" if constant else _title(node, size, title_room)
        number = self._number(node)
        title, number = (number, "") if constant or not title else (title, number)
        banded = self.options.gradients and self.labeled and node.grad is not None and not constant
        inner = text_width(title, size) + text_width(number, size) + (34.0 if number else 24.0)
        least = (130.0 if banded else 64.0) if self.large else (76.0 if banded else 44.0)
        width = max(30.0 if constant else least, inner, *(text_width(line, 10.5) + 20.0 for line in node.lines), 0.0)
        upper, band = (30.0, 27.0) if self.large else (20.0, 18.0)
        note = "starts here" if node.starts else self.sums.get(place, "")
        height = upper + (band + 4.0 if banded else 0.0) + 15.0 * len(node.lines) + (16.0 if note else 0.0)
        width = max(width, text_width(note, 10.5) + 16.0)
        cell = None
        if banded:
            shown = short_number(node.grad, self.options.precision if self.large else min(3, self.options.precision))
            cell = self.scale.cell(node.grad, shown, Box(3.0, upper, width - 6.0, band))
            if node.result:  # the root's own 1 takes no part in the scale
                cell = Cell(node.grad, shown, 0.0, cell.box, Paint("", "#dfdfdb"))
        return Vertex(
            f"n{place}", node.role, title, number, node.number, node.grad, cell, Box(0.0, 0.0, width, height),
            _paint(node), node.lines, nodes=node.nodes, result=node.result, scope=node.scope,
            details=tuple(vertex_details(node)), note=note, compact=not self.large, name=node.title,
            operation=node.operation, starts=node.starts,
        )  # fmt: skip

    def _number(self, node: Node) -> str:
        if not self.labeled or node.fill:
            return ""
        if node.role == "folded":
            return f"{node.nodes:,} nodes"
        precision = self.options.precision if self.large else min(3, self.options.precision)
        return short_number(node.number, precision) if self.options.values or node.role == "constant" else ""

    def _line(self, edge: Edge) -> Line:
        constant = self.sketch.vertices[edge.tail].role == "constant"
        paint = Paint(stroke=ZERO, width=1.0, dash=(1.5, 2.5)) if constant else self.scale.line(edge.contribution)
        if edge.slope is not None and edge.slope != edge.slope:
            paint = Paint(stroke=ALARM_LINE, width=3.0, ink=ALARM_LINE)
        label = self._label(edge) if self.labeled else ""
        return Line(
            f"n{edge.tail}", f"n{edge.head}", -1, (), paint, edge.slope, edge.contribution, edge.edges, label,
            arrow=True, details=tuple(edge_details(edge)),
        )  # fmt: skip

    def _label(self, edge: Edge) -> str:
        if self.sketch.vertices[edge.head].fill:
            return ""
        if edge.edges > 1:
            return f"×{edge.edges:,}"
        if edge.slope is None:
            return ""
        precision = min(4 if self.large else 2, self.options.precision)
        if self.options.contributions and edge.contribution is not None:
            return contribution_text(edge, self.sketch.vertices[edge.head], lambda n: short_number(n, precision))
        return short_number(edge.slope, precision) if self.options.slopes else ""

    def source(self) -> str:
        """DOT text of boxes without text, for their places alone."""
        longest = max((text_width(line.label, 11.0) for line in self.lines), default=0.0)
        apart = max(40.0, longest + 34.0) if self.large else max(30.0, longest + 20.0)
        graph = graphviz.Digraph(graph_attr={"rankdir": self.options.direction, "ranksep": f"{apart / 72:.3f}"})
        graph.attr(nodesep=f"{(22.0 if self.large else 14.0) / 72:.3f}", fontname="Courier", fontsize="11")
        if len(self.vertices) > HASTY:
            graph.attr(nslimit="1", nslimit1="1", mclimit="0.2")
        graph.attr("node", shape="box", fixedsize="true", label="")
        graph.attr("edge", dir="none")
        frames = clusters(vertex.scope for vertex in self.sketch.vertices)
        self.scopes = {cluster.name: scope for scope, cluster in frames.items()}
        for vertex in self.vertices:
            width, height = vertex.box.width / 72, vertex.box.height / 72
            around = frames[vertex.scope] if vertex.scope else graph
            around.node(vertex.key, width=f"{width:.4f}", height=f"{height:.4f}")
        nest(graph, frames)
        for line in self.lines:
            graph.edge(line.tail, line.head)
        return str(graph.source)

    def drawing(self, placed: _Places, notes: Sequence[str]) -> Drawing:
        """Everything in its place, with a legend below."""
        width = max(placed.width + 2 * MARGIN, LEAST_WIDTH if self.options.legend else 0.0)
        shift = (width - placed.width) / 2 if placed.width < LEAST_WIDTH else MARGIN
        moved = placed.moved(shift, TOP)
        bottom = TOP + placed.height + 16.0
        remarks = self._folded()
        top = bottom + 20.0 * (len(notes) + len(remarks))
        explained, height = None, 0.0
        if self.options.legend:
            box = Box(MARGIN, top, width - 2 * MARGIN, HEIGHT)
            scaled = self.scale if self.sketch.swept and self.options.gradients else None
            explained = legend(scaled, self._sentences(), (), box, widths=False)
            height = max(HEIGHT, 22.0 + LEADING * len(explained.sentences))
        return replace(
            self.unplaced(notes), title=fitted(shown_title(self.sketch.root), 12.0, 300.0), width=width,
            height=top + height, vertices=moved.vertices, lines=moved.lines, frames=moved.frames, legend=explained,
            notes_at=(MARGIN, bottom + 12.0),
        )  # fmt: skip

    def unplaced(self, notes: Sequence[str]) -> Drawing:
        """Everything without a place."""
        root, remarks = self.vertices[-1], self._folded()
        folds = tuple(Fold(vertex.title, vertex.nodes) for vertex in self.vertices if vertex.role == "folded")
        return Drawing(
            root.title, self._description(root, [*notes, *remarks]), 0.0, 0.0, vertices=tuple(self.vertices),
            lines=tuple(self.lines), folds=folds, notes=tuple(notes), remarks=tuple(remarks), nodes=self.sketch.total,
            swept=self.sketch.swept, largest=self.scale.largest, decades=self.scale.decades,
        )  # fmt: skip

    def _folded(self) -> list[str]:
        if self.sketch.folded:
            groups = sum(vertex.role == "folded" for vertex in self.sketch.vertices)
            return [f"{self.sketch.folded:,} of {self.sketch.total:,} nodes are folded into {groups:,}."]
        return [] if self.labeled else [f"{self.sketch.total:,} nodes: numbers are shown on hover."]

    def _description(self, root: Vertex, said: Sequence[str]) -> str:
        kinds = f"{self.sketch.total:,} nodes and {len(self.lines):,} edges."
        number = "" if root.number is None else f", {short_number(root.number, 6)}"
        return " ".join([f"Graph of {root.title}{number}: {kinds}", *said])

    def _on_lines(self) -> str:
        """What the text on lines is, for the legend."""
        if not self.labeled:
            return "Line "
        if self.options.contributions:
            return "On lines: slope × upstream = contribution; "
        return "On lines: local slope; " if self.options.slopes else "Line "

    def _sentences(self) -> list[str]:
        if self.sentences:
            return [*self.sentences]
        root = shown_title(self.sketch.root)
        named = fitted(root, 11.0, 120.0)
        roles = {vertex.role for vertex in self.vertices}
        shapes = ["square: input"] if "input" in roles else []
        shapes += ["thick: parameter"] if "parameter" in roles else []
        shapes += ["dashed: constant"] if "constant" in roles else []
        shapes += ["stacked: folded"] if "folded" in roles else []
        lines = []
        if self.sketch.swept:
            what = "Color: gradient of" if self.options.gradients else "Lines: slope × upstream of"
            lines += [f"{what} {named}; log scale over {self.scale.decades} decades; its own 1 is left out."]
            lines += [f"{self._on_lines()}width: |slope × upstream|; dashed: exactly 0."]
        lines += [ALARM] if any(node.starts for node in self.sketch.vertices) else []
        lines += ["; ".join([*shapes, "round: operation", "double: result"]).capitalize() + "."]
        return lines


@final
class _Places:
    """Where Graphviz put things, the origin at the upper left corner."""

    def __init__(
        self, vertices: tuple[Vertex, ...], lines: tuple[Line, ...], frames: tuple[Frame, ...], size: Point
    ) -> None:
        self.vertices, self.lines, self.frames = vertices, lines, frames
        self.width, self.height = size

    def moved(self, x: float, y: float) -> _Places:
        """The same, all moved right and down."""

        def box(old: Box) -> Box:
            return Box(old.x + x, old.y + y, old.width, old.height)

        vertices = tuple(
            replace(vertex, box=box(vertex.box), cell=vertex.cell and replace(vertex.cell, box=box(vertex.cell.box)))
            for vertex in self.vertices
        )
        lines = tuple(
            replace(
                line, path=tuple((a + x, b + y) for a, b in line.path), label_box=line.label_box and box(line.label_box)
            )
            for line in self.lines
        )
        frames = tuple(replace(frame, box=box(frame.box)) for frame in self.frames)
        return _Places(vertices, lines, frames, (self.width, self.height))


def _placed(graph: Mapping[str, Any], build: _Building) -> _Places:
    left, low, right, top = map(float, graph["bb"].split(","))
    objects = {entry["name"]: entry for entry in graph.get("objects", ())}

    def at(pair: str) -> Point:
        x, y = map(float, pair.split(","))
        return x - left, top - y

    vertices = []
    for vertex in build.vertices:
        x, y = at(objects[vertex.key]["pos"])
        corner = Box(x - vertex.box.width / 2, y - vertex.box.height / 2, vertex.box.width, vertex.box.height)
        cell = vertex.cell
        if cell:
            cell = replace(cell, box=Box(corner.x + cell.box.x, corner.y + cell.box.y, cell.box.width, cell.box.height))
        vertices.append(replace(vertex, box=corner, cell=cell))
    frames = [_frame(objects[name], scope, at) for name, scope in build.scopes.items()]
    paths: dict[tuple[str, str], list[str]] = defaultdict(list)
    names = {entry["_gvid"]: entry["name"] for entry in objects.values()}
    for edge in graph.get("edges", ()):
        paths[names[edge["tail"]], names[edge["head"]]].append(edge.get("pos", ""))
    lines = []
    for line in build.lines:
        points = paths[line.tail, line.head].pop(0).split()
        lines.append(replace(line, path=_shortened(tuple(at(point) for point in points))))
    return _Places(tuple(vertices), tuple(_labeled(lines)), tuple(frames), (right - left, top - low))


def _shortened(path: tuple[Point, ...]) -> tuple[Point, ...]:
    """A path that leaves room for an arrowhead at its end."""
    if len(path) < 4 or math.dist(path[-4], path[-1]) <= ARROW:
        return path
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        near = math.dist(_start_of(path[-4:], middle)[-1], path[-1]) <= ARROW
        low, high = (low, middle) if near else (middle, high)
    return *path[:-4], *_start_of(path[-4:], low)


def _start_of(curve: Sequence[Point], share: float) -> tuple[Point, ...]:
    """A cubic curve up to a share of its parameter, by de Casteljau's construction."""
    kept, rest = [curve[0]], list(curve)
    while len(rest) > 1:
        rest = [(a + share * (c - a), b + share * (d - b)) for (a, b), (c, d) in itertools.pairwise(rest)]
        kept.append(rest[0])
    return tuple(kept)


def _frame(entry: Mapping[str, Any], scope: tuple[str, ...], at: Callable[[str], Point]) -> Frame:
    left, low, right, top = entry["bb"].split(",")
    (x, y), (end, bottom) = at(f"{left},{top}"), at(f"{right},{low}")
    deep = len(scope) % 2
    paint = Paint("#f7f7f5" if deep else "#efefec", "#dfdfdb")
    return Frame(fitted(scope[-1], 10.5, end - x - 16.0), scope, Box(x, y, end - x, bottom - y), paint)


def _labeled(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with their labels on pills along them, moved where two would meet."""
    taken: list[Box] = []
    for line in lines:
        if not line.label or len(line.path) < 4:
            yield line
            continue
        width = text_width(line.label, 11.0) + 12.0
        options = [_centered(_along(line.path, share), width) for share in (0.5, 0.38, 0.62, 0.28, 0.72)]
        box = next((option for option in options if not any(_meet(option, other) for other in taken)), options[0])
        taken.append(box)
        yield replace(line, label_box=box, label_at=(box.x + width / 2, box.y + PILL / 2))


def _centered(at: Point, width: float) -> Box:
    return Box(at[0] - width / 2, at[1] - PILL / 2, width, PILL)


def _meet(a: Box, b: Box) -> bool:
    apart = a.x + a.width < b.x or b.x + b.width < a.x or a.bottom < b.y or b.bottom < a.y
    return not apart


def _along(path: Sequence[Point], share: float) -> Point:
    """The point at a share of the way along curves."""
    points = [path[0]]
    for start in range(0, len(path) - 3, 3):
        p0, p1, p2, p3 = path[start : start + 4]
        for step in range(1, 9):
            t = step / 8
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append(tuple(a * w + b * x + c * y + d * z for w, x, y, z in zip(p0, p1, p2, p3, strict=True)))  # type: ignore[arg-type]  # two each
    lengths = [((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 for (x1, y1), (x2, y2) in itertools.pairwise(points)]
    left = share * sum(lengths)
    for (start_point, end_point), length in zip(itertools.pairwise(points), lengths, strict=True):
        if left <= length and length:
            part = left / length
            (x1, y1), (x2, y2) = start_point, end_point
            return x1 + part * (x2 - x1), y1 + part * (y2 - y1)
        left -= length
    return points[-1]


def _paint(node: Node) -> Paint:
    if node.starts:
        return Paint(ALARM_FILL, ALARM_LINE, 3.0, ink=INK)
    if node.alarming:
        return Paint(INFECTED_FILL, ALARM_LINE, 1.2, (4.0, 2.5), INK)
    if node.fill:
        return Paint(node.fill, STRONG, 1.2, (4.0, 2.5) if node.steady else (), INK)
    if node.role == "constant":
        return Paint(CARD, ZERO, 1.0, (2.0, 2.0), "#4c5055")
    if node.role == "parameter":
        return Paint(CARD, INK, 1.8, ink=INK)
    return Paint(CARD, STRONG, 1.2, ink=INK)


def gradient_sums(sketch: Sketch, options: Options) -> dict[int, str]:
    """For each vertex that several edges lead out of, the sum of what they contribute; none unless asked for."""
    if not (options.contributions and sketch.swept):
        return {}
    terms: dict[int, list[float]] = defaultdict(list)
    folded = {edge.tail for edge in sketch.edges if edge.edges > 1}
    folded.update(place for place, vertex in enumerate(sketch.vertices) if vertex.role == "folded")
    for edge in sketch.edges:
        if edge.slope is not None and edge.contribution is not None:
            terms[edge.tail].append(edge.contribution)
    return {place: _sum(parts) for place, parts in terms.items() if len(parts) > 1 and place not in folded}


def contribution_text(edge: Edge | Line, head: Node | Vertex, written: Callable[[float | None], str]) -> str:
    """slope × upstream = contribution; the contribution alone where the head is folded and has several gradients."""
    if head.role == "folded":
        return f"adds {written(edge.contribution)}"
    return f"{written(edge.slope)} × {written(head.grad)} = {written(edge.contribution)}"


def _sum(parts: Sequence[float]) -> str:
    """A sum of numbers as text; of many, the first three and how many more there are."""
    shown = parts if len(parts) <= MOST_TERMS else parts[: MOST_TERMS - 1]
    rest = f" + {len(parts) - len(shown):,} more" if len(shown) < len(parts) else ""
    return "= " + " + ".join(map(short_number, shown)).replace("+ −", "− ") + rest


def _title(node: Node, size: float, room: float) -> str:
    """What stands in the vertex: where there is no room for both, the label rather than its operation."""
    both = shown_title(node)
    return both if not node.fill and text_width(both, size) <= room else fitted(node.title, size, room)


def shown_title(node: Node) -> str:
    """The label, with the operation that it is of."""
    title = text.shortened(node.title, 24)
    return f"{title} ({node.operation})" if node.operation not in ("", node.title) else title


def vertex_details(node: Node) -> Iterator[str]:
    """What a vertex says on hover: everything, with all digits."""
    place = f" in {' / '.join(node.scope)}" if node.scope else ""
    if node.fill:
        yield from node.details
        return
    yield node.title
    yield f"{node.role} {node.operation}".rstrip() + place
    yield f"{node.nodes:,} nodes, folded" if node.role == "folded" else f"value {text.exact_number(node.number)}"
    if node.role != "constant":
        yield f"{'largest gradient' if node.role == 'folded' else 'gradient'} {text.exact_number(node.grad)}"


def edge_details(edge: Edge) -> Iterator[str]:
    """What an edge says on hover, with all digits."""
    if edge.edges > 1:
        yield f"{edge.edges:,} edges, folded"
        yield f"sum of |slope × upstream| {text.exact_number(edge.contribution)}"
    elif edge.slope is None:
        yield "constant"
    else:
        yield f"slope {text.exact_number(edge.slope)}"
        yield f"slope × upstream {text.exact_number(edge.contribution)}"
