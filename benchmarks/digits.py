"""A 64-32-10 softmax network on the handwritten digits that scikit-learn has, batches of 64."""

from __future__ import annotations

from benchmarks.classifier import BATCH, Classifier
from benchmarks.comparison import Comparison


def classifier() -> Classifier:
    """The first batch; pixels between 0 and 1."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    return Classifier(digits.data[:BATCH] / 16.0, digits.target[:BATCH], (64, 32, 10), steps=50)


_ABOUT = "64-32-10 softmax on digits, batch 64, 50 steps: "

ROWS = (
    Comparison(
        "digits-torch", "torch", 0.5, _ABOUT + "optimizer loop", lambda: (work := classifier()).against(work.torch), 21,
        needs=("sklearn",),
    ),
    Comparison(
        "digits-jax", "jax", 1.0, _ABOUT + "jitted step", lambda: (work := classifier()).against(work.jax), 21,
        needs=("sklearn",),
    ),
)  # fmt: skip
