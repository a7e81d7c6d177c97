"""Checking options that count something."""

from __future__ import annotations

import operator
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
