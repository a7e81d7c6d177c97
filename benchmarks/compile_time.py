"""How long it takes from a function of scalars to a gradient that is bound to its records, and to a first step."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff
from autodiff import dot, sigmoid, tanh
from benchmarks import admissions, wide
from benchmarks.classifier import Classifier, scalar_loss
from benchmarks.comparison import Work, seconds
from benchmarks.figure import Figure
from benchmarks.training import values


def _admissions() -> Work:
    loss = admissions.scalar_loss(values(admissions.first_weights()))
    records = admissions.records()
    return lambda: autodiff.compile(loss, batched=(0, 1)).bind(*records)


def _wide() -> Work:
    work: Classifier = wide.classifier()
    loss = scalar_loss(values(work.first_weights()))
    return lambda: autodiff.compile(loss, batched=(0, 1)).bind(work.features, work.one_hot())


def _recurrent() -> Work:
    """Sixteen cells of an LSTM over 80 steps of four numbers, written as one function."""
    steps, inputs, cells = 80, 4, 16
    rng = np.random.default_rng(0)
    gates = values([rng.normal(scale=0.2, size=(cells, inputs + cells)) for _ in range(4)])

    def total(series: Any) -> Any:
        output: list[Any] = [0.0] * cells
        cell: list[Any] = [0.0] * cells
        for entries in series:
            given = [*entries, *output]
            kept, added, new, shown = [[dot(row, given) for row in gate] for gate in gates]
            cell = [sigmoid(k) * c + sigmoid(a) * tanh(n) for k, c, a, n in zip(kept, cell, added, new, strict=True)]
            output = [sigmoid(s) * tanh(c) for s, c in zip(shown, cell, strict=True)]
        return autodiff.sum(output)

    records = rng.normal(size=(8, steps, inputs))
    return lambda: autodiff.compile(total, batched=0).bind(records)


def _fit() -> Work:
    """`fit` without an epoch: all that comes before the first step on a classifier of digits."""
    import nn

    rng = np.random.default_rng(0)
    images, labels = rng.random((1347, 64)), rng.integers(0, 10, 1347)
    # Of several sizes in turn, more than there are programs kept, so that each is compiled.
    models = itertools.cycle([nn.MLP(64, [width, 10], rng=0) for width in range(28, 37)])
    optimizer = nn.Adam(learning_rate=0.005)
    options = {"loss": "cross_entropy", "epochs": 0, "batch_size": 64, "rng": 0, "progress": False}
    return lambda: nn.fit(next(models), images, labels, optimizer=optimizer, **options)  # type: ignore[arg-type]  # mixed


def _figure(name: str, limit: float, about: str, prepare: Callable[[], Work], rounds: int) -> Figure:
    def measure(progress: Callable[[int], Any]) -> float:
        work = prepare()
        times = []
        for done in range(rounds):
            times.append(seconds(work, 1))
            progress(done + 1)
        return statistics.median(times) / limit

    return Figure(name, f"{limit:g} s", 1.0, about, measure, rounds)


ROWS = (
    _figure("compile-small", 0.005, "trace and compile 6-2-1", _admissions, 21),
    _figure("compile-wide", 0.5, "trace and compile 784-128-10", _wide, 5),
    _figure("compile-lstm", 2.0, "trace and compile an LSTM of 80 steps, written as one function", _recurrent, 3),
    _figure("compile-fit", 0.05, "fit of digits by 64-32-10 with 0 epochs, which measures the loss", _fit, 21),
)
