"""Rows: leaves that dots alone read have one symbol for their gradients, which come to the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff
from autodiff import Value, dot, sigmoid, where
from autodiff.compilation.rewrite.rows import ROW_GRADIENT, RowColumns, Vector, dots_of, rows_read_by_dots
from autodiff.compilation.trace.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, SQUARE
from tests.autodiff.compilation.by_hand import leaf, leaves, node

Loss = Callable[[list[Value], list[Value], Any], Any]

# (what reads the leaves v and w, whether they are a row)
READ: dict[str, tuple[Callable[[Symbol, Symbol, Symbol, Symbol], Symbol], bool]] = {
    "a dot": (lambda v, w, x, y: node(DOT, v, w, x, y), True),
    "the other half of a dot": (lambda v, w, x, y: node(DOT, x, y, v, w), True),
    "two dots": (lambda v, w, x, y: node(ADD, node(DOT, v, w, x, y), node(DOT, y, x, v, w)), True),
    "a dot and more": (lambda v, w, x, y: node(ADD, node(DOT, v, w, x, y), node(SQUARE, v)), False),
    "dots in another order": (lambda v, w, x, y: node(ADD, node(DOT, v, w, x, y), node(DOT, w, v, x, y)), False),
    "a dot with itself": (lambda v, w, x, y: node(DOT, v, w, v, w), False),
    "a dot of one leaf twice": (lambda v, w, x, y: node(DOT, v, v, x, y), False),
}


@pytest.mark.parametrize("name", READ)
def test_leaves_that_dots_alone_read_are_a_row(name: str) -> None:
    reader, is_row = READ[name]
    (x, y), (v, w) = leaves("xy"), leaves("vw", batched=False)
    rows = rows_read_by_dots(topological_order(reader(v, w, x, y)), [v, w])
    assert [row.leaves for row in rows] == ([(v, w)] if is_row else [])


def test_leaves_of_each_record_are_no_row() -> None:
    x, y, z = leaves("xyz")
    assert not rows_read_by_dots([node(DOT, x, y, y, z)], [x, y])


def test_a_row_knows_the_places_of_its_leaves() -> None:
    (x, y), (u, v, w) = leaves("xy"), leaves("uvw", batched=False)
    (row,) = rows_read_by_dots([node(DOT, w, u, x, y)], [u, v, w])
    assert (row.leaves, row.places) == ((w, u), (2, 0))


def test_dots_are_an_adjoint_and_what_the_leaves_are_multiplied_by() -> None:
    a, b, x, y = (leaf(name) for name in "abxy")
    gradient = node(ROW_GRADIENT, a, x, y, b, 2.0, x)
    gradient.source = leaves("vw", batched=False)
    assert [(id(adjoint), [*map(id, half)]) for adjoint, half in dots_of(gradient)] == [
        (id(a), [id(x), id(y)]),
        (id(b), [id(gradient.operands[4]), id(x)]),
    ]


A, B, X, Y, Z = leaves("abxyz")
(W,) = leaves("w", batched=False)

# (dots that read a row of three leaves, which leaves are summed together, which one by one)
COLUMNS: dict[str, tuple[list[tuple[Any, tuple[Any, ...]]], list[list[int]], list[int]]] = {
    "of each record": ([(A, (X, Y, Z)), (B, (Z, Z, X))], [[0, 1, 2]], []),
    "a number": ([(A, (X, Y, Z)), (B, (X, 0.5, X))], [[0, 2]], [1]),
    "one number twice": ([(A, (X, Y, Z)), (B, (0.5, X, 0.5))], [[0, 2]], [1]),
    "zeros of either sign": ([(A, (X, Y, Z)), (B, (0.0, -0.0, 0.0))], [[0, 2]], [1]),
    "numbers alone": ([(A, (1.0, 1.0, X))], [], [0, 1, 2]),
    "what all records share": ([(A, (X, Y, W))], [[0, 1]], [2]),
    "an adjoint that all records share": ([(A, (X, Y, Z)), (W, (X, Y, Z))], [], [0, 1, 2]),
    "an adjoint that is a number": ([(2.0, (X, Y, Z))], [], [0, 1, 2]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_leaves_that_are_multiplied_by_like_factors_are_summed_together(name: str) -> None:
    dots, together, alone = COLUMNS[name]
    columns = RowColumns().alike(dots)
    assert [[*each.numbers] for each in columns if each.factors] == together
    assert sorted(k for each in columns if not each.factors for k in each.numbers) == alone
    for each in columns:
        for (_, half), factor in zip(dots, each.factors, strict=bool(each.factors)):
            chosen = [half[k] for k in each.numbers]
            made = factor.operands if isinstance(factor, Vector) else [factor] * len(chosen)
            assert [id(x) if isinstance(x, Symbol) else repr(x) for x in made] == [
                id(x) if isinstance(x, Symbol) else repr(x) for x in chosen
            ]


def test_rows_that_the_same_dots_read_share_their_vectors() -> None:
    columns = RowColumns()
    (first,), (second,) = columns.alike([(A, (X, Y))]), columns.alike([(B, (X, Y))])
    assert first is second


def _recurrent(v: list[Value], w: list[Value], x: Any) -> Any:
    """The first step multiplies by a constant 0, and by one that is 1."""
    state: Any = 0.0
    for entry in x:
        state = sigmoid(dot(v, [entry, state, 1.0]))
    return dot(w, [state, state, 2.0])


LOSSES: dict[str, Loss] = {
    "a neuron": lambda v, w, x: sigmoid(dot(v, x)) + dot(w, x),
    "two layers": lambda v, w, x: dot(w, [sigmoid(dot(v, x)), x[0], x[1]]) ** 2,
    "steps in time": _recurrent,
    "parameters alone": lambda v, w, x: dot(v, w) * x[0] + dot(v, [2.0, 1.0, -1.0]),
    "a factor that all records share": lambda v, w, x: dot(v, [w[0], w[1], 1.0]) + x[0],
    "a choice": lambda v, w, x: where(x[0] > 0.0, dot(v, x), dot(w, x)) ** 2,
    "and a penalty": lambda v, w, x: dot(v, x) + v[0] * v[0] + dot(w, x),
    "reached by nothing": lambda v, w, x: dot(v, x).detach() + dot(w, x),
}


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_that_of_graphs_of_all_records(name: str, reduction: str) -> None:
    loss = LOSSES[name]
    records = np.array([[0.5, -1.0, 2.0], [-0.25, 3.0, 0.0], [1.5, 0.75, -2.0]])
    v, w = ([Value(number) for number in numbers] for numbers in ([0.3, -0.7, 1.1], [0.9, 0.2, -0.4]))
    total = sum((loss(v, w, record.tolist()) for record in records), start=Value(0.0))
    (total if reduction == "sum" else total / 3.0).backward()
    expected = [value.grad for value in (*v, *w)]
    for value in (*v, *w):
        value.grad = 0.0
    autodiff.compile(lambda x: loss(v, w, x)).backward(records, reduction=reduction)
    assert [value.grad for value in (*v, *w)] == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_terms_that_all_records_share_are_summed_as_one_dot() -> None:
    """A row of three terms is one dot, times the number of records, and no sum of terms."""
    w = [Value(0.5), Value(2.0)]
    compiled = autodiff.compile(lambda rows: sum((dot(w, row) - 1.0) ** 2 for row in rows), batched=())
    compiled.backward([[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]])
    along_w = [step for step in compiled.program.steps if compiled.program.blocks[step.out].rows == 2]
    assert [step.primitive.name for step in along_w] == ["dot", "mul"]


def test_no_program_has_the_gradient_of_a_row() -> None:
    v = [Value(0.5), Value(2.0)]
    compiled = autodiff.compile(lambda x: sigmoid(dot(v, x)))
    compiled.backward([[1.0, 2.0]])
    made: set[Primitive] = {step.primitive for step in compiled.program.steps}
    assert ROW_GRADIENT not in made
