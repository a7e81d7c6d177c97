"""The rows, in the order in which they are printed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable

from benchmarks import (
    admissions,
    bundle,
    cheap_gradient,
    cold,
    compile_time,
    digits,
    digits_training,
    explaining,
    mixture,
    moons,
    moons_compiled,
    optimizers,
    page,
    rosenbrock,
    scale,
    wide,
)
from benchmarks.comparison import Comparison, Work
from benchmarks.figure import Figure


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
    """With bytecode, as installed packages have it, even where the environment says to write none."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp()
    ours, theirs = _importing("autodiff", environment), _importing("numpy", environment)
    ours()
    theirs()
    return ours, theirs


def _importing(module: str, environment: dict[str, str]) -> Work:
    command = [sys.executable, "-c", f"import {module}"]
    return lambda: subprocess.run(command, check=True, env=environment)


Row = Comparison | Figure

ROWS: tuple[Row, ...] = (
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
    Comparison(
        "hessian",
        "autograd",
        1.0,
        "the Hessian of Rosenbrock's function of 20 variables, each in its own best code",
        rosenbrock.hessians,
        rounds=21,
        repeats=10,
    ),
    Figure(
        "scale-time",
        "1e3 nodes",
        2.0,
        "time a node to build, sweep and free a chain of 1e6 nodes, over that of 1e3",
        scale.time_a_node,
        rounds=scale.ROUNDS,
    ),
    Figure("scale-bytes", "200 bytes", 1.0, "memory a node of a swept chain", scale.bytes_a_node, rounds=1),
    Figure(
        "scale-growth",
        "one graph",
        0.1,
        "memory left by 10,000 rounds of building and sweeping, the cyclic collector off",
        scale.growth,
        rounds=1,
    ),
    *moons_compiled.ROWS,
    *admissions.ROWS,
    *digits.ROWS,
    *wide.ROWS,
    *bundle.ROWS,
    *mixture.ROWS,
    *cold.ROWS,
    *compile_time.ROWS,
    *cheap_gradient.ROWS,
    *page.ROWS,
    *explaining.ROWS,
    *optimizers.ROWS,
    *digits_training.ROWS,
)
