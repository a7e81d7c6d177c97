"""Expressions run on any kind of number, and what they show of themselves is what they compute."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import autodiff
from autodiff import Value, define_primitive, grad, hessian, topological_order
from autodiff.rules import PRIMITIVES
from autodiff.testing import ALL_PRIMITIVES, Expression, Step, expressions

QUICK = settings(max_examples=150, deadline=None, derandomize=True)


def expression(inputs: Sequence[float], *steps: tuple[Any, ...]) -> Expression:
    """Each step as (name, *operands)."""
    return Expression(tuple(inputs), tuple(Step(PRIMITIVES[name], tuple(operands)) for name, *operands in steps))


SQUARED_SINE = expression([3.0], ("mul", 0, 0), ("sin", 1), ("add", 2, 0.5))
SHARED = expression([0.5, 2.0], ("exp", 0), ("mul", 2, 2), ("sub", 1, 3))

FORMULAS = {
    "sin(x0 * x0) + 0.5 at x0 = 3.0": SQUARED_SINE,
    "x1 - y0 * y0 with y0 = exp(x0) at x0 = 0.5, x1 = 2.0": SHARED,
    "x0 - (x0 - x0) at x0 = 1.0": expression([1.0], ("sub", 0, 0), ("sub", 0, 1)),
    "x0 - x0 - x0 at x0 = 1.0": expression([1.0], ("sub", 0, 0), ("sub", 1, 0)),
    "x0 / (x0 * x0) at x0 = 1.0": expression([1.0], ("mul", 0, 0), ("div", 0, 1)),
    "(x0 + 1.0) * x0 at x0 = 1.0": expression([1.0], ("add", 0, 1.0), ("mul", 1, 0)),
    "(x0 ** x0) ** x0 at x0 = 1.0": expression([1.0], ("pow", 0, 0), ("pow", 1, 0)),
    "x0 ** x0 ** x0 at x0 = 1.0": expression([1.0], ("pow", 0, 0), ("pow", 0, 1)),
    "(-x0) ** 2.0 at x0 = 1.0": expression([1.0], ("neg", 0), ("pow", 1, 2.0)),
    "-x0 ** -2.0 at x0 = 1.0": expression([1.0], ("pow", 0, -2.0), ("neg", 1)),
    "-(x0 + x0) at x0 = 1.0": expression([1.0], ("add", 0, 0), ("neg", 1)),
    "(-0.5) ** x0 at x0 = 1.0": expression([1.0], ("pow", -0.5, 0)),
    "abs(x0) at x0 = 1.0": expression([1.0], ("abs", 0)),
    "dot([x0, 0.5], [x0, x0]) at x0 = 1.0": expression([1.0], ("dot", 0, 0.5, 0, 0)),
    "maximum(x0, 0.5) at x0 = 1.0": expression([1.0], ("maximum", 0, 0.5)),
    "sum([x1]) at x1 = 2.0": expression([1.0, 2.0], ("sin", 0), ("sum", 1)),
    "x1 at x1 = 2.0": expression([1.0, 2.0]),
}


@pytest.mark.parametrize("shown", FORMULAS)
def test_an_expression_reads_like_a_formula(shown: str) -> None:
    assert repr(FORMULAS[shown]) == shown


def test_a_primitive_of_somebody_s_own_is_called_by_its_name() -> None:
    @define_primitive(partials=lambda _, *xs: [1.0] * len(xs), name="total")
    def total(*xs: float) -> float:
        return sum(xs)

    assert repr(Expression((1.0,), (Step(total, (0, 0.5)),))) == "total(x0, 0.5) at x0 = 1.0"


def test_the_source_is_lines_of_python() -> None:
    assert SHARED.source == "x0 = 0.5\nx1 = 2.0\ny0 = exp(x0)\nout = x1 - y0 * y0"


@QUICK
@given(expressions())
def test_the_source_computes_the_expression(drawn: Expression) -> None:
    """To the last bit, and node for node: what is pasted into a test is what failed."""
    *assignments, last = drawn.source.splitlines()
    names: dict[str, Any] = {**vars(autodiff)}
    read = [line.split(" = ")[0] for line in assignments if line.startswith("x")]
    names |= {name: Value(drawn.inputs[int(name[1:])]) for name in read}
    exec("\n".join([line for line in assignments if not line.startswith("x")] + [last]), names)
    expected = drawn(*map(Value, drawn.inputs))
    assert names["out"].data == expected.data
    made = [node for node in topological_order(expected) if node.primitive is not PRIMITIVES["identity"]]
    assert len(topological_order(names["out"])) == len(made)  # +x is x itself, outside NumPy


@QUICK
@given(expressions())
def test_inputs_of_the_source_are_those_of_the_expression(drawn: Expression) -> None:
    inputs = [line.split(" = ") for line in drawn.source.splitlines() if line.startswith("x")]
    assert inputs
    assert all(float(text) == drawn.inputs[int(name[1:])] for name, text in inputs)


def test_it_is_a_function_that_transforms_take() -> None:
    assert SQUARED_SINE(3.0) == math.sin(9.0) + 0.5
    assert grad(SQUARED_SINE)(3.0) == pytest.approx(6.0 * math.cos(9.0), rel=1e-15)
    assert hessian(SHARED, argnums=(0, 1))(0.5, 2.0)[0][0] == pytest.approx(-4.0 * math.e, rel=1e-15)


def test_it_runs_on_arrays() -> None:
    points = np.array([0.0, 1.0, 2.0])
    assert SQUARED_SINE(points) == pytest.approx(np.sin(points**2) + 0.5)


def test_it_runs_on_any_interpretation() -> None:
    """Here one that writes text."""
    shown = SHARED.run(["a", "b"], lambda primitive, *operands: f"{primitive.name}({', '.join(operands)})")
    assert shown == "sub(b, mul(exp(a), exp(a)))"


def test_entries_are_the_inputs_and_what_each_step_made() -> None:
    assert SQUARED_SINE.entries([3.0]) == [3.0, 9.0, math.sin(9.0), math.sin(9.0) + 0.5]


@pytest.mark.parametrize(
    ("shared", "case"),
    [
        (True, SHARED),
        (False, SQUARED_SINE),  # an input is read twice, but nothing that a step made
        (True, expression([1.0], ("exp", 0), ("sin", 1), ("add", 1, 2))),
        (False, expression([1.0], ("exp", 0), ("mul", 1, 1), ("sin", 0))),  # the result does not depend on it
        (False, expression([1.0])),
    ],
)
def test_what_is_shared(shared: bool, case: Expression) -> None:
    assert case.is_shared is shared


def test_every_operation_of_the_table_can_be_shown() -> None:
    shown = [
        repr(Expression((1.0,), (Step(primitive, (0,) * (primitive.arity or 2)),))) for primitive in ALL_PRIMITIVES
    ]
    assert len({*shown}) == len(ALL_PRIMITIVES)
