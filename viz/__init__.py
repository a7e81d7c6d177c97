"""Pictures of a recorded graph, its numbers, gradients and local slopes; and why a gradient is what it is."""

from viz.curves import boundary, curves
from viz.draw import draw
from viz.errors import (
    CoercionError,
    LayoutTimeoutError,
    MissingExtraError,
    OptionError,
    OptionTypeError,
    RenderError,
    ShapeError,
    StaleGraphError,
)
from viz.page import Film, Page, film, page
from viz.render import Picture
from viz.why.culprits import culprits
from viz.why.difference import Change, Difference, difference
from viz.why.explain import Explanation, explain
from viz.why.finding import Finding, Findings
from viz.why.ledger import Ledger, LedgerRow, ledger
from viz.why.paths import Path, Paths, paths

__all__ = [
    "Change",
    "CoercionError",
    "Difference",
    "Explanation",
    "Film",
    "Finding",
    "Findings",
    "LayoutTimeoutError",
    "Ledger",
    "LedgerRow",
    "MissingExtraError",
    "OptionError",
    "OptionTypeError",
    "Page",
    "Path",
    "Paths",
    "Picture",
    "RenderError",
    "ShapeError",
    "StaleGraphError",
    "boundary",
    "culprits",
    "curves",
    "difference",
    "draw",
    "explain",
    "film",
    "ledger",
    "page",
    "paths",
]
