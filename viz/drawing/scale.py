"""The scale of gradients: from a number to a level, a color, a line.

Nothing is told by color alone: signs are printed, sizes are widths, an exact zero is a dash.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

from viz.drawing.model import Box, Cell, Paint

# ColorBrewer's PuOr, reversed, with white in the middle: orange is negative, purple positive; safe for the color-blind.
STOPS = ("#b35806", "#e08214", "#fdb863", "#fee0b6", "#ffffff", "#dfe0ef", "#b2abd2", "#8073ac", "#542788")
FEWEST_DECADES, MOST_DECADES = 2, 6
COVERED = 0.95
"""So large a share of the gradients that are not 0 lies within the decades."""
FAINTEST = 0.07
"""The least level of a number that is not 0, so that it never looks like 0."""
BORDERED = 0.3
"""Below this level a cell has a border."""

INK, INK2, INK3 = "#1a1b1d", "#4c5055", "#666b71"
LINE, STRONG = "#dfdfdb", "#8d8d87"
CARD = "#ffffff"
NEGATIVE, POSITIVE, ZERO = "#d07a22", "#7f6cb8", "#a4a49e"
ALARM_FILL, ALARM_LINE, INFECTED_FILL = "#ffe84d", "#c4003a", "#fdeef1"
HAIRLINE = Paint(stroke="#dededa", width=0.6)
THINNEST, WIDEST = 0.9, 6.5


@final
@dataclass(frozen=True, slots=True)
class Scale:
    """A logarithmic scale around 0 over some decades, its ends at ±largest."""

    largest: float
    decades: int

    def level(self, number: float | None) -> float:
        """Where a gradient stands, -1 to 1; 0 only for 0 and for what does not exist."""
        if number is None or number == 0.0 or math.isnan(number):
            return 0.0
        if math.isinf(number):
            return math.copysign(1.0, number)
        below = (math.log10(abs(number)) - math.log10(self.largest)) / self.decades
        return math.copysign(min(1.0, max(FAINTEST, 1.0 + below)), number)

    def cell(self, number: float | None, text: str, box: Box) -> Cell:
        """A gradient as a colored cell; dashed and empty for an exact 0."""
        return Cell(number, text, self.level(number), box, self.paint(number))

    def paint(self, number: float | None) -> Paint:
        """How a cell looks that holds the gradient `number`."""
        if number is not None and not math.isfinite(number):
            return Paint(INFECTED_FILL, ALARM_LINE, 1.2, ink="#000000")
        if number is None:
            return Paint("", LINE, ink=INK3)
        if number == 0.0:
            return Paint("", ZERO, 0.9, (2.0, 2.0), INK3)
        level = self.level(number)
        fill = color(level)
        return Paint(fill, "#c9c9c4" if abs(level) < BORDERED else "", ink=ink(fill))

    def line(self, contribution: float | None, *, widest: float = WIDEST) -> Paint:
        """How a line looks along which `contribution` flows."""
        if contribution is None:
            return Paint(stroke="#b4b4ae", width=1.2)
        if not math.isfinite(contribution):
            return Paint(stroke=ALARM_LINE, width=3.0, ink=ALARM_LINE)
        if contribution == 0.0:
            return Paint(stroke=ZERO, width=1.0, dash=(3.0, 3.0))
        share = abs(self.level(contribution))
        return Paint(stroke=POSITIVE if contribution > 0 else NEGATIVE, width=THINNEST + (widest - THINNEST) * share)


def scale_of(shown: Iterable[float | None], covered: Sequence[float]) -> Scale:
    """The scale of what is shown, the root left out; its decades cover 95 % of `covered` that are not 0."""
    sizes = [abs(number) for number in shown if number is not None and math.isfinite(number) and number != 0.0]
    largest = max(sizes, default=1.0)
    inner = sorted((abs(number) for number in covered if math.isfinite(number) and number != 0.0), reverse=True)
    if not inner:
        return Scale(largest, FEWEST_DECADES)
    last = inner[min(len(inner) - 1, math.ceil(COVERED * len(inner)) - 1)]
    reach = math.log10(largest) - math.log10(last)
    return Scale(largest, min(MOST_DECADES, max(FEWEST_DECADES, math.ceil(reach - 1e-9))))


def color(level: float) -> str:
    """The color at `level`, -1 to 1, mixed from the two nearest stops."""
    along = (level + 1.0) / 2.0 * (len(STOPS) - 1)
    below = min(int(along), len(STOPS) - 2)
    share = along - below
    mixed = (round(a + (b - a) * share) for a, b in zip(_rgb(STOPS[below]), _rgb(STOPS[below + 1]), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def ink(fill: str) -> str:
    """Black or white, whichever has more contrast with `fill`; never below 4.5."""
    return "#000000" if contrast("#000000", fill) >= contrast("#ffffff", fill) else "#ffffff"


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colors, 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _rgb(shade: str) -> tuple[int, int, int]:
    return int(shade[1:3], 16), int(shade[3:5], 16), int(shade[5:7], 16)


def _luminance(shade: str) -> float:
    channels = (channel / 255.0 for channel in _rgb(shade))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
