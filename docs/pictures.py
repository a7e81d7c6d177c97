"""Draw the pictures of the README and the docs again: `python docs/pictures.py` (needs the extra `examples`)."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import autodiff
import nn
import viz
from autodiff import Value, log, mean, relu, tanh

HERE = Path(__file__).parent
IMAGES = HERE / "images"
RECORD = 24
"""Which record of the admissions data is drawn."""


def expression() -> viz.Picture:
    """The expression of the README's tour, after its sweep."""
    w, x, b = Value(-0.5, label="w"), Value(2.0, label="x"), Value(0.3, label="b")
    y = tanh(w * x + b)
    y.label = "y"
    y.backward()
    return viz.draw(y)


def contributions() -> viz.Picture:
    """A number that is read three times: its gradient is a sum."""
    x = Value(3.0, label="x")
    y = x * x * 2.0 + x * -4.0
    y.label = "y"
    y.backward()
    return viz.draw(y, contributions=True)


def not_a_number() -> viz.Picture:
    """Where a nan starts, and what it reaches."""
    a, c = Value(-1.0, label="a"), Value(2.0, label="c")
    y = log(a) * c + c
    y.label = "y"
    y.backward()
    return viz.draw(y)


def admissions() -> viz.Picture:
    """One record of the admissions data through the seed's 6-2-1 network before training."""
    sys.path.insert(0, str(HERE.parent / "examples"))
    from admissions_job.networks import RECIPES, sigmoid_network
    from admissions_job.pictures import record_picture
    from admissions_job.records import DEFAULT_CSV, read_records
    from data_preparation import prepare

    data = prepare(read_records(DEFAULT_CSV), split_seed=42)
    model = sigmoid_network(RECIPES["two-layer"].first_weights(np.random.RandomState(21)))
    return record_picture(model, data, RECORD)


def hinge(predictions: list[Value], targets: list[float]) -> Value:
    """The mean hinge loss, as in micrograd's example."""
    loss: Value = mean([relu(1.0 - p * t) for p, t in zip(predictions, targets, strict=True)])
    return loss


def moons() -> viz.Picture:
    """Ten records through micrograd's 2-16-16-1 network."""
    stream = np.random.default_rng(0)
    features = stream.normal(size=(10, 2))
    model = nn.MLP(2, [16, 16, 1], rng=1)
    return viz.draw(model, features, np.sign(features[:, 0] * features[:, 1]), loss=hinge)


def program() -> viz.Picture:
    """The steps of a compiled network with eight equal layers."""
    model = nn.MLP(2, [8] * 8 + [1], activation="tanh", rng=0)
    compiled = autodiff.compile(lambda features, target: (model(features) - target) ** 2, batched=(0, 1))
    compiled.backward(np.ones((3, 2)), np.zeros(3))
    return viz.draw(compiled)


PICTURES = (expression, contributions, not_a_number, admissions, moons, program)


def main() -> None:
    """Write every picture."""
    for picture in PICTURES:
        picture().render(outfile=IMAGES / f"{picture.__name__.replace('_', '-')}.svg", cleanup=True)


if __name__ == "__main__":
    main()
