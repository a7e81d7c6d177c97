"""Assembly: a program, read as it stands, comes to what the symbols come to."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from autodiff.compilation.program.assembly import Groups, program_of
from autodiff.compilation.program.program import Program, Rows
from autodiff.compilation.rewrite.batch_sums import BATCH_DOT, BATCH_SUM
from autodiff.compilation.rewrite.rows import RowSymbol, Vector
from autodiff.compilation.trace.symbol import Symbol, operation
from autodiff.errors import TraceError
from autodiff.modes import Origin
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, EXP, MUL, NEG, SQUARE, SUB, SUM
from tests.autodiff.compilation.by_hand import evaluated, interpreted, leaf, leaves, node

RECORDS = 3
OPERATIONS: tuple[Primitive, ...] = (ADD, MUL, SUB, NEG, SQUARE, SUM, DOT)


def _random_roots(seed: int, pool: list[Any], count: int) -> list[Any]:
    draws = random.Random(seed)
    for _ in range(count):
        primitive = draws.choice(OPERATIONS)
        operands = draws.choices(pool, k=2 * draws.randint(1, 5) if primitive.arity is None else primitive.arity)
        if Symbol in map(type, operands):
            pool.append(node(primitive, *operands))
    batched = [x for x in pool if type(x) is Symbol and x.batched]
    pool.append(Symbol(BATCH_SUM, (draws.choice(batched),), batched=False))
    pool.append(Symbol(BATCH_DOT, (draws.choice(batched), draws.choice(batched)), batched=False))
    pool.append(node(MUL, pool[-1], pool[-2]))
    return draws.choices(pool, k=12)


def _check(program: Program, groups: Groups, columns: dict[Symbol, np.ndarray], given: Any) -> None:
    made = interpreted(program, given, RECORDS)
    assert [output.name for output in program.outputs] == [*groups]
    for output, group, found in zip(program.outputs, groups.values(), made, strict=True):
        expected = np.reshape(evaluated(group, columns), (len(group), RECORDS))
        assert output.size == len(group)
        assert output.batched == any(type(x) is Symbol and x.batched for x in group)
        np.testing.assert_array_equal(found, expected if output.batched else expected[:, 0])


@pytest.mark.parametrize("seed", range(10))
def test_random_graphs(seed: int) -> None:
    x, w = leaves("abcd"), leaves("vw", batched=False)
    numbers = np.random.default_rng(seed)
    given = [numbers.normal(size=2), numbers.normal(size=(4, RECORDS))]
    columns = dict(zip(x, given[1], strict=True)) | {s: np.full(RECORDS, n) for s, n in zip(w, given[0], strict=True)}
    roots = _random_roots(seed, [*x, *w, 2.0, -1.0], 40)
    shared = [root for root in roots if type(root) is float or not root.batched]
    groups = {"all": roots, "shared": shared, "one": roots[:1]}
    program = program_of(groups, [("parameters", w), ("argument 0", x)])
    assert program.given == 2
    assert [(block.rows, block.batched, block.name) for block in program.blocks[:2]] == [
        (2, False, "parameters"),
        (4, True, "argument 0"),
    ]
    _check(program, groups, columns, given)


def test_steps_come_after_what_they_read() -> None:
    x = leaves("ab")
    roots = _random_roots(3, [*x, 3.0], 60)
    program = program_of({"result": roots}, [("x", x)])
    filled = {0}
    for step in program.steps:
        assert {read.block for read in step.reads if isinstance(read, Rows)} <= filled
        assert step.out not in filled
        filled.add(step.out)
    assert filled == set(range(len(program.blocks)))


def test_like_operations_are_one_step() -> None:
    x = leaves("abcd")
    program = program_of({"result": [node(EXP, entry) for entry in reversed(x)]}, [("x", x)])
    (step,) = program.steps
    assert (step.primitive, step.out, step.grid) == (EXP, 1, None)
    ((positions, read),) = program.outputs[0].parts
    assert isinstance(read, Rows)
    assert (positions.tolist(), read.block, read.index.tolist()) == ([0, 1, 2, 3], 1, [3, 2, 1, 0])


def _rows_and_scalars(seed: int) -> tuple[list[Any], list[list[Any]], list[list[int]], list[list[Symbol]]]:
    """Random rows of symbols with some symbols alone, the same symbols one by one, their places, and all leaves."""
    draws = random.Random(seed)
    w, x, y = leaves("uvw", batched=False), leaves("abcdef"), leaves("ghijkl")
    batched = [*x, *y, *(node(EXP, each) for each in x), *(node(MUL, 2.0, each) for each in y)]
    width = draws.randint(2, 5)
    labels = "ABCDE"[:width]
    marks = [(label, None, None) for label in labels]
    pool: list[tuple[Any, list[Any]]] = []
    for _ in range(8):
        shared, own = draws.choice(batched), draws.choices(batched, k=width)
        each = [operation(BATCH_DOT, (shared, entry), None, label) for entry, label in zip(own, labels, strict=True)]
        for symbol in each:
            symbol.batched = False
        pool.append((RowSymbol(BATCH_DOT, (shared, Vector(tuple(own))), marks), each))
    pool += [(symbol, [symbol] * width) for symbol in w]
    for _ in range(4):
        terms = draws.choices(pool[:8], k=1) + draws.choices(pool, k=draws.choice((1, 2, 9)))
        columns = zip(*[own for _, own in terms], strict=True)
        each = [operation(SUM, column, None, label) for column, label in zip(columns, labels, strict=True)]
        pool.append((RowSymbol(SUM, tuple(row for row, _ in terms), marks), each))
    chosen = [*pool[-4:], *draws.sample(pool[:8], 3)]
    places = [*range(width * len(chosen))]
    draws.shuffle(places)
    return (
        [row for row, _ in chosen],
        [own for _, own in chosen],
        [places[k * width : (k + 1) * width] for k in range(len(chosen))],
        [w, x, y],
    )


@pytest.mark.parametrize("seed", range(10))
def test_rows_of_symbols_are_the_symbols_one_by_one(seed: int) -> None:
    rows, scalars, places, (w, x, y) = _rows_and_scalars(seed)
    named = [("parameters", w), ("x", x), ("y", y)]
    program = program_of({"result": rows}, named, {"result": places})
    one_by_one = [symbol for own in scalars for symbol in own]
    expected = program_of({"result": one_by_one}, named, {"result": [[place] for own in places for place in own]})
    kinds = [sorted((s.primitive.name, made.blocks[s.out].rows) for s in made.steps) for made in (program, expected)]
    assert kinds[0] == kinds[1]
    numbers = np.random.default_rng(seed)
    given = [numbers.normal(size=3), numbers.normal(size=(6, RECORDS)), numbers.normal(size=(6, RECORDS))]
    (made,), (right,) = interpreted(program, given, RECORDS), interpreted(expected, given, RECORDS)
    np.testing.assert_array_equal(made, right)
    for block, named_alike in ((b, {m[0] for m in b.marks}) for b in program.blocks[3:] if b.marks[0][0]):
        assert len(block.marks) == block.rows
        assert named_alike <= {*"ABCDE"}


def test_a_grid_is_kept() -> None:
    w, x = leaves("abcd", batched=False), leaves("xy")
    dots = [node(DOT, *w[:2], *x), node(DOT, *w[2:], *x)]
    (step,) = program_of({"result": dots}, [("w", w), ("x", x)]).steps
    assert step.grid == (2, 1)


def test_outputs_of_leaves_constants_and_nothing() -> None:
    x, w = leaves("ab"), leaves("w", batched=False)
    groups: dict[str, list[Any]] = {
        "none": [],
        "several": [1.5, x[1], 2.5, w[0], x[1]],
        "shared": [w[0], 4.0],
        "constant": [7.0],
    }
    program = program_of(groups, [("nothing", []), ("w", w), ("x", x)])
    assert (program.steps, program.blocks[0].rows, program.blocks[0].batched) == ((), 0, False)
    assert [output.batched for output in program.outputs] == [False, True, False, False]
    made = interpreted(program, [[], [9.0], np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])], RECORDS)
    expected = [[1.5] * 3, [4.0, 5.0, 6.0], [2.5] * 3, [9.0] * 3, [4.0, 5.0, 6.0]]
    assert [array.tolist() for array in made] == [[], expected, [9.0, 4.0], [7.0]]


def test_what_leads_to_the_first_group_comes_before_the_rest() -> None:
    """Though it may be further from the leaves."""
    x = leaves("ab")
    result: Any = node(EXP, node(NEG, node(SQUARE, x[0])))
    rest: list[Any] = [node(MUL, node(SUB, x[0], x[1]), x[1]), node(ADD, result, x[1]), node(NEG, x[1])]
    for groups in ({"result": [result], "rest": rest}, {"result": [2.0, result], "rest": [*rest, result]}):
        steps = program_of(groups, [("x", x)]).steps
        assert [step.primitive for step in steps[:3]] == [SQUARE, NEG, EXP]
        assert {step.primitive for step in steps[3:]} == {MUL, SUB, ADD, NEG}


def test_blocks_know_what_their_rows_came_from() -> None:
    x = leaves("ab")
    made = [node(EXP, entry) for entry in x]
    for k, symbol in enumerate(made):
        symbol.origin, symbol.source = Origin(("layer 1", f"neuron {k + 1}")), SQUARE
    given, filled = program_of({"result": made}, [("argument 0", x)]).blocks
    assert (given.name, given.marks) == ("argument 0", (("a", None, None), ("b", None, None)))
    assert (filled.name, filled.marks) == ("", tuple((None, symbol.origin, SQUARE) for symbol in made))


@pytest.mark.parametrize("root", [lambda y: y, lambda y: node(EXP, y)])
def test_a_leaf_in_no_block_is_of_another_call(root: Any) -> None:
    with pytest.raises(TraceError, match=r"Symbol\('y'\) belongs to another call"):
        program_of({"result": [root(leaf("y"))]}, [("x", leaves("x"))])
