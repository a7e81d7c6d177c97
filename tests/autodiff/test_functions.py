"""The documented functions where they are more than one row: reductions, softmax, clip, and their refusals."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import autodiff
from autodiff import ShapeError, Value, clip, dot, log_softmax, logsumexp, mean, norm, prod, softmax
from tests.autodiff import exact
from tests.autodiff.domains import DOMAINS

REDUCTIONS: list[Callable[[Any], Any]] = [autodiff.sum, prod, mean, norm, logsumexp]
NUMBERS = (0.5, -1.25, 2.0)

VECTORS: list[tuple[str, Callable[[Any], Any]]] = [
    ("list", list),
    ("tuple", tuple),
    ("generator", lambda entries: (entry for entry in entries)),
    ("array", np.array),
]


@pytest.mark.parametrize("reduction", REDUCTIONS, ids=lambda reduction: reduction.__name__)
@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in VECTORS])
def test_a_reduction_is_one_node(reduction: Callable[[Any], Any], make: Callable[[Any], Any]) -> None:
    values = [*map(Value, NUMBERS)]
    node = reduction(make(values))
    assert [*map(id, node.parents)] == [*map(id, values)]
    number = reduction(make(NUMBERS))
    assert type(number) is float
    assert node.data == number
    assert exact.ulps(number, exact.value(DOMAINS[reduction.__name__].reference, NUMBERS)) <= 4.0


def test_dot_is_one_node() -> None:
    values = [Value(1.0), Value(2.0)]
    node = dot(values, [3.0, 4.0])
    assert (node.data, node.parents) == (11.0, tuple(values))
    assert dot(np.array([1.0, 2.0]), (3, 4)) == 11.0


def test_a_node_of_a_mixed_vector_keeps_its_constants() -> None:
    x = Value(2.0)
    assert autodiff.sum([1.0, x, 3]).operands == (1.0, x, 3.0)


def test_a_sum_starts_where_it_is_told() -> None:
    x, y = Value(2.0), Value(3.0)
    assert autodiff.sum([x, y], y).operands == (y, x, y)
    assert autodiff.sum([x, 3], start=1.0).operands == (1.0, x, 3.0)
    assert autodiff.sum([x], 0).operands == (x,)
    assert autodiff.sum([], start=4) == 4.0
    assert autodiff.sum([1, 2], start=4) == 7.0


@pytest.mark.parametrize(
    ("reduction", "empty"), [(autodiff.sum, 0.0), (prod, 1.0), (norm, 0.0), (logsumexp, -math.inf)]
)
def test_of_nothing(reduction: Callable[[Any], Any], empty: float) -> None:
    assert reduction([]) == empty
    assert dot([], []) == 0.0


@pytest.mark.parametrize(("function", "name"), [(mean, "mean"), (softmax, "logsumexp"), (log_softmax, "logsumexp")])
def test_of_nothing_refused(function: Callable[[Any], Any], name: str) -> None:
    with pytest.raises(ShapeError, match=f"{name} needs at least one entry"):
        function([])


def test_dot_names_both_lengths() -> None:
    with pytest.raises(ShapeError, match="lengths 2 and 3") as caught:
        dot([1.0, 2.0], [1.0, 2.0, 3.0])
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("function", [*REDUCTIONS, softmax, log_softmax])
@pytest.mark.parametrize("given", [3.0, Value(3.0), np.ones((2, 2)), np.array(3.0)], ids=["float", "Value", "2d", "0d"])
def test_what_is_not_a_vector(function: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(ShapeError, match="expected a vector"):
        function(given)


@pytest.mark.parametrize("function", [*REDUCTIONS, softmax])
def test_entries_that_are_no_numbers(function: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError):
        function([Value(1.0), "text"])


LOGITS: list[tuple[float, ...]] = [
    (0.0,),
    (1.0, 1.0),
    (0.5, -1.25, 2.0),
    (1000.0, 0.0, -1000.0),
    (1e4, 1e4),
    (-700.3, 0.2),
]


def _rounding(logits: tuple[float, ...]) -> float:
    """What rounding each logit and logsumexp of them costs in the logarithm, twice over."""
    return 2.0**-52 * 2.0 * (1.0 + max(map(abs, logits)))


@pytest.mark.parametrize("logits", LOGITS)
def test_softmax(logits: tuple[float, ...]) -> None:
    shares = softmax(logits)
    for place, share in enumerate(shares):
        definition = exact.value(lambda *xs, place=place: mp.exp(xs[place]) / mp.fsum(map(mp.exp, xs)), logits)
        assert share == pytest.approx(float(definition), rel=_rounding(logits), abs=1e-323)
    assert math.fsum(shares) == pytest.approx(1.0, rel=_rounding(logits))


@pytest.mark.parametrize("logits", LOGITS)
def test_log_softmax(logits: tuple[float, ...]) -> None:
    for place, number in enumerate(log_softmax(logits)):
        definition = exact.value(lambda *xs, place=place: xs[place] - mp.log(mp.fsum(map(mp.exp, xs))), logits)
        assert number == pytest.approx(float(definition), rel=_rounding(logits), abs=_rounding(logits))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_gradient_of_softmax(place: int) -> None:
    logits = [*map(Value, NUMBERS)]
    softmax(logits)[place].backward()
    slopes = [
        float(exact.slope(lambda *xs: mp.exp(xs[place]) / mp.fsum(map(mp.exp, xs)), NUMBERS, along))
        for along in range(3)
    ]
    assert [logit.grad for logit in logits] == pytest.approx(slopes, rel=1e-13)


@pytest.mark.parametrize(("number", "expected", "slope"), [(-3.0, -1.0, 0.0), (0.5, 0.5, 1.0), (4.0, 2.0, 0.0)])
def test_clip(number: float, expected: float, slope: float) -> None:
    x = Value(number)
    y = clip(x, -1.0, 2.0)
    y.backward()
    assert (y.data, x.grad) == (expected, slope)
    assert clip(number, -1.0, 2.0) == expected
    assert clip(np.array([number]), -1.0, 2.0).tolist() == [expected]


def test_bounds_of_clip_may_be_values() -> None:
    low = Value(1.0)
    clip(Value(0.0), low, 2.0).backward()
    assert low.grad == 1.0


def test_activations_have_defaults() -> None:
    assert autodiff.leaky_relu(-2.0) == -0.02
    assert autodiff.elu(-1.0) == math.expm1(-1.0)
