"""Lanes: they part the symbols, each comes after those it reads, and the rows that members read are their operands."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from autodiff.compilation.program.vectorize import Lanes, Vectorization
from autodiff.compilation.rewrite.batch_sums import BATCH_DOT
from autodiff.compilation.trace.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, EXP, MUL, NEG, SUB, SUM
from tests.autodiff.compilation.by_hand import leaf, leaves, node

OPERATIONS: tuple[Primitive, ...] = (ADD, MUL, SUB, NEG, EXP, SUM)


def _vectorized(roots: Sequence[Any], *groups: Sequence[Symbol]) -> Vectorization:
    return Vectorization(roots, [Lanes(None, group[0].batched, list(group)) for group in groups])


def _wires(seed: int) -> tuple[list[Any], list[Symbol], list[Symbol]]:
    """Roots of a random graph, its batched leaves and its shared ones."""
    draws = random.Random(seed)
    x, w = leaves("abcde"), leaves("vw", batched=False)
    pool: list[Any] = [*x, *w, 2.0, -0.5]
    for _ in range(60):
        primitive = draws.choice(OPERATIONS)
        count = draws.choice((2, 3, 9, 12)) if primitive.arity is None else primitive.arity
        operands = draws.choices(pool, k=count)
        if Symbol in map(type, operands):
            pool.append(node(primitive, *operands))
    return [*draws.choices(pool, k=10), *pool[-10:]], x, w


def _key(symbol: Symbol, vectorized: Vectorization) -> tuple[Any, ...]:
    """What makes symbols alike."""
    sources = [None if type(x) is float else id(vectorized.lanes_of[x]) for x in symbol.operands]
    return (symbol.primitive, symbol.batched, *sources)


def _check(vectorized: Vectorization, roots: Sequence[Any]) -> None:
    operations = [x for x in topological_order(*(x for x in roots if type(x) is Symbol)) if x.primitive is not None]
    computed = [lanes for lanes in vectorized.order if lanes.primitive is not None]
    members = [symbol for lanes in computed for symbol in lanes.members]
    assert sorted(map(id, members)) == sorted(map(id, operations)), "each symbol is in the same lanes"
    for lanes in vectorized.order:
        for row, symbol in enumerate(lanes.members):
            assert vectorized.lanes_of[symbol] is lanes
            assert vectorized.row[symbol] == row
    for place, lanes in enumerate(vectorized.order):
        assert all(source is None or source in vectorized.order[:place] for source in lanes.sources)
        assert len(lanes.reads) == len(lanes.sources)
    for lanes in computed:
        for row, symbol in enumerate(lanes.members):
            assert (symbol.primitive, symbol.batched) == (lanes.operation, lanes.batched)
            for operand, source, read in zip(symbol.operands, lanes.sources, lanes.reads, strict=True):
                assert (read[row] if source is None else source.members[read[row]]) is operand or read[row] == operand
    keys = [_key(lanes.members[0], vectorized) for lanes in computed]
    assert len(set(keys)) == len(keys), "what is alike is in the same lanes"


@pytest.mark.parametrize("seed", range(12))
def test_random_graphs(seed: int) -> None:
    roots, x, w = _wires(seed)
    vectorized = _vectorized(roots, x, w)
    assert [lanes.members for lanes in vectorized.order[:2]] == [x, w]
    _check(vectorized, roots)


def test_members_are_sorted_by_what_they_read() -> None:
    """So that they read rows one after the other, whatever the order in which they were made."""
    x, y = leaves("abcd"), leaves("efgh")
    products = [node(MUL, x[k], y[j]) for k, j in [(3, 0), (1, 2), (0, 3), (1, 1)]]
    (lanes,) = _vectorized(products, x, y).order[2:]
    assert [read.tolist() for read in lanes.reads] == [[0, 1, 1, 3], [3, 1, 2, 0]]


def test_members_that_read_in_many_places_stay_as_they_were_made() -> None:
    x = leaves("abcdefghij")
    made = [node(SUM, *x[k : k + 9]) for k in (1, 0)]
    vectorized = _vectorized(made, x)
    assert [symbol is root for symbol, root in zip(vectorized.order[1].members, made, strict=True)] == [True, True]


def test_constants_are_read_where_there_are_no_lanes() -> None:
    x = leaves("abc")
    vectorized = _vectorized([node(SUB, x[2], 5.0), node(SUB, x[0], 7.0), node(SUB, 1.0, x[1])], x)
    first, second = vectorized.order[1:]
    assert (first.sources, [read.tolist() for read in first.reads]) == (
        [vectorized.order[0], None],
        [[0, 2], [7.0, 5.0]],
    )
    assert (second.sources, [read.tolist() for read in second.reads]) == ([None, vectorized.order[0]], [[1.0], [1]])


def test_what_differs_from_record_to_record_is_apart_from_what_does_not() -> None:
    x, w = leaf("x"), leaf("w", batched=False)
    vectorized = _vectorized([node(EXP, x), node(EXP, w)], [x], [w])
    assert [lanes.batched for lanes in vectorized.order] == [True, False, True, False]


def _dots(primitive: Primitive, pairs: Sequence[tuple[int, int]], length: int = 2) -> Lanes:
    """The lanes of the products of first and second vectors with these numbers, the entries of each side by side."""
    first, second = (
        leaves("abcdefgh", batched=False),
        leaves("ABCDEFGH"),
    )
    made = [
        node(primitive, *first[i * length : (i + 1) * length], *second[j * length : (j + 1) * length]) for i, j in pairs
    ]
    vectorized = _vectorized(made, first, second)
    _check(vectorized, made)
    return vectorized.order[-1]


EVERY = [(i, j) for j in (2, 0, 1) for i in (1, 0)]

# (what, pairs of vectors, the grid)
GRIDS: list[tuple[str, list[tuple[int, int]], tuple[int, int] | None]] = [
    ("every first with every second", EVERY, (2, 3)),
    ("one with several", [(0, 2), (0, 1)], (1, 2)),
    ("several with one", [(2, 1), (0, 1), (3, 1)], (3, 1)),
    ("one with one", [(1, 1)], (1, 1)),
    ("one missing", EVERY[1:], None),
    ("one twice", [*EVERY, (0, 0)], None),
    ("one twice in place of another", [*EVERY[1:], EVERY[1]], None),
    ("pairs", [(0, 0), (1, 1)], None),
]


@pytest.mark.parametrize(("pairs", "grid"), [pytest.param(*row[1:], id=row[0]) for row in GRIDS])
@pytest.mark.parametrize(("primitive", "length"), [(DOT, 1), (DOT, 2), (BATCH_DOT, 1)])
def test_grids(primitive: Primitive, length: int, pairs: Any, grid: tuple[int, int] | None) -> None:
    lanes = _dots(primitive, pairs, length)
    assert lanes.grid == grid
    if grid is not None:
        lines, columns = grid
        first = [read.reshape(lines, columns) for read in lanes.reads[:length]]
        second = [read.reshape(lines, columns) for read in lanes.reads[length:]]
        assert all((rows == rows[:, :1]).all() for rows in first)
        assert all((rows == rows[:1]).all() for rows in second)


def test_long_dots_are_arranged_in_their_grid_too() -> None:
    """Though members that read in so many places are not sorted otherwise."""
    w, x = leaves("abcdefghijklmnopqrst", batched=False), leaves("ABCDEFGHIJKLMNOPQRST")
    made = [node(DOT, *w[10 * i : 10 * i + 10], *x[10 * j : 10 * j + 10]) for i, j in [(1, 1), (0, 1), (1, 0), (0, 0)]]
    vectorized = _vectorized(made, w, x)
    _check(vectorized, made)
    lanes = vectorized.order[-1]
    assert lanes.grid == (2, 2)
    assert [symbol is made[k] for symbol, k in zip(lanes.members, (3, 1, 2, 0), strict=True)] == [True] * 4


@pytest.mark.parametrize(
    "made",
    [
        lambda x, y: [node(MUL, x[0], y[0])],
        lambda x, y: [node(DOT, x[0], 2.0, y[0], y[1])],
        lambda x, y: [node(DOT, x[0], y[1], y[0], y[1])],
        lambda x, y: [node(DOT, x[0], x[1], y[0], x[1])],
        lambda x, y: [node(DOT, 2.0, 3.0, y[0], y[1])],
        lambda x, y: [node(DOT, x[0], x[1], 2.0, 3.0)],
    ],
)
def test_no_grid_without_one_block_for_each_half(made: Any) -> None:
    x, y = leaves("ab"), leaves("cd")
    vectorized = _vectorized(made(x, y), x, y)
    assert vectorized.order[-1].grid is None


def test_roots_that_are_leaves_or_numbers() -> None:
    (x,) = leaves("x")
    vectorized = _vectorized([x, 2.0], [x])
    assert ([lanes.members for lanes in vectorized.order], vectorized.row) == ([[x]], {x: 0})
    with pytest.raises(TypeError, match="lanes of leaves are given"):
        _ = vectorized.order[0].operation
    with pytest.raises(KeyError):
        _vectorized([node(EXP, leaf("y"))], [x])
