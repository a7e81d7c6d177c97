"""From a drawing to the shapes that show it, which every writer of pictures draws."""

from __future__ import annotations

from collections.abc import Iterator

from viz.drawing.model import Box, Card, Cell, Column, Curve, Drawing, Frame, Legend, Line, Paint, Row, Vertex
from viz.drawing.scale import ALARM_LINE, HAIRLINE, INK, INK2, INK3, LINE
from viz.writers.shapes import Cubic, Disc, Group, Hairlines, Rectangle, Shape, Straight, Words

AXIS = Paint(stroke="#dcdcd7", width=0.8)


def shapes(drawing: Drawing) -> Iterator[Shape]:
    """Everything that is drawn, what lies below first."""
    yield Rectangle(Box(0.0, 0.0, drawing.width, drawing.height), Paint("#ffffff"))
    yield from map(_frame, drawing.frames)
    yield from _hairlines(drawing)
    yield from (_line(line) for line in drawing.lines if line.paint != HAIRLINE)
    yield from map(_column, drawing.columns)
    yield from map(_vertex, drawing.vertices)
    yield from map(_card, drawing.cards)
    for line in drawing.lines:
        if line.label_box:
            yield from _label(line, line.label_box)
    x, y = drawing.notes_at
    for place, note in enumerate(drawing.notes):
        yield Words(f"! {note}", (x, y + 20.0 * place), size=12, ink=ALARM_LINE, bold=True)
    for place, remark in enumerate(drawing.remarks, start=len(drawing.notes)):
        yield Words(remark, (x, y + 20.0 * place), size=12, ink=INK2, bold=True)
    if drawing.legend:
        yield Group("legend", tuple(_legend(drawing.legend)))


def _column(column: Column) -> Group:
    x, y = column.at
    parts = [Words(column.title, column.at, size=13, bold=True)]
    parts.append(Words(column.subtitle, (x, y + 16.0), size=11.5, ink=INK3))
    if column.caption:
        parts.append(Words(column.caption, (x, y + 29.0), size=9.5, ink=INK3))
    return Group("column", tuple(parts))


def _line(line: Line) -> Group:
    return Group("edge", (Cubic(line.path, line.paint, line.arrow),), line.details)


def _hairlines(drawing: Drawing) -> Iterator[Shape]:
    """All hairlines as one path: they say where lines run, and carry nothing by themselves."""
    paths = tuple(line.path for line in drawing.lines if line.paint == HAIRLINE)
    if paths:
        yield Hairlines(paths, HAIRLINE)


def _label(line: Line, box: Box) -> Iterator[Shape]:
    yield Rectangle(box, Paint("#ffffff", "#b4b4ae", 0.9), box.height / 2)
    yield Words(line.label, (box.x + box.width / 2, box.y + box.height / 2 + 3.8), size=11, anchor="middle")


def _frame(frame: Frame) -> Group:
    title = Words(frame.title, (frame.box.x + 9, frame.box.y + 15), size=10.5, ink=INK2)
    return Group("frame", (Rectangle(frame.box, frame.paint, 8.0), title), (" / ".join(frame.scope),))


def _vertex(vertex: Vertex) -> Group:
    box = vertex.box
    parts: list[Shape] = []
    radius = {"operation": 12.0, "input": 4.0, "folded": 6.0, "target": 4.0}.get(vertex.role, 1.0)
    if (vertex.records > 1 and box.height > 22.0) or vertex.role == "folded":
        for step in (5.0, 2.5):
            parts.append(Rectangle(Box(box.x + step, box.y + step, box.width, box.height), vertex.paint, radius))
    parts.append(Rectangle(box, vertex.paint, radius))
    if vertex.result:
        inner = Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        parts.append(Rectangle(inner, Paint("", vertex.paint.stroke, 0.8), max(1.0, radius - 3)))
    parts += _stacked(vertex) if vertex.number is not None and vertex.lines else _two_parts(vertex)
    if vertex.note:
        parts.append(Words(vertex.note, (box.x + 9, box.bottom - 6), size=10.5, ink=INK2, bold=True))
    return Group("node", tuple(parts), vertex.details)


