"""Keyword arguments of a call: those that stand for positional ones, and those that a function takes by name alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def placed(
    function: Callable[..., Any], args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """All arguments in one row, and the names of the last of them, which the function takes by name.

    A keyword that names the parameter after the positional arguments is one of them, so that `argnums` and `batched`
    count it.
    """
    if not keywords:
        return args, ()
    found, rest = [*args], dict(keywords)
    for name in _positional_names(function)[len(args) :]:
        if name is None or name not in rest:
            break
        found.append(rest.pop(name))
    names = tuple(sorted(rest))
    return (*found, *(rest[name] for name in names)), names


def by_place(function: Callable[..., Any], names: Sequence[str]) -> Callable[..., Any]:
    """`function`, taking by place what it takes by name; these arguments come last."""
    if not names:
        return function

    def called(*args: Any) -> Any:
        return function(*args[: -len(names)], **dict(zip(names, args[-len(names) :], strict=True)))

    return called


def _positional_names(function: Callable[..., Any]) -> list[str | None]:
    """The names of the parameters that an argument by place may fill; None for one that has no name to call it by."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some that are not written in Python do not tell
        return []
    by_name, by_place_alone = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY
    return [x.name if x.kind is by_name else None for x in parameters if x.kind in (by_name, by_place_alone)]
