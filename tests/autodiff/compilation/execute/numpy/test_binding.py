"""Binding: the calls of any one step fill its block with what the row of the table gives, member by member."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from autodiff.choice import WHERE
from autodiff.compilation.execute.numpy.binding import bound_calls
from autodiff.compilation.execute.numpy.quiet import quiet_context, run_calls
from autodiff.compilation.program.program import Read, Rows, Step
from autodiff.compilation.rewrite.softmax_weights import FINITE
from autodiff.compilation.trace.stop_gradient import DETACH
from autodiff.conditions import AND, CONDITIONS, GREATER, LESS, OR
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, EXP, LARGEST, MAXIMUM, MINIMUM, MUL, NEG, PRIMITIVES, SQUARE, SUB, SUM
from tests.autodiff.compilation.agreement import Point, disagreements
from tests.autodiff.compilation.by_hand import interpreted, output, program, rows, step
from tests.autodiff.domains import DOMAINS

INF, NAN = math.inf, math.nan
AWKWARD = (0.0, 1.0, -2.0, 0.5, INF, -INF, NAN, 1e308)
FLOAT = np.dtype(np.float64)


def _filled(steps: Sequence[Step], arrays: Sequence[np.ndarray], dtype: np.dtype[Any] = FLOAT) -> None:
    calls = bound_calls(steps, arrays, dtype)
    for _ in range(2):  # a replay makes the same calls again
        quiet_context().run(run_calls, calls)


def _operand_blocks(points: Sequence[Point]) -> list[np.ndarray]:
    """A block of two rows for each operand: the points, and the points backwards."""
    return [np.array([column, column[::-1]]) for column in zip(*points, strict=True)]


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_every_row_of_the_table(name: str) -> None:
    primitive = PRIMITIVES[name]
    for box in DOMAINS[name].boxes:
        points = [*DOMAINS[name].points(box, seed=name, count=6)]
        blocks = _operand_blocks(points)
        out = np.empty((3, len(points)))
        reads = [rows(number, 0, 1, 0) for number in range(len(blocks))]
        _filled([step(primitive, len(blocks), *reads)], [*blocks, out])
        magnitude = DOMAINS[name].value_scale
        scale = [0.0 if magnitude is None else float(magnitude(*point)) for point in points]
        expected = np.array([primitive.compute(*point) for point in points])
        tolerance = [scale, scale[::-1], scale]
        assert not disagreements(out, [expected, expected[::-1], expected], ulps=8.0, scale=tolerance)


# What has a form of its own here, or is in programs alone.
SPECIAL: tuple[tuple[Primitive, int], ...] = (
    (SUM, 1),
    (SUM, 2),
    (SUM, 3),
    (LARGEST, 1),
    (LARGEST, 2),
    (LARGEST, 3),
    (FINITE, 1),
    (MAXIMUM, 2),
    (MINIMUM, 2),
    (DETACH, 1),
    (WHERE, 3),
    *((condition, 2) for condition in sorted(CONDITIONS, key=lambda condition: condition.name)),
)


def _arranged(operands: Sequence[np.ndarray], how: str) -> tuple[list[np.ndarray], list[Read]]:
    """Blocks, and reads of them, that give a step these operands, each of shape (members,) or (members, records)."""
    members, count = len(operands[0]), len(operands)
    if how == "a block each":
        return [*operands], [rows(k, *range(members)) for k in range(count)]
    stacked = np.stack(operands, axis=1).reshape(members * count, *operands[0].shape[1:])
    reads: list[Read] = [rows(0, *range(k, members * count, count)) for k in range(count)]
    if how == "a constant beside" and count > 1:
        reads[-1] = np.resize([1.0, 0.0, -3.0], members)
    return [stacked], reads


@pytest.mark.parametrize(("primitive", "count"), SPECIAL)
@pytest.mark.parametrize("members", [None, 1, 2])
@pytest.mark.parametrize("how", ["one block", "a block each", "a constant beside"])
def test_at_zeros_infinities_and_nan(primitive: Primitive, count: int, members: int | None, how: str) -> None:
    """A member for each point, or so many members with a record for each point."""
    points = np.array([*itertools.product(AWKWARD, repeat=count)]).T
    blocks, reads = _arranged([*points] if members is None else [np.stack([x, x[::-1]][:members]) for x in points], how)
    found = [blocks[read.block][read.index] if isinstance(read, Rows) else read for read in reads]
    found = [x if members is None or x.ndim == 2 else x[:, np.newaxis] for x in found]
    columns = [x.ravel().tolist() for x in np.broadcast_arrays(*found)]
    out = np.empty(np.broadcast_shapes(*(x.shape for x in found)))
    _filled([step(primitive, len(blocks), *reads)], [*blocks, out])
    expected = [primitive.compute(*numbers) for numbers in zip(*columns, strict=True)]
    np.testing.assert_array_equal(out.ravel(), expected)


def test_conditions_as_truth_values() -> None:
    """In a block of truths, which a choice and what joins conditions read as they are."""
    x = np.array([[1.0, -1.0, 2.0, NAN]])
    truths = [np.empty((1, 4), bool) for _ in range(4)]
    out = np.empty((1, 4))
    steps = [
        step(LESS, 1, rows(0, 0), np.array([1.5])),
        step(GREATER, 2, rows(0, 0), np.array([0.0])),
        step(AND, 3, rows(1, 0), rows(2, 0)),
        step(OR, 4, rows(1, 0), rows(2, 0)),
        step(WHERE, 5, rows(3, 0), rows(0, 0), np.array([-7.0])),
    ]
    _filled(steps, [x, *truths, out])
    assert [array[0].tolist() for array in truths] == [
        [True, True, False, False],
        [True, False, True, False],
        [True, False, False, False],
        [True, True, True, False],
    ]
    assert out.tolist() == [[1.0, -7.0, -7.0, -7.0]]


def test_steps_in_their_order() -> None:
    """Each reads what the ones before have filled, though they lend each other the same memory on the way."""
    x = np.random.default_rng(0).integers(-5, 5, (9, 4)).astype(float)
    w = np.array([2.0, -3.0, 5.0])
    scattered = (4, 0, 7, 2, 8, 1, 3, 6, 5)
    steps = [
        step(MUL, 2, rows(0, *scattered), rows(0, *scattered[::-1])),
        step(SUB, 3, rows(2, *scattered), rows(2, *range(9))),
        step(DOT, 4, rows(1, 0, 1), rows(1, 2, 2), rows(3, 0, 1), rows(2, 8, 5)),
        step(SUM, 5, rows(4, 0), rows(4, 1), rows(3, 3)),
        step(ADD, 6, rows(5, *[0] * 9), rows(2, *scattered)),
    ]
    arrays = [x, w, *(np.empty((size, 4)) for size in (9, 9, 2, 1, 9))]
    _filled(steps, arrays)
    whole = program(
        "9* 3 | 9* 9* 2* 1* 9*",
        steps,
        [output(rows(block, *range(len(arrays[block]))), batched=True) for block in range(2, 7)],
    )
    for array, expected in zip(arrays[2:], interpreted(whole, [x, w], 4), strict=True):
        np.testing.assert_array_equal(array, expected)


def test_steps_gather_into_the_same_memory() -> None:
    """One after the other; the two operands of one step go to two arrays."""
    scattered = (4, 0, 7, 2, 8, 1, 3, 6, 5)
    arrays = [np.ones((9, 4)) for _ in range(3)]
    steps = [step(MUL, out, rows(0, *scattered), rows(0, *scattered[::-1])) for out in (1, 2)]
    calls = bound_calls(steps, arrays, FLOAT)
    gathered = [call.keywords["out"] for call in calls if isinstance(call, partial) and call.func is np.take]
    assert len(gathered) == 4
    assert not np.shares_memory(*gathered[:2])
    assert all(any(np.shares_memory(array, before) for before in gathered[:2]) for array in gathered[2:])


def test_in_single_precision() -> None:
    x = np.array([[0.1, 0.2, 3e38]], np.float32)
    arrays = [x, *(np.empty((1, 3), np.float32) for _ in range(3))]
    steps = [
        step(MUL, 1, rows(0, 0), np.array([1.1])),
        step(SQUARE, 2, rows(1, 0)),
        step(DOT, 3, rows(0, 0), np.array([2.0]), rows(1, 0), rows(2, 0)),
    ]
    _filled(steps, arrays, np.dtype(np.float32))
    with np.errstate(over="ignore"):
        scaled = x * np.float32(1.1)
        for made, expected in zip(arrays[1:], (scaled, scaled**2, x * scaled + 2 * scaled**2), strict=True):
            np.testing.assert_allclose(made, expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("primitive", "function"), [(EXP, np.exp), (NEG, np.negative), (MAXIMUM, np.maximum), (MINIMUM, np.minimum)]
)
def test_what_has_a_ufunc_is_computed_by_it(primitive: Primitive, function: np.ufunc) -> None:
    """It can write over an operand, and needs no memory of its own."""
    assert primitive.array is function
