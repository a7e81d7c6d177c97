"""BatchSums: what per-record symbols come to, added up over the records, from few operations for each record."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from autodiff.compilation.rewrite.batch_sums import BATCH_DOT, BATCH_SUM, OVER_RECORDS, BatchSums
from autodiff.compilation.trace.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.modes import Origin
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, EXP, MUL, NEG, SQUARE, SUB, SUM
from tests.autodiff.compilation.by_hand import Column, evaluated, leaf, leaves, node

COLUMNS: list[Column] = [(1.0, -2.0, 3.0), (5.0, 0.5, -1.0), (2.0, 2.0, 4.0)]
SHARED = 7.0
COUNT = leaf("count", batched=False)

Maker = Callable[..., Any]  # from three leaves that differ from record to record and one that does not

# (what, the symbol, the operations of its sum as a result, those as a derivative)
SUMMED: list[tuple[str, Maker, list[Primitive], list[Primitive]]] = [
    ("a leaf", lambda x, y, z, w: x, [BATCH_SUM], [BATCH_SUM]),
    ("a constant", lambda x, y, z, w: 3.0, [MUL], [MUL]),
    ("what all records share", lambda x, y, z, w: node(EXP, w), [EXP, MUL], [EXP, MUL]),
    ("an operation", lambda x, y, z, w: node(EXP, x), [EXP, BATCH_SUM], [EXP, BATCH_SUM]),
    ("a product", lambda x, y, z, w: node(MUL, x, y), [BATCH_DOT], [BATCH_DOT]),
    ("a square", lambda x, y, z, w: node(SQUARE, x), [BATCH_DOT], [BATCH_DOT]),
    ("a product with what is shared", lambda x, y, z, w: node(MUL, w, x), [MUL, BATCH_SUM], [MUL, BATCH_SUM]),
    ("and the other way", lambda x, y, z, w: node(MUL, x, w), [MUL, BATCH_SUM], [MUL, BATCH_SUM]),
    ("a negation", lambda x, y, z, w: node(NEG, node(MUL, x, y)), [MUL, NEG, BATCH_SUM], [BATCH_DOT, NEG]),
    ("a factor of -1", lambda x, y, z, w: node(MUL, -1.0, x), [MUL, BATCH_SUM], [BATCH_SUM, NEG]),
    ("on the other side", lambda x, y, z, w: node(MUL, x, -1.0), [MUL, BATCH_SUM], [BATCH_SUM, NEG]),
    ("a factor of 2", lambda x, y, z, w: node(MUL, 2.0, x), [MUL, BATCH_SUM], [MUL, BATCH_SUM]),
    ("a factor of -2", lambda x, y, z, w: node(MUL, x, -2.0), [MUL, BATCH_SUM], [MUL, BATCH_SUM]),
    ("a difference", lambda x, y, z, w: node(SUB, x, y), [SUB, BATCH_SUM], [SUB, BATCH_SUM]),
    ("two terms", lambda x, y, z, w: node(ADD, x, w), [ADD, BATCH_SUM], [BATCH_SUM, MUL, SUM]),
    (
        "many terms",
        lambda x, y, z, w: node(SUM, x, node(MUL, x, z), 1.0),
        [MUL, SUM, BATCH_SUM],
        [BATCH_SUM, BATCH_DOT, MUL, SUM],
    ),
    (
        "a dot",
        lambda x, y, z, w: node(DOT, w, x, y, z),
        [DOT, BATCH_SUM],
        [MUL, BATCH_SUM, BATCH_DOT, SUM],
    ),
    (
        "terms within terms",
        lambda x, y, z, w: node(ADD, node(ADD, x, y), node(NEG, node(ADD, z, x))),
        [ADD, ADD, NEG, ADD, BATCH_SUM],
        [BATCH_SUM, BATCH_SUM, SUM, BATCH_SUM, SUM, NEG, SUM],
    ),
]
EVERY_SUM = pytest.mark.parametrize(
    ("maker", "result", "derivative"), [row[1:] for row in SUMMED], ids=[row[0] for row in SUMMED]
)


def _leaves() -> tuple[list[Symbol], dict[Symbol, Column]]:
    """Three leaves of records and a shared one, and their numbers."""
    inputs = [*leaves("xyz"), leaf("w", batched=False)]
    columns = dict(zip(inputs, [*COLUMNS, [SHARED] * 3], strict=True))
    return inputs, columns | {COUNT: [3.0] * 3}


def _total(symbol: Any, columns: dict[Symbol, Column]) -> float:
    return math.fsum(evaluated([symbol], columns)[0])


def _operations(*roots: Symbol) -> list[Primitive]:
    """What the roots are made by; along the way every symbol is batched if and only if it has numbers to be."""
    for symbol in topological_order(*roots):
        reads = any(type(x) is Symbol and x.batched for x in symbol.operands)
        assert not symbol.operands or symbol.batched == (reads and symbol.primitive not in OVER_RECORDS)
    return [symbol.primitive for symbol in topological_order(*roots) if symbol.primitive is not None]


def _sums(*roots: Any, kept: Sequence[Symbol] = ()) -> BatchSums:
    """The sums of these symbols and floats."""
    return BatchSums(COUNT, topological_order(*(root for root in roots if type(root) is Symbol)), kept)


@EVERY_SUM
def test_of_a_result(maker: Maker, result: list[Primitive], derivative: list[Primitive]) -> None:
    inputs, columns = _leaves()
    symbol = maker(*inputs)
    made = _sums(symbol).of_result(symbol)
    assert not made.batched
    assert evaluated([made], columns)[0][0] == pytest.approx(_total(symbol, columns), rel=1e-15)
    assert _operations(made) == result


@EVERY_SUM
def test_of_a_derivative(maker: Maker, result: list[Primitive], derivative: list[Primitive]) -> None:
    inputs, columns = _leaves()
    symbol = maker(*inputs)
    made = _sums(symbol).of_derivative(symbol)
    assert not made.batched
    assert evaluated([made], columns)[0][0] == pytest.approx(_total(symbol, columns), rel=1e-15)
    assert _operations(made) == derivative


def test_each_sum_is_made_once() -> None:
    (x, y, *_), _ = _leaves()
    product = node(MUL, x, y)
    sums = _sums(product, x)
    assert sums.of_result(product) is sums.of_result(product) is sums.of_derivative(product)
    assert sums.of_derivative(x) is sums.of_result(x)


@pytest.mark.parametrize("how", ["another reads it", "it is kept"])
def test_what_is_computed_for_each_record_anyway_is_summed_as_it_is(how: str) -> None:
    (x, y, z, *_), _ = _leaves()
    product = node(MUL, x, y)
    for symbol in (product, node(ADD, product, z), node(NEG, product), node(DOT, x, y, z, z)):
        reader = node(EXP, symbol)
        sums = _sums(symbol, reader) if how == "another reads it" else _sums(symbol, kept=[symbol])
        made = sums.of_derivative(symbol)
        assert (made.primitive, made.operands) == (BATCH_SUM, (symbol,))
        assert sums.of_result(symbol) is made


def test_what_only_the_sum_read_is_taken_apart_with_it() -> None:
    """A term that two derivatives read stays for the first and is taken apart by the last to read it."""
    (x, y, z, *_), columns = _leaves()
    product = node(MUL, x, y)
    first, second = node(ADD, product, z), node(ADD, product, x)
    sums = _sums(first, second)
    made = [sums.of_derivative(first), sums.of_derivative(second)]
    totals = [evaluated([symbol], columns)[0][0] for symbol in made]
    assert totals == [_total(first, columns), _total(second, columns)]
    assert MUL in _operations(made[0])
    alone = _sums(first)
    assert _operations(alone.of_derivative(first)) == [BATCH_DOT, BATCH_SUM, SUM]


def test_one_symbol_as_several_terms() -> None:
    (x, y, *_), columns = _leaves()
    product = node(MUL, x, y)
    for symbol in (node(ADD, product, product), node(SUM, product, product, product), node(DOT, x, x, x, x)):
        made = _sums(symbol).of_derivative(symbol)
        assert evaluated([made], columns)[0][0] == _total(symbol, columns)


def test_what_is_made_for_a_leaf_is_marked_as_its_gradient() -> None:
    (x, y, z, w), _ = _leaves()
    w.origin = Origin(("layer 1",), "parameter")
    symbol = node(SUM, node(MUL, 2.0, x), node(MUL, x, y), node(NEG, z), w)
    sums = _sums(symbol)
    ((made, places),) = sums.along([w], [3], symbol)
    assert [*places] == [3]
    known = {x, y, z, w, COUNT}
    marks = {(found.label, found.origin) for found in topological_order(made) if found not in known}
    assert marks == {("w", Origin(("layer 1",), "gradient"))}
    assert sums.of_derivative(symbol) is made


@pytest.mark.parametrize(("factor", "column"), [(math.inf, (1.0, -1.0)), (1e300, (1e10, -1e10)), (0.0, (1e308, 1e308))])
def test_no_factor_crosses_the_sum(factor: float, column: Column) -> None:
    """Infinite, or in front of a sum that overflows, it would give another number."""
    x, w = leaf("x"), leaf("w", batched=False)
    columns = {x: column, w: [factor] * 2, COUNT: [2.0] * 2}
    for symbol in (node(MUL, w, x), node(MUL, x, w), node(MUL, factor, x), node(DOT, w, w, x, x)):
        made = _sums(symbol).of_derivative(symbol)
        terms = evaluated([symbol], columns)[0]
        assert evaluated([made], columns)[0][0] == pytest.approx(terms[0] + terms[1], nan_ok=True)


def test_what_is_shared_counts_once_a_record() -> None:
    w = leaf("w", batched=False)
    sums = _sums(w)
    for root, expected in ((w, 21.0), (2.5, 7.5), (0.0, 0.0)):
        for made in (sums.of_result(root), sums.of_derivative(root)):
            assert evaluated([made], {w: [SHARED] * 3, COUNT: [3.0] * 3})[0] == [expected] * 3
