"""How roles, gradients and contributions look.

Nothing is told by color alone: the sign of a gradient is printed, a role is a shape, the size of a
contribution is a width and its absence a dash.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from viz.sketch import Edge, Vertex

FONT = "Courier"  # the one name whose width every layout program knows alike
INK = "#000000"
FAINT = "#6b6b6b"
LINE = "#4d4d4d"
BLANK = "#ffffff"
ALARM_FILL = "#ffe84d"  # yellow is on neither side of the scale
ALARM_LINE = "#c4003a"

# ColorBrewer's PuOr of nine classes, reversed: orange is negative, purple positive, safe for the color-blind.
STOPS = ("#b35806", "#e08214", "#fdb863", "#fee0b6", "#f7f7f7", "#d8daeb", "#b2abd2", "#8073ac", "#542788")
DECADES = 3.0
"""How many powers of ten below the largest gradient still have a color of their own."""

SHAPES = {
    "input": {"shape": "box", "style": "filled"},
    "parameter": {"shape": "box", "style": "filled,bold", "penwidth": "2.4"},
    "operation": {"shape": "box", "style": "filled,rounded"},
    "constant": {"shape": "box", "style": "filled,dotted", "color": FAINT, "fontcolor": INK},
    "folded": {"shape": "box3d", "style": "filled"},
}

ALARM = {"style": "filled", "color": ALARM_LINE, "penwidth": "3", "fillcolor": ALARM_FILL, "fontcolor": INK}
"""How a node looks whose number or gradient is nan or infinite."""


def peak(grads: Iterable[float | None]) -> float:
    """The largest finite magnitude, which gets the strongest color; 1.0 where there is none but zeros."""
    return max((abs(grad) for grad in grads if grad is not None and math.isfinite(grad)), default=0.0) or 1.0


def position(grad: float, largest: float) -> float:
    """Where `grad` stands on the scale, -1 to 1: linear around 0, logarithmic beyond (symmetric log)."""
    span = 10.0**DECADES
    return math.copysign(math.log1p(abs(grad) / largest * span) / math.log1p(span), grad)


def color(place: float) -> str:
    """The color at `place`, -1 to 1, mixed from the two nearest stops."""
    along = (place + 1.0) / 2.0 * (len(STOPS) - 1)
    below = min(int(along), len(STOPS) - 2)
    share = along - below
    mixed = (round(a + (b - a) * share) for a, b in zip(_rgb(STOPS[below]), _rgb(STOPS[below + 1]), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def ink(fill: str) -> str:
    """Dark or white, whichever has more contrast with `fill` (relative luminance of WCAG 2)."""
    return INK if contrast(INK, fill) >= contrast(BLANK, fill) else BLANK


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colors, 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def node_attributes(vertex: Vertex, largest: float, *, root: bool) -> dict[str, str]:
    """The attributes of a vertex, its text aside; `largest` is what has the strongest color."""
    fill = BLANK if vertex.grad is None or vertex.alarming else color(position(vertex.grad, largest))
    shape = SHAPES[vertex.role]
    attributes = {"fillcolor": fill, "fontcolor": ink(fill)} | shape
    if vertex.alarming:
        attributes |= ALARM | {"style": shape["style"]}
    return attributes | ({"peripheries": "2"} if root else {})


def edge_attributes(edge: Edge, widest: float) -> dict[str, str]:
    """The attributes of an edge, its text aside; `widest` is the contribution that is drawn widest."""
    if edge.slope is not None and not math.isfinite(edge.slope):
        return {"color": ALARM_LINE, "fontcolor": ALARM_LINE, "penwidth": "3"}
    if edge.contribution is None:
        return {}
    if not math.isfinite(edge.contribution):
        return {"color": ALARM_LINE, "penwidth": "3"}
    if edge.contribution == 0.0:
        return {"style": "dashed", "color": FAINT}
    return {"penwidth": f"{0.8 + 2.6 * abs(position(edge.contribution, widest)):.2f}"}


def stripes() -> str:
    """The scale as a color list of equal stripes."""
    return ":".join(STOPS)


def _rgb(shade: str) -> tuple[int, int, int]:
    return int(shade[1:3], 16), int(shade[3:5], 16), int(shade[5:7], 16)


def _luminance(shade: str) -> float:
    channels = (channel / 255.0 for channel in _rgb(shade))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
