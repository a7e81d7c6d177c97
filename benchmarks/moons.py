"""The work of micrograd's demonstration: two half moons, 100 records, a 2-16-16-1 network, a hinge loss."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

SIZES = (2, 16, 16, 1)
DECAY = 1e-4


def records(count: int = 100) -> tuple[list[list[float]], list[float]]:
    """Points of two interleaved half circles with noise of 0.1, and their sides, -1 or 1."""
    rng = np.random.default_rng(1337)
    half = count // 2
    angle = np.linspace(0.0, np.pi, half)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    points = np.concatenate([upper, lower]) + rng.normal(scale=0.1, size=(count, 2))
    return points.tolist(), [1.0] * half + [-1.0] * half


def weights() -> list[np.ndarray]:
    """One array of shape (outputs, inputs + 1) a layer; the last column is the bias."""
    rng = np.random.default_rng(42)
    return [rng.uniform(-1.0, 1.0, size=(m, n + 1)) for n, m in itertools.pairwise(SIZES)]


def scalar_step(value_type: type) -> Callable[[], Any]:
    """One forward and backward pass written on scalars, node for node the same on any engine."""
    layers = [[[value_type(float(w)) for w in row] for row in layer] for layer in weights()]
    parameters = [w for layer in layers for row in layer for w in row]
    points, sides = records()

    def step() -> Any:
        losses = [(1 + -side * _score(layers, point)).relu() for point, side in zip(points, sides, strict=True)]
        return swept_loss(losses, parameters)

    return step


def model_step(model: Any) -> Callable[[], Any]:
    """The same pass through an engine's own `MLP`."""
    points, sides = records()
    for parameter, weight in zip(model.parameters(), flat(weights()), strict=True):
        parameter.data = weight

    def step() -> Any:
        losses = [(1 + -side * model(point)).relu() for point, side in zip(points, sides, strict=True)]
        return swept_loss(losses, model.parameters())

    return step


def swept_loss(losses: Sequence[Any], parameters: Sequence[Any]) -> Any:
    """The mean loss with weight decay, after its backward pass."""
    total = sum(losses) * (1.0 / len(losses)) + DECAY * sum(p * p for p in parameters)
    total.backward()
    return total


def _score(layers: Sequence[Sequence[Sequence[Any]]], point: Sequence[float]) -> Any:
    activations: Sequence[Any] = point
    for depth, layer in enumerate(layers, start=1):
        sums = [_weighted_sum(row, activations) for row in layer]
        activations = sums if depth == len(layers) else [total.relu() for total in sums]
    return activations[0]


def _weighted_sum(row: Sequence[Any], activations: Sequence[Any]) -> Any:
    total = row[-1]
    for weight, activation in zip(row, activations, strict=False):
        total = total + weight * activation
    return total


def flat(layers: Sequence[np.ndarray]) -> list[float]:
    return [float(weight) for layer in layers for weight in layer.ravel()]
