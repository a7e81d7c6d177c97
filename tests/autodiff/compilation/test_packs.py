"""Packs: they part the symbols, each comes after those it reads, and the rows that members read are their operands."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from autodiff.compilation.packs import Pack, Packing
from autodiff.compilation.reductions import BATCH_DOT
from autodiff.compilation.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, EXP, MUL, NEG, SUB, SUM
from tests.autodiff.compilation.by_hand import leaf, leaves, node

OPERATIONS: tuple[Primitive, ...] = (ADD, MUL, SUB, NEG, EXP, SUM)


def _packing(roots: Sequence[Any], *groups: Sequence[Symbol]) -> Packing:
    return Packing(roots, [Pack(None, group[0].batched, list(group)) for group in groups])


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


def _key(symbol: Symbol, packing: Packing) -> tuple[Any, ...]:
    """What makes symbols alike."""
    sources = [None if type(x) is float else id(packing.pack[x]) for x in symbol.operands]
    return (symbol.primitive, symbol.batched, *sources)


def _check(packing: Packing, roots: Sequence[Any]) -> None:
    operations = [x for x in topological_order(*(x for x in roots if type(x) is Symbol)) if x.primitive is not None]
    computed = [pack for pack in packing.packs if pack.primitive is not None]
    members = [symbol for pack in computed for symbol in pack.members]
    assert sorted(map(id, members)) == sorted(map(id, operations)), "each symbol is in one pack"
    for pack in packing.packs:
        for row, symbol in enumerate(pack.members):
            assert packing.pack[symbol] is pack
            assert packing.row[symbol] == row
    for place, pack in enumerate(packing.packs):
        assert all(source is None or source in packing.packs[:place] for source in pack.sources)
        assert len(pack.reads) == len(pack.sources)
    for pack in computed:
        for row, symbol in enumerate(pack.members):
            assert (symbol.primitive, symbol.batched) == (pack.operation, pack.batched)
            for operand, source, read in zip(symbol.operands, pack.sources, pack.reads, strict=True):
                assert (read[row] if source is None else source.members[read[row]]) is operand or read[row] == operand
    keys = [_key(pack.members[0], packing) for pack in computed]
    assert len(set(keys)) == len(keys), "what is alike is in one pack"


@pytest.mark.parametrize("seed", range(12))
def test_random_graphs(seed: int) -> None:
    roots, x, w = _wires(seed)
    packing = _packing(roots, x, w)
    assert [pack.members for pack in packing.packs[:2]] == [x, w]
    _check(packing, roots)


def test_members_are_sorted_by_what_they_read() -> None:
    """So that they read rows one after the other, whatever the order in which they were made."""
    x, y = leaves("abcd"), leaves("efgh")
    products = [node(MUL, x[k], y[j]) for k, j in [(3, 0), (1, 2), (0, 3), (1, 1)]]
    (pack,) = _packing(products, x, y).packs[2:]
    assert [read.tolist() for read in pack.reads] == [[0, 1, 1, 3], [3, 1, 2, 0]]


def test_members_that_read_in_many_places_stay_as_they_were_made() -> None:
    x = leaves("abcdefghij")
    made = [node(SUM, *x[k : k + 9]) for k in (1, 0)]
    packing = _packing(made, x)
    assert [symbol is root for symbol, root in zip(packing.packs[1].members, made, strict=True)] == [True, True]


def test_constants_are_read_where_there_is_no_pack() -> None:
    x = leaves("abc")
    packing = _packing([node(SUB, x[2], 5.0), node(SUB, x[0], 7.0), node(SUB, 1.0, x[1])], x)
    first, second = packing.packs[1:]
    assert (first.sources, [read.tolist() for read in first.reads]) == ([packing.packs[0], None], [[0, 2], [7.0, 5.0]])
    assert (second.sources, [read.tolist() for read in second.reads]) == ([None, packing.packs[0]], [[1.0], [1]])


def test_what_differs_from_record_to_record_is_apart_from_what_does_not() -> None:
    x, w = leaf("x"), leaf("w", batched=False)
    packing = _packing([node(EXP, x), node(EXP, w)], [x], [w])
    assert [pack.batched for pack in packing.packs] == [True, False, True, False]


def _dots(primitive: Primitive, pairs: Sequence[tuple[int, int]], length: int = 2) -> Pack:
    """The pack of the products of first and second vectors with these numbers, the entries of each side by side."""
    first, second = (
        leaves("abcdefgh", batched=False),
        leaves("ABCDEFGH"),
    )
    made = [
        node(primitive, *first[i * length : (i + 1) * length], *second[j * length : (j + 1) * length]) for i, j in pairs
    ]
    packing = _packing(made, first, second)
    _check(packing, made)
    return packing.packs[-1]


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
    pack = _dots(primitive, pairs, length)
    assert pack.grid == grid
    if grid is not None:
        lines, columns = grid
        first = [read.reshape(lines, columns) for read in pack.reads[:length]]
        second = [read.reshape(lines, columns) for read in pack.reads[length:]]
        assert all((rows == rows[:, :1]).all() for rows in first)
        assert all((rows == rows[:1]).all() for rows in second)


def test_long_dots_are_arranged_in_their_grid_too() -> None:
    """Though members that read in so many places are not sorted otherwise."""
    w, x = leaves("abcdefghijklmnopqrst", batched=False), leaves("ABCDEFGHIJKLMNOPQRST")
    made = [node(DOT, *w[10 * i : 10 * i + 10], *x[10 * j : 10 * j + 10]) for i, j in [(1, 1), (0, 1), (1, 0), (0, 0)]]
    packing = _packing(made, w, x)
    _check(packing, made)
    pack = packing.packs[-1]
    assert pack.grid == (2, 2)
    assert [symbol is made[k] for symbol, k in zip(pack.members, (3, 1, 2, 0), strict=True)] == [True] * 4


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
    packing = _packing(made(x, y), x, y)
    assert packing.packs[-1].grid is None


def test_roots_that_are_leaves_or_numbers() -> None:
    (x,) = leaves("x")
    packing = _packing([x, 2.0], [x])
    assert ([pack.members for pack in packing.packs], packing.row) == ([[x]], {x: 0})
    with pytest.raises(TypeError, match="a pack of leaves is given"):
        _ = packing.packs[0].operation
    with pytest.raises(KeyError):
        _packing([node(EXP, leaf("y"))], [x])
