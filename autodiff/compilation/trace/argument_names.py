"""Signature: what a function calls its positional arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


def argument_names(function: Callable[..., Any], count: int) -> list[str | None]:
    """The names of the first `count` positional arguments; None for what has none."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some that are not written in Python do not tell
        return [None] * count
    names: list[str | None] = [x.name for x in parameters if x.kind in (x.POSITIONAL_ONLY, x.POSITIONAL_OR_KEYWORD)]
    rest = [x.name for x in parameters if x.kind is x.VAR_POSITIONAL]
    names += [f"{rest[0]}[{place}]" if rest else None for place in range(count - len(names))]
    return names[:count]
