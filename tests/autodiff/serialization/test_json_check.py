"""Texts that are no graphs: each is refused with a message that says what is wrong where."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import AutodiffError, CoercionError, GraphFormatError, Value, from_json, to_json, topological_order, where
from autodiff.rules import PRIMITIVES

LEAF = '{"data": 1.5}'


def _text(*nodes: str, roots: str = "0") -> str:
    return f'{{"format": "valuegraph", "version": 1, "nodes": [{", ".join(nodes)}], "roots": {roots}}}'


def _operation(name: str, operands: str) -> str:
    return f'{{"operation": "{name}", "operands": {operands}, "data": 1.5}}'


REFUSED: dict[str, tuple[str, str]] = {
    # Not JSON, or not strictly.
    "empty": ("", "not JSON: Expecting value"),
    "cut": (_text(LEAF)[:-3], "not JSON"),
    "nan literal": (_text('{"data": NaN}'), 'NaN is not JSON; a graph writes it as the string "nan"'),
    "infinity literal": (_text('{"data": -Infinity}'), 'as the string "-inf"'),
    "double key": (_text('{"data": 1, "data": 2}'), "the key 'data' comes twice"),
    "40,000 keys": (
        "{" + ", ".join(f'"{n}": 0' for n in [*range(40_000), 39_999]) + "}",
        "the key '39999' comes twice",
    ),
    "constants alone": (
        _text(LEAF, _operation("add", '[{"constant": 1}, {"constant": 2}]')),
        "node 1: add of constants alone is a constant; write a node without an operation",
    ),
    "nesting": ("[" * 200_000, "nested too deeply"),
    "nesting inside": (_text('{"data": ' + "[" * 200_000), "nested too deeply"),
    # The document.
    "a list": ("[]", 'expected an object with "format": "valuegraph", got []'),
    "another format": ('{"format": "onnx"}', "got 'onnx'"),
    "no version": ('{"format": "valuegraph"}', "version must be a whole number from 1, got None"),
    "version text": ('{"format": "valuegraph", "version": "1"}', "got '1'"),
    "version true": ('{"format": "valuegraph", "version": true}', "got True"),
    "version zero": ('{"format": "valuegraph", "version": 0}', "got 0"),
    "newer version": (
        '{"format": "valuegraph", "version": 2, "novelty": []}',
        "the text is of version 2, and this library reads versions up to 1; upgrade the library to read it",
    ),
    "no nodes": ('{"format": "valuegraph", "version": 1}', "the document lacks nodes, roots"),
    "unknown part": (_text(LEAF)[:-1] + ', "code": "import os"}', "the document has unknown keys ['code']"),
    "nodes no list": (_text(LEAF).replace("[", "").replace("]", ""), "nodes must be a list"),
    # Nodes.
    "node no object": (_text(LEAF, "3"), "node 1 must be an object, got 3"),
    "no data": (_text("{}"), "node 0 lacks data"),
    "misspelt": (_text('{"data": 1, "lable": "x"}'), "node 0 has unknown keys ['lable']; known are data, grad, label"),
    "operation alone": (_text('{"data": 1, "operation": "neg"}'), "node 0 lacks operands"),
    "operands alone": (_text('{"data": 1, "operands": []}'), "node 0 lacks operation"),
    "operation no text": (_text('{"data": 1, "operation": 1, "operands": []}'), "operation of node 0 must be text"),
    "unknown operation": (
        _text(LEAF, _operation("sqroot", "[0]")),
        "node 1: unknown operation 'sqroot'; did you mean sqrt",
    ),
    "unheard of": (_text(LEAF, _operation("zzzzz", "[0]")), "a newer version may have it"),
    "code": (_text(LEAF, _operation("__import__('os').system('ls')", "[0]")), "unknown operation"),
    "one operand short": (_text(LEAF, _operation("mul", "[0]")), "node 1: mul takes 2 operands, got 1"),
    "one operand too many": (_text(LEAF, _operation("exp", "[0, 0]")), "node 1: exp takes 1 operand, got 2"),
    "no operands": (_text(_operation("sum", "[]")), "node 0: sum takes at least one operand, got 0"),
    "odd dot": (_text(LEAF, _operation("dot", "[0, 0, 0]")), "dot takes two vectors of one length"),
    "operands no list": (_text(LEAF, _operation("exp", "0")), "operands of node 1 must be a list, got 0"),
    # References.
    "itself": (_text(LEAF, _operation("neg", "[1]")), "node 1 refers to itself: operands come before"),
    "cycle": (
        _text(LEAF, _operation("neg", "[2]"), _operation("neg", "[1]")),
        "node 1 refers to the later node 2: operands come before the nodes that read them, so that no graph has a",
    ),
    "beyond": (_text(LEAF, _operation("neg", "[99]")), "node 1 refers to the later node 99"),
    "negative": (_text(LEAF, _operation("neg", "[-1]")), "an operand of node 1 must be the index of an earlier node"),
    "true": (_text(LEAF, LEAF, _operation("neg", "[true]")), "an operand of node 2 must be the index"),
    "fraction": (_text(LEAF, _operation("neg", "[0.0]")), "an operand of node 1 must be the index"),
    "huge index": (_text(LEAF, _operation("neg", f"[{'9' * 400}]")), "an operand of node 1 must be the index"),
    "constant with more": (_text(LEAF, _operation("neg", '[{"constant": 1, "x": 2}]')), "an operand of node 1"),
    "root beyond": (_text(LEAF, roots="1"), "roots must be the index of one of 1 nodes, from 0, got 1"),
    "root of list": (_text(LEAF, roots="[0, -1]"), "root 1 must be the index"),
    "named root": (_text(LEAF, roots='{"y": "0"}'), "root 'y' must be the index"),
    "gradient beyond": (_text('{"data": 1, "grad": {"node": 1}}'), "grad of node 0 must be the index"),
    "gradient no node": (_text('{"data": 1, "grad": {"code": 1}}'), "grad of node 0 lacks node"),
    # Numbers.
    "huge": (_text(LEAF, '{"data": 1e400}'), "data of node 1 is 1e400, beyond the range of float64"),
    "huge whole": (_text('{"data": 1' + "0" * 309 + "}"), "data of node 0 is 1000"),
    "huge and long": (_text('{"data": ' + "9" * 100_000 + "}"), "beyond the range of float64"),
    "huge constant": (_text(LEAF, _operation("neg", '[{"constant": -1e999}]')), "a constant of node 1 is -1e999"),
    "huge gradient": (_text('{"data": 1, "grad": 1e999}'), "grad of node 0 is 1e999"),
    "number as text": (
        _text('{"data": "1.5"}'),
        'data of node 0 must be a number, "nan", "inf" or "-inf", got \'1.5\'',
    ),
    "null": (_text('{"data": null}'), "data of node 0 must be a number"),
    "truth": (_text('{"data": true}'), "got True"),
    # Labels and origins.
    "label": (_text('{"data": 1, "label": 7}'), "label of node 0 must be text, got 7"),
    "origin": (_text('{"data": 1, "origin": "layer"}'), "origin of node 0 must be an object"),
    "scope": (_text('{"data": 1, "origin": {"scope": "layer"}}'), "scope of node 0 must be a list of names"),
    "scope inside": (_text('{"data": 1, "origin": {"scope": [1]}}'), "a scope of node 0 must be text"),
    "role": (_text('{"data": 1, "origin": {"role": []}}'), "role of node 0 must be text"),
    "origin unknown": (_text('{"data": 1, "origin": {"rank": 1}}'), "origin of node 0 has unknown keys"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(GraphFormatError, match=re.escape(message)) as raised:
        from_json(text)
    assert isinstance(raised.value, ValueError)
    assert isinstance(raised.value, AutodiffError)
    assert len(str(raised.value)) < 300, "a message is for reading, however long the text"


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(GraphFormatError, match="UTF-8"):
        from_json(b'"\xff"')  # type: ignore[arg-type]  # json takes bytes too


@pytest.mark.parametrize("row", [row for row in PRIMITIVES.values() if row.arity], ids=str)
def test_every_operation_has_its_number_of_operands(row: Any) -> None:
    for count in (row.arity - 1, row.arity + 1):
        with pytest.raises(GraphFormatError, match=f"{row.name} takes {row.arity}"):
            from_json(_text(LEAF, _operation(row.name, str([0] * count))))


def test_size_has_a_limit_that_the_caller_sets() -> None:
    text = _text(*[LEAF] * 5)
    assert from_json(text, max_nodes=5).data == 1.5
    with pytest.raises(GraphFormatError, match="5 nodes are more than max_nodes=4; raise it"):
        from_json(text, max_nodes=4)


def test_numbers_may_be_written_in_any_way_that_json_has() -> None:
    root = from_json(_text('{"data": 15e-1, "grad": -0}', roots="[0]"))[0]
    assert (root.data, root.grad) == (1.5, 0.0)
    assert from_json(_text('{"data": 1' + "0" * 308 + "}")).data == 1e308


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["constant", "node", "x"]), inner),
    max_leaves=6,
)


def _spots(document: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    found, pending = [], [document]
    while pending:
        container = pending.pop()
        keys = [*container] if isinstance(container, dict) else [*range(len(container))]
        found += [(container, key) for key in keys]
        pending += [container[key] for key in keys if isinstance(container[key], (dict, list))]
    return found


@st.composite
def damaged(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """A graph in which something was replaced or taken out."""
    x, y = Value(2.0, label="x"), Value(3.0)
    ((x * y).exp() + x.maximum(1.0)).backward(create_graph=draw(st.booleans()))
    document = json.loads(to_json([x, y, x * y + 1.0]))
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(_spots(document)))
        if draw(st.booleans()):
            container[key] = draw(JSON)
        else:
            del container[key]
        if not document:
            break
    return json.dumps(document)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(damaged() | JSON.map(json.dumps))
def test_damaged_texts_are_refused_or_sound(text: str) -> None:
    try:
        loaded = from_json(text)
    except GraphFormatError:
        return
    roots = [*loaded.values()] if isinstance(loaded, dict) else loaded if isinstance(loaded, list) else [loaded]
    for node in topological_order(*roots):
        assert node.primitive is None or node.primitive.arity in (None, len(node.operands))
        assert all(type(operand) in (float, Value) for operand in node.operands)


SUMS = {
    "sum": ("sum", [1.0, 1e16, -1e16], [0.0, 1.0, 2.0], 16.0),
    "mean": ("mean", [1.0, 1e16, -1e16], [0.0, 1.0 / 3.0, 2.0 / 3.0], 8.0),
    "dot": ("dot", [1.0, 1e8, -1e8, 1.0, 1e8, 1e8], [0.0, 1.0, 2.0], 16.0),
}


@pytest.mark.parametrize("case", SUMS)
def test_a_sum_may_have_been_added_in_another_order(case: str) -> None:
    """By another version of Python, or of this library: whatever n·ulp·Σ|terms| explains is let pass, and no more."""
    operation, numbers, sound, wrong = SUMS[case]
    leaves = [f'{{"data": {number!r}}}' for number in numbers]

    def text(data: float) -> str:
        operands = list(range(len(numbers)))
        node = f'{{"data": {data!r}, "operation": "{operation}", "operands": {operands}}}'
        return _text(*leaves, node, roots=str(len(numbers)))

    for data in sound:
        assert from_json(text(data), verify=True).data == data
    with pytest.raises(GraphFormatError, match=f"but {operation} of its operands is"):
        from_json(text(wrong), verify=True)


def test_terms_that_overflow_do_not_excuse_everything() -> None:
    leaves = ['{"data": 1e308}', '{"data": -1e308}', '{"data": 1e308}', '{"data": -1e308}']
    node = '{"data": 1e308, "operation": "sum", "operands": [0, 1, 2, 3]}'
    with pytest.raises(GraphFormatError, match="but sum of its operands is"):
        from_json(_text(*leaves, node, roots="4"), verify=True)


def test_limits_apply_while_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autodiff.serialization.json_form.checked_document", None)  # it is not come to
    with pytest.raises(GraphFormatError, match="more than max_nodes=3 nodes; raise it if you trust the text"):
        from_json(_text(*[LEAF] * 5), max_nodes=3)


@pytest.mark.parametrize("given", [None, 3, ["{}"], Value(1.0)])
def test_what_is_no_text_is_refused(given: Any) -> None:
    with pytest.raises(CoercionError, match="expected the text of a graph, got"):
        from_json(given)


def test_a_choice_among_constants_is_a_graph() -> None:
    chosen = where(Value(1.0), 3.0, Value(2.0))
    restored = from_json(to_json(chosen))
    restored.backward()
    assert (restored.data, restored.operands) == (3.0, chosen.operands)
