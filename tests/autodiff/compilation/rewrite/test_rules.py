"""Every rule, of algebra and of back ends, is its own test: both sides come to the same at all edge values."""

from __future__ import annotations

import inspect
import itertools
import math
from typing import Any

import pytest

from autodiff.choice import WHERE
from autodiff.compilation.execute.numpy.rules import RULES
from autodiff.compilation.rewrite.algebra import ALGEBRA
from autodiff.compilation.rewrite.compositions import COMPOSITIONS
from autodiff.compilation.rewrite.rule import Rule
from autodiff.compilation.rewrite.rules import by_operation
from autodiff.compilation.rewrite.simplify import rewritten
from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import tracing
from autodiff.graph import topological_order
from autodiff.rules import ADD, EXP, MEAN, MUL, NEG, POW, RECIPROCAL, SIGMOID, SQUARE, SUB, SUM
from tests.autodiff.compilation.agreement import disagreements
from tests.autodiff.compilation.by_hand import evaluated, leaf, leaves, node

INF, NAN = math.inf, math.nan
NUMBERS = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.0,
    3.0,
    20.0,
    40.0,
    -40.0,
    700.0,
    -700.0,
    1000.0,
    -1000.0,
    1e300,
    INF,
    -INF,
    NAN,
)
FEW = (0.0, -0.0, 1.0, -2.0, 40.0, -1000.0, INF, -INF, NAN)
"""For each of three operands."""

# Both sides agree bit by bit but here: they round otherwise, or a zero has another sign.
ROUNDED = {
    "sigmoid": 4.0,
    "sigmoid of a negation": 4.0,
    "sigmoid of a negative multiple": 4.0,
    "slope of sigmoid": 4.0,
    "sigmoid times that of the negation": 2.0,
    "a multiple of sigmoid times that of the negation": 2.0,
    "log of sigmoid": 2.0,
    "third power": 2.0,
    "softplus": 2.0,
    "softmax weights": 4.0,
    # Floats take the error function of the C library. Both sides are within 4 ulp (test_approximations.py).
    **{rule.name: 8.0 for rule in COMPOSITIONS},
    "a sum of one term": 0.0,
    "mean": 0.0,
    "relu": 0.0,
    "step": 0.0,
}
EVERY_RULE = (*ALGEBRA, *RULES)
CASES = [(rule, count) for rule in EVERY_RULE for count in ((1, 2, 3) if rule.is_variadic else (0,))]


def _sides(rule: Rule, count: int) -> tuple[list[Symbol], list[Any], list[Any]]:
    """The variables of a rule, `count` of them where it takes any number, and what both sides make of them."""
    names = [f"x{k}" for k in range(count)] if count else [*inspect.signature(rule.left).parameters]
    variables = [leaf(name) for name in names]
    with tracing():
        left, right = rule.left(*variables), rule.right(*variables)
    return variables, *(side if isinstance(side, list) else [side] for side in (left, right))


def _bits(numbers: list[float]) -> list[tuple[float | None, float]]:
    return [(None, 1.0) if math.isnan(x) else (x, math.copysign(1.0, x)) for x in numbers]


def test_the_rules_that_round_are_rules() -> None:
    names = [rule.name for rule in EVERY_RULE]
    assert len({*names}) == len(names)
    assert {*ROUNDED} <= {*names}


@pytest.mark.parametrize(("rule", "count"), CASES, ids=[f"{rule.name} {count or ''}".strip() for rule, count in CASES])
def test_both_sides_come_to_the_same(rule: Rule, count: int) -> None:
    variables, left, right = _sides(rule, count)
    records = [*itertools.product(NUMBERS if len(variables) < 3 else FEW, repeat=len(variables))]
    if rule.when is not None:
        taken = [variable.label for variable in variables].index(*inspect.signature(rule.when).parameters)
        records = [record for record in records if rule.when(record[taken])]
    columns = dict(zip(variables, zip(*records, strict=True), strict=True))
    for computed, expected in zip(evaluated(right, columns), evaluated(left, columns), strict=True):
        assert not disagreements(computed, expected, ulps=ROUNDED.get(rule.name, 0.0))
        assert rule.name in ROUNDED or _bits(computed) == _bits(expected)