def _stacked(vertex: Vertex) -> Iterator[Shape]:
    """Lines of text, centered: title, number, then the rest."""
    x, y = vertex.box.x + vertex.box.width / 2, vertex.box.y + 22.0
    yield Words(vertex.title, (x, y), size=11.5, ink=INK2, anchor="middle")
    yield Words(vertex.text, (x, y + 23.0), size=17, anchor="middle", bold=True)
    for place, line in enumerate(vertex.lines):
        yield Words(line, (x, y + 42.0 + 18.0 * place), size=10.5, ink=INK2, anchor="middle")


def _two_parts(vertex: Vertex) -> Iterator[Shape]:
    """The title and value above, the gradient in a band below; on one line where there is no gradient."""
    box = vertex.box
    size = 10.5 if vertex.compact else 12.5 if vertex.cell else min(12.0, max(9.0, box.height * 0.5))
    banded = 14.0 if vertex.compact else 20.0
    middle = box.y + (banded if vertex.cell or vertex.lines else box.height / 2 + size * 0.36)
    inset = 7.0 if vertex.compact else 10.0
    if not vertex.text:
        yield Words(vertex.title, (box.x + box.width / 2, middle), size=size, ink=vertex.paint.ink, anchor="middle")
    else:
        yield Words(vertex.title, (box.x + inset, middle), size=size, bold=bool(vertex.cell), ink=vertex.paint.ink)
        yield Words(vertex.text, (box.x + box.width - inset, middle), size=size, anchor="end", ink=vertex.paint.ink)
    for place, line in enumerate(vertex.lines):
        yield Words(line, (box.x + box.width / 2, middle + 15.0 * (place + 1)), size=10.5, ink=INK2, anchor="middle")
    if vertex.cell:
        cell = vertex.cell
        yield Rectangle(cell.box, cell.paint, 9.0 if vertex.role == "operation" else 3.0)
        base = cell.box.y + cell.box.height / 2 + 4.0
        name = "peak grad" if vertex.role == "folded" else "gradient"
        if not vertex.compact:
            yield Words(name, (cell.box.x + 7, base), size=10.5, ink=cell.paint.ink)
        end = cell.box.x + cell.box.width - (5.0 if vertex.compact else 7.0)
        yield Words(cell.text, (end, base), size=size - 0.5, ink=cell.paint.ink, anchor="end")


def _card(card: Card) -> Group:
    parts: list[Shape] = []
    if card.size == "fold":
        parts += [
            Rectangle(Box(card.box.x + step, card.box.y + step, card.box.width, card.box.height), card.paint, 5)
            for step in (5.0, 2.5)
        ]
    parts.append(Rectangle(card.box, card.paint, 8.0 if card.size == "L" else 5.0))
    if card.result:
        box = card.box
        parts.append(
            Rectangle(Box(box.x - 3, box.y - 3, box.width + 6, box.height + 6), Paint("", card.paint.stroke, 1.0), 10.0)
        )
    parts += _large(card) if card.size == "L" else _small(card)
    if card.note:
        ink = ALARM_LINE if card.note == "starts here" else INK2
        parts.append(Words(card.note, card.note_at, size=10.5, ink=ink, bold=True, halo=True))
    return Group(f"card card-{card.size}", tuple(parts), card.details)


def _large(card: Card) -> Iterator[Shape]:
    left, right = card.box.x, card.box.x + card.box.width
    head = card.box.y + 20.0
    yield Words(card.title, (left + 13, head), size=13, bold=True)
    if any(row.text for row in card.rows):
        yield Words("value", (_value_end(card.rows[0], card), head), size=10.5, ink=INK3, anchor="end")
    if card.rows and card.rows[0].cell:
        yield Words("gradient", (right - 14, head), size=10.5, ink=INK3, anchor="end")
    for row in card.rows:
        yield from _row(row, card)
        if row.role == "total":
            yield Straight(((left + 11, row.y - 17.0), (right - 10, row.y - 17.0)), Paint(stroke=LINE))
    if card.curve:
        yield from _curve(card.curve, 1.5, 3.4)
    if card.curve and card.slope_text:
        place = card.rows[-1].y
        yield Words("slope", (right - 14, place - 42), size=10.5, ink=INK3, anchor="end")
        yield Words(card.slope_text, (right - 14, place - 27), size=11.5, anchor="end")


