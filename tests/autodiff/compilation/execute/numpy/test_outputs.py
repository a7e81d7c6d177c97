"""Outputs: rows of blocks and constants stand in a vector where an output says, and what is there already stays."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from autodiff.compilation.execute.numpy.outputs import copies_into
from autodiff.compilation.execute.numpy.quiet import run_calls
from autodiff.compilation.program.program import Output, Read, Rows
from tests.autodiff.compilation.by_hand import rows

RECORDS = 3
SHARED = np.arange(10.0) + 100.0
RECORDED = np.arange(30.0).reshape(10, RECORDS)


def _filled(parts: Sequence[tuple[Sequence[int], Read]], *, batched: bool) -> tuple[np.ndarray, int]:
    """The vector after its copies, and how many those are."""
    size = sum(len(positions) for positions, _ in parts)
    vector = np.full((size, RECORDS) if batched else size, np.nan)
    whole = Output("result", size, batched, tuple((np.array(positions, np.intp), read) for positions, read in parts))
    calls = copies_into(vector, whole, [SHARED, RECORDED])
    for _ in range(2):
        run_calls(calls)
    return vector, len(calls)


def _expected(parts: Sequence[tuple[Sequence[int], Read]], *, batched: bool) -> np.ndarray:
    entries: dict[int, np.ndarray] = {}
    for positions, read in parts:
        found = (SHARED, RECORDED)[read.block][read.index] if isinstance(read, Rows) else read
        entries |= dict(zip(positions, found, strict=True))
    ordered = [entries[position] for position in range(len(entries))]
    return np.array([np.broadcast_to(entry, RECORDS) for entry in ordered]) if batched else np.array(ordered)


# (what, parts, whether they differ from record to record, copies)
PARTS: list[tuple[str, list[tuple[list[int], Read]], bool, int]] = [
    ("one block", [([0, 1, 2], rows(0, 4, 5, 6))], False, 1),
    ("backwards", [([0, 1, 2], rows(0, 6, 5, 4))], False, 1),
    ("one row in several places", [([0, 1, 2], rows(1, 3, 3, 3))], True, 1),
    ("out of step", [([0, 1, 2], rows(0, 1, 0, 8))], False, 3),
    ("in turn", [([0, 2, 4], rows(1, 0, 1, 2)), ([1, 3, 5], rows(1, 9, 8, 7))], True, 2),
    ("here and there", [([0, 3, 4], rows(1, 0, 1, 2)), ([1, 2], rows(1, 9, 8))], True, 4),
    ("a grid", [([0, 1, 4, 5, 2, 3, 6, 7], rows(0, 0, 1, 4, 5, 2, 3, 6, 7))], False, 1),
    ("constants", [([1], np.array([2.5])), ([0, 2], np.array([1.5, np.inf]))], False, 0),
    ("constants of records", [([1], np.array([2.5])), ([0], rows(1, 4))], True, 1),
    ("shared among those of records", [([1, 0], rows(0, 4, 5)), ([2], rows(1, 4))], True, 2),
    ("nothing", [], False, 0),
]


@pytest.mark.parametrize(("parts", "batched", "copies"), [pytest.param(*row[1:], id=row[0]) for row in PARTS])
def test_each_part_in_its_place(parts: list[tuple[list[int], Read]], batched: bool, copies: int) -> None:
    vector, made = _filled(parts, batched=batched)
    np.testing.assert_array_equal(vector, _expected(parts, batched=batched))
    assert made <= copies


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("batched", [False, True])
def test_any_parts(seed: int, batched: bool) -> None:
    draws = random.Random(seed)
    positions = draws.sample(range(12), 12)
    first, second = sorted(draws.choices(range(13), k=2))
    parts: list[tuple[Sequence[int], Read]] = [
        (positions[:first], np.array(draws.choices([1.5, 2.5, -0.0], k=first))),
        (sorted(positions[first:second]), rows(0, *draws.choices(range(10), k=second - first))),
        (
            positions[second:],
            rows(int(batched), *draws.sample(range(10) if second > 2 else [*range(10), 0, 0], 12 - second)),
        ),
    ]
    parts = [part for part in parts if len(part[0])]
    vector, _ = _filled(parts, batched=batched)
    np.testing.assert_array_equal(vector, _expected(parts, batched=batched))


def test_what_is_computed_in_the_vector_is_not_copied() -> None:
    vector = np.arange(4.0)
    whole = Output("result", 4, False, ((np.array([0, 1]), rows(0, 0, 1)), (np.array([2, 3]), rows(1, 0, 1))))
    calls = copies_into(vector, whole, [vector[:2], np.array([7.0, 8.0])])
    run_calls(calls)
    assert (vector.tolist(), len(calls)) == ([0.0, 1.0, 7.0, 8.0], 1)


def test_later_numbers_are_copied_by_the_same_calls() -> None:
    block, vector = np.zeros(3), np.empty(3)
    calls = copies_into(vector, Output("result", 3, False, ((np.array([2, 0, 1]), rows(0, 0, 2, 1)),)), [block])
    block[:] = [1.0, 2.0, 3.0]
    run_calls(calls)
    assert vector.tolist() == [3.0, 2.0, 1.0]
