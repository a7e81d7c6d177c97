"""Whether a picture has room for its numbers."""

from __future__ import annotations

from viz.drawing.model import Drawing
from viz.drawing.options import Options

ROOMY = 150
"""Up to this many edges of a folded picture, which are dense, have room for text."""


def labels_nodes(options: Options, drawing: Drawing) -> bool:
    """Whether the nodes of this picture have room for their numbers."""
    return len(drawing.vertices) <= options.max_labeled


def labels_edges(options: Options, drawing: Drawing) -> bool:
    """Whether the edges of this picture have room for their numbers, and these are asked for."""
    return (
        (options.slopes or options.contributions)
        and labels_nodes(options, drawing)
        and not (drawing.folds and len(drawing.lines) > ROOMY)
    )
