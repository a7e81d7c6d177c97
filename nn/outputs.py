"""What a model returns: one number, or several."""

from __future__ import annotations

from typing import Any


def output_list(outputs: Any) -> list[Any]:
    """What a model returned as a list, even if it is one bare number."""
    try:
        return list(outputs)
    except TypeError:  # a number, and not an iterable of them
        return [outputs]
