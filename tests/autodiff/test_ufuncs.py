"""NumPy meets Values: ufuncs on them, on arrays of them, and NumPy numbers and arrays on either side."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff
from autodiff import AutodiffError, UnknownUfuncError, Value
from autodiff.rules import PRIMITIVES
from autodiff.ufuncs import SCIPY

INSIDE = 0.625  # inside the domain of every function of one operand but arccosh
PAIR = (0.625, 1.75)

UNARY: list[np.ufunc] = [
    np.negative,
    np.positive,
    np.absolute,
    np.fabs,
    np.square,
    np.reciprocal,
    np.sqrt,
    np.cbrt,
    np.exp,
    np.expm1,
    np.exp2,
    np.log,
    np.log1p,
    np.log2,
    np.log10,
    np.sin,
    np.cos,
    np.tan,
    np.arcsin,
    np.arccos,
    np.arctan,
    np.sinh,
    np.cosh,
    np.tanh,
    np.arcsinh,
    np.arccosh,
    np.arctanh,
    np.sign,
    np.floor,
    np.ceil,
    np.rint,
]
BINARY: list[np.ufunc] = [
    np.add,
    np.subtract,
    np.multiply,
    np.divide,
    np.power,
    np.float_power,
    np.hypot,
    np.arctan2,
    np.logaddexp,
    np.maximum,
    np.minimum,
    np.remainder,
    np.floor_divide,
]
COMPARISONS: list[np.ufunc] = [np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal]

# NumPy has no loop on objects for these, so on an array of Values it stops before it asks them.
WITHOUT_OBJECT_LOOP = {"float_power", "logaddexp"}
# NumPy's loop on objects compares them with 0 and gives plain numbers, which have the right slope, none.
GIVES_NUMBERS = {np.sign}

Operation = Callable[[Any, Any], Any]
OPERATORS: list[Operation] = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


def _number(ufunc: np.ufunc) -> float:
    return 1.625 if ufunc is np.arccosh else INSIDE


def _name(ufunc: np.ufunc) -> str:
    return ufunc.__name__


def test_the_tables_hold_every_ufunc_of_a_row() -> None:
    rows = {row.array for row in PRIMITIVES.values() if isinstance(row.array, np.ufunc)}
    assert rows | {np.fabs, np.power, np.cbrt} == {*UNARY, *BINARY}


@pytest.mark.parametrize("ufunc", UNARY, ids=_name)
def test_unary_on_a_value(ufunc: np.ufunc) -> None:
    x = Value(_number(ufunc))
    y = ufunc(x)
    assert isinstance(y, Value)
    assert y.parents == (x,)
    assert y.data == pytest.approx(float(ufunc(x.data)), rel=1e-14)


@pytest.mark.parametrize("ufunc", sorted(set(UNARY) - GIVES_NUMBERS, key=_name), ids=_name)
def test_unary_on_an_array_of_values(ufunc: np.ufunc) -> None:
    xs = np.array([Value(_number(ufunc)), Value(_number(ufunc) + 0.125)])
    ys = ufunc(xs)
    assert (ys.shape, ys.dtype) == ((2,), object)
    for x, y in zip(xs, ys, strict=True):
        y.backward()
        alone = Value(x.data)
        ufunc(alone).backward()
        assert (y.data, x.grad) == pytest.approx((float(ufunc(x.data)), alone.grad), rel=1e-14)


def test_sign_on_an_array_of_values() -> None:
    assert np.sign(np.array([Value(-2.0), Value(0.0), Value(3.0)])).tolist() == [-1, 0, 1]


@pytest.mark.parametrize("ufunc", BINARY, ids=_name)
@pytest.mark.parametrize("make", [float, np.float64, np.float32, np.array, Value], ids=lambda make: make.__name__)
def test_binary_with_a_scalar_on_either_side(ufunc: np.ufunc, make: Callable[[float], Any]) -> None:
    left, right = PAIR
    for operands in ((Value(left), make(right)), (make(left), Value(right))):
        result = ufunc(*operands)
        assert isinstance(result, Value)
        assert result.data == pytest.approx(float(ufunc(left, right)), rel=1e-14)
        assert {*map(id, result.parents)} == {id(operand) for operand in operands if isinstance(operand, Value)}


@pytest.mark.parametrize("ufunc", BINARY, ids=_name)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (1, 1)])
def test_binary_with_an_array_of_numbers_on_either_side(ufunc: np.ufunc, shape: tuple[int, ...]) -> None:
    numbers = np.linspace(0.25, 1.5, math.prod(shape)).reshape(shape)
    value = Value(0.75)
    for result, expected in (
        (ufunc(value, numbers), ufunc(0.75, numbers)),
        (ufunc(numbers, value), ufunc(numbers, 0.75)),
    ):
        assert (result.shape, result.dtype) == (shape, object)
        for node, number in zip(result.ravel(), expected.ravel(), strict=True):
            assert isinstance(node, Value)
            assert node.parents == (value,)
            assert node.data == pytest.approx(number, rel=1e-14)


@pytest.mark.parametrize("ufunc", BINARY, ids=_name)
def test_binary_on_arrays_of_values(ufunc: np.ufunc) -> None:
    if _name(ufunc) in WITHOUT_OBJECT_LOOP:
        with pytest.raises(TypeError):
            ufunc(np.array([Value(0.5)]), np.array([Value(0.5)]))
        return
    lefts, rights = np.array([Value(0.5), Value(1.25)]), np.array([Value(0.75), Value(0.25)])
    for node, left, right in zip(ufunc(lefts, rights), lefts, rights, strict=True):
        alone = Value(left.data), Value(right.data)
        expected = ufunc(*alone)
        node.backward()
        expected.backward()
        assert (node.data, left.grad, right.grad) == (expected.data, alone[0].grad, alone[1].grad)


@pytest.mark.parametrize("operate", OPERATORS, ids=lambda operate: operate.__name__)
@pytest.mark.parametrize("kind", ["numbers", "values", "scalar", "float32"])
def test_operators_between_a_value_and_an_array(operate: Operation, kind: str) -> None:
    numbers = {"scalar": np.float64(1.5), "float32": np.float32(1.5)}.get(kind, np.array([1.5, 2.5]))
    other = np.array([*map(Value, numbers)]) if kind == "values" else numbers
    value = Value(0.75)
    for computed, expected in (
        (operate(value, other), operate(0.75, numbers)),
        (operate(other, value), operate(numbers, 0.75)),
    ):
        for node, number in zip(np.ravel(computed), np.ravel(expected), strict=True):
            assert isinstance(node, Value)
            assert node.data == pytest.approx(float(number), rel=1e-6)
            assert value in node.parents


@pytest.mark.parametrize("ufunc", COMPARISONS, ids=_name)
def test_comparisons(ufunc: np.ufunc) -> None:
    numbers = np.array([1.0, 2.0, 3.0])
    expected = ufunc(numbers, 2.0).tolist()
    for computed in (
        ufunc(numbers, Value(2.0)),
        ufunc(np.array([*map(Value, numbers)]), 2.0),
        ufunc(np.array([*map(Value, numbers)]), Value(2.0)),
    ):
        assert computed.tolist() == expected
        assert all(type(truth) in (bool, np.bool_) for truth in computed)
    assert bool(ufunc(Value(1.0), 2.0)) == bool(ufunc(1.0, 2.0))


def test_comparison_with_an_array_of_numbers_is_a_mask() -> None:
    mask = np.array([1.0, 2.0, 3.0]) > Value(1.5)
    assert mask.dtype == bool
    assert np.array([1.0, 2.0, 3.0])[mask].tolist() == [2.0, 3.0]


@pytest.mark.parametrize(
    ("predicate", "number", "truth"),
    [(np.isnan, math.nan, True), (np.isinf, -math.inf, True), (np.isfinite, 1.0, True), (np.signbit, -1.0, True)],
    ids=["isnan", "isinf", "isfinite", "signbit"],
)
def test_predicates(predicate: np.ufunc, number: float, truth: bool) -> None:
    assert predicate(Value(number)) == truth


def test_dot_records() -> None:
    weights = np.array([Value(2.0), Value(-1.0)])
    out = np.dot(weights, np.array([3.0, 5.0]))
    out.backward()
    assert (out.data, [w.grad for w in weights]) == (1.0, [3.0, 5.0])


@pytest.mark.parametrize("swapped", [False, True])
def test_matrix_products_record(swapped: bool) -> None:
    matrix = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    vector = np.array([5.0, 6.0])
    out = np.dot(vector, matrix) if swapped else matrix @ vector
    assert [node.data for node in out] == ([23.0, 34.0] if swapped else [17.0, 39.0])
    out[0].backward()
    grads = [w.grad for w in matrix.ravel()]
    assert grads == ([5.0, 0.0, 6.0, 0.0] if swapped else [5.0, 6.0, 0.0, 0.0])


def test_mean_squared_error_records() -> None:
    outputs = np.array([Value(1.0), Value(3.0)])
    loss = np.mean((outputs - np.array([0.0, 1.0])) ** 2)
    loss.backward()
    assert (loss.data, [out.grad for out in outputs]) == (2.5, [1.0, 2.0])


def test_sum_records() -> None:
    terms = np.array([Value(1.0), Value(3.0), Value(5.0)])
    total = np.sum(terms * 2.0)
    total.backward()
    assert (total.data, [term.grad for term in terms]) == (18.0, [2.0, 2.0, 2.0])


def test_prod_records() -> None:
    factors = np.array([Value(2.0), Value(3.0)])
    np.prod(factors).backward()
    assert [factor.grad for factor in factors] == [3.0, 2.0]


@pytest.mark.parametrize(("number", "clipped", "slope"), [(-2.0, 0.0, 0.0), (0.5, 0.5, 1.0), (2.0, 1.0, 0.0)])
def test_clip_records(number: float, clipped: float, slope: float) -> None:
    x = Value(number)
    y = np.clip(x, 0.0, 1.0)
    assert isinstance(y, Value)
    y.backward()
    assert (y.data, x.grad) == (clipped, slope)
    assert x.clip(0.0, 1.0).data == clipped


def test_maximum_against_a_number_is_halved_at_the_tie() -> None:
    for number, slope in ((-1.0, 0.0), (0.0, 0.5), (2.0, 1.0)):
        x = Value(number)
        np.maximum(x, 0).backward()
        assert x.grad == slope


def test_heaviside_as_the_derivative_of_a_seed_program_is_no_value() -> None:
    """A comparison of arrays of Values is a plain mask, which multiplies as 0 and 1."""
    xs = np.array([Value(-1.0), Value(2.0)])
    assert [node.data for node in xs * (xs > 0)] == [0.0, 2.0]


def test_an_unknown_ufunc_names_the_known_ones() -> None:
    with pytest.raises(UnknownUfuncError, match=r"np\.spacing has no primitive.*known are .*exp.*tanh") as caught:
        np.spacing(Value(1.0))
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, AutodiffError)


@pytest.mark.parametrize("function", [np.i0, lambda v: np.array([v], dtype=float)])
def test_other_functions_do_not_cut_the_graph(function: Callable[[Any], Any]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        function(Value(1.0))


def test_sinc_is_one_node() -> None:
    x = Value(0.25)
    out = np.sinc(x)
    out.backward()
    angle = math.pi * 0.25
    slope = (math.cos(angle) - math.sin(angle) / angle) / 0.25
    assert out.primitive is PRIMITIVES["sinc"]
    assert math.isclose(out.data, math.sin(angle) / angle, rel_tol=1e-15)
    assert math.isclose(x.grad, slope, rel_tol=1e-13)


@pytest.mark.parametrize("name", [*SCIPY, "digamma"])
def test_ufuncs_of_scipy_are_known(name: str) -> None:
    function = getattr(pytest.importorskip("scipy.special"), name)
    operands = (0.3, 1.7)[: function.nin]
    expected = function(*operands)
    for found in (
        function(*map(Value, operands)).data,
        function(*(autodiff.array([x]) for x in operands)).data[0],
        autodiff.compile(lambda *xs: function(*xs), batched=())(*operands),
    ):
        assert math.isclose(found, expected, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda v: np.exp(v, out=np.empty(())), "np.exp with out="),
        (lambda v: np.exp(v, where=False), "np.exp with where="),
        (lambda v: np.add(v, 1.0, dtype=float), "np.add with dtype="),
        (lambda v: np.add.reduce(v), "np.add.reduce"),
        (lambda v: np.multiply.outer(v, [1.0]), "np.multiply.outer"),
    ],
    ids=["out", "where", "dtype", "reduce", "outer"],
)
def test_options_of_ufuncs_are_refused_by_name(call: Callable[[Value], Any], named: str) -> None:
    with pytest.raises(UnknownUfuncError, match=named):
        call(Value(1.0))
