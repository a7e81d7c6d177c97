"""Functions that take derivatives themselves, compiled: against the same transforms on floats."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff import (
    Value,
    ceil,
    compile,
    dot,
    enable_grad,
    exp,
    floor,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    log,
    log_softmax,
    logsumexp,
    maximum,
    mean,
    no_grad,
    norm,
    prod,
    sigmoid,
    sin,
    softmax,
    sqrt,
    tanh,
    value_and_grad,
    vjp,
    where,
)
from autodiff import sum as total
from nn import MLP

POINTS = np.array([[0.3, -1.2, 0.8], [1.1, 0.4, -0.7], [-0.2, 0.9, 2.0], [0.5, 0.5, 0.5]])


def _scalar(p: Any) -> Any:
    return exp(p[0] * p[1]) + sin(p[2]) * p[0] ** 3 + tanh(p[1] * p[2])


def _vector(p: Any) -> Any:
    return [p[0] * p[1], sigmoid(p[2]), norm([p[0], p[1], 1.0])]


def _newton_step(p: Any) -> Any:
    slope, curvature = (f(lambda x: _scalar([x, p[1], p[2]])) for f in (grad, lambda f: grad(grad(f))))
    return p[0] - slope(p[0]) / (1.0 + curvature(p[0]) ** 2)


def _without_graph(p: Any) -> Any:
    with no_grad():
        frozen = p[0] * p[1]
        with enable_grad():
            alive = p[1] * p[2]
    return frozen * alive * p[0]


def _confused(p: Any) -> Any:
    """x·d/dy(x·y + y²): an inner derivative of a function that closes over an outer argument."""
    return p[0] * grad(lambda y: p[0] * y + y * y)(p[1])


CASES: dict[str, Callable[[Any], Any]] = {
    "grad": grad(_scalar),
    "grad of a grad": lambda p: grad(lambda q: total(grad(_scalar)(q)))(p),
    "grad, three deep": lambda p: grad(grad(grad(lambda x: sin(x * p[1]) * x)))(p[0]),
    "value_and_grad": value_and_grad(_scalar),
    "jvp": lambda p: jvp(_vector, (p,), (np.array([1.0, -2.0, 0.5]),)),
    "jvp along the point": lambda p: jvp(_vector, (p,), (p,)),
    "vjp": lambda p: vjp(_vector, p)[1]([1.0, 2.0, -1.0]),
    "jacobian forward": jacobian(_vector, mode="forward"),
    "jacobian reverse": jacobian(_vector, mode="reverse"),
    "hessian": hessian(_scalar),
    "hvp": lambda p: hvp(_scalar, (p,), (np.array([1.0, 0.0, 2.0]),)),
    "a step of Newton": _newton_step,
    "a gradient penalty": lambda p: total([g * g for g in grad(_scalar)(list(p))]),
    "perturbations apart": _confused,
    "no_grad and enable_grad": _without_graph,
    "softmax": softmax,
    "log_softmax": lambda p: dot(log_softmax(p), p),
    "logsumexp": lambda p: logsumexp(p) + logsumexp([p[0], 1.0]),
    "mean, prod and norm": lambda p: [mean(p), prod(p), norm(p), prod([p[0], p[0], p[1]]), norm([p[0], p[0]])],
    "a loop": lambda p: total([maximum(a * b, 0.0) for a in p for b in p]),
    "a long chain": lambda p: [x for x in [p[0]] for _ in range(300) for x in [tanh(x + p[1])]][-1],
}


def _flat(tree: Any) -> np.ndarray:
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (list, tuple)):
        return np.concatenate([_flat(part) for part in tree])
    return np.ravel(tree).astype(float)


@pytest.mark.parametrize("name", CASES)
def test_equals_the_transform_on_floats(name: str) -> None:
    """Record by record, without a compiler: what the function returns for arrays of Values, as numbers."""
    function = CASES[name]
    compiled = compile(function)
    together = compiled(POINTS)
    for place, point in enumerate(POINTS):
        alone = compile(function)(point[np.newaxis])
        expected = _numbers(function(np.array([Value(x) for x in point], dtype=object)))
        np.testing.assert_allclose(_flat(alone), expected, rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(_flat(_record(together, place)), expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", CASES)
def test_jacobians_of_them(name: str) -> None:
    """By a compiled sweep over the sweeps that the function makes, against `jacobian` on Values."""
    function = CASES[name]
    entries = compile(function).jacobian(POINTS)
    for place, point in enumerate(POINTS[:2]):
        np.testing.assert_allclose(
            _flat(_record(entries, place)), _numbers(jacobian(function)(point)), rtol=1e-9, atol=1e-11
        )


def _record(tree: Any, place: int) -> Any:
    if isinstance(tree, dict):
        return {key: _record(part, place) for key, part in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_record(part, place) for part in tree]
    return tree[place]


def _numbers(tree: Any) -> np.ndarray:
    if isinstance(tree, (list, tuple)):
        return np.concatenate([_numbers(part) for part in tree])
    return np.array([getattr(entry, "data", entry) for entry in np.ravel(np.array(tree, dtype=object))], dtype=float)


def test_derivatives_along_the_inputs_of_a_network() -> None:
    """A penalty on a model's slope, trained on: a derivative along parameters of one along inputs."""
    model = MLP(3, [4, 1], activation="tanh", rng=3)

    def penalty(x: Any) -> Any:
        return total([slope**2 for slope in grad(lambda z: model(z))(list(x))])

    compiled = compile(penalty)
    value = compiled.backward(POINTS)
    ours = [parameter.grad for parameter in model.parameters()]
    for parameter in model.parameters():
        parameter.grad = 0.0
    out = mean([penalty(list(point)) for point in POINTS])
    out.backward()
    assert value == pytest.approx(out.data, rel=1e-12)
    np.testing.assert_allclose(ours, [parameter.grad for parameter in model.parameters()], rtol=1e-11, atol=1e-15)


