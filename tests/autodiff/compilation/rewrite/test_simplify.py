"""Simplify: fewer operations, and the same numbers in every record, with nan, infinities and both zeros among them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff.choice import WHERE
from autodiff.compilation.execute.numpy.rules import RULES
from autodiff.compilation.rewrite.algebra import ALGEBRA
from autodiff.compilation.rewrite.simplify import fused, rewritten
from autodiff.compilation.rewrite.weighted_sums import WEIGHTED_SUM
from autodiff.compilation.trace.stop_gradient import DETACH
from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import tracing
from autodiff.graph import topological_order
from autodiff.modes import Origin
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DIV, DOT, EXP, IDENTITY, LOGSUMEXP, MUL, NEG, POW, RELU, SIGMOID, SUB, SUM
from tests.autodiff.compilation.agreement import disagreements
from tests.autodiff.compilation.by_hand import evaluated, leaf, leaves, node

AWKWARD = (0.0, -0.0, 1.0, -1.5, math.inf, -math.inf, math.nan, 2.0)


def simplified(roots: Sequence[Any]) -> list[Any]:
    """After both walks."""
    return fused(rewritten(roots, (*ALGEBRA, *RULES)))


def _bits(numbers: Sequence[float]) -> list[tuple[float | None, float]]:
    """Numbers that are told apart as IEEE 754 does, zeros by their sign; any nan is one."""
    return [(None, 1.0) if math.isnan(x) else (x, math.copysign(1.0, x)) for x in numbers]


def _awkward_columns(inputs: Sequence[Symbol]) -> dict[Symbol, tuple[float, ...]]:
    return dict(zip(inputs, zip(*itertools.product(AWKWARD, repeat=len(inputs)), strict=True), strict=True))


def _count(roots: Sequence[Any]) -> int:
    symbols = [root for root in roots if type(root) is Symbol]
    return sum(symbol.primitive is not None for symbol in topological_order(*symbols))


def weighted(a: Symbol, b: Symbol, c: Symbol) -> Symbol:
    """a·b + b·c."""
    return node(WEIGHTED_SUM, a, b, b, c)


Maker = Callable[[Symbol, Symbol, Symbol], Any]

# (what, the symbol made of three leaves, how many operations are left)
REWRITTEN: list[tuple[str, Maker, int]] = [
    ("a product with 1", lambda x, y, z: node(MUL, node(MUL, x, 1.0), node(MUL, 1.0, y)), 1),
    ("a quotient by 1", lambda x, y, z: node(DIV, x, 1.0), 0),
    ("1 over it stays", lambda x, y, z: node(DIV, 1.0, x), 1),
    ("copies", lambda x, y, z: node(IDENTITY, node(DETACH, node(IDENTITY, x))), 0),
    ("a sum of one term", lambda x, y, z: node(SUM, x), 0),
    ("constants", lambda x, y, z: node(MUL, x, node(ADD, node(EXP, 0.0), 2.0)), 1),
    ("constants alone", lambda x, y, z: node(DIV, node(ADD, 1.0, 1.0), 0.0), 0),
    ("a leaf that is a constant", lambda x, y, z: node(MUL, x, node(SUB, Symbol.constant(3.0), 2.0)), 0),
    ("a known choice", lambda x, y, z: node(NEG, node(WHERE, 1.0, x, y)), 1),
    ("the other known choice", lambda x, y, z: node(NEG, node(WHERE, node(SUB, 1.0, 1.0), x, y)), 1),
    ("a choice that is nan, which is true", lambda x, y, z: node(WHERE, math.nan, x, y), 0),
    ("equal operations", lambda x, y, z: node(SUB, node(EXP, x), node(EXP, x)), 2),
    ("operands in another order", lambda x, y, z: node(DIV, node(SUB, x, y), node(SUB, y, x)), 3),
    ("zeros of either sign", lambda x, y, z: node(DIV, node(MUL, x, 0.0), node(MUL, x, -0.0)), 3),
    ("x + 0 is not x", lambda x, y, z: node(ADD, x, 0.0), 1),
    ("0·x is not 0", lambda x, y, z: node(MUL, x, 0.0), 1),
    ("x - x is not 0", lambda x, y, z: node(SUB, x, x), 1),
    ("x / x is not 1", lambda x, y, z: node(DIV, x, x), 1),
    ("x + -0", lambda x, y, z: node(ADD, x, -0.0), 1),
    ("a chain of additions", lambda x, y, z: node(ADD, node(ADD, x, y), node(ADD, z, 1.0)), 1),
    ("an addition of two", lambda x, y, z: node(ADD, x, node(MUL, y, z)), 2),
    ("a sum of products", lambda x, y, z: node(ADD, node(MUL, x, y), node(MUL, y, z)), 1),
    ("and a term", lambda x, y, z: node(ADD, node(ADD, node(MUL, x, y), z), node(MUL, y, z)), 2),
    ("a product with a constant", lambda x, y, z: node(ADD, node(MUL, x, 2.0), node(MUL, y, z)), 3),
    ("a weighted sum", lambda x, y, z: node(WEIGHTED_SUM, x, y, z, 2.0, y, z, z, 1.0), 3),
    ("of one product", lambda x, y, z: node(WEIGHTED_SUM, x, y, z, 1.0), 2),
    ("a product that two of them share", lambda x, y, z: node(SUB, weighted(x, y, z), weighted(x, y, x)), 6),
    ("a product that is read elsewhere", lambda x, y, z: node(SUB, weighted(x, y, z), node(MUL, x, y)), 4),
    ("one in another", lambda x, y, z: node(WEIGHTED_SUM, weighted(x, y, z), 1.0, z, z), 1),
    ("of one term, twice", lambda x, y, z: node(WEIGHTED_SUM, x, x, x, x), 2),
    ("of constants in part", lambda x, y, z: node(WEIGHTED_SUM, 2.0, 3.0, 1.0, 1.0, x, y), 2),
    ("lowered operations", lambda x, y, z: node(MUL, node(RELU, x), node(POW, y, 2.0)), 3),
]
# A sum starts from 0 in an order of its own, and the largest of two zeros is either.
SIGN_OF_ZERO_MAY_CHANGE = {
    "a sum of one term",
    "a sum of products",
    "and a term",
    "lowered operations",
    "one in another",
    "a weighted sum",
}


@pytest.mark.parametrize(("name", "maker", "count"), REWRITTEN, ids=[row[0] for row in REWRITTEN])
def test_the_same_numbers_from_fewer_operations(name: str, maker: Maker, count: int) -> None:
    inputs = leaves("xyz")
    original = maker(*inputs)
    columns = _awkward_columns(inputs)
    (expected,) = evaluated([original], columns)
    made = simplified([original])
    assert _count(made) == count
    (computed,) = evaluated(made, columns)
    assert not disagreements(computed, expected, ulps=0.0)
    assert name in SIGN_OF_ZERO_MAY_CHANGE or _bits(computed) == _bits(expected)


def test_roots_stay_in_their_places() -> None:
    x, y = leaves("xy")
    product = node(MUL, x, y)
    made = simplified([2.0, product, x, product, node(ADD, 1.0, 1.0), node(MUL, x, y)])
    assert (made[0], made[4]) == (2.0, 2.0)
    assert made[2] is x
    assert made[1] is made[3] is made[5]
    assert simplified([]) == []


def test_the_original_stays_as_it_is() -> None:
    """What is turned into a sum in place is what was made here alone."""
    x, y = leaves("xy")
    chain = node(ADD, node(ADD, x, y), x)
    before = chain.operands
    simplified([chain])
    assert (chain.primitive, chain.operands) == (ADD, before)


@pytest.mark.parametrize("reader", [None, EXP, NEG])
def test_what_others_read_is_not_taken_apart(reader: Primitive | None) -> None:
    """A term that is a root, or read twice, is computed once, for itself."""
    x, y = leaves("xy")
    inner, product, last = node(ADD, x, y), node(MUL, x, y), node(MUL, y, y)
    roots = [inner, product] if reader is None else [node(reader, inner), node(reader, product)]
    roots = [node(ADD, node(ADD, inner, product), last), *roots]
    made = simplified(roots)
    read = made[1:] if reader is None else [root.operands[0] for root in made[1:]]
    assert (made[0].primitive, made[0].operands[:2]) == (SUM, tuple(read))
    assert [term.primitive for term in made[0].operands] == [ADD, MUL, MUL]
    columns = {x: (0.5, 2.0), y: (3.0, -1.0)}
    assert evaluated(made, columns) == evaluated(roots, columns)


def test_a_chain_of_any_length_is_one_step() -> None:
    inputs = leaves("xy")
    chain: Any = inputs[0]
    for k in range(3000):
        chain = node(ADD, chain, node(MUL, *inputs) if k % 2 else float(k))
    (made,) = simplified([chain])
    assert _count([made]) == 2, "the products are equal, and so one that is read often"
    assert evaluated([made], {inputs[0]: [2.0], inputs[1]: [3.0]}) == [[2.0 + 1500 * 6.0 + sum(range(0, 3000, 2))]]


def test_terms_from_left_to_right() -> None:
    """1e16 + 1 - 1e16 - 1 is another number in any other order."""
    terms = leaves("abcd")
    chain = node(ADD, node(ADD, node(ADD, *terms[:2]), terms[2]), terms[3])
    (made,) = simplified([chain])
    assert (made.primitive, made.operands) == (SUM, tuple(terms))


def test_what_records_share_comes_first_in_a_dot() -> None:
    x, y = leaves("xy")
    w, v = leaves("wv", batched=False)
    (made,) = simplified([node(ADD, node(MUL, x, w), node(MUL, v, y))])
    assert (made.primitive, made.operands) == (DOT, (w, v, x, y))


def test_labels_and_origins_are_lent_to_what_is_made() -> None:
    x = leaf("x")
    share = node(SIGMOID, x)
    share.label, share.origin = "share", Origin(("layer 1",))
    made = topological_order(*simplified([share]))
    assert {(symbol.label, symbol.origin) for symbol in made if symbol is not x} == {("share", Origin(("layer 1",)))}
    assert {symbol.source for symbol in made if symbol is not x} == {SIGMOID}, "they were made for it together"
    plain = node(EXP, x)
    assert [symbol.source for symbol in simplified([plain])] == [None]


def test_logsumexp_and_its_row_of_slopes_take_one_exponential_a_term() -> None:
    x, y = leaves("xy")
    out = node(LOGSUMEXP, x, y)
    slopes = LOGSUMEXP.partials
    assert callable(slopes)
    with tracing():
        roots = [out, *slopes(out, x, y)]
        made = simplified(roots)
    exponentials = [symbol for symbol in topological_order(*made) if symbol.primitive is EXP]
    assert len(exponentials) == 2
    columns = {x: (0.0, 3.0, 1000.0, -math.inf), y: (1.0, -2.0, 999.0, 5.0)}
    for computed, expected in zip(evaluated(made, columns), evaluated(roots, columns), strict=True):
        assert not disagreements(computed, expected, ulps=8.0)


EXACT = (ADD, ADD, MUL, MUL, SUB, NEG, RELU, WHERE, IDENTITY, SUM, DETACH)  # on small integers, in any order
SMALL = (0.0, -0.0, 1.0, -1.0, 2.0, math.inf, -math.inf, math.nan)
STEPS = 5  # from 2 by tripling and squaring these lead to 3e12 at most, and no sum is rounded


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Symbol], list[Any]]:
    """Two leaves, and roots made of them by operations on any of those before."""
    inputs = leaves("xy")
    pool: list[Any] = [*inputs, 1.0, 0.0, -1.0]
    for _ in range(STEPS):
        primitive: Primitive = draw(st.sampled_from(EXACT))
        count = draw(st.integers(1, 3)) if primitive.arity is None else primitive.arity
        pool.append(node(primitive, *[draw(st.sampled_from(pool)) for _ in range(count)]))
    return inputs, [*draw(st.lists(st.sampled_from(pool), max_size=2)), pool[-1]]


@settings(max_examples=250, deadline=None, derandomize=True)
@given(graphs())
def test_any_graph(graph: tuple[list[Symbol], list[Any]]) -> None:
    inputs, roots = graph
    columns = dict(zip(inputs, zip(*itertools.product(SMALL, repeat=2), strict=True), strict=True))
    made = simplified(roots)
    assert _count(made) <= _count(roots)
    for computed, expected in zip(evaluated(made, columns), evaluated(roots, columns), strict=True):
        assert not disagreements(computed, expected, ulps=0.0)
