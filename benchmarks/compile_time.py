"""How long it takes from a function of scalars to a gradient that is bound to its records."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import autodiff
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
    _figure("compile-wide", 2.0, "trace and compile 784-128-10", _wide, 3),
)
