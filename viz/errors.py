"""What can go wrong with a picture; each error is also the builtin that a caller would catch."""

from typing import final

from autodiff.errors import AutodiffError


@final
class DrawingTypeError(AutodiffError, TypeError):
    """Something that is not a Value, or an option of the wrong type, was given to be drawn."""


@final
class DrawingOptionError(AutodiffError, ValueError):
    """An option has a value that no drawing knows; the message lists those it knows."""


@final
class RenderError(AutodiffError, RuntimeError):
    """No layout program is here for the format, or it failed; the DOT text is kept, and the message says where."""


@final
class LayoutTimeoutError(AutodiffError, TimeoutError):
    """The layout took longer than its time limit and was ended."""
