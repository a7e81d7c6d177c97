"""The layout program as WebAssembly, which pip can install: SVG where no `dot` is.

It runs in a worker process, which stays for the next picture. A layout cannot be interrupted from within its own
process, but a process can be ended: at the time limit, by Ctrl-C, and when the process that asked is gone.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from time import monotonic
from typing import IO, final

from viz.wasm_worker import LAID_OUT, read_message, write_message

_PROGRAM = Path(__file__).with_name("wasm_worker.py")


class WasmUnavailableError(Exception):
    """The build, or the runtime that it needs, is not installed; or it could not lay the text out."""


@final
class _Worker:
    """A process that lays out one text after the other."""

    def __init__(self) -> None:
        if not sys.executable:
            raise WasmUnavailableError("sys.executable names no Python that could run it")
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end(); a pipe that nobody reads fills up
        searched = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            self._process = subprocess.Popen(
                # -P: this folder must not be searched, where a module called `text` or `style` might hide another.
                [sys.executable, "-P", str(_PROGRAM)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, bufsize=0,
                env=os.environ | searched,
                start_new_session=True,  # Ctrl-C in a terminal is for this process alone, which then ends the worker
            )  # fmt: skip
        except OSError as error:
            self._complaints.close()
            raise WasmUnavailableError(f"no worker process could be started: {error}") from error

    @property
    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        return self._process.stdin, self._process.stdout  # type: ignore[return-value]  # both were asked for

    @property
    def runs(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def ask(self, *request: str, seconds: float) -> tuple[bytes, bytes]:
        """What the process answers. After any error it is to be ended."""
        requests, answers = self._pipes
        late = threading.Event()
        alarm = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._end_late, [late])
        alarm.daemon = True  # Ctrl-C may come before it can be canceled: then nobody waits for it
        try:
            alarm.start()
            for part in request:
                write_message(requests, part.encode())
            return read_message(answers), read_message(answers)
        except (OSError, EOFError) as error:
            if late.is_set():
                raise subprocess.TimeoutExpired(self._process.args, seconds) from error
            raise WasmUnavailableError(f"its worker process ended: {self._last_words()}") from error
        finally:
            alarm.cancel()

    def _end_late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _last_words(self) -> str:
        self._process.wait()
        self._complaints.seek(0)
        return self._complaints.read().decode(errors="replace").strip().rpartition("\n")[2] or "it said nothing"

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for stream in (*self._pipes, self._complaints):
            stream.close()


_turn = threading.Lock()
_idle: list[_Worker] = []  # the worker, unless it is at work


def lay_out(source: str, *, format: str, engine: str, time_limit: float) -> bytes:  # noqa: A002 - graphviz's name
    """The picture of DOT `source`. Raises WasmUnavailableError, or subprocess.TimeoutExpired.

    Threads take turns, and waiting counts towards the time limit.
    """
    deadline = monotonic() + time_limit
    if not _turn.acquire(timeout=max(0.0, min(time_limit, threading.TIMEOUT_MAX))):
        raise subprocess.TimeoutExpired(_PROGRAM.name, time_limit)
    try:
        if _idle and not _idle[0].runs:
            end_worker()
        worker = _idle.pop() if _idle else _Worker()
        try:
            outcome, answer = worker.ask(format, engine, source, seconds=deadline - monotonic())
            _idle.append(worker)
        finally:
            if not _idle:  # it may be in the middle of a layout
                worker.end()
    finally:
        _turn.release()
    if outcome != LAID_OUT:
        raise WasmUnavailableError(answer.decode(errors="replace"))
    return answer


def end_worker() -> None:
    """End the process that waits for the next picture, if there is one."""
    while _idle:
        _idle.pop().end()


def _forget_worker() -> None:
    """Leave the worker to the parent: two processes must not talk to one."""
    global _turn
    _turn = threading.Lock()
    _idle.clear()


atexit.register(end_worker)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_worker)
