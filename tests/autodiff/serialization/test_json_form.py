"""to_json and from_json: what is kept, and in which form."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import (
    CoercionError,
    GraphFormatError,
    Origin,
    Primitive,
    StaleGraphError,
    Value,
    dot,
    from_json,
    maximum,
    to_json,
    where,
)
from tests.autodiff.serialization.graphs import LONG, VERY_LONG, chain, graphs
from tests.autodiff.serialization.portrait import portrait

QUICK = settings(max_examples=150, deadline=None, derandomize=True)


@QUICK
@given(graphs())
def test_nothing_is_lost(entries: list[Value]) -> None:
    assert portrait(*from_json(to_json(entries), verify=True)) == portrait(*entries)


@QUICK
@given(graphs())
def test_writing_again_gives_the_same_text(entries: list[Value]) -> None:
    text = to_json(entries)
    assert to_json(from_json(text)) == text


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.floats(), st.floats(), st.floats(), st.text(), st.lists(st.text(), max_size=3))
def test_every_float_and_every_text(data: float, gradient: float, constant: float, text: str, scope: list[str]) -> None:
    leaf = Value(data, label=text, origin=Origin(tuple(scope), text, text))
    leaf.grad = gradient
    out = maximum(leaf, constant)
    assert portrait(from_json(to_json(out), verify=True)) == portrait(out)


def test_text_is_strict_json_with_a_node_a_line() -> None:
    x = Value(math.nan, label="x")
    text = to_json(x * math.inf)

    def refuse(name: str) -> None:
        raise ValueError(name)

    document = json.loads(text, parse_constant=refuse)
    assert document == {
        "format": "valuegraph",
        "version": 1,
        "nodes": [
            {"data": "nan", "label": "x"},
            {"operation": "mul", "operands": [0, {"constant": "inf"}], "data": "nan"},
        ],
        "roots": 1,
    }
    assert len(text.splitlines()) == 4


@pytest.mark.parametrize(
    "roots", [[], {}, [Value(1.0)], {"loss": Value(1.0), "": Value(2.0)}, [Value(1.0)] * 2], ids=repr
)
def test_roots_come_back_in_their_structure(roots: Any) -> None:
    again = from_json(to_json(roots))
    assert type(again) is type(roots)
    assert len(again) == len(roots)
    if isinstance(roots, dict):
        assert again.keys() == roots.keys()
    elif len(roots) == 2:
        assert again[0] is again[1]


def test_shared_nodes_are_written_once_for_all_roots() -> None:
    x = Value(2.0)
    shared = x * x
    again = from_json(to_json({"a": shared + 1.0, "b": shared * 3.0, "x": x}))
    assert again["a"].operands[0] is again["b"].operands[0]
    again["b"].backward()
    assert again["x"].grad == 12.0


def test_numbers_are_those_recorded_and_no_operation_runs() -> None:
    def explode(*operands: float) -> float:
        raise RuntimeError("ran")

    bomb = Primitive("bomb", explode, explode, (1.0,))
    text = """{"format": "valuegraph", "version": 1, "roots": 1,
               "nodes": [{"data": 1}, {"operation": "bomb", "operands": [0], "data": 7.5}]}"""
    node = from_json(text, primitives=[bomb])
    assert (node.data, node.primitive) == (7.5, bomb)
    with pytest.raises(RuntimeError, match="ran"):
        from_json(text, primitives=[bomb], verify=True)


@pytest.mark.parametrize("claim", ["9.25", "9.00000000001", '"nan"', '"inf"', "-9.0", "1e-300"])
def test_verify_refuses_numbers_that_the_operation_does_not_give(claim: str) -> None:
    text = to_json(Value(3.0) * 3.0 + 0.25).replace('"data": 9.0', f'"data": {claim}')
    assert from_json(text).data == 9.25
    with pytest.raises(GraphFormatError, match=r"data of node 1 is .*, but mul of its operands is 9\.0"):
        from_json(text, verify=True)


def test_verify_allows_for_another_machines_rounding() -> None:
    text = to_json(Value(3.0) * 3.0).replace('"data": 9.0', '"data": 9.000000000000002')
    assert from_json(text, verify=True).data == 9.000000000000002


def test_a_loaded_graph_is_live() -> None:
    x = Value(3.0)
    again = from_json(to_json({"x": x, "y": x * x}))
    again["y"].backward()
    assert again["x"].grad == 6.0
    again["x"].data = 4.0
    with pytest.raises(StaleGraphError):
        again["y"].backward()


def test_choices_keep_the_branch_that_was_not_taken_as_a_constant() -> None:
    x, y = Value(1.0), Value(2.0)
    again = from_json(to_json(where(x, y, dot([x], [y]))), verify=True)
    assert [type(operand) for operand in again.operands] == [float, Value, float]


@pytest.mark.parametrize("length", [LONG, pytest.param(VERY_LONG, marks=pytest.mark.slow)])
def test_long_chains(length: int) -> None:
    leaf, end = chain(length)
    again = from_json(to_json([leaf, end]))
    again[1].backward()
    assert again[0].grad == pytest.approx(1.0000001**length)


# What cannot be written.


def test_stale_graphs_are_refused() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 4.0
    with pytest.raises(StaleGraphError):
        to_json(y)


@pytest.mark.parametrize("roots", [3.0, [Value(1.0), 2.0], {"a": None}, "text"])
def test_roots_must_be_values(roots: Any) -> None:
    with pytest.raises(CoercionError, match="to_json writes Values, got"):
        to_json(roots)


@pytest.mark.parametrize(
    ("attribute", "content", "message"),
    [
        ("_label", 7, "the label of node 0 must be text, got 7"),  # past the property, which refuses it
        ("origin", Origin((1,)), "the scope of node 0 must be text, got 1"),  # type: ignore[arg-type]  # the point
        ("grad", None, "has a gradient that is not a number: .* None of type NoneType"),
    ],
)
def test_what_json_cannot_hold_is_refused(attribute: str, content: Any, message: str) -> None:
    node = Value(1.0)
    setattr(node, attribute, content)
    with pytest.raises(GraphFormatError, match=message):
        to_json(node)


def test_names_of_roots_must_be_text() -> None:
    with pytest.raises(GraphFormatError, match="the names of roots must be text, got 1"):
        to_json({1: Value(1.0), "1": Value(2.0)})  # type: ignore[dict-item]  # the point
