"""to_sympy: expressions with the graph's numbers, and with derivatives that are its gradients."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings

from autodiff import (
    MissingExtraError,
    NotationError,
    Primitive,
    Value,
    cos,
    define_primitive,
    grad,
    sin,
    tanh,
    to_sympy,
)
from autodiff.rules import POW_PARTIAL, PRIMITIVES
from autodiff.testing import ALL_PRIMITIVES, Expression, expressions
from tests.autodiff.domains import DOMAINS

# SymPy has no derivative of these that evaluates to a number.
STEPS = {"floor", "ceil", "rint", "floor_divide", "mod"}
SMOOTH = [row for row in ALL_PRIMITIVES if row.name not in STEPS]


def _evaluated(expression: Any, numbers: Mapping[Any, float]) -> float:
    return float(expression.subs({symbol: sympy.Float(number, 30) for symbol, number in numbers.items()}).evalf(20))


def _symbols(leaves: Sequence[Value]) -> dict[Value, Any]:
    return {leaf: sympy.Symbol(f"v{place}", real=True) for place, leaf in enumerate(leaves)}


@pytest.mark.parametrize("row", PRIMITIVES.values(), ids=str)
def test_every_operation_has_the_same_number_and_slopes(row: Primitive) -> None:
    domain = DOMAINS[row.name]
    for point in domain.points(domain.boxes[0], seed="sympy", count=2):
        leaves = [*map(Value, point[:2] if row is POW_PARTIAL else point)]  # its orders are numbers
        root = row(*leaves, *point[len(leaves) :])
        symbols = _symbols(leaves)
        expression = to_sympy(root, symbols=symbols)
        numbers = {symbol: leaf.data for leaf, symbol in symbols.items()}
        assert _evaluated(expression, numbers) == pytest.approx(root.data, rel=1e-12, abs=1e-12)
        if row.name not in STEPS:
            root.backward()
            slopes = [_evaluated(expression.diff(symbol), numbers) for symbol in symbols.values()]
            assert slopes == pytest.approx([leaf.grad for leaf in leaves], rel=1e-9, abs=1e-9)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(expressions(primitives=SMOOTH, max_steps=4))
def test_random_graphs_have_the_same_number_and_gradient(expression: Expression) -> None:
    leaves = [*map(Value, expression.inputs)]
    root = expression.run(leaves)
    symbols = _symbols(leaves)
    form = to_sympy(root, symbols=symbols)
    numbers = {symbol: leaf.data for leaf, symbol in symbols.items()}
    assert _evaluated(form, numbers) == pytest.approx(root.data, rel=1e-9, abs=1e-9)
    root.backward()
    slope = _evaluated(form.diff(symbols[leaves[0]]), numbers)
    assume(not math.isnan(slope))  # SymPy has no limit of 0·log(0)
    assert slope == pytest.approx(leaves[0].grad, rel=1e-7, abs=1e-7)


# The form.


def test_symbols_are_real_and_named_by_labels() -> None:
    rate, x0 = sympy.symbols("rate x0", real=True)
    form = to_sympy(Value(1.0, label="rate") * Value(2.0) + 3)
    assert form == rate * x0 + 3
    assert form.free_symbols == {rate, x0}


def test_leaves_of_one_label_stay_apart() -> None:
    form = to_sympy(Value(1.0, label="x") + Value(2.0, label="x"))
    assert sorted(map(str, form.free_symbols)) == ["x", "x0"]


def test_constants_are_exact() -> None:
    x = sympy.Symbol("x", real=True)
    value = Value(0.5, label="x")
    assert to_sympy(value**3) == x**3
    assert to_sympy(value + 0.1).args[0] == sympy.Float(0.1)
    assert float(to_sympy(value + 1e300).args[0]) == 1e300
    assert to_sympy(value + float("-inf")) == sympy.Symbol("x", real=True) - sympy.oo
    assert to_sympy(value * float("nan")) is sympy.nan


def test_constants_that_a_derivative_made_are_numbers() -> None:
    x = Value(0.5, label="x")
    assert to_sympy(grad(lambda t: t**3)(x)) == 3 * sympy.Symbol("x", real=True) ** 2


def test_symbols_of_the_caller_stand_for_any_node() -> None:
    x = Value(0.5, label="x")
    hidden = tanh(x)
    h, x_symbol = sympy.symbols("h x")
    assert to_sympy(hidden * x, symbols={hidden: h, x: x_symbol}) == h * x_symbol
    assert to_sympy(hidden * 2.0, symbols={hidden: x_symbol}).free_symbols == {x_symbol}
    # A name that the caller has given is not given again.
    assert len(to_sympy(hidden * x, symbols={hidden: sympy.Symbol("x", real=True)}).free_symbols) == 2


# Shared and large graphs.


def _evaluated_in_turn(definitions: Sequence[tuple[Any, Any]], form: Any, numbers: dict[Any, float]) -> float:
    known = dict(numbers)
    for symbol, expression in definitions:
        known[symbol] = _evaluated(expression, known)
    return _evaluated(form, known)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(expressions(max_steps=6))
def test_named_parts_evaluate_to_the_same_number(expression: Expression) -> None:
    leaves = [*map(Value, expression.inputs)]
    root = expression.run(leaves)
    symbols = _symbols(leaves)
    definitions, (form,) = to_sympy(root, symbols=symbols, cse=True, max_terms=4)
    numbers = {symbol: leaf.data for leaf, symbol in symbols.items()}
    assert _evaluated_in_turn(definitions, form, numbers) == pytest.approx(root.data, rel=1e-9, abs=1e-9)


def test_shared_nodes_are_named_once() -> None:
    x = sympy.Symbol("x", real=True)
    node = Value(0.5, label="x")
    for _ in range(60):  # 2⁶⁰ nodes as a tree
        node = sin(node) * node
    definitions, (form,) = to_sympy(node, cse=True)
    assert len(definitions) == 59
    assert definitions[0] == (sympy.Symbol("t1", real=True), x * sympy.sin(x))
    assert _evaluated_in_turn(definitions, form, {x: 0.5}) == pytest.approx(node.data)
    with pytest.raises(NotationError, match="more than max_terms=2000 terms; give shared parts names with cse=True"):
        to_sympy(node)


def test_deep_chains_are_cut() -> None:
    node = Value(0.5, label="t1")
    for _ in range(1000):
        node = cos(node)
    definitions, (form,) = to_sympy(node, cse=True)
    assert 20 < len(definitions) < 40
    assert str(definitions[0][0]) == "t2", "t1 is the label of a leaf"
    assert _evaluated_in_turn(definitions, form, {sympy.Symbol("t1", real=True): 0.5}) == pytest.approx(node.data)
    with pytest.raises(NotationError, match="operations deep, and SymPy could not even print"):
        to_sympy(node)


# Operations that the table does not have.


@define_primitive(partials=[3.0])
def zeta(x: float) -> float:
    return 3.0 * x  # unlike the function that mpmath has by this name


BLEND = Primitive("blend", lambda a, b: 0.25 * a + 0.75 * b, lambda a, b: 0.25 * a + 0.75 * b, (0.25, 0.75))


def test_a_users_operation_is_a_function_that_evaluates() -> None:
    x = Value(0.5, label="x")
    form = to_sympy(BLEND(x, 2.0) * x)
    symbol = sympy.Symbol("x", real=True)
    assert form.has(sympy.Function("blend")) or "blend(x, 2)" in str(form)
    assert _evaluated(form, {symbol: 0.5}) == 0.8125


def test_a_users_operation_is_not_taken_for_another_of_its_name() -> None:
    form = to_sympy(zeta(Value(0.5, label="x")))
    assert str(form) == "zeta_(x)"
    assert _evaluated(form, {sympy.Symbol("x", real=True): 0.5}) == 1.5


# What goes wrong.


def test_without_sympy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sympy", None)
    with pytest.raises(MissingExtraError, match=r"valuegraph\[symbolic\]") as raised:
        to_sympy(Value(1.0) + 1)
    assert isinstance(raised.value, ImportError)


def test_what_sympy_refuses_is_named() -> None:
    with pytest.raises(NotationError, match=r"SymPy refuses maximum in Value\(data=nan.*not comparable"):
        to_sympy(Value(1.0).maximum(float("nan")))
