"""A row of the table, and one that a user adds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autodiff import Primitive, Value, cos, exp, local_slopes
from autodiff.rules import PRIMITIVES

RATIO = Primitive(
    "ratio",
    lambda x: math.sin(x) / x,
    lambda x: np.sin(x) / x,
    (lambda out, x: (cos(x) - out) / x,),
)


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_a_row_is_known_by_its_own_name(name: str) -> None:
    row = PRIMITIVES[name]
    assert row.name == name
    assert repr(row) == f"<primitive {name}>"
    assert name.isidentifier()


@pytest.mark.parametrize(
    ("operand", "kind"),
    [
        (0.5, float),
        (np.float64(0.5), np.floating),
        (np.float32(0.5), np.floating),
        (1, float),
        (np.array([0.5, 0.25]), np.ndarray),
        (Value(0.5), Value),
        (np.array([Value(0.5)]), np.ndarray),
    ],
    ids=["float", "float64", "float32", "int", "array", "Value", "array of Values"],
)
def test_what_goes_in_comes_out(operand: Any, kind: type) -> None:
    for function in (exp, RATIO):
        out = function(operand)
        assert isinstance(out, kind)
        assert np.shape(out) == np.shape(operand)


@pytest.mark.parametrize("name", sorted(name for name, row in PRIMITIVES.items() if row.arity == 2))
def test_arrays_of_values_broadcast(name: str) -> None:
    row = PRIMITIVES[name]
    values = np.array([Value(0.25), Value(0.75)])
    made = row(values, np.array([[0.5], [1.5]]))
    assert made.shape == (2, 2)
    for i, constant in enumerate((0.5, 1.5)):
        for j, number in enumerate((0.25, 0.75)):
            assert made[i, j].parents == (values[j],)
            assert made[i, j].data == pytest.approx(row(number, constant), rel=0.0, abs=0.0, nan_ok=True)


def test_a_primitive_of_ones_own_takes_part() -> None:
    x = Value(2.0)
    y = RATIO(x) * 3.0
    y.backward()
    assert y.data == 3.0 * math.sin(2.0) / 2.0
    assert x.grad == pytest.approx(3.0 * (math.cos(2.0) - math.sin(2.0) / 2.0) / 2.0, rel=1e-15)
    assert y.parents[0].primitive is RATIO


def test_a_primitive_of_ones_own_has_ieee_values() -> None:
    """Where `evaluate` raises, the array function decides."""
    assert math.isnan(RATIO(0.0))
    assert math.isnan(RATIO(Value(0.0)).data)
    assert math.isnan(local_slopes(RATIO(Value(0.0)))[0] or 0.0)


@pytest.mark.parametrize("operands", [("text",), (None,), (1j,), ([1.0],)])
def test_operands_that_are_no_numbers(operands: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match="expected one real number"):
        exp(*operands)


@pytest.mark.parametrize("operand", ["text", None, 1j, [1.0]])
def test_operands_beside_a_value_that_are_no_numbers(operand: Any) -> None:
    with pytest.raises(TypeError, match="expected one real number"):
        PRIMITIVES["hypot"](Value(1.0), operand)