def test_modes_around_a_call_change_nothing() -> None:
    compiled = compile(lambda x: exp(x) * x)
    expected = compile(lambda x: exp(x) * x).value_and_grad([0.5, 1.0])
    with no_grad():
        np.testing.assert_array_equal(compiled.value_and_grad([0.5, 1.0]), expected)
        assert "detach" not in str(compiled.program)


# What is not taken, and directions of 0.


def test_forward_mode_lets_nothing_through_a_branch_not_taken() -> None:
    compiled = compile(lambda x: [log(where(x > 0, x, 0.0)), x])
    np.testing.assert_array_equal(compiled.jacobian([-1.0, 2.0]), [[0.0, 0.5], [1.0, 1.0]])
    both = compile(lambda x: [log(where(x > 0, x, 1.0 - x)), x, x])  # both branches lead to x
    np.testing.assert_allclose(both.jacobian([-1.0, 2.0])[0], [-0.5, 0.5])


@pytest.mark.parametrize("inner", [sqrt, lambda x: sqrt(sin(x)), lambda x: log(x) + sqrt(x)])
def test_a_direction_of_0_reaches_nothing(inner: Any) -> None:
    forward = compile(lambda x, t: jvp(inner, (x,), (t,))[1], batched=(0, 1))
    backward = compile(lambda x, t: vjp(inner, x)[1](t)[0], batched=(0, 1))
    for x, t in [(0.0, 0.0), (0.0, 2.0), (0.5, 0.0), (0.5, 2.0)]:
        assert forward([x], [t])[0] == jvp(inner, (x,), (t,))[1]
        assert backward([x], [t])[0] == vjp(inner, x)[1](t)[0]


def test_a_derivative_is_linear_in_its_direction_at_0_too() -> None:
    def tangent(x: Any, t: Any) -> Any:
        return jvp(lambda x: sin(x) * x, (x,), (t,))[1]

    slope = math.cos(0.5) * 0.5 + math.sin(0.5)
    assert compile(tangent, batched=()).value_and_grad(0.5, 0.0, argnums=1) == (0.0, pytest.approx(slope))
    assert grad(tangent, argnums=1)(0.5, 0.0) == pytest.approx(slope)


def test_a_value_of_0_is_a_direction_of_0() -> None:
    assert jvp(sqrt, (Value(0.0),), (Value(0.0),))[1].data == 0.0


@pytest.mark.parametrize("exponent", [0.5, 2.0, 3.0, -1.0, 0.0])
def test_a_power_with_an_exponent_that_is_shared(exponent: float) -> None:
    bases, exact = [-math.inf, -0.0, 0.0, 4.0], [Value(x) ** exponent for x in (-math.inf, -0.0, 0.0, 4.0)]
    for made in (
        compile(lambda x, w: x**w, batched=0)(bases, exponent),
        compile(lambda x: x ** Value(exponent))(bases),
        compile(lambda x: x**exponent)(bases),
    ):
        assert [*map(str, made.tolist())] == [str(node.data) for node in exact]


@pytest.mark.parametrize("function", [ceil, floor])
def test_zeros_keep_their_sign(function: Any) -> None:
    for x in (-0.5, -0.0, 0.0, 0.5, -1.5):
        assert str(function(x)) == str(float(compile(function)([x])[0])) == str(function(Value(x)).data)
