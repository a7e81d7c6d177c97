"""Seed row U9: three ways in which gradients go wrong that only those see who look at them.

A saturated sigmoid and a dead ReLU pass on a slope of 0, so nothing before them learns. A product of many slopes
above 1 explodes, and below 1 vanishes. Each is drawn: look at the numbers on the edges.

    python examples/seeds/failure_modes.py
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from picture_folder import picture_folder

import viz
from autodiff import Origin, Value, dot, local_slopes, relu, sigmoid, square

PARAMETER = Origin(role="parameter")
STEPS = 8


@final
@dataclass(frozen=True)
class Weighed:
    """One unit on one record, swept from its squared error at a target: its weights and what it put out."""

    weights: list[Value]
    output: Value
    loss: Value


def sigmoid_unit(features: dict[str, float]) -> Weighed:
    """A sigmoid unit of weights 0.2 on a record that was not admitted."""
    inputs = [Value(number, label=name) for name, number in features.items()]
    weights = [Value(0.2, label=f"weight of {name}", origin=PARAMETER) for name in features]
    return _swept(weights, sigmoid(dot(weights, inputs)), target=0.0)


def saturated_sigmoid() -> Weighed:
    """The scores as they are: the sum is about 133, where the sigmoid is flat."""
    return sigmoid_unit({"gre": 660.0, "gpa": 3.67})


def standardized_sigmoid() -> Weighed:
    """The same record with standardized scores."""
    return sigmoid_unit({"gre": 0.626, "gpa": 0.736})


def dead_relu() -> Weighed:
    """A ReLU unit that one large step has thrown to a bias of -10: every standardized record stays below 0."""
    inputs = [Value(0.626, label="gre"), Value(0.736, label="gpa")]
    weights = [Value(0.2, label=f"weight of {name}", origin=PARAMETER) for name in ("gre", "gpa")]
    bias = Value(-10.0, label="bias", origin=PARAMETER)
    return _swept([*weights, bias], relu(dot(weights, inputs) + bias), target=1.0)


def repeated_product(factor: float) -> tuple[Value, Value]:
    """A number multiplied by one weight STEPS times, swept: the start and the end of the chain.

    As in a recurrent network, whose one matrix multiplies the state at each step.
    """
    weight, start = Value(factor, label="weight", origin=PARAMETER), Value(1.0, label="start")
    state = start
    for _ in range(STEPS):
        state = weight * state
    state.backward()
    return start, state


def _swept(weights: list[Value], output: Value, *, target: float) -> Weighed:
    output.label = "output"
    loss = square(output - target)
    loss.label = "loss"
    loss.backward()
    return Weighed(weights, output, loss)


def report(name: str, unit: Weighed) -> None:
    """Print the slope of the unit's activation and of the loss along its weights."""
    (slope,) = local_slopes(unit.output)
    print(f"    {name}: output {unit.output.data:g}, loss {unit.loss.data:g}, slope of the activation {slope:.3g}")
    print(f"        gradients of the weights: {', '.join(f'{weight.grad:.3g}' for weight in unit.weights)}")


def main(argv: Sequence[str] | None = None) -> int:
    folder: Path = picture_folder(argv, purpose="Saturated sigmoids, dead ReLUs, exploding products.")
    saturated, dead = saturated_sigmoid(), dead_relu()
    print("U9  A saturated sigmoid is wrong and has no slope to learn from; standardized inputs give it one:")
    report("raw scores", saturated)
    report("standardized", standardized_sigmoid())
    print("    A dead ReLU is wrong on every record and never moves again:")
    report("bias -10", dead)
    print(f"    A product of {STEPS} equal slopes:")
    for factor in (3.0, 0.3):
        start, end = repeated_product(factor)
        print(f"        of {factor:g}: from {start.data:g} to {end.data:.4g}, slope along the start {start.grad:.4g}")

    exploding = repeated_product(3.0)[1]
    pictures = {"saturated-sigmoid": saturated.loss, "dead-relu": dead.loss, "exploding-product": exploding}
    for name, root in pictures.items():
        print(f"    drawn in {viz.draw(root).render(folder / f'{name}.svg', cleanup=True)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
