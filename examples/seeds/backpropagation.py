"""Seed rows D4 and U6: the slope of a weight is a product of factors, and the sweep collects them.

D4 draws a small ReLU network and finds on its edges the three factors of each hidden weight's slope: the value
feeding into the weight, the slope of the activation, and the slope of the loss along the unit's output. U6 is the
document's 3x2x1 network, whose two layers of error terms fall out of one sweep.

    python examples/seeds/backpropagation.py
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from picture_folder import picture_folder
from value_arrays import data, gradients, values

import viz
from autodiff import Origin, Value, dot, local_slopes, relu, scope, sigmoid, square

TARGET = -2.0


@final
@dataclass(frozen=True)
class Factors:
    """The three numbers whose product is the slope of the loss along one weight."""

    weight: str
    value_feeding_in: float | None
    slope_of_activation: float | None
    slope_of_loss: float
    gradient: float


@final
@dataclass(frozen=True)
class Unit:
    """A ReLU unit: its weights, the sum of products that enters it, and its output."""

    weights: list[Value]
    total: Value
    output: Value

    def factors(self) -> list[Factors]:
        """One row for each weight, read off the edges once the loss has been swept."""
        (activation,) = local_slopes(self.output)
        fed = local_slopes(self.total)[: len(self.weights)]
        return [
            Factors(f"{self.output.label}'s {weight.label}", value, activation, self.output.grad, weight.grad)
            for weight, value in zip(self.weights, fed, strict=True)
        ]


def relu_unit(inputs: Sequence[Value], weights: Sequence[float], *, name: str) -> Unit:
    """A unit whose nodes carry its name as their scope, so that a drawing puts a frame around them."""
    origin = Origin(scope=(name,), role="parameter")
    leaves = [Value(number, label=f"w{place}", origin=origin) for place, number in enumerate(weights, start=1)]
    with scope(name):
        total: Any = dot(leaves, inputs)
        output = relu(total)
    output.label = name
    return Unit(leaves, total, output)


def small_network() -> tuple[Value, list[Unit]]:
    """The swept squared error of a 2-2-1 network, and its hidden units.

    The inputs are 0 and 1. The upper unit is active, so its ReLU has slope 1; the lower is not, slope 0.
    """
    inputs = [Value(0.0, label="input 1"), Value(1.0, label="input 2")]
    upper = relu_unit(inputs, [2.0, 1.0], name="upper unit")
    lower = relu_unit(inputs, [2.0, -3.0], name="lower unit")
    outward = [Value(number, label=f"v{k}", origin=Origin(role="parameter")) for k, number in ((1, 1.0), (2, 2.0))]
    prediction: Any = dot(outward, [upper.output, lower.output])
    prediction.label = "prediction"
    loss: Value = square(prediction - TARGET)
    loss.label = "loss"
    loss.backward()
    return loss, [upper, lower]


@final
@dataclass(frozen=True)
class Step:
    """What U6's listing computes, under its names."""

    hidden_layer_input: NDArray[np.float64]
    hidden_layer_output: NDArray[np.float64]
    output_layer_in: float
    output: float
    error: float
    output_error_term: float
    hidden_error_term: NDArray[np.float64]
    delta_w_h_o: NDArray[np.float64]
    delta_w_i_h: NDArray[np.float64]


LISTING: Mapping[str, Any] = {
    "x": [0.5, 0.1, -0.2],
    "target": 0.6,
    "learning_rate": 0.5,
    "weights_input_hidden": [[0.5, -0.6], [0.1, -0.2], [0.1, 0.7]],
    "weights_hidden_output": [0.1, -0.3],
}


def backpropagation_step(
    *,
    x: Sequence[float],
    target: float,
    learning_rate: float,
    weights_input_hidden: Sequence[Sequence[float]],
    weights_hidden_output: Sequence[float],
) -> Step:
    """U6: one step along minus the gradient of half the squared error, of the listing's 3x2x1 network."""
    w_i_h, w_h_o = values(weights_input_hidden, name="w"), values(weights_hidden_output, name="v")
    hidden_in = np.dot(x, w_i_h)
    hidden_out = sigmoid(hidden_in)
    output_in = np.dot(hidden_out, w_h_o)
    output = sigmoid(output_in)
    error = target - output
    (error**2 / 2).backward()
    return Step(
        data(hidden_in),
        data(hidden_out),
        output_in.data,
        output.data,
        error.data,
        output_error_term=-output_in.grad,
        hidden_error_term=-gradients(hidden_in),
        delta_w_h_o=-learning_rate * gradients(w_h_o),
        delta_w_i_h=-learning_rate * gradients(w_i_h),
    )


def main(argv: Sequence[str] | None = None) -> int:
    folder: Path = picture_folder(argv, purpose="Backpropagation, factor by factor.")
    loss, units = small_network()
    print("D4  slope of the loss along a weight = value feeding in × slope of the activation × slope of the loss")
    for row in [row for unit in units for row in unit.factors()]:
        factors = f"{row.value_feeding_in:g} × {row.slope_of_activation:g} × {row.slope_of_loss:g}"
        print(f"    {row.weight}: {row.gradient:2g} = {factors}")
    picture = viz.draw(loss).render(folder / "three-factors.svg", cleanup=True)
    print(f"    drawn in {picture}: the first two factors are on the edges, the third is the gradient of the unit")

    step = backpropagation_step(**LISTING)
    print(f"\nU6  output {step.output:.6f}, error {step.error:.6f}, error term {step.output_error_term:.6f}")
    print(f"    error terms of the hidden units {step.hidden_error_term}")
    print(f"    change in weights, hidden to output: {step.delta_w_h_o}")
    print(f"    change in weights, input to hidden:\n{step.delta_w_i_h}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
