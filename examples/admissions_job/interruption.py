"""Ctrl-C and requests to end: the right words while modules are imported, and none while files are being moved."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, final

INTERRUPTED = 130
"""The exit status of a program that Ctrl-C ended."""
TERMINATED = 143
"""The exit status of a program that was asked to end."""


@final
class Terminated(BaseException):
    """The process was asked to end; folders are cleaned up on the way out."""


def leave_quietly() -> None:
    """Until `handled`, Ctrl-C ends the program with one line."""
    signal.signal(signal.SIGINT, _leave)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    if sys.stderr is not None:
        print("admissions.py: interrupted; nothing was written", file=sys.stderr, flush=True)
    os._exit(INTERRUPTED)


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


@contextmanager
def handled() -> Iterator[None]:
    """Within, Ctrl-C raises KeyboardInterrupt and a request to end raises Terminated."""
    before = _set(signal.default_int_handler, _terminate)
    try:
        yield
    finally:
        if before:
            _set(*before)


def too_late() -> None:
    """From here to the end of `handled` neither does anything: the rest is done in milliseconds."""
    _set(signal.SIG_IGN, signal.SIG_IGN)


def _set(*handlers: object) -> list[object]:
    """Set what both signals do, and return what they did; nothing where only the main thread may."""
    if threading.current_thread() is not threading.main_thread():
        return []
    both = (signal.SIGINT, signal.SIGTERM)
    return [signal.signal(one, handler or signal.SIG_DFL) for one, handler in zip(both, handlers, strict=True)]  # type: ignore[arg-type]
