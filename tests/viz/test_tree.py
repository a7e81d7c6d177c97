"""Trees of text: values and gradients of one sweep, each node once, at any size."""

from __future__ import annotations

from autodiff import Value, tanh
from viz.tree import MOST_LINES, tree


def test_a_tree() -> None:
    w, x = Value(0.5, label="w"), Value(2.0, label="x")
    y = tanh(w * x)
    y.label = "y"
    assert tree(y).splitlines() == [
        "y = tanh  value 0.7616  gradient 1",
        "└─ ×      value 1       gradient 0.42",
        "   ├─ w   value 0.5     gradient 0.8399",
        "   └─ x   value 2       gradient 0.21",
    ]


def test_gradients_are_those_of_one_sweep() -> None:
    x = Value(3.0, label="x")
    y = x * 2.0
    y.backward()
    y.backward()
    assert "gradient 2" in tree(y)
    assert x.grad == 4.0


def test_a_long_chain_is_cut_and_counted() -> None:
    x = Value(1.0)
    for _ in range(100_000):
        x = x + 1.0
    assert len(tree(x).splitlines()) <= MOST_LINES + 1


def test_a_wide_graph_is_cut_and_counted() -> None:
    assert tree(sum((Value(1.0) * 2.0 for _ in range(300)), start=Value(0.0))).count("\n") <= MOST_LINES
