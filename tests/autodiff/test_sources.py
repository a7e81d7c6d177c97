"""sources(): which line and columns a node is said to come from, and that nothing is noted outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff
from autodiff import (
    Value,
    detect_anomaly,
    exp,
    from_json,
    gradients,
    log,
    scope,
    sources,
    tanh,
    to_json,
    topological_order,
)
from nn import MLP, mse


def source_of(node: Any) -> str:
    assert node.origin is not None
    return str(node.origin.source)


def text_at(source: str) -> str:
    """The piece of the line that the columns of a source name."""
    match = re.fullmatch(r"(.*):(\d+) in \w+: .* \[columns (\d+)-(\d+)\]", source)
    assert match, source
    line = Path(match[1]).read_text(encoding="utf-8").splitlines()[int(match[2]) - 1]
    return line[int(match[3]) - 1 : int(match[4])]


def _columns_of_parts(x: Value) -> dict[str, Value]:
    y = tanh(2.0 * x + 1.0)
    return {"tanh(2.0 * x + 1.0)": y, "2.0 * x + 1.0": y.parents[0], "2.0 * x": y.parents[0].parents[0]}


def test_each_operation_has_the_columns_of_its_expression() -> None:
    with sources():
        parts = _columns_of_parts(Value(1.0))
    assert {text: text_at(source_of(node)) for text, node in parts.items()} == {text: text for text in parts}


def test_columns_count_characters() -> None:
    with sources():
        α = Value(1.0)
        y = α * exp(α)
    assert text_at(source_of(y)) == "α * exp(α)"
    assert text_at(source_of(y.parents[1])) == "exp(α)"


def test_an_expression_over_several_lines_says_where_it_ends() -> None:
    with sources():
        x = Value(1.0)
        y = (
            x
            * 2.0
        )  # fmt: skip
    assert re.search(r"\[column 13 to line \d+ column 17\]$", source_of(y))


def test_leaves_have_a_source() -> None:
    with sources():
        x = Value(1.0, label="x")
    assert text_at(source_of(x)) == 'Value(1.0, label="x")'


def test_nothing_is_noted_outside() -> None:
    with sources():
        pass
    x = Value(1.0)
    assert (x.origin, (x * 2.0).origin) == (None, None)


def test_nodes_of_one_instruction_share_an_origin() -> None:
    with sources():
        made = [Value(1.0) * place for place in range(3)]
    assert len({id(node.origin) for node in made}) == 1


def test_the_same_instruction_in_another_scope_has_another() -> None:
    def made(name: str) -> Value:
        with scope(name):
            return Value(1.0) * 2.0

    with sources():
        a, b = made("a"), made("b")
    assert a.origin is not None
    assert b.origin is not None
    assert (a.origin.scope, b.origin.scope) == (("a",), ("b",))
    assert a.origin.source == b.origin.source != ""


def test_a_network_points_to_the_users_call() -> None:
    with sources():
        loss = mse([MLP(2, [2, 1], rng=0)([0.5, 1.0])], [1.0])
    inner = [node for node in topological_order(loss) if node.operands]
    assert {text_at(source_of(node)) for node in inner} <= {"MLP(2, [2, 1], rng=0)([0.5, 1.0])", source_text(loss)}
    assert {node.origin.scope for node in inner if node.origin} >= {("layer 1", "neuron 1"), ("layer 2", "neuron 1")}


def source_text(node: Value) -> str:
    return text_at(source_of(node))


WAYS: dict[str, Callable[[Value], Any]] = {
    "a ufunc": lambda x: np.exp(x),
    "an array": lambda x: np.exp(np.array([x, x]))[0],
    "a method": lambda x: x.tanh(),
    "a reflected operator": lambda x: 2.0 / x,
    "a reduction": lambda x: autodiff.sum([x, x]),
    "a division by zero": lambda x: x / 0.0,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_recording(way: str) -> None:
    with sources():
        node = WAYS[way](Value(1.0))
    assert f":{WAYS[way].__code__.co_firstlineno} in <lambda>: " in source_of(node)


def test_derivatives_point_to_what_is_differentiated() -> None:
    x = Value(1.0)
    with sources():
        y = exp(x) * x
        (slope,) = gradients(y, [x], create_graph=True)
    made = {source_text(node) for node in topological_order(slope) if node.operands}
    assert made <= {"exp(x) * x", "exp(x)"}


def test_anomalies_name_the_columns() -> None:
    with pytest.raises(autodiff.AnomalyError) as caught, detect_anomaly():
        log(Value(0.0, label="x"))
    assert re.search(
        r"test_sources.py:\d+ in \w+: log\(Value\(0.0, label=\"x\"\)\) \[columns 9-34\]", str(caught.value)
    )


def test_it_is_a_decorator() -> None:
    @sources()
    def made(x: Value) -> Value:
        return x * x

    assert text_at(source_of(made(Value(1.0)))) == "x * x"


def test_it_ends_with_its_block_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), sources():
        raise ZeroDivisionError
    assert (Value(1.0) * 2.0).origin is None


def test_code_without_a_file_has_a_line_and_no_text() -> None:
    with sources():
        names: dict[str, Any] = {"x": Value(2.0)}
        exec("y = x * x", names)
    assert source_of(names["y"]) == "<string>:1 in <module> [columns 5-9]"


def test_sources_survive_json() -> None:
    with sources():
        y = Value(1.0) * 2.0
    back = from_json(to_json(y))
    assert isinstance(back, Value)
    assert source_of(back) == source_of(y)


def test_a_constant_stays_one() -> None:
    with sources():
        assert Value.constant(1.0).is_constant
