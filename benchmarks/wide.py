"""A 784-128-10 softmax network, batches of 64, on made-up pixels."""

from __future__ import annotations

import numpy as np

from benchmarks.classifier import BATCH, Classifier
from benchmarks.comparison import Comparison


def classifier() -> Classifier:
    """One batch of pixels between 0 and 1 and any labels."""
    rng = np.random.default_rng(7)
    return Classifier(rng.random((BATCH, 784)), rng.integers(0, 10, BATCH), (784, 128, 10), steps=10)


_ABOUT = "784-128-10 softmax, batch 64, 10 steps: "

ROWS = (
    Comparison(
        "wide-torch", "torch", 1.1, _ABOUT + "optimizer loop", lambda: (work := classifier()).against(work.torch), 21
    ),
    Comparison("wide-jax", "jax", 1.1, _ABOUT + "jitted step", lambda: (work := classifier()).against(work.jax), 21),
)
