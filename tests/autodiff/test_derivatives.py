"""gradients() and backward(create_graph=True): derivatives on recorded graphs, and derivatives of these."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings

import autodiff
from autodiff import (
    RangeError,
    StaleGraphError,
    Value,
    cos,
    dot,
    exp,
    grad,
    gradients,
    hessian,
    jvp,
    no_grad,
    relu,
    sin,
    sqrt,
    tanh,
    topological_order,
    where,
)
from autodiff.errors import CoercionError, ShapeError
from autodiff.testing import Expression, expressions, shared_graphs

QUICK = settings(max_examples=100, deadline=None, derandomize=True)


def _numbers(found: list[Any]) -> list[float]:
    return [slope.data for slope in found]


# gradients.


def test_leaves_and_interior_nodes() -> None:
    x, y = Value(2.0), Value(3.0)
    inner = x * y
    out = inner * inner + x
    assert gradients(out, [x, y, inner, out]) == [37.0, 24.0, 12.0, 1.0]


def test_an_interior_input_does_not_stop_what_flows_below_it() -> None:
    x = Value(2.0)
    inner = x * x
    for create_graph in (False, True):
        found = gradients(inner * x, [inner, x], create_graph=create_graph)
        assert [slope.data if create_graph else slope for slope in found] == [2.0, 12.0]


@pytest.mark.parametrize("create_graph", [False, True])
def test_the_same_input_twice(create_graph: bool) -> None:
    x = Value(3.0)
    first, second = gradients(x * x, [x, x], create_graph=create_graph)
    assert first == second == 6.0


@pytest.mark.parametrize("create_graph", [False, True])
def test_no_inputs(create_graph: bool) -> None:
    x = Value(3.0)
    assert gradients(x * x, [], create_graph=create_graph) == []


def test_an_input_that_no_output_was_made_from() -> None:
    x, other = Value(2.0), Value(3.0)
    assert gradients(x * x, [other]) == [0.0]
    (zero,) = gradients(x * x, [other], create_graph=True)
    assert isinstance(zero, Value)
    assert (zero.data, zero.is_constant) == (0.0, True)


def test_an_output_that_is_an_input() -> None:
    x = Value(2.0)
    assert gradients(x, [x]) == [1.0]
    assert _numbers(gradients(x, [x], create_graph=True)) == [1.0]


def test_no_grad_is_touched() -> None:
    x = Value(2.0)
    inner = x * x
    out = inner * x
    x.grad, inner.grad, out.grad = 5.0, 6.0, 7.0
    gradients(out, [x])
    gradients(out, [x], create_graph=True)
    assert (x.grad, inner.grad, out.grad) == (5.0, 6.0, 7.0)


def test_several_outputs_are_added_up() -> None:
    x, y = Value(2.0), Value(3.0)
    shared = x * y
    outputs = [shared, shared * x, y]
    assert gradients(outputs, [x, y]) == [3.0 + 12.0, 2.0 + 4.0 + 1.0]
    assert gradients([shared, shared], [x]) == [6.0]
    assert gradients([shared * x, shared], [shared]) == [3.0]


def test_several_outputs_with_weights() -> None:
    x, y = Value(2.0), Value(3.0)
    outputs = [x * y, x * x, y]
    assert gradients(outputs, [x, y], weights=[10.0, 1.0, 0.5]) == [34.0, 20.5]
    assert gradients(outputs[0], [x], weights=[4]) == [12.0]
    assert gradients(outputs, [x, y], weights=[0.0, 0.0, 0.0]) == [0.0, 0.0]


def test_weights_that_are_values_can_be_differentiated_along() -> None:
    x, weight = Value(2.0), Value(3.0)
    (slope,) = gradients([x * x], [x], weights=[weight], create_graph=True)
    assert slope.data == 12.0
    assert gradients(slope, [weight, x]) == [4.0, 6.0]


def test_weights_that_are_values_without_a_graph_are_numbers() -> None:
    x = Value(2.0)
    (slope,) = gradients([x * x], [x], weights=[Value(3.0)])
    assert type(slope) is float
    assert slope == 12.0


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize(
    ("weight", "error"), [(1j, CoercionError), (None, CoercionError), ("1", CoercionError), (10**400, RangeError)]
)
def test_a_weight_is_one_real_number(weight: Any, error: type[Exception], create_graph: bool) -> None:
    x = Value(2.0)
    with pytest.raises(error):
        gradients([x * x], [x], weights=[weight], create_graph=create_graph)


@pytest.mark.parametrize("weights", [[], [1.0], [1.0, 2.0, 3.0]])
def test_one_weight_for_each_output(weights: list[float]) -> None:
    x = Value(2.0)
    with pytest.raises(ShapeError, match=f"one weight for each output, got {len(weights)} for 2"):
        gradients([x, x * x], [x], weights=weights)


@pytest.mark.parametrize("wrong", [2.0, "x", None])
def test_plain_numbers_have_no_graph(wrong: Any) -> None:
    x = Value(2.0)
    with pytest.raises(CoercionError, match="works on recorded Values"):
        gradients([wrong], [x])
    with pytest.raises(CoercionError, match="works on recorded Values"):
        gradients(x * x, [wrong])


def test_the_result_without_a_graph_is_floats() -> None:
    x = Value(2.0)
    assert [type(slope) for slope in gradients(relu(x) + x * 2.0, [x, Value(1.0)])] == [float, float]


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_graph_whose_data_changed_is_refused(create_graph: bool) -> None:
    x = Value(2.0)
    out = x * x
    x.data = 3.0
    with pytest.raises(StaleGraphError):
        gradients(out, [x], create_graph=create_graph)
    with pytest.raises(StaleGraphError):
        out.backward(create_graph=create_graph)


def test_within_no_grad_recorded_derivatives_are_numbers_without_a_graph() -> None:
    x = Value(2.0)
    out = x * x * x
    with no_grad():
        (slope,) = gradients(out, [x], create_graph=True)
    assert (slope.data, slope.operands) == (12.0, ())


# Any order.


def test_every_order_of_a_power() -> None:
    x = Value(2.0)
    out = x**5
    expected = 32.0
    for order in range(5):
        (out,) = gradients(out, [x], create_graph=True)
        expected *= (5 - order) / 2.0
        assert out.data == expected
    assert _numbers(gradients(out, [x], create_graph=True)) == [0.0]


def test_mixed_derivatives() -> None:
    x, y = Value(0.5), Value(-1.5)
    along_x, along_y = gradients(sin(x * y) * exp(y), [x, y], create_graph=True)
    assert gradients(along_x, [y])[0] == pytest.approx(gradients(along_y, [x])[0], rel=1e-14)


def test_a_gradient_takes_part_in_a_loss() -> None:
    """A penalty on the gradient, as it is trained on."""
    x, weight = Value(0.5), Value(2.0)
    (slope,) = gradients(tanh(weight * x), [x], create_graph=True)
    penalty = slope * slope
    penalty.backward()

    def by_hand(w: Any) -> Any:
        return grad(lambda t: tanh(w * t))(x.data) ** 2

    assert weight.grad == pytest.approx(grad(by_hand)(2.0), rel=1e-13)


def test_derivatives_see_branches_that_were_taken() -> None:
    x = Value(-2.0)
    (slope,) = gradients(where(x > 0, sqrt(x), x * x), [x], create_graph=True)
    assert slope.data == -4.0
    assert gradients(slope, [x]) == [2.0]


def test_outputs_that_are_derivatives_share_their_graph() -> None:
    x = Value(0.5)
    out = sin(x)
    (slope,) = gradients(out, [x], create_graph=True)
    assert {out, x} <= {*topological_order(slope + out)}
    assert gradients([out, slope], [x]) == [pytest.approx(math.cos(0.5) - math.sin(0.5), rel=1e-15)]


# backward(create_graph=True).


def test_backward_leaves_values() -> None:
    x = Value(3.0)
    inner = x * x
    out = inner * x
    out.backward(create_graph=True)
    assert all(isinstance(node.grad, Value) for node in (x, inner, out))
    assert _numbers([x.grad, inner.grad, out.grad]) == [27.0, 3.0, 1.0]


def test_backward_adds_to_leaves_and_sets_interior_nodes() -> None:
    x = Value(3.0)
    inner = x * x
    out = inner * 2.0
    out.backward(create_graph=True)
    out.backward(create_graph=True)
    assert _numbers([x.grad, inner.grad, out.grad]) == [24.0, 2.0, 1.0]
    out.backward()
    assert x.grad == 36.0
    assert type(inner.grad) is float


def test_a_sweep_in_floats_may_come_first() -> None:
    x = Value(3.0)
    out = x * x
    out.backward()
    out.backward(create_graph=True)
    assert x.grad == 12.0
    assert gradients(x.grad, [x]) == [2.0]


def test_the_gradient_of_a_gradient_by_backward() -> None:
    x = Value(0.5)
    sin(x * x).backward(create_graph=True)
    slope, x.grad = x.grad, 0.0
    slope.backward()
    assert x.grad == pytest.approx(2.0 * math.cos(0.25) - math.sin(0.25), rel=1e-14)


def test_a_gradient_that_is_a_constant_is_a_value_too() -> None:
    x = Value(3.0)
    out = 2.0 * x
    out.backward(create_graph=True)
    assert isinstance(x.grad, Value)
    x.grad.backward()
    assert x.grad.data == 2.0


def test_a_leaf_as_its_own_root() -> None:
    x = Value(3.0)
    x.backward(create_graph=True)
    assert x.grad == 1.0


def test_backward_of_a_dot_product() -> None:
    xs, ys = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]
    dot(xs, ys).backward(create_graph=True)
    total = autodiff.sum([x.grad * x.grad for x in xs])
    assert gradients(total, [*xs, *ys]) == [0.0, 0.0, 6.0, 8.0]


# On any graph.


@QUICK
@given(expressions() | shared_graphs())
def test_all_ways_give_the_same_gradient(expression: Expression) -> None:
    leaves = [*map(Value, expression.inputs)]
    root = expression(*leaves)
    in_floats = gradients(root, leaves)
    recorded = _numbers(gradients(root, leaves, create_graph=True))
    root.backward()
    assert [leaf.grad for leaf in leaves] == in_floats
    again = [*map(Value, expression.inputs)]
    expression(*again).backward(create_graph=True)
    left = [leaf.grad.data if isinstance(leaf.grad, Value) else leaf.grad for leaf in again]
    scale = 1.0 + max(map(abs, in_floats))
    assert recorded == pytest.approx(in_floats, rel=1e-12, abs=1e-12 * scale)
    assert left == pytest.approx(in_floats, rel=1e-12, abs=1e-12 * scale)


@QUICK
@given(shared_graphs(max_steps=5))
def test_rows_of_the_hessian(expression: Expression) -> None:
    leaves = [*map(Value, expression.inputs)]
    slopes = gradients(expression(*leaves), leaves, create_graph=True)
    rows = [gradients(slope, leaves) for slope in slopes]
    expected = hessian(expression, argnums=tuple(range(len(leaves))))(*expression.inputs)
    scale = 1.0 + max(abs(entry) for row in expected for entry in row)
    for row, same in zip(rows, expected, strict=True):
        assert row == pytest.approx(list(same), rel=1e-9, abs=1e-11 * scale)


@QUICK
@given(expressions(max_steps=5))
def test_weights_are_cotangents(expression: Expression) -> None:
    """w·J along v is J·v along w."""
    leaves = [*map(Value, expression.inputs)]
    outputs = [entry for entry in expression.entries(leaves) if isinstance(entry, Value)]
    weights = [math.cos(place) for place in range(len(outputs))]
    pulled = gradients(outputs, leaves, weights=weights)
    every = lambda *inputs: expression.entries(inputs)  # noqa: E731 - a name for what jvp takes
    _, pushed = jvp(every, expression.inputs, tuple(1.0 for _ in leaves))
    products = [weight * slope for weight, slope in zip(weights, pushed, strict=True)]
    tolerance = 1e-12 * (1.0 + sum(map(abs, products)))
    assert sum(pulled) == pytest.approx(sum(products), rel=1e-9, abs=tolerance)


def test_a_recorded_derivative_of_a_sine_is_made_of_a_cosine() -> None:
    x = Value(0.5)
    (slope,) = gradients(sin(x), [x], create_graph=True)
    assert slope.data == cos(0.5)
    assert "cos" in {node.primitive.name for node in topological_order(slope) if node.primitive}
