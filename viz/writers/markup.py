"""The few elements that an SVG picture is made of, each safe for any text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from viz.drawing.model import Box, Paint, Point
from viz.text import printable

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def safe(text: str) -> str:
    """`text` for content and attributes of XML. What no XML may hold, or would reorder it, is written as by `repr`."""
    return escape(printable(text), quote=True)


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def painted(paint: Paint) -> str:
    """The attributes of fill and stroke."""
    fill = paint.fill or "none"
    if not paint.stroke:
        return f'fill="{fill}"'
    dash = f' stroke-dasharray="{" ".join(map(number, paint.dash))}"' if paint.dash else ""
    return f'fill="{fill}" stroke="{paint.stroke}" stroke-width="{number(paint.width)}"{dash}'


def rectangle(box: Box, paint: Paint, radius: float = 0.0) -> str:
    """A box."""
    corner = f' rx="{number(radius)}"' if radius else ""
    place = f'x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" height="{number(box.height)}"'
    return f"<rect {place}{corner} {painted(paint)}/>"


def path(points: Sequence[Point], paint: Paint, *, arrow: str = "") -> str:
    """A path of cubic curves: one point, then three for each curve."""
    x, y = points[0]
    rest = " ".join(f"{number(a)},{number(b)}" for a, b in points[1:])
    line = Paint("", paint.stroke, paint.width, paint.dash)
    return f'<path d="M{number(x)},{number(y)}C{rest}" {painted(line)}{arrow}/>'


def polyline(points: Sequence[Point], paint: Paint) -> str:
    """Straight lines through points."""
    shown = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polyline points="{shown}" {painted(Paint("", paint.stroke, paint.width, paint.dash))}/>'


def words(
    text: str, at: Point, *, size: float = 11.5, ink: str = "#1a1b1d", anchor: str = "start", bold: bool = False,
    halo: bool = False,
) -> str:  # fmt: skip
    """A line of text with its baseline at a point; a halo keeps it clear of lines below."""
    looks = f' text-anchor="{anchor}"' if anchor != "start" else ""
    looks += ' font-weight="600"' if bold else ""
    looks += ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if halo else ""
    place = f'x="{number(at[0])}" y="{number(at[1])}" font-size="{number(size)}" fill="{ink}"'
    return f"<text {place}{looks}>{safe(text)}</text>"


def group(kind: str, content: Sequence[str], details: Sequence[str] = ()) -> str:
    """Elements together, with what they say on hover."""
    hover = f"<title>{safe(chr(10).join(details)).replace(chr(92) + 'n', chr(10))}</title>" if details else ""
    return f'<g class="{kind}">{hover}{"".join(content)}</g>'
