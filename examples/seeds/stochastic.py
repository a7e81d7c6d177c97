"""Seed rows D5 and U8: steps on some of the records at a time, momentum, and how large the first weights should be.

An epoch is one pass through the records. Cut into batches it makes many steps for the price of one, each along a
slope that is only roughly that of all the records; reshuffling makes the errors differ from epoch to epoch.

    python examples/seeds/stochastic.py
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff import Value, dot, local_slopes, sigmoid
from nn import SGD, History, Layer, batches, constant, fit, lecun_normal, normal

EPOCHS = 10
LEARNING_RATE = 0.05
TRUE_WEIGHTS = (2.0, -3.0)


@final
@dataclass(frozen=True)
class Valley:
    """Made-up records of a linear law. The second feature is small, so the loss is a long, narrow valley."""

    features: NDArray[np.float64]
    targets: NDArray[np.float64]


def valley(*, rng: np.random.Generator, records: int = 120) -> Valley:
    """Features of shape (records, 2) of scales 1 and 0.3, and their targets without noise."""
    features = rng.normal(size=(records, 2)) * [1.0, 0.3]
    return Valley(features, features @ TRUE_WEIGHTS)


def reshuffled(*, rng: np.random.Generator, epochs: int = 2) -> list[list[list[int]]]:
    """The batches of two that six records are cut into, for each epoch."""
    return [list(batches(6, 2, rng)) for _ in range(epochs)]


def trained(data: Valley, *, batch_size: int | None, momentum: float = 0.0, seed: int = 0) -> History:
    """EPOCHS epochs of a linear unit that starts at weights 0."""
    unit = Layer(2, 1, activation="linear", bias=False, initializer=constant(0.0))
    optimizer = SGD(learning_rate=LEARNING_RATE, momentum=momentum)
    return fit(
        unit, data.features, data.targets,
        optimizer=optimizer, epochs=EPOCHS, batch_size=batch_size, rng=seed, progress=False,
    )  # fmt: skip


@final
@dataclass(frozen=True)
class Start:
    """How a sigmoid unit with many inputs begins, over many draws of its weights."""

    spread: float
    """The standard deviation of the sum that enters the sigmoid."""
    slope: float
    """The mean slope of the sigmoid there; at best 0.25."""


def start(
    initializer: Callable[[int, np.random.Generator], NDArray[np.float64]],
    *,
    rng: np.random.Generator,
    inputs: int = 100,
    draws: int = 200,
) -> Start:
    """Draw weights, and standard normal inputs, again and again."""
    sums: list[float] = []
    slopes: list[float] = []
    for _ in range(draws):
        weights = [Value(number) for number in initializer(inputs, rng)]
        entering: Any = dot(weights, rng.normal(size=inputs))
        sums.append(entering.data)
        slopes += [slope for slope in local_slopes(sigmoid(entering)) if slope is not None]
    return Start(float(np.std(sums)), float(np.mean(slopes)))


def main(argv: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(description="Batches, momentum and first weights.").parse_args(argv)
    print("D5  Six records in batches of two, shuffled anew in each epoch:")
    for epoch, cut in enumerate(reshuffled(rng=np.random.default_rng(0))):
        print(f"    epoch {epoch}: {cut}")
    data = valley(rng=np.random.default_rng(0))
    print(f"    The loss of {len(data.targets)} records after {EPOCHS} epochs at rate {LEARNING_RATE}:")
    for name, size in (("all records a step", None), ("20 records a step", 20), ("one record a step", 1)):
        steps = EPOCHS * -(-len(data.targets) // (size or len(data.targets)))
        print(f"    {name:20} {steps:5} steps   MSE {trained(data, batch_size=size).final_loss:.2e}")

    print("\nU8  Updating on each record is the last line above. Momentum carries a step along the valley:")
    for momentum in (0.0, 0.5, 0.8):
        loss = trained(data, batch_size=20, momentum=momentum).final_loss
        print(f"    momentum {momentum}, 20 records a step   MSE {loss:.2e}")
    print("    A sigmoid unit with 100 inputs, at its start:")
    for name, initializer in (("1/sqrt(100)", lecun_normal), ("1", normal(1.0))):
        begin = start(initializer, rng=np.random.default_rng(0))
        print(f"    weights of scale {name:12} sums spread by {begin.spread:5.2f}, mean slope {begin.slope:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
