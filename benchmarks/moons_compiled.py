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


def replayed() -> Any:
    """The loss of a record and its gradient, bound to all records."""
    model = _model()

    def loss(point: Any, side: Any) -> Any:
        return (1 + -side * model(point)).relu() + moons.DECAY * autodiff.dot(model.parameters(), model.parameters())

    points, sides = moons.records()
    return autodiff.compile(loss, batched=(0, 1)).bind(np.asfortranarray(points), np.array(sides))


def lifted() -> Any:
    """The same with the loop over the records inside."""
    model = _model()

    def loss(points: Sequence[Any], sides: Sequence[Any]) -> Any:
        losses = [(1 + -side * model(point)).relu() for point, side in zip(points, sides, strict=True)]
        return sum(losses) * (1.0 / len(losses)) + moons.DECAY * sum(p * p for p in model.parameters())

    return autodiff.compile(loss, batched=()).bind(*moons.records())


def _model() -> nn.MLP:
    model = nn.MLP(2, [16, 16, 1])
    for parameter, weight in zip(model.parameters(), moons.flat(moons.weights()), strict=True):
        parameter.data = weight
    return model


def _against_micrograd(bound: Any) -> tuple[Work, Work]:
    """One step's loss and gradient, ours bound to its records, as training does it."""
    import micrograd.nn

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
        lambda: _against_micrograd(replayed()),
    ),
    Comparison(
        "moons-lifted", "micrograd", 0.01 * _STEPS,
        f"the loop over 100 records inside, compiled unchanged, {_STEPS} steps; one of theirs",
        lambda: _against_micrograd(lifted()),
    ),
)  # fmt: skip
