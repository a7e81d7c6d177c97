"""A drawing as SVG: text as text, a title and description for those who do not see it, and no script."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from html import escape
from typing import assert_never

from viz.drawing.model import Drawing, Paint, Point
from viz.text import printable
from viz.writers.picture import shapes
from viz.writers.shapes import Cubic, Disc, Group, Hairlines, Rectangle, Shape, Straight, Words

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def svg(drawing: Drawing) -> str:
    """The whole picture. It is as wide as what holds it, and at most its own size."""
    width, height = _number(drawing.width), _number(drawing.height)
    # Of its own, so that each of several pictures on a page is read out with its own title.
    key = f"{zlib.crc32(f'{drawing.title} {drawing.description} {width}'.encode(errors='replace')):08x}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto" role="img" '
        f'aria-labelledby="picture-title-{key} picture-description-{key}" '
        f'font-family="{_safe(FONT)}" font-variant-numeric="tabular-nums">'
    )
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            head,
            f'<title id="picture-title-{key}">{_safe(drawing.title)}</title>',
            f'<desc id="picture-description-{key}">{_safe(drawing.description)}</desc>',
            *_arrows(drawing),
            *map(_element, shapes(drawing)),
            "</svg>\n",
        ]
    )


def _arrows(drawing: Drawing) -> Iterator[str]:
    """A head for each color of line that has one; its size does not grow with the line."""
    for color in dict.fromkeys(line.paint.stroke for line in drawing.lines if line.arrow):
        yield (
            f'<defs><marker id="arrow-{color[1:]}" viewBox="0 0 10 10" refX="0.4" refY="5" markerWidth="11" '
            f'markerHeight="13" markerUnits="userSpaceOnUse" orient="auto">'
            f'<path d="M0,0L10,5L0,10z" fill="{color}"/></marker></defs>'
        )


def _element(shape: Shape) -> str:
    match shape:
        case Rectangle():
            return _rectangle(shape)
        case Words():
            return _words(shape)
        case Cubic():
            arrow = f' marker-end="url(#arrow-{shape.paint.stroke[1:]})"' if shape.arrow else ""
            return f'<path d="{_bezier(shape.points)}" {_painted(_line(shape.paint))}{arrow}/>'
        case Hairlines():
            shown = "".join(map(_bezier, shape.paths))
            return f'<path class="hairlines" d="{shown}" {_painted(_line(shape.paint))}/>'
        case Straight():
            return f'<polyline points="{_points(shape.points)}" {_painted(_line(shape.paint))}/>'
        case Disc():
            (x, y), radius = shape.center, _number(shape.radius)
            return f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{radius}" fill="{shape.fill}"/>'
        case Group():
            return f'<g class="{shape.kind}">{_hover(shape.details)}{"".join(map(_element, shape.content))}</g>'
        case _:
            assert_never(shape)


def _safe(text: str) -> str:
    """`text` for content and attributes of XML. What no XML may hold, or would reorder it, is written as by `repr`."""
    return escape(printable(text), quote=True)


def _number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _bezier(points: Sequence[Point]) -> str:
    return f"M{_points(points[:1])}C{_points(points[1:])}"


def _line(paint: Paint) -> Paint:
    return Paint("", paint.stroke, paint.width, paint.dash)


def _painted(paint: Paint) -> str:
    """The attributes of fill and stroke."""
    fill = paint.fill or "none"
    if not paint.stroke:
        return f'fill="{fill}"'
    dash = f' stroke-dasharray="{" ".join(map(_number, paint.dash))}"' if paint.dash else ""
    return f'fill="{fill}" stroke="{paint.stroke}" stroke-width="{_number(paint.width)}"{dash}'


def _rectangle(shape: Rectangle) -> str:
    box, paint, before = shape.box, shape.paint, ""
    if shape.stops:
        before = _gradient(shape.stops)
        paint = Paint("url(#picture-scale)", paint.stroke, paint.width)
    corner = f' rx="{_number(shape.radius)}"' if shape.radius else ""
    place = f'x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}" height="{_number(box.height)}"'
    return f"{before}<rect {place}{corner} {_painted(paint)}/>"


def _gradient(colors: Sequence[str]) -> str:
    stops = "".join(
        f'<stop offset="{place / (len(colors) - 1):g}" stop-color="{color}"/>' for place, color in enumerate(colors)
    )
    return f'<defs><linearGradient id="picture-scale">{stops}</linearGradient></defs>'


def _words(shape: Words) -> str:
    looks = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
    looks += ' font-weight="600"' if shape.bold else ""
    looks += ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if shape.halo else ""
    x, y = map(_number, shape.at)
    return (
        f'<text x="{x}" y="{y}" font-size="{_number(shape.size)}" fill="{shape.ink}"{looks}>{_safe(shape.text)}</text>'
    )


def _hover(details: Sequence[str]) -> str:
    return f"<title>{_safe(chr(10).join(details)).replace(chr(92) + 'n', chr(10))}</title>" if details else ""
