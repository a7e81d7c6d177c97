"""The errors of pictures: those of the engine that `viz` raises too, and its own."""

from typing import final

from autodiff.errors import (
    AutodiffError,
    CoercionError,
    MissingExtraError,
    OptionError,
    OptionTypeError,
    ShapeError,
    StaleGraphError,
)

__all__ = [
    "CoercionError",
    "LayoutTimeoutError",
    "MissingExtraError",
    "OptionError",
    "OptionTypeError",
    "RenderError",
    "ShapeError",
    "StaleGraphError",
]


@final
class RenderError(AutodiffError, RuntimeError):
    """No layout program is here for the format, or it failed; the DOT text is kept, and the message says where."""


@final
class LayoutTimeoutError(AutodiffError, TimeoutError):
    """The layout took longer than its time limit and was ended."""
