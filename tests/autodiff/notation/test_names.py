"""The names of leaves."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import Value, topological_order
from autodiff.notation.names import leaf_names, leaves_as_read, unused_names
from autodiff.testing import Expression, expressions

TABLE: list[tuple[list[str | None], list[str]]] = [
    ([], []),
    (["a", "b"], ["a", "b"]),
    ([None, None], ["x0", "x1"]),
    (["", "a"], ["x0", "a"]),
    (["a", "a", "a"], ["a", "x0", "x1"]),
    ([None, "x0", None], ["x1", "x0", "x2"]),
    (["x0", "x0"], ["x0", "x1"]),
]


@pytest.mark.parametrize(("labels", "names"), TABLE)
def test_names(labels: list[str | None], names: list[str]) -> None:
    leaves = [Value(1.0, label=label) for label in labels]
    assert [*leaf_names(leaves).values()] == names


def test_names_that_are_taken_and_spelt() -> None:
    leaves = [Value(1.0, label="a"), Value(1.0, label="b"), Value(1.0)]
    names = leaf_names(leaves, taken=["A", "X0"], spell=str.upper)
    assert [*names.values()] == ["X1", "B", "X2"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.none() | st.sampled_from(["x0", "x1", "a", ""]) | st.text(max_size=2), max_size=8))
def test_no_two_leaves_have_one_name(labels: list[str | None]) -> None:
    names = [*leaf_names([Value(1.0, label=label) for label in labels]).values()]
    assert len(set(names)) == len(labels)
    assert set(filter(None, labels)) <= set(names)


def test_unused_names_start_where_they_are_told() -> None:
    assert [*itertools.islice(unused_names("t", ["t2"], start=1), 3)] == ["t1", "t3", "t4"]


def test_leaves_are_met_from_left_to_right() -> None:
    a, b, c = (Value(1.0, label=label) for label in "abc")
    assert [leaf.label for leaf in leaves_as_read((a * b + c) - b * a)] == ["a", "b", "c"]
    assert leaves_as_read(Value.constant(1.0) + c) == [c]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(expressions())
def test_every_leaf_is_met_once(expression: Expression) -> None:
    root = expression.run([*map(Value, expression.inputs)])
    met = leaves_as_read(root)
    assert {*map(id, met)} == {id(node) for node in topological_order(root) if not node.operands}
    assert len({*map(id, met)}) == len(met)
