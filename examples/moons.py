"""micrograd's demonstration: two moons, a network of two hidden layers, and the boundary that it draws between them.

    python -m pip install -e ".[examples,train]"
    python examples/moons.py

The loss is that of a support vector machine, the mean of max(0, 1 - t·p) with a penalty on large weights.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from output_pictures import output_pictures
from sklearn.datasets import make_moons

from nn import L2, MLP, SGD, fit, predict

EPOCHS = 300


def moons() -> tuple[np.ndarray, np.ndarray]:
    """100 points on two moons, and on which of them each lies: -1 or 1."""
    points, labels = make_moons(n_samples=100, noise=0.1, random_state=1)
    return points, 2.0 * labels - 1.0


def train(points: np.ndarray, sides: np.ndarray, *, epochs: int = EPOCHS) -> MLP:
    """micrograd's network, trained on all points at once."""
    model = MLP(2, [16, 16, 1], rng=1337)
    optimizer = SGD(learning_rate=0.2)
    fit(model, points, sides, optimizer=optimizer, epochs=epochs, loss="hinge", penalty=L2(1e-4), progress=False)
    return model


def accuracy(model: MLP, points: np.ndarray, sides: np.ndarray) -> float:
    """The share of points on the right side."""
    return float(np.mean((predict(model, points) > 0.0) == (sides > 0.0)))


def draw_boundary(model: MLP, points: np.ndarray, sides: np.ndarray, path: Path) -> None:
    """Paint what the network says of the whole plane, and the points on it."""
    across, up = np.meshgrid(np.linspace(-1.5, 2.5, 200), np.linspace(-1.0, 1.5, 150))
    scores = predict(model, np.column_stack([across.ravel(), up.ravel()])).reshape(across.shape)
    figure, axes = plt.subplots(figsize=(6, 4))
    axes.contourf(across, up, scores, levels=[-np.inf, 0.0, np.inf], colors=["#d8e6f3", "#f7e0cc"])
    axes.contour(across, up, scores, levels=[-1.0, 0.0, 1.0], colors="gray", linestyles=["--", "-", "--"])
    axes.scatter(*points.T, c=np.where(sides > 0.0, "#c25b12", "#1f5f9e"), edgecolor="white")
    axes.set_title(f"{accuracy(model, points, sides):.0%} on the right side; dashed: the margin")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv: Sequence[str] | None = None) -> int:
    folder = output_pictures(argv, purpose="micrograd's moons and the boundary between them.")
    points, sides = moons()
    model = train(points, sides)
    draw_boundary(model, points, sides, folder / "moons.png")
    print(f"{accuracy(model, points, sides):.0%} of the points on the right side; drawn in {folder / 'moons.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
