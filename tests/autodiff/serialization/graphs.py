"""Graphs to be copied: random ones with labels, scopes and gradients, and long chains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from autodiff import Origin, Value, scope
from autodiff.testing import expressions

LONG, VERY_LONG = 50_000, 1_000_000


def chain(length: int) -> tuple[Value, Value]:
    """A leaf, and the end of a chain of so many nodes on it."""
    leaf = Value(0.5, label="start")
    node = leaf
    for _ in range(length):
        node = node * 1.0000001
    return leaf, node


@st.composite
def graphs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[Value]:
    """Every node of a random graph, leaves first, in one of the states that sweeps leave behind."""
    expression = draw(expressions())
    labels = draw(st.lists(st.none() | st.text(max_size=5), min_size=3, max_size=3))
    origins = [None, Origin(), Origin(("layer 1", "neuron 2"), "parameter")]
    leaves = [
        Value(number, label=label, origin=draw(st.sampled_from(origins)))
        for number, label in zip(expression.inputs, labels, strict=False)
    ]
    with scope("model"):
        entries: list[Value] = expression.entries(leaves)
    sweep = draw(st.sampled_from(["none", "floats", "nodes"]))
    if sweep != "none":
        entries[-1].backward(create_graph=sweep == "nodes")
    return entries
