"""Graphs to be explained: random ones, and small ones with a known answer."""

from __future__ import annotations

import random

import autodiff as ad
from autodiff import Origin, Value

PARAMETER = Origin(role="parameter")

_BINARY = (
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: ad.where(a > b, a, b),
    lambda a, b: ad.dot([a, b], [b, 0.5]),
    lambda a, b: ad.sum([a, a, b]),
    lambda a, b: ad.maximum(a, b),
)
_UNARY = (ad.tanh, ad.relu, ad.sigmoid, lambda a: a * a, lambda a: 2.0 - a, ad.sin)


def random_graph(seed: int, *, operations: int = 9) -> tuple[list[Value], Value]:
    """A few leaves, and a root that some operations made of them, some nodes read often and some never."""
    rng = random.Random(seed)
    nodes = leaves = [Value(rng.uniform(-2.0, 2.0), label=f"x{place}") for place in range(3)]
    for _ in range(rng.randint(1, operations)):
        if rng.random() < 0.4:
            node = rng.choice(_UNARY)(rng.choice(nodes))
        else:
            node = rng.choice(_BINARY)(rng.choice(nodes), rng.choice(nodes))
        nodes = [*nodes, node]
    return leaves, nodes[-1]
