"""Graphs to draw, made with the engine alone."""

from __future__ import annotations

import random
from contextlib import ExitStack

import autodiff as ad
from autodiff import Origin, Value, mean, scope, sin, tanh


def square(x: float = 3.0) -> Value:
    """x², swept: both slopes are x, the gradient is 2x."""
    leaf = Value(x, label="x")
    root = leaf * leaf
    root.backward()
    return root


def chain(length: int) -> Value:
    """A leaf under `length` sines, swept."""
    root = Value(0.5, label="x")
    for _ in range(length):
        root = sin(root)
    root.backward()
    return root


def network(sizes: list[int], *, records: int = 1, scoped: bool = True, swept: bool = True) -> Value:
    """The mean squared error of a tanh network with random weights over some records."""
    rng = random.Random(1)

    def parameters(layer: int, neuron: int, inputs: int) -> list[Value]:
        place = (f"layer {layer}", f"neuron {neuron}") if scoped else ()
        labels = [*(f"w{i}" for i in range(1, inputs + 1)), "b"]
        return [Value(rng.gauss(0.0, 0.5), label=label, origin=Origin(place, "parameter")) for label in labels]

    layers = [
        [parameters(layer, neuron, sizes[layer - 1]) for neuron in range(1, sizes[layer] + 1)]
        for layer in range(1, len(sizes))
    ]
    losses = []
    for _ in range(records):
        outputs = [Value(rng.gauss(0.0, 1.0), label=f"x{i}") for i in range(1, sizes[0] + 1)]
        for number, layer in enumerate(layers, 1):
            outputs = [_neuron(outputs, weights, number, i, scoped=scoped) for i, weights in enumerate(layer, 1)]
        losses.append((outputs[0] - 1.0) ** 2)
    loss = mean(losses)
    loss.label = "loss"
    if swept:
        loss.backward()
    return loss


def _neuron(inputs: list[Value], weights: list[Value], layer: int, neuron: int, *, scoped: bool) -> Value:
    with ExitStack() as scopes:
        if scoped:
            scopes.enter_context(scope(f"layer {layer}"))
            scopes.enter_context(scope(f"neuron {neuron}"))
        products = [x * weight for x, weight in zip(inputs, weights, strict=False)]
        return tanh(ad.sum([*products, weights[-1]]))
