"""The same moons network compiled: one record's loss replayed over all, and the loop over all left inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff
import nn
from benchmarks import moons
from benchmarks.agreement import agreeing
from benchmarks.comparison import Comparison, Work


def _replayed() -> tuple[Work, Work]:
    model = _model()

    def loss(point: Any, side: Any) -> Any:
        return (1 + -side * model(point)).relu() + moons.DECAY * autodiff.dot(model.parameters(), model.parameters())

    points, sides = moons.records()
    return _against_micrograd(autodiff.compile(loss, batched=(0, 1)), [np.asfortranarray(points), np.array(sides)])


def _lifted() -> tuple[Work, Work]:
    model = _model()

    def loss(points: Sequence[Any], sides: Sequence[Any]) -> Any:
        losses = [(1 + -side * model(point)).relu() for point, side in zip(points, sides, strict=True)]
        return sum(losses) * (1.0 / len(losses)) + moons.DECAY * sum(p * p for p in model.parameters())

    return _against_micrograd(autodiff.compile(loss, batched=()), moons.records())


def _model() -> nn.MLP:
    model = nn.MLP(2, [16, 16, 1])
    for parameter, weight in zip(model.parameters(), moons.flat(moons.weights()), strict=True):
        parameter.data = weight
    return model


def _against_micrograd(compiled: Any, records: Sequence[Any]) -> tuple[Work, Work]:
    """One step's loss and gradient, ours bound to its records, as training does it."""
    import micrograd.nn

    bound = compiled.bind(*records)
    theirs = moons.model_step(micrograd.nn.MLP(2, [16, 16, 1]))

    def many() -> Callable[[], float]:
        for _ in range(_STEPS):
            bound()
        return bound

    return agreeing(many, lambda: theirs().data)


_STEPS = 100  # of ours in a turn, for one of theirs takes a thousand times as long

ROWS = (
    Comparison(
        "moons-replayed", "micrograd", 0.001 * _STEPS, f"the loss of a record compiled, {_STEPS} steps; one of theirs",
        _replayed,
    ),
    Comparison(
        "moons-lifted", "micrograd", 0.01 * _STEPS,
        f"the loop over 100 records inside, compiled unchanged, {_STEPS} steps; one of theirs", _lifted,
    ),
)  # fmt: skip
