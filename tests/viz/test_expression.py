"""Expressions: what they make, and that all else is refused with its column."""

from __future__ import annotations

import math

import pytest

from autodiff import Value, topological_order
from viz.expression import DEEPEST, LONGEST, ExpressionError, read_expression
from viz.why import naming

NUMBERS = {"w": 0.5, "x": 2.0, "b": -1.0}

MADE = {
    "tanh(w*x + b)**2": math.tanh(0.5 * 2.0 - 1.0) ** 2,
    "-w + +x - b/2": -0.5 + 2.0 + 0.5,
    "sum(w, x, b)": 1.5,
    "mean(w, x) + abs(b)": 2.25,
    "maximum(w, x) * hypot(3, 4)*b": -10.0,
    "w + x + b + 1/0": math.inf,
    "w*x*b*(2**10)": -1024.0,
}


@pytest.mark.parametrize("text", MADE)
def test_expressions_are_calculated(text: str) -> None:
    used = {name: number for name, number in NUMBERS.items() if name in text.replace("tanh", "").replace("abs", "b")}
    assert read_expression(text, used).data == pytest.approx(MADE[text])


def test_a_name_is_one_leaf_however_often_it_is_used() -> None:
    x = read_expression("x*x + x", {"x": 3.0})
    x.backward()
    (leaf,) = [node for node in topological_order(x) if not node.operands]
    assert (leaf.label, leaf.grad) == ("x", 7.0)


def test_a_number_alone_is_a_graph() -> None:
    assert read_expression("1 + 2", {}).data == 3.0


def test_nodes_know_their_columns() -> None:
    node = read_expression("1 + tanh(x)", {"x": 1.0}).operands[1]
    assert isinstance(node, Value)
    assert naming.source(node).endswith("columns 5-11")


REFUSED = {
    "__import__('os')": "column 1",
    "w.data": "column 1",
    "x if w else b": "column 1",
    "[w]": "column 1",
    "w + 'a'": "column 5",
    "w + 1j": "column 5",
    "w + True": "column 5",
    "w // x": "column 1",
    "w @ x": "column 1",
    "tanh(w, x)": "column 1",
    "tanh(x=w)": "column 1",
    "tanh(*w)": "column 1",
    "w + tanh": "column 5",
    "w + unknown": "column 5",
    "exec(w)": "column 1",
    "(lambda: w)()": "column 2",
    "w +": "column",
    "w + )": "column 5",
    "w := 3": "column",
    "é + w": "column 1",
    "w + é": "column 5",
    " w": "column 1",
    "1e400*w + " + "9" * 400: "column 11",
    "f'{w}'": "column 1",
    "w < x": "column 1",
    "eval('w')": "column 1",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_marked_by_column(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_expression(text, NUMBERS)
    problem, shown, marks = str(caught.value).split("\n")
    assert problem
    assert "^" in marks
    assert REFUSED[text] in marks
    assert len(shown) <= 102


WITHOUT_A_COLUMN = [
    "",
    "   ",
    "w\n+ x",
    "w\x00",
    "-" * 9_000 + "w",
    "(" * 3_000 + "w" + ")" * 3_000,
    "w" * (LONGEST + 1),
]


@pytest.mark.parametrize("text", WITHOUT_A_COLUMN, ids=range(len(WITHOUT_A_COLUMN)))
def test_what_cannot_be_parsed_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        read_expression(text, {"w": 1.0})


def test_the_limit_of_depth() -> None:
    assert read_expression("-" * (DEEPEST - 1) + "x", {"x": 1.0}).data == -1.0
    with pytest.raises(ExpressionError, match="nested more than 200 deep"):
        read_expression("-" * DEEPEST + "x", {"x": 1.0})
    with pytest.raises(ExpressionError, match="nested more than 200 deep"):
        read_expression("x" + "+x" * DEEPEST, {"x": 1.0})


def test_the_limit_of_length() -> None:
    assert read_expression("x" + " " * (LONGEST - 1), {"x": 1.0}).data == 1.0
    with pytest.raises(ExpressionError, match="at most 10,000 characters"):
        read_expression("x" + " " * LONGEST, {"x": 1.0})


def test_a_number_for_no_name_is_refused() -> None:
    with pytest.raises(ExpressionError, match="y has a number but is not in the expression"):
        read_expression("x", {"x": 1.0, "y": 2.0})
