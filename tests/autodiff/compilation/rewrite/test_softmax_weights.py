"""Softmax weights: logsumexp and its slopes from one exponential a term, with infinities among the terms."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np
import pytest

from autodiff.compilation.rewrite.softmax_weights import FINITE, HUGE, LARGEST, SOFTMAX_WEIGHTS
from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import tracing
from autodiff.graph import topological_order
from autodiff.rules import EXP
from tests.autodiff.compilation.agreement import disagreements
from tests.autodiff.compilation.by_hand import evaluated, leaves

INF, NAN = math.inf, math.nan
RECORDS = [
    *itertools.product((0.0, 1.0, -3.5, 700.0, -745.0, 1e5, 1e5 + 0.1), repeat=2),
    (8e307, -8e307),
    (8e307, 8e307),
    (8e307, 7e307),
    (3.0, -INF),
    (-8e307, -INF),
]

# (terms, logsumexp, weights): infinities beside each other, where the limits of the weights differ.
AT_INFINITY: list[tuple[tuple[float, float], float, tuple[float, float]]] = [
    ((INF, 1.0), INF, (1.0, 0.0)),
    ((8e307, INF), INF, (0.0, 1.0)),
    ((INF, INF), INF, (0.5, 0.5)),
    ((INF, -INF), INF, (1.0, 0.0)),
    ((-INF, -INF), -INF, (0.5, 0.5)),
    ((NAN, 1.0), NAN, (NAN, NAN)),
]


def _made(terms: Sequence[Symbol]) -> list[Any]:
    """logsumexp, then the weight of each term."""
    with tracing():
        return list(SOFTMAX_WEIGHTS.right(*terms))


def _parts(records: Sequence[tuple[float, ...]]) -> np.ndarray:
    """For each record logsumexp, then the weights."""
    terms = leaves("abcdefgh"[: len(records[0])])
    return np.transpose(evaluated(_made(terms), dict(zip(terms, zip(*records, strict=True), strict=True))))


def _exact(record: tuple[float, ...]) -> list[float]:
    """The same in 50 digits."""
    with mpmath.workdps(50):
        peak = max(record)
        weights = [mpmath.exp(mpmath.mpf(term) - peak) for term in record]
        total = mpmath.fsum(weights)
        return [float(peak + mpmath.log(total)), *(float(weight / total) for weight in weights)]


def test_against_fifty_digits() -> None:
    expected = np.array([*map(_exact, RECORDS)])
    assert not disagreements(_parts(RECORDS), expected, ulps=4.0, scale=[1.0, 0.0, 0.0])


@pytest.mark.parametrize("count", [1, 3, 8])
def test_of_any_number_of_terms(count: int) -> None:
    records = [tuple(row) for row in np.random.default_rng(count).normal(scale=20.0, size=(20, count)).tolist()]
    expected = np.array([*map(_exact, records)])
    assert not disagreements(_parts(records), expected, ulps=6.0, scale=[1.0] + [0.0] * count)


def test_at_infinity() -> None:
    expected = [[out, *weights] for _, out, weights in AT_INFINITY]
    np.testing.assert_array_equal(_parts([terms for terms, _, _ in AT_INFINITY]), expected)


def test_one_exponential_a_term() -> None:
    assert sum(symbol.primitive is EXP for symbol in topological_order(*_made(leaves("abc")))) == 3


NUMBERS = (0.0, -2.0, 1e308, -1e308, 1.7e308, -1.7e308, INF, -INF, NAN)


def test_finite() -> None:
    expected = [0.0, -2.0, HUGE, -HUGE, HUGE, -HUGE, HUGE, -HUGE, NAN]
    assert not disagreements([*map(FINITE.compute, NUMBERS)], expected, ulps=0.0)
    np.testing.assert_array_equal(FINITE.array(np.array(NUMBERS)), expected)
    assert math.isfinite(HUGE - -HUGE)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_largest(count: int) -> None:
    records = [*itertools.product(NUMBERS, repeat=count)]
    expected = [NAN if any(map(math.isnan, record)) else max(record) for record in records]
    assert not disagreements([LARGEST.compute(*record) for record in records], expected, ulps=0.0)
    np.testing.assert_array_equal(LARGEST.array(*np.transpose(records)), expected)
