"""Pictures of a recorded graph, its numbers, gradients and local slopes; and why a gradient is what it is."""

from viz.draw import draw
from viz.errors import DrawingOptionError, DrawingTypeError, LayoutTimeoutError, RenderError
from viz.page import Page, page
from viz.render import Picture
from viz.why.explain import Explanation, explain
from viz.why.ledger import Ledger, LedgerRow, ledger
from viz.why.paths import Path, Paths, paths

__all__ = [
    "DrawingOptionError",
    "DrawingTypeError",
    "Explanation",
    "LayoutTimeoutError",
    "Ledger",
    "LedgerRow",
    "Page",
    "Path",
    "Paths",
    "Picture",
    "RenderError",
    "draw",
    "explain",
    "ledger",
    "page",
    "paths",
]
