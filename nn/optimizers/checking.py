"""Checking the options of an optimizer."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

from nn.errors import OptionError, OptionTypeError


def number_from(number: Any, name: str, least: float = 0.0) -> float:
    """`number` as a finite float of at least `least`.

    Raises OptionTypeError (a TypeError) unless it is a real number, and OptionError (a ValueError) if it is out of
    range; `name` is what the message is about.
    """
    found = _real(number, name)
    if not least <= found < math.inf:
        raise OptionError(f"{name} takes a finite number of at least {least:g}, got {number}")
    return found


def number_between(number: Any, name: str) -> float:
    """`number` as a float from 0 up to but not including 1. Raises as `number_from` does."""
    found = _real(number, name)
    if not 0.0 <= found < 1.0:
        raise OptionError(f"{name} takes a number from 0 up to but not including 1, got {number}")
    return found


def _real(number: Any, name: str) -> float:
    if isinstance(number, bool) or not isinstance(number, Real):
        raise OptionTypeError(f"{name} takes a real number, got {number!r}")
    return float(number)
