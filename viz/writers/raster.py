"""SVG as PNG, by resvg: a renderer of its own in one wheel, without a browser or a system library."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from viz.errors import RenderError

ZOOM = 2.0
"""Pixels for each unit of the drawing, so that text is sharp."""


def is_available() -> bool:
    """Whether resvg-py is installed."""
    return find_spec("resvg_py") is not None


def png(picture: str) -> bytes:
    """The PNG of an SVG picture, with two pixels for each of its units.

    Raises RenderError (a RuntimeError) where resvg-py is missing, which the extra `png` installs, or fails.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise RenderError('PNG without Graphviz needs resvg-py: python -m pip install "valuegraph[png]"') from error
    renderer: Any = resvg_py  # without types
    try:
        return bytes(renderer.svg_to_bytes(svg_string=picture, zoom=ZOOM, background="#ffffff"))
    except ValueError as error:
        raise RenderError(f"resvg-py could not draw the picture: {error}") from error
