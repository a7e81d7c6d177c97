"""One number on every Python: sums are added from left to right, each rounded once, whatever the builtin `sum` does."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable
from functools import reduce
from typing import Any

import pytest

import autodiff
from autodiff import Value

# Terms that a compensated sum, or one of higher precision, adds up to another number.
CANCELING = [1.0, 1e100, -1e100]
ROUNDED = [0.1] * 10
ONES = [1.0, 1.0, 1.0]

CASES: dict[str, tuple[Callable[[list[Any]], Any], list[float], float]] = {
    "sum": (autodiff.sum, CANCELING, 0.0),
    "sum of tenths": (autodiff.sum, ROUNDED, 0.9999999999999999),
    "mean": (autodiff.mean, CANCELING, 0.0),
    "mean of tenths": (autodiff.mean, ROUNDED, 0.09999999999999999),
    "dot": (lambda terms: autodiff.dot(terms, ONES), CANCELING, 0.0),
    "dot of tenths": (lambda terms: autodiff.dot(terms, [1.0] * 10), ROUNDED, 0.9999999999999999),
    "builtin sum of Values": (sum, CANCELING, 0.0),
}


@pytest.mark.parametrize("case", CASES)
def test_the_bits_of_a_sum(case: str) -> None:
    function, terms, expected = CASES[case]
    assert function([*map(Value, terms)]).data == expected
    assert autodiff.compile(function)([terms])[0] == expected


@pytest.mark.parametrize("case", [case for case in CASES if case != "builtin sum of Values"])
def test_the_bits_of_a_sum_of_floats(case: str) -> None:
    function, terms, expected = CASES[case]
    assert function(terms) == expected


def test_any_terms_are_added_from_left_to_right() -> None:
    draw = random.Random(0)
    for count in range(1, 200):
        terms = [draw.uniform(-1.0, 1.0) * 10.0 ** draw.randint(-20, 20) for _ in range(count)]
        partners = [draw.gauss(0.0, 1.0) for _ in terms]
        assert autodiff.sum(terms) == reduce(operator.add, terms, 0.0)
        assert autodiff.mean(terms) == reduce(operator.add, terms, 0.0) / count
        assert autodiff.dot(terms, partners) == reduce(operator.add, map(operator.mul, terms, partners), 0.0)
