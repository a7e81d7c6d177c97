"""Trees of text: a drawing's values and gradients, each node once, at any size."""

from __future__ import annotations

import pytest

import autodiff
import nn
import viz
from autodiff import Value, tanh
from viz.drawing import sketch
from viz.drawing.options import Options
from viz.drawing.states import notes
from viz.drawing.vertices import unplaced_drawing
from viz.subject import read_subject
from viz.writers.tree import LONGEST_NAME, MOST_LINES, tree


def written(root: Value) -> str:
    """The whole graph as a tree."""
    subject = read_subject(root)
    return tree(unplaced_drawing(sketch.read(subject), Options(), tuple(notes(subject))))


def test_a_tree() -> None:
    w, x = Value(0.5, label="w"), Value(2.0, label="x")
    y = tanh(w * x)
    y.label = "y"
    y.backward()
    assert written(y).splitlines() == [
        "y = tanh  value 0.7616  gradient 1",
        "└─ ×      value 1       gradient 0.42",
        "   ├─ w   value 0.5     gradient 0.8399",
        "   └─ x   value 2       gradient 0.21",
    ]


def test_what_does_not_belong_together_stands_above() -> None:
    x = Value(3.0, label="x")
    y = x * 2.0
    assert written(y).startswith("! No sweep has run")
    assert "gradient –" in written(y)
    y.backward()
    y.backward()
    assert written(y).startswith("! Accumulated gradients: x holds 4, one sweep gives 2.")
    assert x.grad == 4.0


def test_a_network_is_a_tree_of_its_cards() -> None:
    model = nn.MLP(2, [3, 6, 1], activation="tanh", rng=0)
    lines = tree(viz.draw(model, [0.5, 1.0], 1.0, loss=nn.mse).drawing).splitlines()
    assert lines[0].split() == ["mse", "value", *lines[0].split()[2:3], "gradient", "1"]
    assert [line.split(" = ")[0].strip("└─├│ ") for line in lines if "layer 1" in line and "gradient" in line] == [
        f"layer 1 / neuron {number}" for number in (1, 2, 3)
    ]
    output = model([0.5, 1.0])
    assert f"value {output.data:.4g}" in lines[1]
    assert sum("x1 " in line and "value 0.5" in line for line in lines) == 1


def test_layers_that_are_read_again_are_one_line() -> None:
    model = nn.MLP(2, [6, 6, 1], rng=0)
    lines = tree(viz.draw(model, [0.5, 1.0], 1.0, loss=nn.mse).drawing).splitlines()
    assert sum("all 6" in line and "(above)" in line for line in lines) == 5


def test_a_program_has_a_tree_for_each_result() -> None:
    compiled = autodiff.compile(lambda x, y: tanh(x) * y, batched=(0, 1))
    compiled.backward([1.0], [2.0])
    lines = tree(viz.draw(compiled).drawing).splitlines()
    assert sum(not line.startswith(("├", "└", "│", " ")) for line in lines) == len(compiled.program.outputs)


@pytest.mark.parametrize("label", ["a\nb", "\x00", "\u202ex", "└─ y", "x" * 500, "\t", "\x1b[31m"])
def test_any_label_is_one_printable_line(label: str) -> None:
    x = Value(2.0, label=label)
    lines = written(tanh(x)).splitlines()
    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)
    assert len(lines[-1]) < LONGEST_NAME + 60


@pytest.mark.parametrize("nodes", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_long_chain_is_cut_and_counted(nodes: int) -> None:
    x = Value(1.0)
    for _ in range(nodes):
        x = x + 1.0
    assert len(written(x).splitlines()) <= MOST_LINES + 1


def test_a_wide_graph_is_cut_and_counted() -> None:
    root = sum((Value(1.0) * 2.0 for _ in range(300)), start=Value(0.0))
    root.backward()
    assert written(root).count("\n") <= MOST_LINES
