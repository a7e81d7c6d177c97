"""The transforms' contracts: structures, argument numbers, nesting to any order, closures, and errors."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from mpmath import mp

from autodiff import (
    Value,
    atan,
    atan2,
    cos,
    define_primitive,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    hypot,
    jacobian,
    jvp,
    log,
    log1p,
    logsumexp,
    no_grad,
    sigmoid,
    sin,
    softplus,
    sqrt,
    tanh,
    value_and_grad,
    vjp,
)
from autodiff.errors import AutodiffError, CoercionError, OptionError, ShapeError, StaleGraphError
from autodiff.testing import Expression, expressions

QUICK = settings(max_examples=100, deadline=None, derandomize=True)

Transform = Callable[[Callable[[Any], Any]], Callable[[Any], Any]]

DERIVATIVES: dict[str, Transform] = {
    "grad": grad,
    "value_and_grad": lambda f: lambda x: value_and_grad(f)(x)[1],
    "jvp": lambda f: lambda x: jvp(f, (x,), (1.0,))[1],
    "vjp": lambda f: lambda x: vjp(f, x)[1](1.0)[0],
    "jacobian forward": lambda f: jacobian(f, mode="forward"),
    "jacobian reverse": lambda f: jacobian(f, mode="reverse"),
}
"""Every way to the derivative of a function of one number."""

PAIRS = [*itertools.product(DERIVATIVES, repeat=2)]


class Pair(NamedTuple):
    left: Any
    right: Any


# Structures.


def _same(found: Any, expected: Any) -> None:
    """Equal in structure, types and numbers."""
    assert type(found) is type(expected)
    if isinstance(expected, dict):
        assert [*found] == [*expected]
        for key in expected:
            _same(found[key], expected[key])
    elif isinstance(expected, (tuple, list)):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            _same(one, other)
    elif isinstance(expected, np.ndarray):
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
        np.testing.assert_allclose(found, expected, rtol=1e-15)
    elif expected is None or isinstance(expected, str):
        assert found == expected
    else:
        assert found == pytest.approx(expected, rel=1e-15)


STRUCTURES: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "a float": (lambda x: x * x, 3.0, 6.0),
    "an integer": (lambda x: x * x, 3, 6.0),
    "a boolean": (lambda x: x * 3.0, True, 3.0),
    "a number of NumPy": (lambda x: x * x, np.float32(3.0), 6.0),
    "a tuple": (lambda x: x[0] * x[1], (2.0, 3.0), (3.0, 2.0)),
    "a list": (lambda x: x[0] * x[1], [2.0, 3.0], [3.0, 2.0]),
    "a dict": (lambda x: x["b"] / x["a"], {"b": 3.0, "a": 2.0}, {"b": 0.5, "a": -0.75}),
    "a named tuple": (lambda x: x.left * x.right, Pair(2.0, 3.0), Pair(3.0, 2.0)),
    "an array": (lambda x: np.sum(x * x), np.array([1.0, 2.0]), np.array([2.0, 4.0])),
    "an array of integers": (lambda x: np.sum(x * x), np.array([1, 2]), np.array([2.0, 4.0])),
    "an array of no dimension": (lambda x: x * x, np.array(3.0), np.array(6.0)),
    "a matrix": (lambda x: x[0] @ x[1], np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[3.0, 4.0], [1.0, 2.0]])),
    "an empty array": (lambda x: 1.0 + np.sum(x), np.zeros((0, 2)), np.zeros((0, 2))),
    "an empty list": (lambda _: 1.0, [], []),
    "a nest": (
        lambda x: x["w"][0, 1] * x["b"][0].left * x["b"][1][0],
        {"w": np.array([[1.0, 2.0]]), "b": [Pair(3.0, ()), (4.0,)]},
        {"w": np.array([[0.0, 12.0]]), "b": [Pair(8.0, ()), (6.0,)]},
    ),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_gradient_has_the_structure_of_its_argument(name: str) -> None:
    function, argument, expected = STRUCTURES[name]
    _same(grad(function)(argument), expected)
    _same(vjp(function, argument)[1](1.0)[0], expected)
    _same(value_and_grad(function)(argument)[1], expected)
    for mode in ("forward", "reverse", None):
        _same(jacobian(function, mode=mode)(argument), expected)


RESULTS: dict[str, tuple[Callable[[float], Any], Any, Any]] = {
    "a float": (lambda x: x * x, 9.0, 6.0),
    "a constant": (lambda _: 2.0, 2.0, 0.0),
    "an integer": (lambda _: 2, 2.0, 0.0),
    "a tuple": (lambda x: (x, 2.0 * x, 1.0), (3.0, 6.0, 1.0), (1.0, 2.0, 0.0)),
    "a dict": (
        lambda x: {"a": [x * x], "b": Pair(1.0, x)},
        {"a": [9.0], "b": Pair(1.0, 3.0)},
        {"a": [6.0], "b": Pair(0.0, 1.0)},
    ),
    "an array": (lambda x: x * np.array([[1.0, 2.0]]), np.array([[3.0, 6.0]]), np.array([[1.0, 2.0]])),
    "one node twice": (lambda x: [x, x], [3.0, 3.0], [1.0, 1.0]),
    "nothing": (lambda _: (), (), ()),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_derivative_has_the_structure_of_the_result(name: str) -> None:
    function, value, slopes = RESULTS[name]
    result, tangent = jvp(function, (3.0,), (1.0,))
    _same(result, value)
    _same(tangent, slopes)
    _same(vjp(function, 3.0)[0], value)
    for mode in ("forward", "reverse", None):
        _same(jacobian(function, mode=mode)(3.0), slopes)


def test_cotangents_have_the_structure_of_the_result() -> None:
    _, pull = vjp(lambda x, y: {"a": x * y, "b": np.array([x, y])}, 2.0, 3.0)
    _same(pull({"a": 1.0, "b": np.array([10.0, 100.0])}), (13.0, 102.0))
    _same(pull({"a": 1.0, "b": np.array([0.0, 0.0])}), (3.0, 2.0))


def test_blocks_of_a_jacobian_are_results_of_arguments() -> None:
    found = jacobian(lambda p: {"y": p["w"] @ p["x"], "z": p["x"][0]})({"w": np.ones((2, 3)), "x": np.arange(3.0)})
    along_w = np.einsum("ij,k->ijk", np.eye(2), np.arange(3.0))
    _same(
        found, {"y": {"w": along_w, "x": np.ones((2, 3))}, "z": {"w": np.zeros((2, 3)), "x": np.array([1.0, 0.0, 0.0])}}
    )


def test_blocks_of_a_hessian_are_arguments_of_arguments() -> None:
    found = hessian(lambda p: p["a"] ** 2 * np.sum(p["x"]))({"a": 3.0, "x": np.ones(2)})
    _same(found, {"a": {"a": 4.0, "x": np.array([6.0, 6.0])}, "x": {"a": np.array([6.0, 6.0]), "x": np.zeros((2, 2))}})


def test_products_of_a_hessian_have_the_structure_of_the_arguments() -> None:
    _same(hvp(lambda p: p["a"] ** 2 * p["b"], ({"a": 3.0, "b": 5.0},), ({"a": 1.0, "b": 0.0},)), {"a": 10.0, "b": 6.0})
    _same(hvp(lambda x, y: x**2 * y, (3.0, 5.0), (1.0, 0.0)), (10.0, 6.0))


# Arguments by number.


def _weighted(a: Any, b: Any, c: Any = 5.0, *, scale: float = 1.0) -> Any:
    return a * b * b * c * scale


ARGNUMS: dict[Any, Any] = {
    0: 45.0,
    1: 60.0,
    2: 18.0,
    -1: 18.0,
    -3: 45.0,
    (0,): (45.0,),
    (2, 0): (18.0, 45.0),
    (-2, 0): (60.0, 45.0),
}


@pytest.mark.parametrize("argnums", ARGNUMS)
def test_argnums_choose_arguments(argnums: Any) -> None:
    slopes = ARGNUMS[argnums]
    _same(grad(_weighted, argnums=argnums)(2.0, 3.0, 5.0), slopes)
    _same(value_and_grad(_weighted, argnums=argnums)(2.0, 3.0, 5.0), (90.0, slopes))
    for mode in ("forward", "reverse", None):
        _same(jacobian(_weighted, argnums=argnums, mode=mode)(2.0, 3.0, 5.0), slopes)


def test_a_list_of_argnums_gives_a_tuple() -> None:
    _same(grad(_weighted, argnums=[1, 0])(2.0, 3.0), (60.0, 45.0))


def test_several_arguments_give_a_hessian_of_blocks() -> None:
    _same(hessian(lambda a, b: a * a * b, argnums=(0, 1))(2.0, 3.0), ((6.0, 4.0), (4.0, 0.0)))
    _same(hessian(lambda a, b: a * a * b, argnums=1)(2.0, 3.0), 0.0)


def test_keywords_pass_through_and_are_held_constant() -> None:
    assert grad(_weighted)(2.0, 3.0, scale=10.0) == 450.0
    assert jvp(_weighted, (2.0, 3.0), (1.0, 0.0), scale=10.0) == (900.0, 450.0)
    assert vjp(_weighted, 2.0, 3.0, scale=10.0)[1](1.0) == (450.0, 600.0)
    assert hvp(_weighted, (2.0, 3.0), (0.0, 1.0), scale=10.0) == (300.0, 200.0)


def test_arguments_that_are_not_chosen_may_be_anything() -> None:
    assert grad(lambda kind, x: x * x if kind == "square" else x, argnums=1)("square", 3.0) == 6.0


def _with_aux(x: Any, y: Any, *, scale: float = 1.0) -> tuple[Any, dict[str, Any]]:
    return scale * x * x * y, {"product": x * y, "name": "aux", "parts": [x, np.array([y, 1.0])], "none": None}


AUX = {"product": 6.0, "name": "aux", "parts": [2.0, np.array([3.0, 1.0])], "none": None}
WITH_AUX: dict[str, tuple[Callable[..., Any], float]] = {
    "grad": (lambda f: grad(f, has_aux=True)(2.0, 3.0, scale=5.0), 60.0),
    "grad by position": (lambda f: grad(f, 1, has_aux=True)(2.0, 3.0, scale=5.0), 20.0),
    "jacobian": (lambda f: jacobian(f, 1, has_aux=True)(2.0, 3.0, scale=5.0), 20.0),
    "hessian": (lambda f: hessian(f, has_aux=True)(2.0, 3.0, scale=5.0), 30.0),
    "jvp": (lambda f: jvp(f, (2.0, 3.0), (1.0, 0.0), has_aux=True, scale=5.0)[1:], 60.0),
    "vjp": (lambda f: (lambda out, pull, aux: (pull(1.0)[0], aux))(*vjp(f, 2.0, 3.0, has_aux=True, scale=5.0)), 60.0),
}


@pytest.mark.parametrize("name", WITH_AUX)
def test_what_is_returned_beside_the_result_comes_back_as_numbers(name: str) -> None:
    call, expected = WITH_AUX[name]
    derivative, aux = call(_with_aux)
    assert derivative == expected
    _same(aux, AUX)


def test_the_value_and_what_is_beside_it() -> None:
    (value, aux), gradient = value_and_grad(_with_aux, (0, 1), has_aux=True)(2.0, 3.0)
    assert (value, gradient, aux["product"]) == (12.0, (12.0, 4.0), 6.0)


def test_what_is_beside_the_result_of_a_nested_call_can_be_differentiated() -> None:
    assert grad(lambda x: grad(_with_aux, has_aux=True)(x, 3.0)[1]["product"])(2.0) == 3.0


def test_transforms_keep_name_and_docstring() -> None:
    for transform in (grad, value_and_grad, jacobian, hessian):
        assert transform(_weighted).__name__ == "_weighted"


# Orders.

SMOOTH: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any], float]] = {
    "exp of sin": (lambda x: exp(sin(x)), lambda x: mp.exp(mp.sin(x)), 0.7),
    "a rational": (lambda x: x**5 / (1.0 + x * x), lambda x: x**5 / (1 + x * x), 1.3),
    "tanh": (tanh, mp.tanh, 0.4),
    "softplus": (softplus, lambda x: mp.log(1 + mp.exp(x)), -0.6),
    "sigmoid": (sigmoid, lambda x: 1 / (1 + mp.exp(-x)), 0.9),
    "a power": (lambda x: x**2.5, lambda x: x**2.5, 1.7),
    "a power tower": (lambda x: x**x, lambda x: x**x, 1.2),
    "roots and logarithms": (lambda x: log(x) * sqrt(x), lambda x: mp.log(x) * mp.sqrt(x), 2.2),
    "atan": (atan, mp.atan, 0.8),
    "angle and distance": (
        lambda x: atan2(x, 2.0) * hypot(x, 3.0),
        lambda x: mp.atan2(x, 2) * mp.sqrt(x * x + 9),
        1.1,
    ),
    "logsumexp": (lambda x: logsumexp([x, x * x, 1.0]), lambda x: mp.log(mp.exp(x) + mp.exp(x * x) + mp.e), 0.5),
    "log1p": (lambda x: log1p(x * x), lambda x: mp.log(1 + x * x), 0.3),
}


def _nested(transforms: tuple[str, ...], function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return functools.reduce(lambda inner, name: DERIVATIVES[name](inner), transforms, function)


def _exact(reference: Callable[[Any], Any], point: float, order: int) -> float:
    with mp.workdps(60):
        return float(mp.taylor(reference, mp.mpf(point), order)[order] * math.factorial(order))


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("order", range(6))
def test_every_transform_nests_to_order_five(name: str, order: int) -> None:
    function, reference, point = SMOOTH[name]
    exact = _exact(reference, point, order)
    chains = [(one,) * order for one in DERIVATIVES] + [tuple(itertools.islice(itertools.cycle(DERIVATIVES), order))]
    for chain in chains:
        assert _nested(chain, function)(point) == pytest.approx(exact, rel=1e-11, abs=1e-12), chain


@pytest.mark.parametrize(("inner", "outer"), PAIRS)
def test_every_transform_nests_in_every_other(inner: str, outer: str) -> None:
    for function, reference, point in SMOOTH.values():
        exact = _exact(reference, point, 2)
        assert _nested((inner, outer), function)(point) == pytest.approx(exact, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("order", range(6))
def test_integral_exponents_are_exact_at_zero(order: int) -> None:
    exact = {
        2.0: [0.0, 0.0, 2.0, 0.0, 0.0, 0.0],
        3.0: [0.0, 0.0, 0.0, 6.0, 0.0, 0.0],
        1.0: [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
    }
    for exponent, derivatives in exact.items():
        for name in DERIVATIVES:
            assert _nested((name,) * order, lambda x, power=exponent: x**power)(0.0) == derivatives[order], (
                exponent,
                name,
            )


@pytest.mark.parametrize("order", range(6))
def test_a_bell_curve_of_a_power_is_exact_at_zero(order: int) -> None:
    exact = [1.0, 0.0, -2.0, 0.0, 12.0, 0.0][order]
    for name in DERIVATIVES:
        assert _nested((name,) * order, lambda x: exp(-(x**2.0)))(0.0) == exact, name


def test_mixed_partials_of_third_order() -> None:
    def function(x: Any, y: Any, z: Any) -> Any:
        return sin(x * y) * z**3

    third = grad(grad(grad(function, argnums=0), argnums=1), argnums=2)(0.5, 2.0, 1.5)
    with mp.workdps(40):
        exact = mp.diff(lambda x, y, z: mp.sin(x * y) * z**3, (0.5, 2.0, 1.5), (1, 1, 1))
    assert third == pytest.approx(float(exact), rel=1e-13)


# Nested derivatives along different variables must not be confused.


@pytest.mark.parametrize(("inner", "outer"), PAIRS)
def test_the_sum_of_siskind_and_pearlmutter(inner: str, outer: str) -> None:
    """d/dx (x · d/dy (x + y)) at 1 is 1."""
    along_y, along_x = DERIVATIVES[inner], DERIVATIVES[outer]
    assert along_x(lambda x: x * along_y(lambda y: x + y)(1.0))(1.0) == 1.0


@pytest.mark.parametrize(("inner", "outer"), PAIRS)
def test_confusions_of_two_variables(inner: str, outer: str) -> None:
    along_y, along_x = DERIVATIVES[inner], DERIVATIVES[outer]
    # x · d/dy (xy) = x²
    assert along_x(lambda x: x * along_y(lambda y: x * y)(7.0))(3.0) == 6.0
    # d/dy (xy²) at y = x is 2x²: the point moves along with x
    assert along_x(lambda x: along_y(lambda y: x * y * y)(x))(3.0) == 12.0
    # the inner function has x alone: no slope along y at all
    assert along_x(lambda x: along_y(lambda _: x * x)(x))(3.0) == 0.0
    # the inner argument is x itself
    assert along_x(lambda x: along_y(lambda y: y)(x) * x)(3.0) == 1.0
    # a result that was made outside
    assert along_x(lambda x: along_y(lambda y, square=x * x: square * y + y * y)(x))(3.0) == 8.0


@pytest.mark.parametrize("names", [*itertools.product(("grad", "jvp", "jacobian reverse"), repeat=3)])
def test_confusions_of_three_variables(names: tuple[str, str, str]) -> None:
    along_z, along_y, along_x = (DERIVATIVES[name] for name in names)

    def inner(x: Any, y: Any) -> Any:
        return along_z(lambda z: x * y * z * z)(y)  # 2xy²

    def middle(x: Any) -> Any:
        return along_y(lambda y: inner(x, y) * x)(x)  # 4x³

    assert along_x(middle)(2.0) == 48.0
    assert along_x(lambda x: x * along_y(lambda y: y * along_z(lambda z: x + y + z)(1.0))(x))(2.0) == 1.0


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_derivative_operator_that_shifts(name: str) -> None:
    """The operator of Manzyuk et al. (2019), y ↦ d/du f(y + u) at 0: applied twice it is the second derivative."""
    derivative = DERIVATIVES[name]

    def hat(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda y: derivative(lambda u: function(y + u))(0.0)

    assert hat(hat(sin))(0.8) == pytest.approx(-math.sin(0.8), rel=1e-15)
    assert hat(hat(hat(exp)))(0.8) == pytest.approx(math.exp(0.8), rel=1e-15)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_newton_step_inside_a_derivative(name: str) -> None:
    """A root found by differentiating inside, differentiated outside: √a has the slope 1/(2√a)."""

    def root(a: Any) -> Any:
        x = 1.0
        for _ in range(8):
            x = x - (x * x - a) / DERIVATIVES[name](lambda t: t * t - a)(x)
        return x

    assert grad(root)(2.0) == pytest.approx(0.5 / math.sqrt(2.0), rel=1e-14)
    assert grad(grad(root))(2.0) == pytest.approx(-0.25 * 2.0**-1.5, rel=1e-13)


def test_partials_along_different_arguments_are_floats_in_the_end() -> None:
    mixed = grad(grad(operator.mul, argnums=0), argnums=1)(2.0, 3.0)
    _same(mixed, 1.0)


def test_two_calls_of_one_derivative_do_not_meet() -> None:
    slope = grad(lambda y: y * y * y)
    assert grad(lambda x: slope(x) * slope(2.0 * x))(1.0) == pytest.approx(4 * 36.0)


# Closures and graphs.


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_derivative_that_closes_over_values_can_be_swept(name: str) -> None:
    weight = Value(3.0)
    slope = DERIVATIVES[name](lambda x: weight * weight * x * x)(5.0)
    assert isinstance(slope, Value)
    assert slope.data == 90.0
    slope.backward()
    assert weight.grad == 60.0


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_derivative_at_a_value_can_be_swept(name: str) -> None:
    x = Value(2.0)
    slope = DERIVATIVES[name](lambda t: t**3)(x)
    (slope * x).backward()
    assert (slope.data, x.grad) == (12.0, 36.0)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_constant_derivative_at_a_value_is_a_value(name: str) -> None:
    for function, slope in ((lambda t: 2.0 * t, 2.0), (lambda _: 1.0, 0.0)):
        found = DERIVATIVES[name](function)(Value(5.0))
        assert isinstance(found, Value)
        assert found.data == slope


def test_results_that_close_over_values_are_values_too() -> None:
    weight = Value(3.0)
    value, slope = value_and_grad(lambda x: weight * x)(5.0)
    (value + slope).backward()
    assert weight.grad == 6.0


def test_a_penalty_on_a_gradient_trains_its_weights() -> None:
    weights = [Value(0.5), Value(-1.5)]

    def model(x: Any) -> Any:
        return sum(tanh(w * entry) for w, entry in zip(weights, x, strict=True))

    penalty = sum(entry * entry for entry in grad(model)([1.0, 2.0]))
    penalty.backward()

    def by_hand(w: Any, x: float) -> Any:
        slope = w * (1 - mp.tanh(w * x) ** 2)
        return slope * slope

    with mp.workdps(40):
        exact = [float(mp.diff(lambda w, x=x: by_hand(w, x), at)) for at, x in ((0.5, 1.0), (-1.5, 2.0))]
    assert [w.grad for w in weights] == pytest.approx(exact, rel=1e-13)


def test_a_transform_leaves_no_gradients_behind() -> None:
    weight, x = Value(3.0), Value(2.0)
    for derivative in DERIVATIVES.values():
        derivative(lambda t: weight * t * t)(x)
    hessian(lambda t: weight * t * t)(x)
    assert (weight.grad, x.grad) == (0.0, 0.0)


def test_arrays_of_values_come_back_as_arrays_of_values() -> None:
    x = np.array([Value(2.0), Value(3.0)])
    slopes = grad(lambda t: np.sum(t**3))(x)
    assert slopes.shape == (2,)
    assert [slope.data for slope in slopes] == [12.0, 27.0]
    slopes[1].backward()
    assert [entry.grad for entry in x] == [0.0, 18.0]


def test_create_graph_leaves_gradients_to_differentiate() -> None:
    x = Value(2.0)
    (x**4).backward(create_graph=True)
    first = x.grad
    [second] = gradients(first, [x], create_graph=True)
    [third] = gradients(second, [x])
    assert (first.data, second.data, third) == (32.0, 48.0, 48.0)


def test_tangents_and_cotangents_may_be_values() -> None:
    direction, weight = Value(2.0), Value(5.0)
    out, tangent = jvp(lambda x: x * x, (3.0,), (direction,))
    tangent.backward()
    assert (out, tangent.data, direction.grad) == (9.0, 12.0, 6.0)
    [slope] = vjp(lambda x: x * x, 3.0)[1](weight)
    slope.backward()
    assert (slope.data, weight.grad) == (30.0, 6.0)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_transforms_differentiate_inside_no_grad(name: str) -> None:
    with no_grad():
        assert _nested((name, name), lambda x: x**3)(2.0) == 12.0


def test_no_grad_inside_a_function_cuts_what_it_encloses() -> None:
    def function(x: Any) -> Any:
        with no_grad():
            held = x * x
        return held * x

    assert grad(function)(3.0) == 9.0
    assert jvp(function, (3.0,), (1.0,)) == (27.0, 9.0)


# Infinite slopes, linear and constant functions.

INFINITE = np.array([[math.inf, 1.0], [0.0, 3.0]])


@pytest.mark.parametrize("mode", ["forward", "reverse", None])
def test_an_infinite_slope_stays_in_its_own_direction(mode: str | None) -> None:
    assert jacobian(lambda x: sqrt(x[0]) + x[1], mode=mode)([0.0, 5.0]) == [math.inf, 1.0]
    found = jacobian(lambda x: np.array([sqrt(x[0]) + x[1], 3.0 * x[1]]), mode=mode)(np.array([0.0, 5.0]))
    _same(found, INFINITE)


def test_an_infinite_slope_stays_in_its_own_direction_in_every_transform() -> None:
    def function(x: Any, y: Any) -> Any:
        return sqrt(x) + y * y

    assert grad(function, argnums=(0, 1))(0.0, 5.0) == (math.inf, 10.0)
    assert jvp(function, (0.0, 5.0), (0.0, 1.0))[1] == 10.0
    assert hvp(function, (0.0, 5.0), (0.0, 1.0)) == (0.0, 2.0)
    assert vjp(lambda x, y: [sqrt(x), x * y], 0.0, 5.0)[1]([0.0, 1.0]) == (5.0, 0.0)
    assert vjp(function, 0.0, 5.0)[1](1.0) == (math.inf, 10.0)
    assert hessian(function, argnums=1)(0.0, 5.0) == 2.0


@pytest.mark.parametrize("names", [(name,) * order for name in DERIVATIVES for order in (1, 2, 3)])
def test_linear_and_constant_functions(names: tuple[str, ...]) -> None:
    _same(_nested(names, lambda x: 3.0 * x + 1.0)(2.0), 3.0 if len(names) == 1 else 0.0)
    _same(_nested(names, lambda _: 3.0)(2.0), 0.0)
    _same(_nested(names, lambda x: x)(2.0), 1.0 if len(names) == 1 else 0.0)


def test_hessians_of_linear_and_constant_functions() -> None:
    _same(hessian(lambda x: x[0] + 2.0 * x[1])([1.0, 2.0]), [[0.0, 0.0], [0.0, 0.0]])
    _same(hessian(lambda _: 1.0)(np.ones(2)), np.zeros((2, 2)))
    _same(hvp(lambda x: 3.0 * x, (1.0,), (1.0,)), 0.0)


def test_many_directions_are_swept_in_blocks() -> None:
    x = np.arange(1.0, 151.0)
    _same(jacobian(lambda t: t * t, mode="forward")(x), np.diag(2.0 * x))
    _same(jacobian(lambda t: t * t, mode="reverse")(x), np.diag(2.0 * x))


# Errors.

REFUSED: dict[str, tuple[type[Exception], str, Callable[[], Any]]] = {
    "grad of a vector": (ShapeError, "grad needs a scalar result, got 2 numbers", lambda: grad(lambda x: [x, x])(1.0)),
    "grad of nothing": (ShapeError, "got 0 numbers", lambda: grad(lambda _: ())(1.0)),
    "hessian of a vector": (ShapeError, "use autodiff.jacobian", lambda: hessian(lambda x: [x, x])(1.0)),
    "hvp of a vector": (ShapeError, "use autodiff.jacobian", lambda: hvp(lambda x: [x, x], (1.0,), (1.0,))),
    "few tangents": (
        ShapeError,
        "tangents hold 1 numbers, but primals 2",
        lambda: jvp(operator.mul, (1.0, 2.0), (1.0,)),
    ),
    "many tangents": (ShapeError, "hold 2 numbers", lambda: jvp(lambda x: x, ([1.0],), ([1.0, 2.0],))),
    "cotangents": (ShapeError, "cotangents hold 2 numbers, but the result 1", lambda: vjp(sin, 1.0)[1]([1.0, 2.0])),
    "argnums": (OptionError, "argument 1, but the call has 1", lambda: grad(sin, argnums=1)(1.0)),
    "negative argnums": (OptionError, "argument -2", lambda: grad(sin, argnums=-2)(1.0)),
    "one of the argnums": (OptionError, "argument 5", lambda: jacobian(operator.mul, argnums=(0, 5))(1.0, 2.0)),
    "one of the argnums twice": (OptionError, "twice", lambda: grad(operator.mul, argnums=(0, -2))(1.0, 2.0)),
    "argnums of text": (
        OptionError,
        "argnums takes the number of an argument, or several, got 'x'",
        lambda: grad(sin, "x")(1.0),
    ),
    "a truth as argnums": (OptionError, "got True", lambda: grad(operator.mul, True)(1.0, 2.0)),
    "aux of no pair": (OptionError, r"returns a pair \(result, aux\), got Value", lambda: grad(sin, has_aux=True)(1.0)),
    "no arguments": (OptionError, "the call has 0", lambda: grad(lambda: 1.0)()),
    "a mode": (
        ValueError,
        "mode must be 'forward', 'reverse' or None, got 'sideways'",
        lambda: jacobian(sin, mode="sideways"),
    ),
    "text": (CoercionError, "got 'one' of type str", lambda: grad(sin)("one")),
    "a complex number": (CoercionError, "complex", lambda: grad(sin)(1j)),
    "nothing at all": (CoercionError, "NoneType", lambda: grad(lambda _: None)(1.0)),
    "a set": (CoercionError, "type set", lambda: grad(sin)({1.0})),
}


@pytest.mark.parametrize("name", REFUSED)
def test_errors_name_what_is_wrong(name: str) -> None:
    kind, message, call = REFUSED[name]
    with pytest.raises(kind, match=message) as caught:
        call()
    assert isinstance(caught.value, AutodiffError)


def _assigning(weight: Value) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        product = x * weight
        weight.data = 10.0
        return product

    return function


@pytest.mark.parametrize("name", DERIVATIVES)
def test_data_that_changes_inside_a_function_is_refused(name: str) -> None:
    with pytest.raises(StaleGraphError):
        DERIVATIVES[name](_assigning(Value(3.0)))(2.0)


def test_data_that_changes_before_a_pull_is_refused() -> None:
    weight = Value(3.0)
    _, pull = vjp(lambda x: x * weight * weight, 2.0)
    weight.data = 10.0
    with pytest.raises(StaleGraphError):
        pull(1.0)


# Random expressions.


def _run(expression: Expression) -> Callable[[Any], Any]:
    return lambda inputs: expression.run(inputs)


@QUICK
@given(expressions())
def test_forward_is_reverse(expression: Expression) -> None:
    point = list(expression.inputs)
    forward, reverse = (jacobian(_run(expression), mode=mode)(point) for mode in ("forward", "reverse"))
    assume(np.max(np.abs(forward)) < 1e6)
    assert forward == pytest.approx(reverse, rel=1e-9, abs=1e-9)
    assert grad(_run(expression))(point) == pytest.approx(reverse, rel=1e-9, abs=1e-9)


@QUICK
@given(expressions(max_steps=5))
def test_every_nesting_gives_one_hessian(expression: Expression) -> None:
    point = list(expression.inputs)
    function = _run(expression)
    expected = np.array(hessian(function)(point))
    assume(np.max(np.abs(expected)) < 1e4)
    for outer, inner in itertools.product(("forward", "reverse"), repeat=2):
        found = jacobian(jacobian(function, mode=inner), mode=outer)(point)
        assert np.array(found) == pytest.approx(expected, rel=1e-7, abs=1e-7)
    columns = [hvp(function, (point,), (unit,)) for unit in np.eye(len(point)).tolist()]
    assert np.array(columns) == pytest.approx(expected, rel=1e-7, abs=1e-7)


@QUICK
@example(1.5, 0.25)
@given(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))
def test_products_are_those_of_the_matrices(a: float, b: float) -> None:
    def function(x: Any) -> Any:
        return [sin(x[0]) * x[1], cos(x[1]), x[0] * x[0]]

    point, direction, weights = [a, b], [0.5, -2.0], [1.0, 3.0, -1.0]
    matrix = np.array(jacobian(function)(point))
    assert jvp(function, (point,), (direction,))[1] == pytest.approx(matrix @ direction, rel=1e-12, abs=1e-14)
    assert vjp(function, point)[1](weights)[0] == pytest.approx(weights @ matrix, rel=1e-12, abs=1e-14)


# The two halves of a Hessian.


@define_primitive(partials=[lambda out, x, y: y, lambda out, x, y: 2.0 * x])
def half_wrong(x: float, y: float) -> float:
    """x·y with a wrong slope along y."""
    return x * y


def test_halves_that_differ_are_nan_and_named() -> None:
    with pytest.warns(RuntimeWarning, match=r"\[0\]\[1\] and \[1\]\[0\] are 2.0 and 1.0|are 1.0 and 2.0"):
        made = hessian(lambda p: half_wrong(p[0], p[1]) + p[2] ** 2)([1.0, 3.0, 5.0])
    np.testing.assert_array_equal(made, [[0.0, math.nan, 0.0], [math.nan, 0.0, 0.0], [0.0, 0.0, 2.0]])


def test_halves_that_differ_are_nan_among_values() -> None:
    with pytest.warns(RuntimeWarning, match="hessian"):
        made = hessian(lambda p: half_wrong(p[0], p[1]))([Value(1.0), Value(3.0)])
    assert math.isnan(made[0][1].data)
    assert made[0][0].data == 0.0


def test_one_infinite_half_is_nan() -> None:
    steep = define_primitive(
        partials=[lambda out, x, y: y, lambda out, x, y: x + 0.0 * sqrt(x) if x > 0 else sqrt(x)], name="steep"
    )(lambda x, y: x * y)
    with pytest.warns(RuntimeWarning, match="inf"):
        assert math.isnan(hessian(lambda p: steep(p[0], p[1]))([0.0, 3.0])[0][1])


def test_rounding_is_no_difference() -> None:
    """Terms of 1e16 and more that cancel: the halves differ in all digits, and nobody is warned."""

    def canceling(p: Any) -> Any:
        x, y = p
        return (x * y * 1e8 + sin(x * y) * 1e8 - 1e8) ** 3 - (x * y * 1e8 - 1e8) ** 3 - sin(x / y) * 1e24

    made = hessian(canceling)([0.3, 0.7])
    assert made[0][1] == made[1][0]
    assert math.isfinite(made[0][1])


def test_a_hessian_at_nan_is_nan_where_it_depends_on_it() -> None:
    made = hessian(lambda v: -log(v[0]) + v[1] ** 2)([math.nan, 1.0])
    np.testing.assert_array_equal(made, [[math.nan, 0.0], [0.0, 2.0]])
