"""Explanations: the seed document's three factors, and a sentence for each reason of a gradient of 0."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autodiff import Value, dot, floor, log, relu, scope, sigmoid, square, tanh
from tests.viz.why.graphs import random_graph

HOSTILE = [
    "<script>alert(1)</script>",
    "a\nb",
    "$$ \\input{x} $$",
    "_*|`" * 9,
    "word " * 200,
    "}{",
    "\x00\u202e",
    "%&#",
]


def arrays(numbers: Any, name: str) -> Any:
    """An array of Values named after their indices."""
    given = np.array(numbers, dtype=float)
    out = np.empty(given.shape, dtype=object)
    for index, number in np.ndenumerate(given):
        out[index] = Value(number, label=name + "".join(map(str, index)))
    return out


def seed_network() -> tuple[Any, Any, Any, Value]:
    """The 3x2x1 network of the course, and half its squared error."""
    w, v = arrays([[0.5, -0.6], [0.1, -0.2], [0.1, 0.7]], "w"), arrays([0.1, -0.3], "v")
    hidden = sigmoid(np.dot([0.5, 0.1, -0.2], w))
    output = sigmoid(np.dot(hidden, v))
    loss = (0.6 - output) ** 2 / 2
    loss.label = "loss"
    return w, v, hidden, loss


def numbers_in(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]


def test_the_three_factors_of_every_weight_of_the_seeds_network() -> None:
    w, v, hidden, loss = seed_network()
    loss.backward()
    x = [0.5, 0.1, -0.2]
    cases = [(w[i, j], x[i], hidden[j]) for i in range(3) for j in range(2)]
    cases += [(v[j], hidden[j].data, hidden[0]) for j in range(2)]
    for place, (weight, comes_in, unit) in enumerate(cases):
        if place >= 6:  # the output unit, whose slope and gradient come from the listing's own formulas
            output = 1.0 / (1.0 + math.exp(-sum(h.data * k.data for h, k in zip(hidden, v, strict=True))))
            slope, upstream = output * (1.0 - output), -(0.6 - output)
        else:
            slope, upstream = unit.data * (1.0 - unit.data), unit.grad
        explanation = viz.explain(weight, loss)
        for factor in (comes_in, slope, upstream, weight.grad):
            assert any(math.isclose(shown, factor, rel_tol=1e-3) for shown in numbers_in(explanation.text)), factor
        assert "Three factors" in explanation.text
        assert explanation.latex.count(r"\underbrace") == 3


def test_a_layer_of_nn_gives_the_same_factors() -> None:
    model = nn.MLP(3, [2, 1], activation="sigmoid", output_activation="sigmoid", rng=3)
    loss = square(model([Value(0.5, label="gre"), -1.0, 2.0]) - 1.0)
    text = viz.explain(model.layers[0].neurons[0].weights[0], loss).text
    assert "w1 of layer 1 / neuron 1" in text
    assert "0.5 comes in (gre)" in text


def test_a_bias_has_a_factor_of_one() -> None:
    model = nn.MLP(3, [2, 1], activation="tanh", rng=3)
    loss = square(model([0.5, -1.0, 2.0]) - 1.0)
    assert "1 comes in, times" in viz.explain(model.layers[0].neurons[0].bias, loss).text


ZEROS = {
    "no path leads from w to y": lambda w: Value(3.0) * 2.0,
    "relu is off, its sum is -2": lambda w: relu(w * -2.0) + 1.0,
    "multiplied by a 0": lambda w: w * 0.0 + 1.0,
    "floor is flat at 1": lambda w: floor(w) + 1.0,
    "its paths cancel exactly": lambda w: 3.0 * w - w * 3.0,
    "its paths cancel exactly, further on": lambda w: (lambda u: u * 2.0 - u - u)(tanh(w)),
    "too small for a float": lambda w: 1e-200 * (1e-200 * w),
}


@pytest.mark.parametrize("reason", ZEROS)
def test_a_gradient_of_zero_has_a_reason(reason: str) -> None:
    w = Value(1.0, label="w")
    y = ZEROS[reason](w)
    y.label = "y"
    text = viz.explain(w, y).text
    assert text.startswith("The gradient of y along w is 0")
    assert [known for known in ZEROS if known in text and not reason.startswith(known)] in (
        [],
        [f"{reason}, further on"],
    )
    assert reason in text


def test_the_root_is_one_by_definition() -> None:
    x = Value(2.0, label="x")
    assert "is 1 by definition" in viz.explain(x, x).text


def test_what_is_not_finite_is_said() -> None:
    x = Value(0.0, label="x")
    assert "passes a slope of inf" in viz.explain(x, log(x)).text


def test_many_uses_are_summed_up() -> None:
    w = Value(0.5, label="w")
    loss = nn.mse([tanh(w * place) for place in range(-3, 5)], [1.0] * 8)
    text = viz.explain(w, loss).text
    assert "the sum over 8 uses" in text
    assert "cancels" in text


@pytest.mark.parametrize("seed", range(60))
def test_no_more_than_120_words(seed: int) -> None:
    leaves, root = random_graph(seed)
    for leaf in leaves:
        leaf.label = HOSTILE[seed % len(HOSTILE)]
        assert 1 <= len(viz.explain(leaf, root).text.split()) <= 120


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_do_no_harm(label: str) -> None:
    with scope(label):
        w, x = Value(0.5, label=label), Value(2.0, label=label)
        loss = square(tanh(dot([w, x], [x, 1.0])))
    for shown in (viz.explain(w, loss), viz.ledger(w, loss), viz.paths(w, loss)):
        html = shown._repr_html_()
        assert "<script" not in html
        assert "\x00" not in html
        assert repr(shown).count("\n") == 0
    explanation = viz.explain(w, loss)
    assert "<script" not in explanation.markdown
    assert explanation.markdown.count("$$") == 2
    assert explanation.latex.count("{") == explanation.latex.count("}")


def test_reprs_are_short() -> None:
    w = Value(0.5, label="w")
    assert repr(viz.explain(w, w * 2.0)) == "<Explanation of Why ∂×/∂w = 2>"
    assert str(viz.explain(w, w * 2.0)) == viz.explain(w, w * 2.0).text
