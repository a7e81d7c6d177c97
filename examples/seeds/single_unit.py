"""Seed row U2: one sigmoid unit, one step of gradient descent, for both listings of the document.

The listings write the error term error * sigmoid'(h) by hand. Here it is what the sweep leaves on h, with its
sign turned, because a step goes against the gradient.

    python examples/seeds/single_unit.py
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray
from value_arrays import gradients, values

from autodiff import local_slopes, sigmoid

LEARNING_RATE = 0.5
LISTINGS: Mapping[str, tuple[Sequence[float], float, Sequence[float]]] = {
    "two inputs": ([0.1, 0.3], 0.2, [-0.8, 0.5]),
    "gradient.py": ([1, 2, 3, 4], 0.5, [0.5, -0.5, 0.3, 0.1]),
}
"""The inputs, the target and the weights of each listing."""


@final
@dataclass(frozen=True)
class UnitStep:
    """What the listings compute, under their names."""

    h: float
    nn_output: float
    error: float
    output_grad: float | None
    """The slope of the sigmoid at h."""
    error_term: float
    del_w: NDArray[np.float64]


def unit_step(inputs: Sequence[float], target: float, weights: Sequence[float]) -> UnitStep:
    """One step along minus the gradient of *half* the squared error, which is the listings' choice."""
    w = values(weights, name="w")
    h = np.dot(inputs, w)
    output = sigmoid(h)
    error = target - output
    (error**2 / 2).backward()
    (output_grad,) = local_slopes(output)
    return UnitStep(h.data, output.data, error.data, output_grad, -h.grad, -LEARNING_RATE * gradients(w))


def main(argv: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(description="One sigmoid unit, one step.").parse_args(argv)
    for name, listing in LISTINGS.items():
        step = unit_step(*listing)
        print(f"U2  {name}: h {step.h:.4g}, output {step.nn_output:.6f}, error {step.error:.6f}")
        print(f"    error term {step.error_term:.6f} = error times the sigmoid's slope {step.output_grad:.6f}")
        print(f"    change in weights {step.del_w}")
    print("\nThe steps follow half the squared error. With the whole square, the rate 0.5 would be 0.25.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
