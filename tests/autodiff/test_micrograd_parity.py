"""The same scalar programs on micrograd and here: equal numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import micrograd.engine
import pytest

import autodiff

Program = Callable[[Callable[[float], Any]], tuple[Any, list[Any]]]
"""Given a constructor of Values, the root and the leaves."""


def readme_example(value: Callable[[float], Any]) -> tuple[Any, list[Any]]:
    """The expression in micrograd's README, operation for operation."""
    a = value(-4.0)
    b = value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g, [a, b]


def sanity_check(value: Callable[[float], Any]) -> tuple[Any, list[Any]]:
    """Reuse, relu on both sides of 0, and products of sums."""
    x = value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    return h + q + q * x, [x]


def quotients(value: Callable[[float], Any]) -> tuple[Any, list[Any]]:
    """Powers and differences; every quotient exact, because micrograd divides by way of y**-1."""
    x, y = value(3.0), value(4.0)
    return (x - y) / 2.0 + (5.0 - x) * y**-1 - (x * 8.0) / y + y**0.5, [x, y]


def hinge_loss_of_a_small_network(value: Callable[[float], Any]) -> tuple[Any, list[Any]]:
    """Two hidden neurons, three records, a hinge loss and weight decay, as in micrograd's demo."""
    draw = random.Random(1337)
    hidden = [[value(draw.uniform(-1, 1)) for _ in range(3)] for _ in range(2)]
    last = [value(draw.uniform(-1, 1)) for _ in range(3)]
    records = [([draw.uniform(-1, 1), draw.uniform(-1, 1)], draw.choice([-1, 1])) for _ in range(3)]

    def neuron(weights: list[Any], inputs: list[Any]) -> Any:
        out = weights[-1]
        for weight, number in zip(weights[:-1], inputs, strict=True):
            out = out + weight * number
        return out

    loss = value(0.0)
    for inputs, target in records:
        activations = [neuron(weights, inputs).relu() for weights in hidden]
        loss = loss + (1 + -target * neuron(last, activations)).relu()
    weights = [*hidden[0], *hidden[1], *last]
    for weight in weights:
        loss = loss + 1e-4 * (weight * weight)
    return loss, weights


PROGRAMS: list[Program] = [readme_example, sanity_check, quotients, hinge_loss_of_a_small_network]


def _numbers(program: Program, value: Callable[[float], Any]) -> list[float]:
    root, leaves = program(value)
    root.backward()
    return [root.data, *(leaf.grad for leaf in leaves)]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_equal_numbers(program: Program) -> None:
    root, *gradients = _numbers(program, autodiff.Value)
    its_root, *its_gradients = _numbers(program, micrograd.engine.Value)
    assert root == its_root
    # micrograd adds up in the order of a set, and divides by way of y**-1: the last bit is not its own.
    assert gradients == pytest.approx(its_gradients, rel=1e-14)


def test_the_readme_prints_what_it_says() -> None:
    root, (a, b) = readme_example(autodiff.Value)
    root.backward()
    assert [f"{root.data:.4f}", f"{a.grad:.4f}", f"{b.grad:.4f}"] == ["24.7041", "138.8338", "645.5773"]


def test_the_public_surface_is_there() -> None:
    public = {name for name in dir(micrograd.engine.Value(1.0)) if not name.startswith("_")}
    assert public == {"backward", "data", "grad", "relu"}
    assert public <= set(dir(autodiff.Value(1.0)))
    operators = {
        name for name, thing in vars(micrograd.engine.Value).items() if name.startswith("__") and callable(thing)
    }
    assert operators <= set(dir(autodiff.Value))
