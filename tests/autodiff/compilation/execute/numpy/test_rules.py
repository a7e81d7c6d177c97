"""Lowering: the operations that take an operation's place come to the same number, at the edges of the floats too."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import pytest

from autodiff.compilation.execute.numpy.rules import RULES
from autodiff.compilation.rewrite.rules import replaced
from autodiff.compilation.trace.symbol import Symbol
from autodiff.primitive import Primitive
from autodiff.rules import (
    ADD,
    DIV,
    EXP,
    LOG_SIGMOID,
    MEAN,
    MUL,
    NEG,
    POW,
    PRIMITIVES,
    RECIPROCAL,
    RELU,
    SIGMOID,
    SOFTPLUS,
    STEP,
)
from tests.autodiff.compilation.agreement import disagreements
from tests.autodiff.compilation.by_hand import evaluated, leaves, node

INF, NAN = math.inf, math.nan
NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 40.0, -40.0, 700.0, -700.0, 1e300, -1e300, INF, -INF, NAN)


def _make(primitive: Primitive, operands: tuple[Any, ...]) -> Any:
    """What is asked for: lowered in its turn, as simplifying does it."""
    made = replaced(RULES, primitive, operands, _make)
    return node(primitive, *operands) if made is None else made


def _names(root: Symbol) -> set[str]:
    """The primitives that a symbol is made by."""
    found: set[str] = set()
    waiting: list[Any] = [root]
    while waiting:
        symbol = waiting.pop()
        if type(symbol) is Symbol and symbol.primitive is not None:
            found.add(symbol.primitive.name)
            waiting += symbol.operands
    return found


def _check(made: Any, original: Symbol, inputs: Sequence[Symbol]) -> None:
    columns = dict(zip(inputs, zip(*itertools.product(NUMBERS, repeat=len(inputs)), strict=True), strict=True))
    computed, expected = evaluated([made, original], columns)
    assert not disagreements(computed, expected, ulps=4.0)


# (primitive, operands beside x, primitives that take its place)
ALONE: list[tuple[Primitive, tuple[float, ...], set[str]]] = [
    (SIGMOID, (), {"reciprocal", "add", "exp", "neg"}),
    (RELU, (), {"maximum"}),
    (STEP, (), {"sign", "maximum"}),
    (SOFTPLUS, (), {"logaddexp"}),
    (LOG_SIGMOID, (), {"logaddexp", "neg"}),
    (POW, (0.5,), {"where", "equal", "sqrt", "add"}),
    (POW, (2.0,), {"square"}),
    (POW, (3.0,), {"square", "mul"}),
    (POW, (-1.0,), {"reciprocal"}),
]


@pytest.mark.parametrize(("primitive", "others", "names"), ALONE)
def test_of_one_operand(primitive: Primitive, others: tuple[float, ...], names: set[str]) -> None:
    (x,) = leaves("x")
    made = _make(primitive, (x, *others))
    assert _names(made) == names
    _check(made, node(primitive, x, *others), [x])


def test_a_power_of_one_is_the_base() -> None:
    (x,) = leaves("x")
    assert replaced(RULES, POW, (x, 1.0), _make) is x


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_mean_is_a_sum_over_the_count(count: int) -> None:
    terms = leaves("abc"[:count])
    made = _make(MEAN, tuple(terms))
    assert _names(made) == {"div", "sum"}
    _check(made, node(MEAN, *terms), terms)


@pytest.mark.parametrize("exponent", [0.0, -0.5, 4.0, -2.0, 1.5])
def test_other_powers_stay(exponent: float) -> None:
    x, y = leaves("xy")
    assert replaced(RULES, POW, (x, exponent), _make) is None
    assert replaced(RULES, POW, (exponent, y), _make) is None
    assert replaced(RULES, POW, (x, y), _make) is None


def test_what_numpy_has_stays() -> None:
    rules = {"logistic_pdf", "sigmoid", "relu", "step", "softplus", "log_sigmoid", "mean"}
    (x,) = leaves("x")
    for name, primitive in PRIMITIVES.items():
        if primitive.arity == 1 or name == "mean":
            assert (replaced(RULES, primitive, (x,), _make) is not None) == (name in rules), name


@pytest.mark.parametrize("primitive", [NEG, MUL])
def test_the_sigmoid_of_a_negation_uses_the_exponential_of_the_forward_pass(primitive: Primitive) -> None:
    """1/(1 + 1/e⁻ʸ): a second exponential would be one more than a negation and a reciprocal cost."""
    (y,) = leaves("y")
    opposite = node(NEG, y) if primitive is NEG else node(MUL, -2.0, y)
    decayed: list[Any] = []

    def make(primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        if primitive is EXP:
            decayed.append(operands[0])
        return _make(primitive, operands)

    made = replaced(RULES, SIGMOID, (opposite,), make)
    _check(made, node(SIGMOID, opposite), [y])
    (inside,) = decayed
    columns = {y: (1.0, -3.0)}
    assert evaluated([inside], columns) == evaluated([opposite], columns)


def test_a_positive_factor_is_no_negation() -> None:
    (y,) = leaves("y")
    doubled = node(MUL, 2.0, y)
    made = replaced(RULES, SIGMOID, (doubled,), _make)
    assert made.operands[0].operands[0].primitive is EXP
    _check(made, node(SIGMOID, doubled), [y])


@pytest.mark.parametrize("scale", [None, 4.0])
def test_the_slope_of_a_sigmoid_takes_one_division(scale: float | None) -> None:
    """c·sigmoid(y)·sigmoid(-y), where e⁻ʸ is neither 0 nor infinite."""
    (y,) = leaves("y")
    share = _make(SIGMOID, (y,))
    scaled = share if scale is None else node(MUL, scale, share)
    made = replaced(RULES, MUL, (scaled, _opposite_of(share)), _make)
    assert made.primitive is DIV
    columns = {y: (-700.0, -3.0, 0.0, 0.5, 30.0, 700.0, NAN)}
    computed, expected = evaluated([made, node(MUL, scaled, node(SIGMOID, node(NEG, y)))], columns)
    assert not disagreements(computed, expected, ulps=4.0)


def _opposite_of(share: Symbol) -> Symbol:
    """sigmoid(-y) from the symbols of sigmoid(y) = 1/(e⁻ʸ + 1)."""
    (below,) = share.operands
    return node(RECIPROCAL, node(ADD, node(RECIPROCAL, below.operands[0]), 1.0))


def test_other_products_stay() -> None:
    """Of shares of different arguments, of one share twice, of what is no share."""
    x, y = leaves("xy")
    share, other = _make(SIGMOID, (x,)), _make(SIGMOID, (y,))
    for a, b in [(share, _opposite_of(other)), (share, share), (x, y), (x, 2.0), (2.0, share)]:
        assert replaced(RULES, MUL, (a, b), _make) is None


def test_products_of_what_only_looks_like_shares_stay() -> None:
    """1/(d + 2), 1/(d + y) and 1/(d·1) are no sigmoid of anything."""
    x, y = leaves("xy")
    decay = node(EXP, node(NEG, x))
    growth = node(RECIPROCAL, decay)

    def share(inside: Symbol, join: Primitive, last: Any) -> Symbol:
        return node(RECIPROCAL, node(join, inside, last))

    for join, last in ((ADD, 2.0), (ADD, y), (MUL, 1.0)):
        for first, second in ((ADD, 1.0), (join, last)), ((join, last), (ADD, 1.0)):
            assert replaced(RULES, MUL, (share(decay, *first), share(growth, *second)), _make) is None
    assert replaced(RULES, MUL, (share(decay, ADD, 1.0), share(growth, ADD, 1.0)), _make) is not None
