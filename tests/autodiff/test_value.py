"""What a Value is made from, refuses, compares and shows."""

from __future__ import annotations

import decimal
import fractions
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff import AutodiffError, CoercionError, GraphCutError, RangeError, Value, no_grad
from autodiff.rules import PRIMITIVES

REAL: list[tuple[Any, float]] = [
    (3, 3.0),
    (3.5, 3.5),
    (True, 1.0),
    (10**300, 1e300),
    (fractions.Fraction(1, 4), 0.25),
    (np.float64(1.5), 1.5),
    (np.float32(0.1), 0.10000000149011612),
    (np.float16(0.5), 0.5),
    (np.int64(-7), -7.0),
    (np.uint8(200), 200.0),
    (np.bool_(True), 1.0),
    (np.array(2.5), 2.5),
    (np.array(2), 2.0),
    (math.inf, math.inf),
    (-0.0, -0.0),
]

NOT_REAL: list[Any] = [
    1 + 2j,
    np.complex128(1),
    "3",
    b"3",
    None,
    [1.0],
    (1.0,),
    {1.0: 2.0},
    {1.0},
    np.array([1.0, 2.0]),
    np.array([]),
    np.array("3"),
    np.array(1j),
    np.str_("3"),
    object(),
    float,
    decimal.Decimal(1),  # not a numbers.Real: it refuses to mix with floats itself
]

BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
COMPARISONS = [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]


def _named(thing: Any) -> str:
    """The same in every process: an object's own repr holds its address."""
    return "object" if type(thing) is object else f"{type(thing).__name__} {thing!r}"[:40]


@pytest.mark.parametrize(("given", "number"), REAL, ids=lambda thing: _named(thing))
def test_data_is_a_python_float(given: Any, number: float) -> None:
    value = Value(given)
    assert type(value.data) is float
    assert value.data == number
    assert type(value.grad) is float


@pytest.mark.parametrize("given", NOT_REAL, ids=_named)
def test_what_is_not_one_real_number_is_refused(given: Any) -> None:
    with pytest.raises(CoercionError, match="expected one real number, got") as caught:
        Value(given)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, AutodiffError)


@pytest.mark.parametrize("given", NOT_REAL, ids=_named)
def test_assigning_data_refuses_the_same(given: Any) -> None:
    value = Value(1.0)
    with pytest.raises(CoercionError):
        value.data = given
    assert value.data == 1.0


def test_an_integer_beyond_the_floats() -> None:
    with pytest.raises(RangeError, match="within the range of float64") as caught:
        Value(10**400)
    assert isinstance(caught.value, OverflowError)


def test_a_value_of_a_value_is_refused() -> None:
    with pytest.raises(CoercionError, match="use it as it is, or detach"):
        Value(Value(1.0))


