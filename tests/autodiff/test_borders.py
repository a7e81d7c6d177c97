"""What comes in from NumPy and from Python, where it is not quite a number."""

from __future__ import annotations

import asyncio
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autodiff import (
    CoercionError,
    OptionError,
    RangeError,
    Value,
    check_gradients,
    enable_grad,
    grad,
    jacobian,
    no_grad,
)

COMPARISONS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("number", [1.0, 2.0, 3.0])
def test_a_longdouble_on_the_left_is_compared(compare: Callable[[Any, Any], Any], number: float) -> None:
    assert bool(compare(np.longdouble(number), Value(2.0))) == compare(number, 2.0)
    assert compare(np.array([number, 2.0], dtype=np.longdouble), Value(2.0)).tolist() == [
        compare(number, 2.0),
        compare(2.0, 2.0),
    ]


REFUSED = [
    np.ma.masked,
    np.ma.array(1.0, mask=True),
    np.ma.array([1.0], mask=[True]),
    np.timedelta64(1, "D"),
    np.timedelta64(1, "s"),
    np.array(np.timedelta64(1, "s")),
    np.datetime64("2020"),
]


@pytest.mark.parametrize("given", REFUSED, ids=repr)
def test_what_is_no_number_is_refused(given: Any) -> None:
    with pytest.raises(CoercionError, match="expected one real number"):
        Value(given)


@pytest.mark.parametrize("given", [np.ma.masked, np.timedelta64(1, "s")], ids=repr)
def test_nor_is_it_added(given: Any) -> None:
    with pytest.raises(CoercionError):
        Value(1.0) + given


def test_a_masked_array_without_masked_entries_is_a_number() -> None:
    assert Value(np.ma.array([2.0], mask=[False])).data == 2.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: grad(lambda x: x)(10**400),
        lambda: jacobian(lambda x: [x[0]])([10**400]),
        lambda: check_gradients(lambda x: x, 10**400),
    ],
)
def test_an_integer_beyond_the_floats_is_refused(call: Callable[[], Any]) -> None:
    with pytest.raises(RangeError, match=r"range of float64, about ±1\.8e308, got a larger int; scale it"):
        call()


@pytest.mark.parametrize("label", [3, b"x", ["x"], Value(1.0)])
def test_a_label_is_text(label: Any) -> None:
    with pytest.raises(CoercionError, match=r"a label is text, got .*; use str"):
        Value(1.0, label=label)


@pytest.mark.parametrize("label", [3, b"x", ["x"], Value(1.0)])
def test_nor_is_what_is_no_text_assigned_as_a_label(label: Any) -> None:
    x, y = Value(1.0, label="x"), Value(1.0) * 2.0
    for node in (x, y):
        with pytest.raises(CoercionError, match=r"a label is text, got .*; use str"):
            node.label = label
    x.label, y.label = None, "y"
    assert (x.label, y.label) == (None, "y")


def test_a_gradient_of_none_is_none_yet() -> None:
    x = Value(3.0)
    x.grad = None
    (x * x).backward()
    assert x.grad == 6.0


@pytest.mark.parametrize("context", [no_grad, enable_grad])
def test_what_runs_later_is_not_decorated(context: Callable[[], Any]) -> None:
    def generator() -> Iterator[Value]:
        yield Value(1.0) * 2.0

    async def coroutine() -> None:
        await asyncio.sleep(0)

    for function in (generator, coroutine):
        with pytest.raises(OptionError, match="runs after the decorated call is over; use the context inside"):
            context()(function)


def test_functions_are_decorated_as_often_as_they_are_called() -> None:
    @no_grad()
    def square(x: Value) -> Value:
        return x * x

    assert [square(Value(2.0)).operands for _ in range(3)] == [()] * 3
