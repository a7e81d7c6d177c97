"""detect_anomaly: what raises, what the error names, which line it points to, and that it costs nothing when off."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff
from autodiff import (
    AnomalyError,
    AutodiffError,
    Value,
    cbrt,
    detect_anomaly,
    dot,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    hypot,
    jacobian,
    jvp,
    log,
    norm,
    reciprocal,
    scope,
    sin,
    sqrt,
    square,
    vjp,
    where,
)
from autodiff.errors import ShapeError
from nn import MLP, mse

Function = Callable[[Any], Any]


def raised(work: Callable[[], Any]) -> str:
    """The message of the anomaly that `work` runs into."""
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        work()
    return str(caught.value)


def line_of(function: Callable[..., Any], offset: int = 0) -> str:
    """How an error refers to a line of a function, counted from the one that it begins on."""
    code = function.__code__
    return f"{code.co_filename}:{code.co_firstlineno + offset} in {code.co_name}: "


def test_the_error_is_an_arithmetic_error_of_ours() -> None:
    assert issubclass(AnomalyError, ArithmeticError)
    assert issubclass(AnomalyError, AutodiffError)


# Forward.

FORWARD: dict[str, tuple[Function, float, str]] = {
    "log of 0": (lambda x: log(x), 0.0, "log(x=0.0) is -inf"),
    "log below 0": (lambda x: log(x), -1.0, "log(x=-1.0) is nan"),
    "an operator": (lambda x: 1.0 / x, 0.0, "div(1.0, x=0.0) is inf"),
    "a reflected operator": (lambda x: (-1.0) ** x, 0.5, "pow(-1.0, x=0.5) is nan"),
    "overflow": (lambda x: exp(x), 1000.0, "exp(x=1000.0) is inf"),
    "a product": (lambda x: x * x, 1e200, "mul(x=1e+200, x=1e+200) is inf"),
    "an unnamed operand": (lambda x: log(x - 1.0), 1.0, "log(0.0) is -inf"),
    "a reduction": (lambda x: autodiff.sum([x, math.inf, 1.0]), 0.0, "sum(x=0.0, inf, 1.0) is inf"),
    "a long one": (lambda x: autodiff.sum([x] * 9), math.inf, "sum(x=inf, x=inf, x=inf, x=inf, and 5 more) is inf"),
    "a ufunc": (lambda x: np.log(x), 0.0, "log(x=0.0) is -inf"),
    "an array": (lambda x: np.log(np.array([1.0 + x, x])), 0.0, "log(x=0.0) is -inf"),
    "a nan that comes in": (lambda x: x + 1.0, math.nan, "add(x=nan, 1.0) is nan"),
    "a method": (lambda x: x.log(), 0.0, "log(x=0.0) is -inf"),
    "the branch not taken": (lambda x: where(x > 0.0, sqrt(x), 0.0), -1.0, "sqrt(x=-1.0) is nan"),
}


@pytest.mark.parametrize("name", FORWARD)
def test_forward(name: str) -> None:
    function, point, finding = FORWARD[name]
    message = raised(lambda: function(Value(point, label="x")))
    assert message.startswith(finding + ", recorded at ")
    assert line_of(function) in message


def test_the_line_is_shown_as_it_stands() -> None:
    def ratio(x: Value) -> Value:
        shifted = x - 1.0
        return 2.0 / shifted  # the line in question

    message = raised(lambda: ratio(Value(1.0)))
    assert line_of(ratio, 2) + "return 2.0 / shifted  # the line in question" in message


# Backward. The forward pass is finite throughout.

BACKWARD: dict[str, tuple[Function, float, str]] = {
    "an infinite slope": (
        lambda x: sqrt(x),
        0.0,
        "the slope of sqrt along its operand is inf where sqrt(x=0.0) is 0.0",
    ),
    "inf times 0": (lambda x: square(sqrt(x)), 0.0, "the slope of sqrt along its operand is inf"),
    "one of two operands": (
        lambda x: x ** (0.5 + 0.0 * x),
        0.0,
        "the slope of pow along operand 0 is inf where pow(x=0.0, 0.5) is 0.0",
    ),
    "a product of finite ones": (
        lambda x: 1e200 * (1e200 * x),
        0.0,
        "the slope of mul along operand 1 is 1e+200, which times its adjoint 1e+200 is inf",
    ),
    "no slope there": (lambda x: (-2.0 + 0.0 * x) ** (3.0 + x), 0.0, "the slope of pow along operand 1 is nan"),
}

SWEEPS: dict[str, Callable[[Function, float], Any]] = {
    "backward": lambda function, point: function(Value(point, label="x")).backward(),
    "create_graph": lambda function, point: function(Value(point, label="x")).backward(create_graph=True),
    "gradients": lambda function, point: _gradients(function, point, create_graph=False),
    "recorded gradients": lambda function, point: _gradients(function, point, create_graph=True),
    "grad": lambda function, point: grad(function)(point),
    "grad of grad": lambda function, point: grad(grad(function))(point),
    "jvp": lambda function, point: jvp(function, (point,), (1.0,)),
    "vjp": lambda function, point: vjp(function, point)[1](1.0),
    "jacobian": lambda function, point: jacobian(function)(point),
    "reverse jacobian": lambda function, point: jacobian(lambda x: [function(x), x], mode="reverse")(point),
    "hessian": lambda function, point: hessian(function)(point),
    "hvp": lambda function, point: hvp(function, (point,), (1.0,)),
}


def _gradients(function: Function, point: float, *, create_graph: bool) -> Any:
    x = Value(point, label="x")
    return gradients(function(x), [x], create_graph=create_graph)


@pytest.mark.parametrize("sweep", SWEEPS)
@pytest.mark.parametrize("name", BACKWARD)
def test_backward(name: str, sweep: str) -> None:
    function, point, finding = BACKWARD[name]
    message = raised(lambda: SWEEPS[sweep](function, point))
    assert line_of(function) in message
    if sweep in ("backward", "gradients"):
        assert message.startswith(finding)


@pytest.mark.parametrize("sweep", SWEEPS)
def test_terms_that_add_up_beyond_all_numbers(sweep: str) -> None:
    """Each is finite, and so is the value; their sum on the leaf is not."""

    def twice(x: Any) -> Any:
        return 1e308 * x + 1e308 * x

    assert "inf" in raised(lambda: SWEEPS[sweep](twice, 0.5))


# Second derivatives: nodes of a derivative count as made where the node that they differentiate was.

SECOND: dict[str, tuple[Function, float]] = {
    "a power": (lambda x: x**1.5, 0.0),
    "a power further down": (lambda x: sin(x**1.5 + 1.0) * 2.0, 0.0),
    "a root of a cube": (lambda x: abs(x) ** 1.5, 0.0),
}
SECOND_SWEEPS = {
    "grad of grad": SWEEPS["grad of grad"],
    "hessian": SWEEPS["hessian"],
    "hvp": SWEEPS["hvp"],
    "grad of jvp": lambda function, point: grad(lambda x: jvp(function, (x,), (1.0,))[1])(point),
    "jvp of jvp": lambda function, point: jvp(lambda x: jvp(function, (x,), (1.0,))[1], (point,), (1.0,)),
    "gradients of gradients": lambda function, point: _second_gradients(function, point),
    "backward twice": lambda function, point: _backward_twice(function, point),
}


def _second_gradients(function: Function, point: float) -> Any:
    x = Value(point)
    return gradients(gradients(function(x), [x], create_graph=True), [x])


def _backward_twice(function: Function, point: float) -> None:
    x = Value(point)
    function(x).backward(create_graph=True)
    x.grad.backward()


@pytest.mark.parametrize("sweep", SECOND_SWEEPS)
@pytest.mark.parametrize("name", SECOND)
def test_second_derivatives_point_to_the_line_of_the_user(name: str, sweep: str) -> None:
    function, point = SECOND[name]
    with detect_anomaly():
        assert math.isfinite(grad(function)(point))
    assert line_of(function) in raised(lambda: SECOND_SWEEPS[sweep](function, point))


def test_each_line_of_many_is_told_apart() -> None:
    def steps(x: Any) -> Any:
        a = sin(x) + 1.0
        b = x**1.5
        return a * b

    assert line_of(steps, 2) + "b = x**1.5" in raised(lambda: grad(grad(steps))(0.0))


# Names, labels, hints.


def test_the_label_of_the_node_is_named() -> None:
    def labeled() -> None:
        x = Value(0.0, label="x")
        y = sqrt(x)
        y.label = "distance"
        y.backward()

    message = raised(labeled)
    assert "sqrt(x=0.0)" in message
    assert ", labeled 'distance', recorded at " in message


HINTS: dict[str, tuple[Callable[[], Any], str]] = {
    "sqrt(x*x)": (lambda: sqrt(Value(0.0) * 1.0), "keep its operand above 0"),
    "sqrt of x*x": (lambda: _root_of(lambda x: x * x), "use abs(x)"),
    "sqrt of x**2": (lambda: _root_of(lambda x: x**2), "use abs(x)"),
    "sqrt of square": (lambda: _root_of(square), "use abs(x)"),
    "sqrt of a sum": (lambda: _root_of(lambda x: x * x + x * x), "use hypot(a, b) or norm(xs)"),
    "sqrt of sum()": (lambda: _root_of(lambda x: autodiff.sum([x * x, x * x])), "use hypot(a, b) or norm(xs)"),
    "sqrt of dot()": (lambda: _root_of(lambda x: dot([x, x], [x, x])), "use hypot(a, b) or norm(xs)"),
    "sqrt below 0": (lambda: sqrt(Value(-1.0)), "keep its operand above 0"),
    "log": (lambda: log(Value(0.0)), "log1p, log_sigmoid, logsumexp or xlogy"),
    "a division": (lambda: 1.0 / Value(0.0), "choose with where(...) before dividing"),
    "a reciprocal": (lambda: reciprocal(Value(0.0)), "choose with where(...) before dividing"),
    "exp": (lambda: exp(Value(1000.0)), "logsumexp, softplus or log_sigmoid"),
    "pow": (lambda: Value(-1.0) ** 0.5, "no real power of a fraction"),
}


def _root_of(inner: Function) -> None:
    sqrt(inner(Value(0.0))).backward()


@pytest.mark.parametrize("name", [name for name in HINTS if name != "sqrt(x*x)"])
def test_hints(name: str) -> None:
    work, hint = HINTS[name]
    assert hint in raised(work).split("; ", 1)[1]


def test_what_the_hints_name_has_no_anomaly() -> None:
    with detect_anomaly():
        for function in (abs, lambda x: hypot(x, x), lambda x: norm([x, x])):
            x = Value(0.0)
            function(x).backward()
            assert x.grad == 0.0


def test_other_operations_have_no_hint() -> None:
    assert ";" not in raised(lambda: cbrt(Value(0.0)).backward()).split(": ")[0]


# Inside nn.


def test_inside_a_model_the_line_is_the_one_that_calls_it() -> None:
    model = MLP(2, [2, 1], rng=0)
    model.parameters()[0].data = math.inf

    def predict() -> Any:
        return model([1.0, 2.0])

    assert line_of(predict, 1) + "return model([1.0, 2.0])" in raised(predict)


def test_inside_a_loss_the_line_is_the_one_that_calls_it() -> None:
    def lose() -> Any:
        return mse([Value(1e200)], [1.0])

    assert line_of(lose, 1) in raised(lose)


def test_scopes_stay_on_the_nodes() -> None:
    with detect_anomaly(), scope("layer 1"):
        node = Value(1.0) * 2.0
    assert node.origin is not None
    assert node.origin.scope == ("layer 1",)
    assert "test_scopes_stay_on_the_nodes" in node.origin.source


# Off, and restored.


def test_off_nothing_is_checked_and_no_line_is_remembered() -> None:
    x = Value(0.0)
    y = sqrt(x * x)
    y.backward()
    assert math.isnan(x.grad)
    assert y.origin is None
    with scope("here"):
        assert (x * x).origin.source == ""  # type: ignore[union-attr]  # a scope makes an origin


@pytest.mark.parametrize("error", [ShapeError, KeyError, KeyboardInterrupt])
def test_it_ends_with_its_block_whatever_happens(error: type[BaseException]) -> None:
    def fail() -> None:
        with detect_anomaly():
            raise error

    with pytest.raises(error):
        fail()
    assert log(Value(0.0)).origin is None


def test_it_ends_with_a_sweep_that_failed() -> None:
    """The origin that a sweep sets for the nodes it records is taken back too."""
    with detect_anomaly():
        x = Value(0.0)
        y = sqrt(x)
        with pytest.raises(AnomalyError):
            y.backward(create_graph=True)
        node = x * 2.0
    assert "node = x * 2.0" in node.origin.source  # type: ignore[union-attr]  # recorded within the block
    assert (x * 2.0).origin is None


def test_a_failed_sweep_leaves_gradients_as_they_were() -> None:
    x = Value(0.0)
    x.grad = 7.0
    with detect_anomaly():
        y = sqrt(x)
        with pytest.raises(AnomalyError):
            y.backward()
    assert (x.grad, y.grad) == (7.0, 0.0)


def test_it_decorates_nothing_and_nests() -> None:
    with detect_anomaly():
        with detect_anomaly():
            pass
        with pytest.raises(AnomalyError):
            log(Value(0.0))


def test_a_graph_recorded_outside_is_checked_without_a_line() -> None:
    y = sqrt(Value(0.0))
    message = raised(y.backward)
    assert "recorded at" not in message
    assert message.startswith("the slope of sqrt")


def test_finite_graphs_have_the_same_numbers() -> None:
    def numbers() -> tuple[Any, ...]:
        x = Value(0.5)
        y = sin(x * x) / exp(x)
        y.backward()
        return y.data, x.grad, grad(grad(lambda t: sin(t * t) / exp(t)))(0.5)

    expected = numbers()
    with detect_anomaly():
        assert numbers() == expected


def test_the_line_of_a_file_that_is_gone(tmp_path: Any) -> None:
    """A notebook's cell or an exec'd string has no file; its name and number are still given."""
    names: dict[str, Any] = {"log": log, "Value": Value}
    code = compile("\n\ny = log(Value(0.0))", "<cell 3>", "exec")
    assert "recorded at <cell 3>:3 in <module> [columns 5-19]" in raised(lambda: exec(code, names))


def test_a_user_s_file_next_to_the_packages_is_a_user_s(tmp_path: Any) -> None:
    """`autodiff_extras` starts like `autodiff`, and is not of this distribution."""
    beside = autodiff.__file__.rsplit("/", 2)[0] + "/autodiff_extras.py"
    code = compile("y = log(Value(0.0))", beside, "exec")
    assert f"recorded at {beside}:1 in <module>" in raised(lambda: exec(code, {"log": log, "Value": Value}))
