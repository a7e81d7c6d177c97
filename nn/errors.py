"""What can go wrong around networks, beside the engine's own errors."""

from __future__ import annotations

from typing import Any

from autodiff.errors import AutodiffError


class UnknownNameError(AutodiffError, ValueError):
    """No activation or loss has this name; the message lists those that are known."""


class OptionError(AutodiffError, ValueError):
    """An option lies outside its range."""


class OptionTypeError(AutodiffError, TypeError):
    """An option is of a type that cannot serve."""


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
