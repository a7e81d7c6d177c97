"""Extras: modules of packages that only an extra of this distribution installs."""

from __future__ import annotations

import importlib
from typing import Any

from autodiff.errors import MissingExtraError


def imported(module: str, otherwise: str) -> Any:
    """The module. Raises MissingExtraError (an ImportError) with the words `otherwise` where it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(otherwise) from error
