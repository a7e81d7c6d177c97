"""Seed rows D1 to D3: judge weights over many records, step one way downhill, then step again and again.

python examples/seeds/gradient_descent.py
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from picture_folder import picture_folder
from value_arrays import data, descend, gradients, values

from autodiff import Value, mean, relu

RECORDS = [(0, 3), (1, 2), (-1, -2), (4, 0)]
TARGETS = [1, 3, 5, 7]
# Columns are the two hidden units. The document does not print the weights; these give its two errors.
FIRST_WEIGHTS = {"hidden": [[2, 1], [1, 2]], "output": [1, 1]}
SECOND_WEIGHTS = {"hidden": [[2, 1], [1, 1.5]], "output": [1, 1.5]}

INPUTS = np.array([3, 4])
TARGET = 6
START = [1, 2]
LEARNING_RATE = 0.01


@final
@dataclass(frozen=True)
class Update:
    """One step of gradient descent on a single record: before, the slopes, and after."""

    error: float
    gradient: NDArray[np.float64]
    weights: NDArray[np.float64]
    error_after: float


def predict_with_network(record: Sequence[float], weights: Mapping[str, Any]) -> Any:
    """Two ReLU units and a ReLU output, in NumPy's own words; floats or Values."""
    return relu(np.dot(relu(np.dot(record, weights["hidden"])), weights["output"]))


def outputs_and_mse(weights: Mapping[str, Any]) -> tuple[list[float], float]:
    """The predictions on all records and their mean squared error."""
    recorded = {name: values(numbers, name=name) for name, numbers in weights.items()}
    outputs = [predict_with_network(record, recorded) for record in RECORDS]
    mse: Any = mean((output - target) ** 2 for output, target in zip(outputs, TARGETS, strict=True))
    return [output.data for output in outputs], mse.data


def squared_error(weights: NDArray[Any]) -> tuple[Value, Value]:
    """The error of the single record, and its square, which is the mean over that one record."""
    error = (weights * INPUTS).sum() - TARGET
    return error, error**2


def one_update() -> Update:
    """D2: the document writes the gradient 2 * input * error by hand; here the sweep finds it."""
    weights = values(START, name="w")
    error, loss = squared_error(weights)
    loss.backward()
    gradient = gradients(weights)
    descend(weights, learning_rate=LEARNING_RATE)
    return Update(error.data, gradient, data(weights), squared_error(weights)[0].data)


def many_updates(count: int = 20) -> tuple[list[float], NDArray[np.float64]]:
    """D3: the mean squared error after each of `count` updates, and the last weights."""
    weights = values(START, name="w")
    history = []
    for _ in range(count):
        squared_error(weights)[1].backward()
        descend(weights, learning_rate=LEARNING_RATE)
        history.append(squared_error(weights)[1].data)
    return history, data(weights)


def plot_history(history: Sequence[float]) -> Figure:
    """The mean squared error against the update, on a logarithmic scale: a straight line is a constant factor."""
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(range(1, len(history) + 1), history, color="#542788", marker="o", markersize=4)
    axes.set(yscale="log", xlabel="update", ylabel="mean squared error", title="Each update quarters the error")
    axes.set_xticks(range(0, len(history) + 1, 5))
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def main(argv: Sequence[str] | None = None) -> int:
    folder: Path = picture_folder(argv, purpose="Gradient descent on a few weights.")
    print("D1  One number to judge weights by: the mean squared error over all records")
    for name, weights in (("first", FIRST_WEIGHTS), ("second", SECOND_WEIGHTS)):
        outputs, mse = outputs_and_mse(weights)
        print(f"    {name} weights: predictions {outputs}, MSE {mse}")

    update = one_update()
    print("\nD2  One update against the slope")
    print(f"    error {update.error}, gradient {update.gradient}, learning rate {LEARNING_RATE}")
    print(f"    weights {update.weights}, error {update.error_after}")

    history, last = many_updates()
    print(f"\nD3  {len(history)} updates")
    print(f"    MSE {history[0]}, {history[1]}, {history[2]}, ... {history[-1]:.3g}; weights {last}")
    plot_history(history).savefig(folder / "mse-history.png", dpi=150)
    print(f"    drawn in {folder / 'mse-history.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
