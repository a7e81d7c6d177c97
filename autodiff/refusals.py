"""Refusals: the errors of a function that needs a number while it is compiled, remembered until it returns.

A function may catch the error, on purpose or by `except Exception`, and go on with what it assumes instead. That would
be repeated for every record, so the trace raises the first refusal again when the function returns.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from autodiff.errors import TraceError

_refusals: ContextVar[list[TraceError] | None] = ContextVar("autodiff_refusals", default=None)
_WALKS = frozenset(
    str(Path(__file__).with_name(f"{name}.py"))
    for name in (
        "graph",
        "slopes",
        "branches",
        "forward",
        "reverse",
        "derivatives",
        "recording",
        "transforms",
        "jacobians",
    )
)
"""The code that walks graphs of symbols, with tables of its own, while a function differentiates inside a trace."""


def refused(message: str) -> TraceError:
    """The error to raise, which the trace of this context remembers."""
    error = TraceError(message)
    remembered = _refusals.get()
    if remembered is not None:
        remembered.append(error)
    return error


@contextmanager
def refusals_remembered() -> Iterator[None]:
    """Raise the first refusal of the block when it ends, if it was caught inside.

    NumPy replaces errors of an index by its own IndexError, which names no remedy.
    """
    remembered: list[TraceError] = []
    token = _refusals.set(remembered)
    try:
        yield
    except IndexError as error:
        if remembered:
            raise remembered[0] from error
        raise
    finally:
        _refusals.reset(token)
    if remembered:
        raise remembered[0]


def is_function_running() -> bool:
    """Whether the code of a user runs on symbols in this context, and not a pass of the compiler."""
    return _refusals.get() is not None


def called_by_a_walk() -> bool:
    """Whether the caller's caller is one of the library's own walks, with its table."""
    return sys._getframe(2).f_code.co_filename in _WALKS


def call(function: Callable[..., Any], args: Iterable[Any], options: Mapping[str, Any]) -> Any:
    """The result of a function of the user, called from here: a built-in one that looks its arguments up, such as a
    cache, must not be taken for a walk."""
    return function(*args, **options)
