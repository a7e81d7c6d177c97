"""How operations are being recorded in this context: whether at all, and under which scope.

A mode lives in a context variable and is restored when its `with` block ends, so threads and tasks
do not see each other's.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator, Hashable
from contextlib import _GeneratorContextManager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

from autodiff.errors import OptionError

Tracer = Callable[[Any, tuple[Any, ...]], Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node was made, and the role it plays.

    Parameters
    ----------
    scope : tuple of str
        The scopes around it, outermost first.
    role : str
        "parameter" marks a leaf that training changes, "constant" one that a derivative made; else empty.
    source : str
        File, line, text and columns of the user's code, within `sources()` and `detect_anomaly()`; else empty.

    Examples
    --------
    >>> from autodiff import Value
    >>> with scope("layer 1"):
    ...     y = Value(2.0) * 3.0
    >>> y.origin.scope
    ('layer 1',)
    """

    scope: tuple[str, ...] = ()
    role: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Mode:
    """What happens to an operation on Values: recorded unless `recording` is off, marked with `origin`."""

    recording: bool = True
    origin: Origin | None = None
    anomaly: bool = False
    """Check every number; see `autodiff.anomaly`."""
    sources: bool = False
    """Note where nodes are made; see `autodiff.sources`."""
    tracer: Tracer | None = None
    """While a function is being compiled: what makes a symbol of an operation or comparison on Values."""
    plain: bool = field(init=False)
    """Operations are recorded, and their numbers are not checked."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", self.recording and not self.anomaly and self.tracer is None)


_mode: ContextVar[Mode | None] = ContextVar("autodiff_mode", default=None)

current_mode = _mode.get
"""The mode of this context; None, the common case, means to record without a mark."""


class _ModeContext(_GeneratorContextManager[None]):
    """A context manager that is a decorator of functions too."""

    def __call__(self, function: Any) -> Any:
        """The function within the context. Raises OptionError (a ValueError) for one that returns before it has run."""
        if any(kind(function) for kind in _RUN_LATER):
            raise OptionError(
                f"{function!r} is a generator or a coroutine, which runs after the decorated call is over; use the "
                "context inside of it, around what does not yield or await"
            )
        return super().__call__(function)


_RUN_LATER = (inspect.isgeneratorfunction, inspect.iscoroutinefunction, inspect.isasyncgenfunction)


def changed_mode(**fields: Hashable) -> _ModeContext:
    """Within this context the mode has these fields, and its others as they were."""
    return _ModeContext(_changed_within, (), fields)


def _changed_within(**fields: Hashable) -> Generator[None, None, None]:
    token = _mode.set(_changed(current_mode(), **fields))
    try:
        yield
    finally:
        _mode.reset(token)


def no_grad() -> _ModeContext:
    """Stop recording: within this context operations return Values that remember no operands.

    Returns
    -------
    context manager
        Also a decorator, of functions that run to their end: OptionError (a ValueError) for generators and coroutines.

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.operands
    (9.0, ())
    """
    return changed_mode(recording=False)


def enable_grad() -> _ModeContext:
    """Record again: within this context operations are recorded, inside `no_grad()` too.

    Returns
    -------
    context manager
        Also a decorator, of functions that run to their end: OptionError (a ValueError) for generators and coroutines.

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(3.0)
    >>> with no_grad(), enable_grad():
    ...     y = x * x
    >>> len(y.operands)
    2
    """
    return changed_mode(recording=True)


def is_recording() -> bool:
    """Whether operations on Values are recorded in this context."""
    mode = current_mode()
    return mode is None or mode.recording


def current_tracer() -> Tracer | None:
    """What makes symbols of operations while a function is being compiled in this context; else None."""
    mode = current_mode()
    return None if mode is None else mode.tracer


class scope:  # noqa: N801 - a context manager reads as a verb, as no_grad does
    """Name the part of a model that makes the nodes inside, for pictures and listings.

    Parameters
    ----------
    name : str
        Scopes nest: the outermost comes first in `node.origin.scope`.

    Examples
    --------
    >>> from autodiff import Value
    >>> with scope("layer 1"), scope("neuron 2"):
    ...     y = Value(2.0) * 3.0
    >>> y.origin.scope
    ('layer 1', 'neuron 2')
    """

    # A class and not a generator, because every neuron enters one for every record.
    __slots__ = ("_name", "_token")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._token: Token[Mode | None] = _mode.set(_inside(current_mode(), self._name))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _mode.reset(self._token)


# Modes are few and entered often, so each is made once; the same one entered again is the same object.
@functools.lru_cache(maxsize=4096)
def _inside(mode: Mode | None, name: str) -> Mode:
    origin = (mode and mode.origin) or Origin()
    return _changed(mode, origin=replace(origin, scope=(*origin.scope, name)))


@functools.lru_cache(maxsize=4096)
def _changed(mode: Mode | None, **fields: Any) -> Mode:
    return replace(mode or Mode(), **fields)
