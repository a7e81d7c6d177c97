"""NumPy's rules: which operations they replace, and by what. `rewrite/test_rules.py` holds the numbers."""

from __future__ import annotations

from typing import Any

import pytest

from autodiff.compilation.execute.numpy.rules import RULES
from autodiff.compilation.rewrite.simplify import rewritten
from autodiff.compilation.trace.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import (
    ADD,
    DIV,
    EXP,
    LOG_SIGMOID,
    LOGISTIC_PDF,
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
from tests.autodiff.compilation.by_hand import evaluated, leaves, node


def _made(primitive: Primitive, *operands: Any) -> Any:
    (made,) = rewritten([node(primitive, *operands)], RULES)
    return made


def _names(root: Symbol) -> set[str]:
    """The primitives that a symbol is made by."""
    return {symbol.primitive.name for symbol in topological_order(root) if symbol.primitive is not None}


# (primitive, operands beside x, primitives that take its place)
ALONE: list[tuple[Primitive, tuple[float, ...], set[str]]] = [
    (SIGMOID, (), {"reciprocal", "add", "exp", "neg"}),
    (LOGISTIC_PDF, (), {"reciprocal", "add", "exp", "neg", "div"}),
    (RELU, (), {"maximum"}),
    (STEP, (), {"sign", "maximum"}),
    (SOFTPLUS, (), {"logaddexp"}),
    (LOG_SIGMOID, (), {"logaddexp", "neg"}),
    (POW, (0.5,), {"where", "equal", "sqrt", "add"}),
    (POW, (1.0,), set()),
    (POW, (2.0,), {"square"}),
    (POW, (3.0,), {"square", "mul"}),
    (POW, (-1.0,), {"reciprocal"}),
    (MEAN, (), {"div", "sum"}),
    (MEAN, (1.0, 2.0), {"div", "sum"}),
]


@pytest.mark.parametrize(("primitive", "others", "names"), ALONE)
def test_what_takes_the_place(primitive: Primitive, others: tuple[float, ...], names: set[str]) -> None:
    (x,) = leaves("x")
    assert _names(_made(primitive, x, *others)) == names


@pytest.mark.parametrize("exponent", [0.0, -0.5, 4.0, -2.0, 1.5])
def test_other_powers_stay(exponent: float) -> None:
    x, y = leaves("xy")
    for base, power in ((x, exponent), (exponent, y), (x, y)):
        assert _made(POW, base, power).primitive is POW


def test_what_numpy_has_stays() -> None:
    replaced = {"logistic_pdf", "sigmoid", "relu", "step", "softplus", "log_sigmoid", "mean"}
    replaced |= {name for name, row in PRIMITIVES.items() if row.composed}
    (x,) = leaves("x")
    for name, primitive in PRIMITIVES.items():
        if primitive.arity == 1 or name == "mean":
            assert (_made(primitive, x).primitive is not primitive) == (name in replaced), name


@pytest.mark.parametrize("primitive", [NEG, MUL])
def test_the_sigmoid_of_a_negation_uses_the_exponential_of_the_forward_pass(primitive: Primitive) -> None:
    """1/(1 + 1/e⁻ʸ): a second exponential would be one more than a negation and a reciprocal cost."""
    (y,) = leaves("y")
    opposite = node(NEG, y) if primitive is NEG else node(MUL, -2.0, y)
    made = _made(SIGMOID, opposite)
    (inside,) = [symbol.operands[0] for symbol in topological_order(made) if symbol.primitive is EXP]
    columns = {y: (1.0, -3.0)}
    assert evaluated([inside], columns) == evaluated([opposite], columns)


def test_a_positive_factor_is_no_negation() -> None:
    (y,) = leaves("y")
    made = _made(SIGMOID, node(MUL, 2.0, y))
    assert made.operands[0].operands[0].primitive is EXP


@pytest.mark.parametrize("scale", [None, 4.0])
def test_the_slope_of_a_sigmoid_takes_one_division(scale: float | None) -> None:
    (y,) = leaves("y")
    share = node(SIGMOID, y)
    scaled = share if scale is None else node(MUL, scale, share)
    assert _made(MUL, scaled, node(SIGMOID, node(NEG, y))).primitive is DIV


def test_other_products_stay() -> None:
    """Of sigmoids of different arguments, of one sigmoid twice, of others."""
    x, y = leaves("xy")
    share, opposite = node(SIGMOID, x), node(SIGMOID, node(NEG, y))
    for a, b in [(share, opposite), (share, share), (x, y), (x, 2.0), (2.0, share)]:
        assert _made(MUL, a, b).primitive is MUL


def test_products_of_what_only_looks_like_sigmoids_stay() -> None:
    """1/(d + 2), 1/(d + y) and 1/(d·1) are no sigmoid of anything."""
    x, y = leaves("xy")
    decay = node(EXP, node(NEG, x))
    growth = node(RECIPROCAL, decay)

    def share(inside: Symbol, join: Primitive, last: Any) -> Symbol:
        return node(RECIPROCAL, node(join, inside, last))

    for join, last in ((ADD, 2.0), (ADD, y), (MUL, 1.0)):
        for first, second in ((ADD, 1.0), (join, last)), ((join, last), (ADD, 1.0)):
            assert _made(MUL, share(decay, *first), share(growth, *second)).primitive is MUL
    assert _made(MUL, share(decay, ADD, 1.0), share(growth, ADD, 1.0)).primitive is DIV
