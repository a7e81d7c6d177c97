"""Signals: SIGTERM ends a training as Ctrl-C does, so that what was learned is kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Terminated(KeyboardInterrupt):
    """SIGTERM came."""


@contextmanager
def sigterm_interrupts() -> Iterator[None]:
    """Within this context SIGTERM raises Terminated, unless the program handles it itself or this is no main thread."""
    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    try:
        try:
            if ours:
                signal.signal(signal.SIGTERM, _raise)
            yield
        finally:
            _put_back(ours)
    finally:  # Ctrl-C may come while the line above runs
        _put_back(ours)


def _put_back(ours: bool) -> None:
    if ours:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _raise(number: int, frame: Any) -> None:  # noqa: ARG001 - the signature of a handler
    raise Terminated
