"""A drawing as SVG: text as text, a title and description for those who do not see it, and no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from viz.drawing.model import Box, Card, Cell, Column, Curve, Drawing, Frame, Legend, Line, Paint, Point, Row, Vertex
from viz.drawing.scale import ALARM_LINE, HAIRLINE, INK, INK2, INK3, LINE
from viz.writers.markup import FONT, group, number, painted, path, polyline, rectangle, safe, words

AXIS = Paint(stroke="#dcdcd7", width=0.8)


def svg(drawing: Drawing) -> str:
    """The whole picture. It is as wide as what holds it, and at most its own size."""
    width, height = number(drawing.width), number(drawing.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto" role="img" aria-labelledby="picture-title picture-description" '
        f'font-family="{safe(FONT)}" font-variant-numeric="tabular-nums">'
    )
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            head,
            f'<title id="picture-title">{safe(drawing.title)}</title>',
            f'<desc id="picture-description">{safe(drawing.description)}</desc>',
            *_arrows(drawing),
            rectangle(Box(0, 0, drawing.width, drawing.height), Paint("#ffffff")),
            *_body(drawing),
            "</svg>\n",
        ]
    )


def _body(drawing: Drawing) -> Iterator[str]:
    yield from map(_frame, drawing.frames)
    yield from _hairlines(drawing)
    yield from (_line(line) for line in drawing.lines if line.paint != HAIRLINE)
    yield from map(_column, drawing.columns)
    yield from map(_vertex, drawing.vertices)
    yield from map(_card, drawing.cards)
    yield from (_label(line) for line in drawing.lines if line.label_box)
    x, y = drawing.notes_at
    for place, note in enumerate(drawing.notes):
        yield words(f"! {note}", (x, y + 20.0 * place), size=12, ink=ALARM_LINE, bold=True)
    for place, remark in enumerate(drawing.remarks, start=len(drawing.notes)):
        yield words(remark, (x, y + 20.0 * place), size=12, ink=INK2, bold=True)
    if drawing.legend:
        yield group("legend", [*_legend(drawing.legend)])


def _arrows(drawing: Drawing) -> Iterator[str]:
    """A head for each color of line that has one; its size does not grow with the line."""
    for color in dict.fromkeys(line.paint.stroke for line in drawing.lines if line.arrow):
        yield (
            f'<defs><marker id="arrow-{color[1:]}" viewBox="0 0 10 10" refX="0.4" refY="5" markerWidth="11" '
            f'markerHeight="13" markerUnits="userSpaceOnUse" orient="auto">'
            f'<path d="M0,0L10,5L0,10z" fill="{color}"/></marker></defs>'
        )


def _column(column: Column) -> str:
    x, y = column.at
    parts = [words(column.title, column.at, size=13, bold=True)]
    parts.append(words(column.subtitle, (x, y + 16.0), size=11.5, ink=INK3))
    if column.caption:
        parts.append(words(column.caption, (x, y + 29.0), size=9.5, ink=INK3))
    return group("column", parts)


def _line(line: Line) -> str:
    arrow = f' marker-end="url(#arrow-{line.paint.stroke[1:]})"' if line.arrow else ""
    drawn = path(line.path, line.paint, arrow=arrow)
    return group("edge", [drawn], line.details)


def _hairlines(drawing: Drawing) -> Iterator[str]:
    """All hairlines as one path: they say where lines run, and carry nothing by themselves."""
    paths = [line.path for line in drawing.lines if line.paint == HAIRLINE]
    if paths:
        shown = "".join(f"M{_points(path[:1])}C{_points(path[1:])}" for path in paths)
        yield f'<path class="hairlines" d="{shown}" {painted(Paint("", HAIRLINE.stroke, HAIRLINE.width))}/>'


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def _label(line: Line) -> str:
    box = line.label_box
    if box is None:
        return ""
    pill = rectangle(box, Paint("#ffffff", "#b4b4ae", 0.9), box.height / 2)
    return pill + words(line.label, (box.x + box.width / 2, box.y + box.height / 2 + 3.8), size=11, anchor="middle")


def _frame(frame: Frame) -> str:
    title = words(frame.title, (frame.box.x + 9, frame.box.y + 15), size=10.5, ink=INK2)
    return group("frame", [rectangle(frame.box, frame.paint, 8.0), title], (" / ".join(frame.scope),))


def _vertex(vertex: Vertex) -> str:
    box, parts = vertex.box, []
    radius = {"operation": 12.0, "input": 4.0, "folded": 6.0, "target": 4.0}.get(vertex.role, 1.0)
    if (vertex.records > 1 and box.height > 22.0) or vertex.role == "folded":
        for step in (5.0, 2.5):
            parts.append(rectangle(Box(box.x + step, box.y + step, box.width, box.height), vertex.paint, radius))
    parts.append(rectangle(box, vertex.paint, radius))
    if vertex.result:
        inner = Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        parts.append(rectangle(inner, Paint("", vertex.paint.stroke, 0.8), max(1.0, radius - 3)))
    parts += _stacked(vertex) if vertex.number is not None and vertex.lines else _two_parts(vertex)
    if vertex.note:
        parts.append(words(vertex.note, (box.x + 9, box.bottom - 6), size=10.5, ink=INK2, bold=True))
    return group("node", parts, vertex.details)


def _stacked(vertex: Vertex) -> Iterator[str]:
    """Lines of text, centered: title, number, then the rest."""
    x, y = vertex.box.x + vertex.box.width / 2, vertex.box.y + 22.0
    yield words(vertex.title, (x, y), size=11.5, ink=INK2, anchor="middle")
    yield words(vertex.text, (x, y + 23.0), size=17, anchor="middle", bold=True)
    for place, line in enumerate(vertex.lines):
        yield words(line, (x, y + 42.0 + 18.0 * place), size=10.5, ink=INK2, anchor="middle")


def _two_parts(vertex: Vertex) -> Iterator[str]:
    """The title and value above, the gradient in a band below; on one line where there is no gradient."""
    box = vertex.box
    size = 10.5 if vertex.compact else 12.5 if vertex.cell else min(12.0, max(9.0, box.height * 0.5))
    banded = 14.0 if vertex.compact else 20.0
    middle = box.y + (banded if vertex.cell or vertex.lines else box.height / 2 + size * 0.36)
    inset = 7.0 if vertex.compact else 10.0
    if not vertex.text:
        yield words(vertex.title, (box.x + box.width / 2, middle), size=size, ink=vertex.paint.ink, anchor="middle")
    else:
        yield words(vertex.title, (box.x + inset, middle), size=size, bold=bool(vertex.cell), ink=vertex.paint.ink)
        yield words(vertex.text, (box.x + box.width - inset, middle), size=size, anchor="end", ink=vertex.paint.ink)
    for place, line in enumerate(vertex.lines):
        yield words(line, (box.x + box.width / 2, middle + 15.0 * (place + 1)), size=10.5, ink=INK2, anchor="middle")
    if vertex.cell:
        cell = vertex.cell
        yield rectangle(cell.box, cell.paint, 9.0 if vertex.role == "operation" else 3.0)
        base = cell.box.y + cell.box.height / 2 + 4.0
        name = "peak grad" if vertex.role == "folded" else "gradient"
        if not vertex.compact:
            yield words(name, (cell.box.x + 7, base), size=10.5, ink=cell.paint.ink)
        end = cell.box.x + cell.box.width - (5.0 if vertex.compact else 7.0)
        yield words(cell.text, (end, base), size=size - 0.5, ink=cell.paint.ink, anchor="end")


def _card(card: Card) -> str:
    parts = []
    if card.size == "fold":
        parts += [
            rectangle(Box(card.box.x + step, card.box.y + step, card.box.width, card.box.height), card.paint, 5)
            for step in (5.0, 2.5)
        ]
    parts.append(rectangle(card.box, card.paint, 8.0 if card.size == "L" else 5.0))
    if card.result:
        box = card.box
        parts.append(
            rectangle(Box(box.x - 3, box.y - 3, box.width + 6, box.height + 6), Paint("", card.paint.stroke, 1.0), 10.0)
        )
    parts += _large(card) if card.size == "L" else _small(card)
    if card.note:
        ink = ALARM_LINE if card.note == "starts here" else INK2
        parts.append(words(card.note, card.note_at, size=10.5, ink=ink, bold=True, halo=True))
    return group(f"card card-{card.size}", parts, card.details)


def _large(card: Card) -> Iterator[str]:
    left, right = card.box.x, card.box.x + card.box.width
    head = card.box.y + 20.0
    yield words(card.title, (left + 13, head), size=13, bold=True)
    if any(row.text for row in card.rows):
        yield words("value", (_value_end(card.rows[0], card), head), size=10.5, ink=INK3, anchor="end")
    if card.rows and card.rows[0].cell:
        yield words("gradient", (right - 14, head), size=10.5, ink=INK3, anchor="end")
    for row in card.rows:
        yield from _row(row, card)
        if row.role == "total":
            y = number(row.y - 17.0)
            yield f'<path d="M{number(left + 11)},{y}H{number(right - 10)}" {painted(Paint("", LINE))}/>'
    if card.curve:
        yield from _curve(card.curve, 1.5, 3.4)
    if card.curve and card.slope_text:
        place = card.rows[-1].y
        yield words("slope", (right - 14, place - 42), size=10.5, ink=INK3, anchor="end")
        yield words(card.slope_text, (right - 14, place - 27), size=11.5, anchor="end")


def _row(row: Row, card: Card) -> Iterator[str]:
    base = row.y + 4.0
    yield words(row.name, (card.box.x + 13, base), ink=INK2)
    if row.text:
        yield words(row.text, (_value_end(row, card), base), anchor="end")
    if row.cell:
        yield rectangle(row.cell.box, row.cell.paint, 3.0)
        yield words(
            row.cell.text, (row.cell.box.x + row.cell.box.width - 5, base), ink=row.cell.paint.ink, anchor="end"
        )


def _value_end(row: Row, card: Card) -> float:
    """Where values end: before the gradients, or at the side of the card where there are none."""
    return row.cell.box.x - 11 if row.cell else card.box.x + card.box.width - 14


def _curve(curve: Curve, width: float, radius: float) -> Iterator[str]:
    if curve.axes:
        yield polyline(curve.axes[:2], AXIS)
        yield polyline(curve.axes[2:], AXIS)
    yield polyline(curve.points, Paint(stroke=INK2, width=width))
    if curve.tangent:
        yield polyline(curve.tangent, Paint(stroke=INK, width=1.5))
    for x, y in curve.dots:
        yield f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{INK}"/>'


def _small(card: Card) -> Iterator[str]:
    tall = card.slope_at is not None
    size = 11.5 if tall else 10.5 if card.size in ("M", "fold") else 9.0
    yield words(card.title, card.title_at, size=size, ink=INK if tall else INK2, bold=tall)
    if card.curve:
        yield from _curve(card.curve, 1.1, 1.4)
    if card.slope_at and card.slope_text:
        yield words(f"slope {card.slope_text}", card.slope_at, size=10.5, ink=INK2)
    for cell in card.strip:
        yield _strip_cell(cell)
    if card.total:
        cell = card.total
        yield rectangle(cell.box, cell.paint, 3.0)
        at = cell.box.x + cell.box.width / 2, cell.box.y + cell.box.height / 2 + 4.0
        yield words(cell.text, at, size=11.5, ink=cell.paint.ink, anchor="middle", bold=not tall)


def _strip_cell(cell: Cell) -> str:
    if cell.number == 0.0 or cell.number is None:  # a dash, never a color
        y = cell.box.y + cell.box.height / 2
        half = min(3.0, cell.box.width / 2 - 0.4)
        x = cell.box.x + cell.box.width / 2
        return f'<path d="M{number(x - half)},{number(y)}h{number(2 * half)}" {painted(Paint("", INK3, 1.0))}/>'
    return rectangle(cell.box, cell.paint, 1.5)


def _legend(legend: Legend) -> Iterator[str]:
    box = legend.box
    yield f'<path d="M{number(box.x)},{number(box.y)}H{number(box.x + box.width)}" {painted(Paint("", LINE))}/>'
    if legend.bar:
        yield from _bar(legend, legend.bar)
    for sentence, at in legend.sentences:
        yield words(sentence, at, size=11, ink=INK2)
    for sample in legend.samples:
        yield polyline(sample.path, sample.paint)
        yield words(sample.text, sample.at, size=10, ink=INK3, anchor="middle")
    for place, line in enumerate(legend.caption):
        at = box.x + box.width, box.y + 24 + 16.0 * place
        yield words(
            line, at, size=12 if place == 0 else 11, ink=INK if place == 0 else INK2, anchor="end", bold=place == 0
        )


def _bar(legend: Legend, bar: Box) -> Iterator[str]:
    stops = "".join(
        f'<stop offset="{place / (len(legend.stops) - 1):g}" stop-color="{color}"/>'
        for place, color in enumerate(legend.stops)
    )
    yield f'<defs><linearGradient id="picture-scale">{stops}</linearGradient></defs>'
    yield rectangle(bar, Paint("url(#picture-scale)", "#b4b4ae", 0.8), 2.0)
    base = bar.bottom + 15
    yield words(legend.ends[0], (bar.x, base), size=10, ink=INK3)
    yield words("0", (bar.x + bar.width / 2, base), size=10, ink=INK3, anchor="middle")
    yield words(legend.ends[1], (bar.x + bar.width, base), size=10, ink=INK3, anchor="end")
