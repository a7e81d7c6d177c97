"""The errors of networks: those of the engine that `nn` raises too, and its own."""

from __future__ import annotations

from typing import Any

from autodiff.errors import (
    AutodiffError,
    CoercionError,
    MissingExtraError,
    OptionError,
    OptionTypeError,
    ShapeError,
    TraceError,
)

__all__ = [
    "CheckpointError",
    "CoercionError",
    "DataError",
    "DivergenceError",
    "LossIncreaseWarning",
    "MissingExtraError",
    "OptionError",
    "OptionTypeError",
    "ShapeError",
    "StateError",
    "TraceError",
]


class DataError(AutodiffError, ValueError):
    """Features or targets that nothing can be learned from: empty, not numeric, nan or infinite."""


class StateError(AutodiffError, ValueError):
    """The names in a state are not those of the model; the message lists the difference."""


class DivergenceError(AutodiffError, ArithmeticError):
    """The loss or a parameter became nan or infinite in training; the message names the first bad value."""

    def __init__(self, message: str, history: Any = None) -> None:
        super().__init__(message)
        self.history = history
        """What happened until then."""


class CheckpointError(AutodiffError, ValueError):
    """A file is missing, damaged, newer than this version or of another model or run."""


class LossIncreaseWarning(UserWarning):
    """The training loss is higher than at the last check, or not a number."""