def test_a_refusal_stays_short() -> None:
    with pytest.raises(CoercionError) as caught:
        Value("x" * 10_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(("given", "number"), REAL, ids=lambda thing: _named(thing))
@pytest.mark.parametrize("operate", BINARY)
def test_operators_coerce_on_either_side(operate: Callable[..., Any], given: Any, number: float) -> None:
    value = Value(2.0)
    with np.errstate(all="ignore"):
        for computed, expected in (
            (operate(value, given), operate(np.float64(2.0), np.float64(number))),
            (operate(given, value), operate(np.float64(number), np.float64(2.0))),
        ):
            assert isinstance(computed, Value)
            assert computed.parents == (value,)
            assert computed.data == expected


@pytest.mark.parametrize("operate", BINARY)
@pytest.mark.parametrize("given", [1j, "3", None, [1.0], (1.0,), {}, object()], ids=_named)
def test_operators_refuse_on_either_side(operate: Callable[..., Any], given: Any) -> None:
    with pytest.raises(TypeError):
        operate(Value(2.0), given)
    with pytest.raises(TypeError):
        operate(given, Value(2.0))


class _Friend:
    """A type that knows what to do with a Value."""

    def __radd__(self, other: Value) -> str:
        return f"friend of {other.data}"


def test_operators_leave_unknown_types_the_last_word() -> None:
    assert Value(2.0) + _Friend() == "friend of 2.0"


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("right", [1.0, 2.0, 3.0, math.nan])
def test_comparisons_are_those_of_the_numbers(compare: Callable[..., Any], right: float) -> None:
    expected = compare(2.0, right)
    value = Value(2.0)
    for computed in (
        compare(value, Value(right)),
        compare(value, right),
        compare(value, np.float64(right)),
        compare(np.float64(2.0), Value(right)),
        compare(2.0, Value(right)),
    ):
        assert isinstance(computed, (bool, np.bool_))
        assert computed == expected


@pytest.mark.parametrize("other", ["2", None, [2.0], object()], ids=_named)
def test_comparisons_with_what_is_no_number(other: Any) -> None:
    assert (Value(2.0) == other) is False
    assert (Value(2.0) != other) is True
    with pytest.raises(TypeError):
        assert Value(2.0) < other


def test_hash_is_by_identity() -> None:
    one, other = Value(1.0), Value(1.0)
    assert one == other
    assert len({one: 1, other: 2}) == 2
    before = hash(one)
    one.data = 5.0
    assert hash(one) == before


@pytest.mark.parametrize(("number", "truth"), [(0.0, False), (-0.0, False), (1.0, True), (math.nan, True)])
def test_truth_is_that_of_the_number(number: float, truth: bool) -> None:
    assert bool(Value(number)) is truth


@pytest.mark.parametrize("convert", [float, int, complex, math.sqrt, lambda v: range(5)[v]])
def test_a_plain_number_is_not_made_silently(convert: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError):
        convert(Value(2.0))


@pytest.mark.parametrize("convert", [float, int, complex])
def test_the_refusal_points_to_data(convert: Callable[[Any], Any]) -> None:
    with pytest.raises(GraphCutError, match=r"\.data"):
        convert(Value(2.0))


def test_in_place_operators_rebind() -> None:
    x = Value(2.0)
    y = x
    y += 3.0
    y *= x
    assert (x.data, y.data) == (2.0, 10.0)
    assert not [name for name in dir(Value) if name in {"__iadd__", "__isub__", "__imul__", "__itruediv__"}]


def test_detach_is_a_new_leaf() -> None:
    x = Value(3.0)
    y = x * x
    y.label = "y"
    cut = y.detach()
    (cut * 2.0).backward()
    assert (cut.data, cut.label, cut.operands) == (9.0, "y", ())
    assert cut is not y
    assert (cut.grad, x.grad) == (2.0, 0.0)


def test_item_is_the_number() -> None:
    assert type(Value(3).item()) is float
    assert Value(3).item() == 3.0


def test_a_value_has_no_room_for_other_attributes() -> None:
    with pytest.raises(AttributeError):
        Value(1.0).lable = "misspelt"


def test_parents_keep_every_edge_in_order() -> None:
    x, y = Value(2.0), Value(3.0)
    assert (x * x).parents == (x, x)
    assert [parent is x for parent in (y - x).parents] == [False, True]
    assert (x * 2.0).operands == (x, 2.0)
    assert (2.0 - x).operands == (2.0, x)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Value(3.0), "Value(data=3.0, grad=0.0)"),
        (Value(3.0, label="w"), "Value(data=3.0, grad=0.0, label='w')"),
        (Value(3.0) * 2.0, "Value(data=6.0, grad=0.0, op=mul)"),
        (Value(1.0) / 0.0, "Value(data=inf, grad=0.0, op=div)"),
    ],
)
def test_repr(value: Value, shown: str) -> None:
    assert repr(value) == str(value) == shown


@pytest.mark.parametrize("spec", [".4f", "8.2e", "+g", ">10.3f", ""])
def test_format_is_that_of_the_number(spec: str) -> None:
    value = Value(math.pi)
    assert format(value, spec) == (format(math.pi, spec) if spec else repr(value))


def test_repr_does_not_walk_the_graph() -> None:
    node = Value(1.0)
    for _ in range(50_000):
        node = node + node  # as a tree, 2**50000 leaves
    assert len(repr(node)) < 100


def test_every_operation_has_ieee_results() -> None:
    zero = Value(0.0)
    assert (Value(1.0) / zero).data == math.inf
    assert math.isnan((zero / zero).data)
    assert (Value(1e200) * 1e200).data == math.inf
    assert (Value(1e200) ** 2).data == math.inf


METHODS = sorted(row.name for row in PRIMITIVES.values() if row.arity in (1, 2) and not row.chooses)


@pytest.mark.parametrize("name", METHODS)
def test_operations_are_methods_too(name: str) -> None:
    row = PRIMITIVES[name]
    value = Value(0.75)
    others = [Value(0.5)] * ((row.arity or 1) - 1)
    made = getattr(value, name)(*others)
    expected = row(value, *others)
    assert (made.primitive, made.operands) == (expected.primitive, expected.operands)
    assert made.data == expected.data or math.isnan(expected.data)


def test_methods_record_nothing_under_no_grad() -> None:
    with no_grad():
        assert Value(0.5).tanh().operands == ()
