"""How roles, gradients and contributions look in DOT.

Nothing is told by color alone: the sign of a gradient is printed, a role is a shape, the size of a
contribution is a width and its absence a dash.
"""

from __future__ import annotations

import math

from viz.drawing.model import Line, Vertex
from viz.drawing.scale import ALARM_FILL, ALARM_LINE, INFECTED_FILL, STOPS, Scale, color, ink

FONT = "Courier"  # the one name whose width every layout program knows alike
INK = "#000000"
FAINT = "#6b6b6b"
LINE = "#4d4d4d"
BLANK = "#ffffff"

SHAPES = {
    "input": {"shape": "box", "style": "filled"},
    "parameter": {"shape": "box", "style": "filled,bold", "penwidth": "2.4"},
    "operation": {"shape": "box", "style": "filled,rounded"},
    "constant": {"shape": "box", "style": "filled,dotted", "color": FAINT, "fontcolor": INK},
    "folded": {"shape": "box3d", "style": "filled"},
}

ALARM = {"style": "filled", "color": ALARM_LINE, "penwidth": "3", "fillcolor": ALARM_FILL, "fontcolor": INK}
"""How a node looks where a nan or inf starts."""

INFECTED = {"color": ALARM_LINE, "penwidth": "1.5", "fillcolor": INFECTED_FILL, "fontcolor": INK}
"""How a node looks that a nan or inf has reached."""


def node_attributes(vertex: Vertex, scale: Scale) -> dict[str, str]:
    """The attributes of a vertex, its text aside. The root's own gradient is left out of the scale."""
    plain = vertex.grad is None or vertex.alarming or vertex.result
    fill = BLANK if plain else color(scale.level(vertex.grad))
    shape = SHAPES[vertex.role]
    attributes = {"fillcolor": fill, "fontcolor": ink(fill)} | shape
    if vertex.starts:
        attributes |= ALARM | {"style": shape["style"]}
    elif vertex.alarming:
        attributes |= INFECTED | {"style": f"{shape['style']},dashed"}
    return attributes | ({"peripheries": "2"} if vertex.result else {})


def edge_attributes(edge: Line, scale: Scale) -> dict[str, str]:
    """The attributes of an edge, its text aside."""
    if edge.slope is not None and not math.isfinite(edge.slope):
        return {"color": ALARM_LINE, "fontcolor": ALARM_LINE, "penwidth": "3"}
    if edge.contribution is None:
        return {}
    if not math.isfinite(edge.contribution):
        return {"color": ALARM_LINE, "penwidth": "3"}
    if edge.contribution == 0.0:
        return {"style": "dashed", "color": FAINT}
    return {"penwidth": f"{0.8 + 2.6 * abs(scale.level(edge.contribution)):.2f}"}


def stripes() -> str:
    """The scale as a color list of equal stripes."""
    return ":".join(STOPS)
