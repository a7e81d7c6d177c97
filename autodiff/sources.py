"""Sources: the file, line and columns of the user's code that made each node."""

from __future__ import annotations

import functools
import linecache
import os
import sys
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType

import numpy as np

from autodiff.modes import Origin, changed_mode, current_mode

_OWN_CODE = (
    *(str(Path(__file__).parents[1] / name) + os.sep for name in ("autodiff", "nn", "viz")),
    str(Path(np.__file__).parent) + os.sep,
)
_PYTHON = str(Path(os.__file__).parent) + os.sep
_INSTALLED = tuple(_PYTHON + folder + os.sep for folder in ("site-packages", "dist-packages"))
_MOST_NOTED = 4096

# One origin for all nodes that one instruction makes under one origin, so that a loop costs a look-up each time. The
# code and the origin are kept, so that their ids stay theirs.
_noted: dict[tuple[int, int, int], tuple[CodeType, Origin | None, Origin]] = {}


def sources() -> AbstractContextManager[None]:
    """Note where the user's code makes each node: within this context, in `node.origin.source`.

    Returns
    -------
    context manager
        Also a decorator. Recording takes about a third longer inside, and no longer outside. `detect_anomaly()`
        notes the same.

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(3.0)
    >>> with sources():
    ...     y = x * x
    >>> y.origin.source
    '<doctest ...>:2 in <module>: y = x * x [columns 9-13]'
    """
    return changed_mode(sources=True)


def is_noting_sources() -> bool:
    """Whether nodes that are recorded in this context note where they are made."""
    mode = current_mode()
    return mode is not None and (mode.sources or mode.anomaly)


def sourced(origin: Origin | None) -> Origin:
    """`origin` with a source: the line of the user's code, or the source of the node being differentiated."""
    if origin is not None and origin.source:
        return origin
    frame = _user_frame(sys._getframe(2))  # the caller is of this distribution
    if frame is None:
        return origin or Origin()
    key = (id(frame.f_code), frame.f_lasti, id(origin))
    known = _noted.get(key)
    if known is None:
        if len(_noted) >= _MOST_NOTED:
            _noted.clear()
        made = replace(origin or Origin(), source=f"{_line(frame)}{_columns(frame)}")
        known = _noted[key] = (frame.f_code, origin, made)
    return known[2]


def user_line() -> str:
    """File, line, function and text of the innermost frame outside this distribution, NumPy and Python's modules."""
    frame = _user_frame(sys._getframe(1))
    return "" if frame is None else _line(frame)


def line_of(error: BaseException) -> str:
    """The same of the innermost frame that an error left."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    frame = None if trace is None else _user_frame(trace.tb_frame)
    return "" if frame is None else _line(frame)


def _user_frame(frame: FrameType | None) -> FrameType | None:
    while frame is not None and (_is_internal(frame.f_code.co_filename) or _is_generated(frame.f_code)):
        frame = frame.f_back
    return frame


def _is_generated(code: CodeType) -> bool:
    """Whether it is a method that a dataclass or named tuple wrote, which has no line."""
    return code.co_filename == "<string>" and code.co_name.startswith("__")


@functools.lru_cache(maxsize=1024)
def _is_internal(file: str) -> bool:
    return file.startswith(_OWN_CODE) or (file.startswith(_PYTHON) and not file.startswith(_INSTALLED))


def _line(frame: FrameType) -> str:
    file, line = frame.f_code.co_filename, frame.f_lineno
    text = _text(file, line).strip()
    return f"{file}:{line} in {frame.f_code.co_name}{text and f': {text}'}"


def _text(file: str, line: int) -> str:
    """The line; empty for code from exec or a terminal, for which Python 3.13 gives a line of what `-c` was given."""
    return "" if file == "<string>" else linecache.getline(file, line)


def _columns(frame: FrameType) -> str:
    """The columns of the instruction that runs, from 1, both ends included; empty where Python kept none."""
    positions = [*frame.f_code.co_positions()]
    first, last, start, end = positions[frame.f_lasti // 2]
    if first is None or last is None or start is None or end is None:
        return ""
    begins = _characters(frame.f_code.co_filename, first, start) + 1
    ends = _characters(frame.f_code.co_filename, last, end)
    return f" [columns {begins}-{ends}]" if first == last else f" [column {begins} to line {last} column {ends}]"


def _characters(file: str, line: int, offset: int) -> int:
    """A place in a line in characters; Python counts bytes of UTF-8."""
    text = _text(file, line).encode()[:offset]
    return len(text.decode(errors="ignore")) if text else offset
