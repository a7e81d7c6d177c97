"""Operations of a trace: those of the walk that all graphs share, in its order, without the leaves."""

from __future__ import annotations

import random
from typing import Any

import pytest

from autodiff.compilation.trace.operations import operations_below
from autodiff.graph import topological_order
from autodiff.rules import ADD, DOT, EXP
from tests.autodiff.compilation.by_hand import leaf, leaves, node


@pytest.mark.parametrize("seed", range(20))
def test_they_are_in_the_order_of_the_walk_of_all_graphs(seed: int) -> None:
    draw = random.Random(seed)
    known: list[Any] = leaves("wxyz")
    for _ in range(25):
        a, b, c, d = (draw.choice([*known, 2.0]) for _ in range(4))
        known.append(node(*draw.choice([(EXP, draw.choice(known)), (ADD, a, draw.choice(known)), (DOT, a, b, c, d)])))
    roots = [draw.choice(known) for _ in range(3)]
    expected = [symbol for symbol in topological_order(*roots) if symbol.operands]
    assert [*map(id, operations_below([*roots, 5.0]))] == [*map(id, expected)]


def test_leaves_and_numbers_have_none() -> None:
    assert operations_below([leaf("x"), 1.0]) == []
