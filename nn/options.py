"""Checking options that are numbers."""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import Any

from nn.errors import OptionError, OptionTypeError


def whole_number(count: Any, name: str, *, least: int = 1) -> int:
    """`count` as an int.

    Raises OptionTypeError (a TypeError) unless it is an integer, and OptionError (a ValueError) if
    it is below `least`; `name` is what the message is about.
    """
    try:
        number = operator.index(count) if not isinstance(count, bool) else None
    except TypeError:
        number = None
    if number is None:
        raise OptionTypeError(f"{name} takes an integer of at least {least}, got {count!r}")
    if number < least:
        raise OptionError(f"{name} takes an integer of at least {least}, got {number}")
    return number


def number_from(number: Any, name: str, least: float = 0.0) -> float:
    """`number` as a finite float of at least `least`.

    Raises OptionTypeError (a TypeError) unless it is a real number, and OptionError (a ValueError) if it is out of
    range; `name` is what the message is about.
    """
    found = real_number(number, name)
    if not least <= found < math.inf:
        raise OptionError(f"{name} takes a finite number of at least {least:g}, got {number}")
    return found


def number_between(number: Any, name: str) -> float:
    """`number` as a float from 0 up to but not including 1. Raises as `number_from` does."""
    found = real_number(number, name)
    if not 0.0 <= found < 1.0:
        raise OptionError(f"{name} takes a number from 0 up to but not including 1, got {number}")
    return found


def real_number(number: Any, name: str) -> float:
    """`number` as a float. Raises OptionTypeError (a TypeError) unless it is a real number."""
    if isinstance(number, bool) or not isinstance(number, Real):
        raise OptionTypeError(f"{name} takes a real number, got {number!r}")
    return float(number)
