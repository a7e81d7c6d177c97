"""The peers' side in PyTorch: a Sequential of Linear layers, and steps of its SGD."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def network(weights: Sequence[np.ndarray], biases: Sequence[np.ndarray | None], activation: str, last: str = "") -> Any:
    """Linear layers with these weights, of shape (outputs, inputs), an activation after each, `last` after the last."""
    import torch

    torch.set_num_threads(1)
    layers: list[Any] = []
    for depth, (matrix, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        layers.append(torch.nn.Linear(*matrix.shape[::-1], bias=bias is not None, dtype=torch.float64))
        with torch.no_grad():
            layers[-1].weight.copy_(torch.from_numpy(matrix))
            if bias is not None:
                layers[-1].bias.copy_(torch.from_numpy(bias))
        name = last if depth == len(weights) else activation
        layers += [getattr(torch.nn, name)()] if name else []
    return torch.nn.Sequential(*layers)


def descent(model: Any, loss: str, features: np.ndarray, targets: np.ndarray, rate: float) -> Callable[[int], None]:
    """A function that takes so many full-batch steps with a loss of `torch.nn`."""
    import torch

    criterion = getattr(torch.nn, loss)()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    inputs, answers = torch.from_numpy(features), torch.from_numpy(targets)

    def steps(count: int) -> None:
        for _ in range(count):
            optimizer.zero_grad()
            criterion(model(inputs), answers).backward()
            optimizer.step()

    return steps
