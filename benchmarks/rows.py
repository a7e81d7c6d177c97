"""The rows, in the order in which they are printed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from benchmarks import moons
from benchmarks.comparison import Comparison, Work


def _engine_eager() -> tuple[Work, Work]:
    from micrograd.engine import Value as Theirs

    from autodiff import Value as Ours

    return _agreeing(moons.scalar_step(Ours), moons.scalar_step(Theirs))


def _moons_eager() -> tuple[Work, Work]:
    import micrograd.nn

    import nn

    return _agreeing(*(moons.model_step(library.MLP(2, [16, 16, 1])) for library in (nn, micrograd.nn)))


def _agreeing(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[Work, Work]:
    """Both steps, after a check that they compute the same loss."""
    results = [step().data for step in (ours, theirs)]  # type: ignore[attr-defined]  # steps return Values
    if abs(results[0] - results[1]) > 1e-9:
        raise ArithmeticError(f"the two sides disagree: {results}")
    return ours, theirs


def _imports() -> tuple[Work, Work]:
    return _importing("autodiff"), _importing("numpy")


def _importing(module: str) -> Work:
    command = [sys.executable, "-c", f"import {module}"]
    return lambda: subprocess.run(command, check=True)


ROWS = (
    Comparison(
        "engine-eager",
        "micrograd",
        1 / 5,
        "the same scalar code node for node: 2-16-16-1, 100 records, forward and backward",
        _engine_eager,
        repeats=5,
    ),
    Comparison(
        "moons-eager",
        "micrograd",
        1 / 15,
        "the same work through each library's MLP",
        _moons_eager,
        repeats=5,
    ),
    Comparison("import", "numpy", 1.3, "import autodiff against import numpy, cold processes", _imports, rounds=21),
)