def _row(row: Row, card: Card) -> Iterator[Shape]:
    base = row.y + 4.0
    yield Words(row.name, (card.box.x + 13, base), ink=INK2)
    if row.text:
        yield Words(row.text, (_value_end(row, card), base), anchor="end")
    if row.cell:
        yield Rectangle(row.cell.box, row.cell.paint, 3.0)
        yield Words(
            row.cell.text, (row.cell.box.x + row.cell.box.width - 5, base), ink=row.cell.paint.ink, anchor="end"
        )


def _value_end(row: Row, card: Card) -> float:
    """Where values end: before the gradients, or at the side of the card where there are none."""
    return row.cell.box.x - 11 if row.cell else card.box.x + card.box.width - 14


def _curve(curve: Curve, width: float, radius: float) -> Iterator[Shape]:
    if curve.axes:
        yield Straight(curve.axes[:2], AXIS)
        yield Straight(curve.axes[2:], AXIS)
    yield Straight(curve.points, Paint(stroke=INK2, width=width))
    if curve.tangent:
        yield Straight(curve.tangent, Paint(stroke=INK, width=1.5))
    for center in curve.dots:
        yield Disc(center, radius, INK)


def _small(card: Card) -> Iterator[Shape]:
    tall = card.slope_at is not None
    size = 11.5 if tall else 10.5 if card.size in ("M", "fold") else 9.0
    yield Words(card.title, card.title_at, size=size, ink=INK if tall else INK2, bold=tall)
    if card.curve:
        yield from _curve(card.curve, 1.1, 1.4)
    if card.slope_at and card.slope_text:
        yield Words(f"slope {card.slope_text}", card.slope_at, size=10.5, ink=INK2)
    for cell in card.strip:
        yield _strip_cell(cell)
    if card.total:
        cell = card.total
        yield Rectangle(cell.box, cell.paint, 3.0)
        at = cell.box.x + cell.box.width / 2, cell.box.y + cell.box.height / 2 + 4.0
        yield Words(cell.text, at, size=11.5, ink=cell.paint.ink, anchor="middle", bold=not tall)


def _strip_cell(cell: Cell) -> Shape:
    if cell.number == 0.0 or cell.number is None:  # a dash, never a color
        y = cell.box.y + cell.box.height / 2
        half = min(3.0, cell.box.width / 2 - 0.4)
        x = cell.box.x + cell.box.width / 2
        return Straight(((x - half, y), (x + half, y)), Paint(stroke=INK3))
    return Rectangle(cell.box, cell.paint, 1.5)


def _legend(legend: Legend) -> Iterator[Shape]:
    box = legend.box
    yield Straight(((box.x, box.y), (box.x + box.width, box.y)), Paint(stroke=LINE))
    if legend.bar:
        yield from _bar(legend, legend.bar)
    for sentence, at in legend.sentences:
        yield Words(sentence, at, size=11, ink=INK2)
    for sample in legend.samples:
        yield Straight(sample.path, sample.paint)
        yield Words(sample.text, sample.at, size=10, ink=INK3, anchor="middle")
    for place, line in enumerate(legend.caption):
        at = box.x + box.width, box.y + 24 + 16.0 * place
        yield Words(
            line, at, size=12 if place == 0 else 11, ink=INK if place == 0 else INK2, anchor="end", bold=place == 0
        )


def _bar(legend: Legend, bar: Box) -> Iterator[Shape]:
    yield Rectangle(bar, Paint(stroke="#b4b4ae", width=0.8), 2.0, legend.stops)
    base = bar.bottom + 15
    yield Words(legend.ends[0], (bar.x, base), size=10, ink=INK3)
    yield Words("0", (bar.x + bar.width / 2, base), size=10, ink=INK3, anchor="middle")
    yield Words(legend.ends[1], (bar.x + bar.width, base), size=10, ink=INK3, anchor="end")
