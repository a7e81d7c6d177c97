"""Pictures of a recorded graph: its numbers, gradients and local slopes, node by node."""

from viz.draw import draw
from viz.errors import DrawingOptionError, DrawingTypeError, LayoutTimeoutError, RenderError
from viz.render import Picture

__all__ = ["DrawingOptionError", "DrawingTypeError", "LayoutTimeoutError", "Picture", "RenderError", "draw"]
