"""An expression as it would be typed: Python reads it back to the same number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autodiff import Value, maximum, tanh
from viz.page.infix import infix
from viz.page.tape import tape_of
from viz.subject import read_subject

CASES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "tanh(a · b + c)": lambda a, b, c: tanh(a * b + c),
    "a − (b − c)": lambda a, b, c: a - (b - c),
    "a / (b / c)": lambda a, b, c: a / (b / c),
    "(a + b) · c": lambda a, b, c: (a + b) * c,
    "(a · b) ^ 2": lambda a, b, c: (a * b) ** 2.0,
    "(−a) · b": lambda a, b, c: -a * b,
    "maximum(a, b − c)": lambda a, b, c: maximum(a, b - c),
}


@pytest.mark.parametrize("text", CASES)
def test_an_expression_reads_as_it_was_typed(text: str) -> None:
    leaves = [Value(number, label=label) for label, number in (("a", 1.5), ("b", -2.0), ("c", 0.5))]
    out = CASES[text](*leaves)
    parts = infix(tape_of(read_subject(out)))
    assert "".join(part for part, _ in parts) == text
    plain = text.translate(str.maketrans({"·": "*", "−": "-"})).replace("^", "**")
    names: dict[str, Any] = {"a": leaves[0], "b": leaves[1], "c": leaves[2], "tanh": tanh, "maximum": maximum}
    assert eval(plain, names).data == out.data
    tape = tape_of(read_subject(out))
    assert {part: tape.values[slot] for part, slot in parts if slot >= 0} == {
        leaf.label: leaf for leaf in leaves if leaf.label in text.replace("tanh", "").replace("maximum", "")
    }


def test_what_does_not_fit_a_line_is_left_out() -> None:
    x = Value(1.0, label="x" * 60)
    assert infix(tape_of(read_subject(x * 2.0))) == []
    out = Value(1.0, label="x")
    for _ in range(40):
        out = out * out
    assert infix(tape_of(read_subject(out))) == []
