"""Handwritten digits to 97 % and better, with a training loop written by hand.

    python -m pip install -e ".[examples,train]"
    python examples/digits.py

The loop says all that training is: take a batch, compute the loss and its gradient, step. What is compiled is the loss
of one record; `bind` ties its gradient to the arrays of a batch.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

import matplotlib.pyplot as plt
import numpy as np
from output_pictures import output_pictures
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import autodiff
from nn import MLP, cross_entropy, one_hot, predict

EPOCHS, BATCH, RATE, MOMENTUM = 40, 64, 0.05, 0.9


@final
@dataclass(frozen=True)
class Digits:
    """Images of 8x8 pixels from 0 to 1 in rows of 64, and the digits that they show; a quarter is kept for the test."""

    images: np.ndarray
    labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def digits() -> Digits:
    images, labels = load_digits(return_X_y=True)
    parts = train_test_split(images / 16.0, labels, test_size=0.25, random_state=0, stratify=labels)
    return Digits(parts[0], parts[2], parts[1], parts[3])


def train(data: Digits, *, epochs: int = EPOCHS, seed: int = 0) -> tuple[MLP, list[float]]:
    """A network of 64, 96 and 10 units trained by momentum, and the loss of each epoch."""
    rng = np.random.default_rng(seed)
    model = MLP(64, [96, 10], rng=rng)
    targets = one_hot(data.labels, 10)

    loss = autodiff.compile(lambda image, target: cross_entropy(model(image.tolist()), target), batched=(0, 1))
    images_of_batch, targets_of_batch = data.images[:BATCH].copy(order="F"), targets[:BATCH].copy(order="F")
    gradient = loss.bind(images_of_batch, targets_of_batch)
    velocity = np.zeros_like(gradient.numbers)

    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(targets))
        total, batches = 0.0, len(order) // BATCH
        for batch in order[: batches * BATCH].reshape(batches, BATCH):
            images_of_batch[:], targets_of_batch[:] = data.images[batch], targets[batch]
            total += gradient()
            velocity *= MOMENTUM
            velocity += gradient.gradient
            gradient.numbers -= RATE * velocity
        losses.append(total / batches)

    for parameter, number in zip(loss.parameters(data.images[:1], targets[:1]), gradient.numbers, strict=True):
        parameter.data = number
    return model, losses


def accuracy(model: MLP, images: np.ndarray, labels: np.ndarray) -> float:
    """The share of images whose largest output is that of their digit."""
    return float(np.mean(predict(model, images).argmax(axis=1) == labels))


def draw(model: MLP, data: Digits, losses: list[float], path: Path) -> None:
    """Draw the loss, and the test images that the network takes for another digit."""
    said = predict(model, data.test_images).argmax(axis=1)
    wrong = np.flatnonzero(said != data.test_labels)[:12]
    figure, places = plt.subplots(2, 7, figsize=(10, 3.4))
    for axes in places.ravel():
        axes.axis("off")
    for axes, row in zip(places[:, 1:].ravel(), wrong, strict=False):
        axes.imshow(data.test_images[row].reshape(8, 8), cmap="gray_r")
        axes.set_title(f"{data.test_labels[row]}, not {said[row]}", fontsize=9)
    curve = figure.add_axes((0.06, 0.15, 0.14, 0.7))
    curve.semilogy(losses)
    curve.set_title("loss by epoch", fontsize=9)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv: Sequence[str] | None = None) -> int:
    folder = output_pictures(argv, purpose="Handwritten digits, with a training loop by hand.")
    data = digits()
    model, losses = train(data)
    draw(model, data, losses, folder / "digits.png")
    print(f"{accuracy(model, data.test_images, data.test_labels):.1%} of the test images; in {folder / 'digits.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