@pytest.mark.parametrize(("rule", "count"), CASES, ids=[f"{rule.name} {count or ''}".strip() for rule, count in CASES])
def test_the_left_side_is_found(rule: Rule, count: int) -> None:
    variables, (root, *_), _ = _sides(rule, count)
    known: dict[Any, Any] = {variable: variable for variable in variables}
    if rule.when is not None:
        (name,) = inspect.signature(rule.when).parameters
        (number_of,) = [variable for variable in variables if variable.label == name]
        known[number_of] = next(x for x in NUMBERS if rule.when(x))
    found = by_operation((rule,))[root.primitive].match([_with_numbers(x, known) for x in root.operands], {})
    assert found is not None
    assert found[1] == [known[variable] for variable in variables]


def _with_numbers(symbol: Any, known: dict[Any, Any]) -> Any:
    """A symbol made anew of what is known in place of its leaves."""
    if type(symbol) is float or symbol in known:
        return symbol if type(symbol) is float else known[symbol]
    return node(symbol.primitive, *(_with_numbers(x, known) for x in symbol.operands))


SHAPES = (
    Rule("twice the same", lambda x, y: (x + y) * (x + y), lambda x, y: x * x),
    Rule("a constant inside", lambda x: EXP(x + 2.0), lambda x: x),
    Rule("a number", lambda c, x: c * x, lambda c, x: x, when=lambda c: c > 5.0),
    Rule("one operand", lambda x: SUM(x), lambda x: x),
    Rule("any number", lambda *terms: MEAN(*terms), lambda *terms: SUM(*terms)),
    Rule("less said", lambda x: NEG(x), lambda x: EXP(x)),
    Rule("more said", lambda x: NEG(NEG(x)), lambda x: x),
)


X, Y = leaves("xy")


def _x_plus(other: Any) -> Symbol:
    return node(ADD, X, other)


# (what, operation, whether one of these rules is for it)
MATCHED: list[tuple[str, Symbol, bool]] = [
    ("the same twice", node(MUL, _SUM := _x_plus(Y), _SUM), True),
    ("made twice of the same", node(MUL, _x_plus(Y), _x_plus(Y)), True),
    ("in another order", node(MUL, _x_plus(Y), node(ADD, Y, X)), False),
    ("another operation", node(MUL, _x_plus(Y), node(SUB, X, Y)), False),
    ("the constant", node(EXP, _x_plus(2.0)), True),
    ("another constant", node(EXP, _x_plus(3.0)), False),
    ("no constant", node(EXP, _x_plus(Y)), False),
    ("a number that the rule holds for", node(MUL, 6.0, X), True),
    ("a number that it does not hold for", node(MUL, 5.0, X), False),
    ("no number", node(MUL, Y, X), False),
    ("nan is no number above 5", node(MUL, NAN, X), False),
    ("one operand", node(SUM, X), True),
    ("two operands", node(SUM, X, Y), False),
    ("any number of operands", node(MEAN, X, Y, 2.0), True),
    ("less said", node(NEG, X), True),
]


@pytest.mark.parametrize(("name", "symbol", "is_matched"), MATCHED, ids=[row[0] for row in MATCHED])
def test_what_a_left_side_matches(name: str, symbol: Symbol, is_matched: bool) -> None:
    of_operation = by_operation(SHAPES)[symbol.primitive]
    assert (of_operation.match(symbol.operands, {}) is not None) == is_matched


def test_a_rule_that_says_more_comes_first() -> None:
    """In any order of the table."""
    for rules in (SHAPES, SHAPES[::-1]):
        assert rewritten([node(NEG, node(NEG, X)), node(NEG, X)], rules)[1].primitive is EXP
        found = by_operation(rules)[NEG].match((node(NEG, X),), {})
        assert found is not None
        assert found[1] == [X]


def test_what_a_rule_makes_is_rewritten() -> None:
    (made,) = rewritten([node(SIGMOID, node(POW, X, 2.0))], RULES)
    assert {symbol.primitive for symbol in topological_order(made)} == {None, SQUARE, NEG, EXP, ADD, RECIPROCAL}


def test_constants_among_any_number_of_operands_stay_constants() -> None:
    (made,) = rewritten([node(MEAN, X, 2.0, Y)], RULES)
    assert made.operands[0].operands == (X, 2.0, Y)
    (chosen,) = rewritten([node(WHERE, 0.0, X, 7.0)], ALGEBRA)
    assert chosen == 7.0
