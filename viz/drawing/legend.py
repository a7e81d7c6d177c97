"""The legend below a drawing: its scale, its lines, its sentences."""

from __future__ import annotations

from collections.abc import Sequence

from viz.drawing.model import Box, Legend, Paint, Sample
from viz.drawing.numbers import short_number
from viz.drawing.scale import INK2, STOPS, THINNEST, WIDEST, ZERO, Scale

HEIGHT = 78.0
BAR = 168.0
LEADING = 15.0
ALARM = "Yellow: a nan or inf starts here; pink: it came from elsewhere."


def legend(
    scale: Scale | None,
    sentences: Sequence[str],
    caption: Sequence[str],
    box: Box,
    *,
    widths: bool = True,
    colors: bool = True,
) -> Legend:
    """The legend in `box`: the color scale at the left, then sentences, samples of lines, and a caption."""
    y = box.y + 22.0
    text_x = box.x + (BAR + 28.0 if scale and colors else 0.0)
    placed = tuple((sentence, (text_x, y + 2 + LEADING * place)) for place, sentence in enumerate(sentences))
    samples = _samples(scale, Box(box.x + box.width - 400.0, y, 0, 0)) if scale and widths else ()
    if scale is None or not colors:
        return Legend(box, None, (), ("", ""), 0.0, 0, placed, samples, tuple(caption))
    end = short_number(scale.largest, 2)
    return Legend(
        box, Box(box.x, y - 6, BAR, 10.0), STOPS, (f"−{end}", f"+{end}"), scale.largest, scale.decades, placed, samples,
        tuple(caption),
    )  # fmt: skip


def _samples(scale: Scale, corner: Box) -> tuple[Sample, ...]:
    """Lines of some contributions, a decade apart from the largest, and that of an exact 0."""
    shown = min(3, scale.decades)
    found = []
    for place in range(shown + 2):
        x = corner.x + 42.0 * place
        path = ((x, corner.y), (x + 32.0, corner.y))
        if place > shown:
            found.append(Sample("0", (x + 16, corner.y + 18), path, Paint(stroke=ZERO, width=1.0, dash=(3.0, 3.0))))
        else:
            decade = (place - shown) * scale.decades / shown
            share = max(0.07, 1.0 + (place - shown) / shown)
            number = scale.largest * 10.0**decade
            paint = Paint(stroke=INK2, width=THINNEST + (WIDEST - THINNEST) * share)
            found.append(Sample(short_number(number, 1 if number < 10.0 else 2), (x + 16, corner.y + 18), path, paint))
    return tuple(found)
