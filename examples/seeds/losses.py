"""Seed row U1: three ways to put a number on how wrong predictions are.

The sum of squared errors grows with the data; its mean does not, so one learning rate serves any number of
records. The log-loss compares probabilities, and unlike the squared errors it keeps its slope where a sigmoid is
surely wrong.

    python examples/seeds/losses.py
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from autodiff import Value, sigmoid
from nn import log_loss, mse, sse

LOSSES = {"SSE": sse, "MSE": mse, "log-loss": log_loss}
PREDICTIONS = [0.9, 0.2, 0.6]
TARGETS = [1.0, 0.0, 0.0]


def loss_and_slopes(name: str) -> tuple[float, list[float]]:
    """The loss of PREDICTIONS and its slope along each of them."""
    predictions = [Value(number, label=f"p{place}") for place, number in enumerate(PREDICTIONS, start=1)]
    loss = LOSSES[name](predictions, TARGETS)
    loss.backward()
    return loss.data, [prediction.grad for prediction in predictions]


def slope_when_surely_wrong(name: str, *, logit: float = -10.0) -> float:
    """The slope along the sum that enters a sigmoid whose output is near 0 while the target is 1."""
    entering = Value(logit)
    LOSSES[name]([sigmoid(entering)], [1.0]).backward()
    return float(entering.grad)


def main(argv: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(description="Squared errors and log-loss.").parse_args(argv)
    print(f"U1  Predictions {PREDICTIONS}, targets {TARGETS}")
    for name in LOSSES:
        loss, slopes = loss_and_slopes(name)
        print(f"    {name:8} {loss:.6f}, slopes along the predictions {[round(slope, 4) for slope in slopes]}")
    print("\n    A sigmoid that is surely wrong (-10 goes in, the target is 1), slope along what goes in:")
    for name in LOSSES:
        print(f"    {name:8} {slope_when_surely_wrong(name):.2e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
