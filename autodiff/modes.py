"""How operations are being recorded in this context: whether at all, and under which scope.

A mode lives in a context variable and is restored when its `with` block ends, so threads and tasks
do not see each other's.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node was made: the scopes around it, outermost first, and the role it plays."""

    scope: tuple[str, ...] = ()
    role: str = ""
    """`"parameter"` marks a leaf that training changes; empty for everything else."""


@dataclass(frozen=True, slots=True, eq=False)
class Mode:
    """What happens to an operation on Values: recorded unless `recording` is off, marked with `origin`."""

    recording: bool = True
    origin: Origin | None = None


_mode: ContextVar[Mode | None] = ContextVar("autodiff_mode", default=None)

current_mode = _mode.get
"""The mode of this context; None, the common case, means to record without a mark."""


@contextmanager
def no_grad() -> Iterator[None]:
    """Within this context (or decorated function) operations return Values that remember no parents.

    >>> from autodiff import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.operands
    (9.0, ())
    """
    token = _mode.set(replace(current_mode() or Mode(), recording=False))
    try:
        yield
    finally:
        _mode.reset(token)


class scope:  # noqa: N801 - a context manager reads as a verb, as no_grad does
    """Name the part of a model that makes the nodes inside: `with scope("layer 1"), scope("neuron 2"): ...`.

    A class and not a generator, because every neuron enters one for every record.
    """

    __slots__ = ("_name", "_token")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._token: Token[Mode | None] = _mode.set(_inside(current_mode(), self._name))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _mode.reset(self._token)


@functools.lru_cache(maxsize=4096)
def _inside(mode: Mode | None, name: str) -> Mode:
    mode = mode or Mode()
    outer = mode.origin.scope if mode.origin else ()
    return replace(mode, origin=Origin((*outer, name)))
