"""Whether a picture has room for its numbers."""

from __future__ import annotations

from viz.drawing.options import Options
from viz.drawing.sketch import Sketch

ROOMY = 150
"""Up to this many edges of a folded picture, which are dense, have room for text."""


def labels_nodes(options: Options, sketch: Sketch) -> bool:
    """Whether the nodes of this picture have room for their numbers."""
    return len(sketch.vertices) <= options.max_labeled


def labels_edges(options: Options, sketch: Sketch) -> bool:
    """Whether the edges of this picture have room for their numbers, and these are asked for."""
    return (
        (options.slopes or options.contributions)
        and labels_nodes(options, sketch)
        and not (sketch.folded and len(sketch.edges) > ROOMY)
    )
