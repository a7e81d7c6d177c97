"""Leaf Values that a compiled function closes over: read at each call, and given the gradients that graphs give."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff import Value, compile, dot, exp, log, maximum, mean, no_grad, relu, sigmoid, tanh, where
from autodiff import sum as total
from autodiff.errors import OptionError, ShapeError
from nn import MLP, log_loss, mse, sse
from nn.losses.functions import LOSSES
from nn.modules.activations import ACTIVATIONS

RNG = np.random.default_rng(1)
FEATURES = RNG.normal(size=(6, 3))
TARGETS = RNG.uniform(0.1, 0.9, size=6)


def _swept(leaves: list[Value], sweep: Callable[[], Any]) -> np.ndarray:
    for leaf in leaves:
        leaf.grad = 0.0
    reduced = sweep()
    return np.array([float(getattr(reduced, "data", reduced)), *[leaf.grad for leaf in leaves]])


def _backward(out: Value) -> Value:
    out.backward()
    return out


def _by_graphs(function: Callable[..., Any], *batched: Any) -> Any:
    out = mean([function(*record) for record in zip(*batched, strict=True)])
    out.backward()
    return out


def _check(leaves: list[Value], function: Callable[..., Any], *batched: Any) -> None:
    compiled = compile(function, batched=range(len(batched)))
    ours = _swept(leaves, lambda: compiled.backward(*batched))
    graphs = _swept(leaves, lambda: _by_graphs(function, *batched))
    np.testing.assert_allclose(ours, graphs, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("output", ["linear", "sigmoid"])
def test_every_activation(activation: str, output: str) -> None:
    model = MLP(3, [4, 2, 1], activation=activation, output_activation=output, rng=5)
    _check(model.parameters(), lambda x, y: (model(x) - y) ** 2, FEATURES, TARGETS)


TARGETS_OF = {"hinge": np.where(TARGETS > 0.5, 1.0, -1.0)}
PAIRS_OF: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {
    "cross_entropy": lambda out, y: ([[out, 1.0 - 2.0 * out]], [[y, 1.0 - y]])
}
"""Predictions and targets of losses that do not take a number from 0 to 1 for each record."""


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_every_loss(loss: str) -> None:
    model = MLP(3, [4, 1], activation="tanh", output_activation="sigmoid", rng=5)
    pairs = PAIRS_OF.get(loss, lambda out, y: ([out], [y]))
    targets = TARGETS_OF.get(loss, TARGETS)
    _check(model.parameters(), lambda x, y: LOSSES[loss](*pairs(model(x), y)), FEATURES, targets)


def test_a_loss_of_logits() -> None:
    model = MLP(3, [4, 1], rng=5)
    _check(model.parameters(), lambda x, y: log_loss([model(x)], [y], from_logits=True), FEATURES, TARGETS)


@pytest.mark.parametrize("loss", [mse, sse, log_loss])
def test_a_loop_over_the_records_inside(loss: Callable[..., Any]) -> None:
    model = MLP(3, [4, 1], output_activation="sigmoid", rng=5)

    def of_all() -> Any:
        return loss([model(x) for x in FEATURES], TARGETS)

    def by_graph() -> Any:
        out = of_all()
        out.backward()
        return out

    compiled = compile(of_all, batched=())
    ours = _swept(model.parameters(), compiled.backward)
    np.testing.assert_allclose(ours, _swept(model.parameters(), by_graph), rtol=1e-12, atol=1e-15)


def test_new_numbers_are_seen_and_gradients_are_added() -> None:
    w, b = Value(2.0), Value(-1.0)
    compiled = compile(lambda x: exp(w * x) + b)
    np.testing.assert_allclose(compiled([0.0, 1.0]), [0.0, np.exp(2.0) - 1.0])
    w.data, b.data = 0.5, 3.0
    np.testing.assert_allclose(compiled([0.0, 1.0]), [4.0, np.exp(0.5) + 3.0])
    w.grad = 10.0
    compiled.backward([1.0])
    assert (w.grad, b.grad) == (pytest.approx(10.0 + np.exp(0.5)), 1.0)
    compiled.backward([1.0])
    assert b.grad == 2.0
    compiled.value_and_grad([1.0], reduction="sum")
    compiled.jacobian([1.0])
    assert b.grad == 2.0, "backward alone adds to grad"


def test_a_gradient_of_none_counts_as_0() -> None:
    w = Value(2.0)
    w.grad = None
    compile(lambda x: w * x).backward([1.0, 3.0])
    assert w.grad == 2.0


def test_a_leaf_that_does_not_count_gets_nothing() -> None:
    w, idle = Value(2.0), Value(5.0)
    idle.grad = 0.5
    compile(lambda x: w * x + where(x > 1e9, idle, 0.0) + 0.0 * idle.detach()).backward([1.0, 3.0])
    assert (w.grad, idle.grad) == (2.0, 0.5)


def test_a_node_made_outside_is_made_anew_from_its_leaves() -> None:
    w = Value(3.0)
    square = w * w
    compiled = compile(lambda x: square * x)
    w.data = 4.0
    assert compiled.backward([1.0, 2.0], reduction="sum") == 48.0
    assert w.grad == 2 * 4.0 * 3.0
    assert square.grad == 0.0, "gradients go to leaves"


def test_parameters_come_in_the_order_in_which_they_are_met() -> None:
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    assert compile(lambda x: c * x + a * b).parameters([1.0]) == [c, a, b]


def test_one_leaf_many_times() -> None:
    w = Value(0.7)
    _check([w], lambda x: w * w * x + tanh(w) * maximum(w, x) + dot([w, w], [x, w]) + relu(-w), FEATURES[:, 0])


def test_detached_leaves_are_read_at_each_call_and_get_no_gradient() -> None:
    w = Value(2.0)

    def frozen(x: Any) -> Any:
        with no_grad():
            scale = w * 3.0
        return w.detach() * scale * x + w

    compiled = compile(frozen)
    assert compiled([1.0]).tolist() == [14.0]
    w.data = 4.0
    assert compiled([1.0]).tolist() == [52.0]
    compiled.backward([1.0])
    assert w.grad == 1.0


def test_results_that_are_leaves_or_constants() -> None:
    w = Value(3.0)
    assert compile(lambda x: w).backward([1.0, 2.0], reduction="sum") == 6.0
    assert w.grad == 2.0
    made = compile(lambda x: (w, 1.5, x, x, [w * 2]))([1.0, 2.0])
    np.testing.assert_array_equal(made[:4], [[3, 3], [1.5, 1.5], [1, 2], [1, 2]])
    np.testing.assert_array_equal(made[4][0], [6.0, 6.0])
    value, along = compile(lambda x: w).value_and_grad([1.0, 2.0])
    np.testing.assert_array_equal([value, along], [[3.0, 3.0], [0.0, 0.0]])
    assert compile(lambda x: 1.5).backward([1.0, 2.0]) == 1.5


def test_a_bound_gradient_is_backward_on_a_vector() -> None:
    model = MLP(3, [4, 1], activation="tanh", rng=5)
    compiled = compile(lambda x, y: (sigmoid(model(x)) - y) ** 2, batched=(0, 1))
    bound = compiled.bind(FEATURES, TARGETS)
    parameters = compiled.parameters(FEATURES, TARGETS)
    for scale in (1.0, 0.5):
        bound.numbers[:] = [scale * parameter.data for parameter in parameters]
        for parameter, number in zip(parameters, bound.numbers.tolist(), strict=True):
            parameter.data = number
        ours = [bound(), *bound.gradient]
        np.testing.assert_allclose(ours, _swept(parameters, lambda: compiled.backward(FEATURES, TARGETS)), rtol=1e-12)


@pytest.mark.parametrize("records", [1, 5, 100_003])
def test_the_value_alone_leaves_the_gradient(records: int) -> None:
    """Of exp(w)·x + w the slope along w is made of exp(w), which the value is made of too."""
    w = Value(0.5)
    bound = compile(lambda x: exp(w) * x + w).bind(np.linspace(-1.0, 2.0, records))
    mean_of_x = np.linspace(-1.0, 2.0, records).mean()
    assert bound() == pytest.approx(math.exp(0.5) * mean_of_x + 0.5)
    gradient = bound.gradient.copy()
    bound.numbers[:] = 1.5
    assert bound.value() == pytest.approx(math.exp(1.5) * mean_of_x + 1.5)
    np.testing.assert_array_equal(bound.gradient, gradient)
    assert bound() == bound.value()
    np.testing.assert_allclose(bound.gradient, [math.exp(1.5) * mean_of_x + 1.0])


def test_a_bound_gradient_that_is_a_step_of_the_value() -> None:
    """The slope of exp(w) is exp(w): one number for two outputs."""
    w = Value(0.5)
    bound = compile(lambda x: exp(w)).bind([1.0, 2.0])
    assert bound() == math.exp(0.5)
    bound.numbers[:] = 1.5
    assert bound.value() == math.exp(1.5)
    np.testing.assert_array_equal(bound.gradient, [math.exp(0.5)])


@pytest.mark.parametrize(
    ("weight", "function", "features"),
    [
        (math.inf, lambda w, x: w * x, [2.0, -1.0]),
        (1e300, lambda w, x: w * x, [1e10, -1e10]),
        (0.0, lambda w, x: w * x, [1e308, 1e308]),
        (1.0, lambda w, x: w * x - x, [1e308] * 3),
        (1.0, lambda w, x: w * x - 1e8, 1e8 + np.linspace(-1.0, 0.9, 1000)),
        (1e-300, lambda w, x: w * (1e308 * x), [5.0, -5.0]),
    ],
)
def test_nothing_is_moved_across_a_mean_that_would_change_it(
    weight: float, function: Callable[[Any, Any], Any], features: list[float]
) -> None:
    """Factors that are infinite or overflow, and differences of large numbers."""
    w = Value(weight)
    _check([w], lambda x: function(w, x), features)


def test_bound_calls_give_no_warning_and_leave_numpys_settings() -> None:
    w = Value(1.0)
    bound = compile(lambda x: log(w * x)).bind([0.0, 1.0])
    before = np.geterr()
    assert bound() == -math.inf
    assert np.geterr() == before


def test_parameters_of_single_precision() -> None:
    w = [Value(0.1), Value(-0.7)]
    value = compile(lambda x: total([sigmoid(p * x) for p in w]), dtype=np.float32).backward([1.0, -90.0, 1000.0])
    expected = [1 / (1 + np.exp(-p * np.array([1.0, -90.0, 1000.0]))) for p in (0.1, -0.7)]
    assert value == pytest.approx(np.mean(np.sum(expected, axis=0)), rel=1e-6)
    slopes = [np.mean(e * (1 - e) * [1.0, -90.0, 1000.0]) for e in expected]
    np.testing.assert_allclose([p.grad for p in w], slopes, rtol=1e-4)
    assert all(type(p.grad) is float for p in w)


@pytest.mark.parametrize("batched", [(0, 1), ()])
def test_what_is_written_into_bound_arrays_counts(batched: tuple[int, ...]) -> None:
    """Parameters, and data where they are arrays of float64, are used where they are."""
    model = MLP(3, [4, 1], activation="tanh", output_activation="sigmoid", rng=5)

    def of_record(x: Any, y: Any) -> Any:
        return (model(x) - y) ** 2

    def of_all(features: Any, targets: Any) -> Any:
        terms = [abs(of_record(x, y)) for x, y in zip(features, targets, strict=True)]
        return mean(terms) + 0.1 * terms[0] * terms[-1]

    compiled = compile(of_record if batched else of_all, batched=batched)
    features, targets = FEATURES.copy(), TARGETS.copy()
    bound = compiled.bind(features, targets)
    parameters = compiled.parameters(features, targets)
    for shift in (0.0, 0.25, -1.0):
        features[...] = FEATURES + shift
        targets[...] = TARGETS * (1.0 - shift)
        bound.numbers[:] = [parameter.data for parameter in parameters]
        ours = [bound(), *bound.gradient]
        expected = _swept(parameters, lambda: compiled.backward(features, targets))
        np.testing.assert_allclose(ours, expected, rtol=1e-11, atol=1e-14)
        assert (batched == ()) or expected[0] == pytest.approx(
            np.mean([of_record(x, y).data for x, y in zip(features, targets, strict=True)])
        )


def test_a_bound_gradient_of_single_precision() -> None:
    model = MLP(3, [4, 1], activation="tanh", rng=5)
    compiled = compile(lambda x, y: (model(x) - y) ** 2, batched=(0, 1), dtype=np.float32)
    features, targets = FEATURES.astype(np.float32), TARGETS.astype(np.float32)
    bound = compiled.bind(features, targets)
    targets *= 0.5
    expected = _swept(compiled.parameters(FEATURES, TARGETS), lambda: compiled.backward(FEATURES, 0.5 * TARGETS))
    assert bound.numbers.dtype == bound.gradient.dtype == np.float32
    np.testing.assert_allclose([bound(), *bound.gradient], expected, rtol=1e-5)


def test_a_parameter_beyond_single_precision_is_infinite_without_a_warning() -> None:
    w = Value(1e300)
    compiled = compile(lambda x: w * x, dtype=np.float32)
    assert compiled([1.0]) == [math.inf]
    assert compiled.bind([1.0])() == math.inf


@pytest.mark.parametrize(
    ("numbers", "error", "words"),
    [
        (np.ones(2), ShapeError, r"a vector of 3 parameters, got shape \(2,\)"),
        (np.ones((3, 1)), ShapeError, r"got shape \(3, 1\)"),
        (np.ones(3, int), OptionError, "an array of float64, got int64"),
        ([1.0, 2.0, 3.0], OptionError, "an array of float64, got list"),
    ],
)
def test_vectors_of_parameters_that_do_not_fit(numbers: Any, error: type[Exception], words: str) -> None:
    w = [Value(1.0), Value(2.0), Value(3.0)]
    with pytest.raises(error, match=words):
        compile(lambda x: dot(w, x)).bind(np.ones((2, 3)), numbers=numbers)


@pytest.mark.parametrize("records", [3, 100_003])
def test_what_was_trained_is_written_back(records: int) -> None:
    w, b, idle = Value(2.0), Value(-1.0), Value(7.0)
    compiled = compile(lambda x: b * x + w, dtype=np.float32)
    bound = compiled.bind(np.ones(records, np.float32))
    assert bound.parameters == [b, w] == compiled.parameters([1.0])
    bound.numbers -= [0.5, 0.25]
    w.grad = 3.0
    assert (w.data, b.data) == (2.0, -1.0)
    bound.write_back()
    assert (w.data, b.data, idle.data, w.grad) == (1.75, -1.5, 7.0, 3.0)
    assert type(w.data) is float


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_jacobian_along_parameters_is_every_sweep_of_an_output(activation: str) -> None:
    model = MLP(3, [4, 2], activation=activation, rng=5)
    compiled = compile(lambda x: np.array(model(x.tolist()), dtype=object))
    slopes = compiled.parameter_jacobian(FEATURES)
    assert slopes.shape == (6, 2, len(model.parameters()))
    for row, of_record in zip(FEATURES.tolist(), slopes, strict=True):
        for k, of_output in enumerate(of_record):
            swept = _swept(compiled.parameters(FEATURES), lambda row=row, k=k: _backward(model(row)[k]))
            np.testing.assert_allclose(of_output, swept[1:], rtol=1e-12, atol=1e-15)


def test_the_jacobian_along_parameters_of_results_that_records_share() -> None:
    w, b = Value(3.0), Value(2.0)
    shared = compile(lambda x: {"first": w * b, "second": [b + x]})
    slopes = shared.parameter_jacobian([1.0, 5.0, 7.0])
    np.testing.assert_array_equal(slopes, [[[2.0, 3.0], [0.0, 1.0]]] * 3)
    assert compile(lambda x: w * b).parameter_jacobian([1.0, 5.0]).tolist() == [[[2.0, 3.0]]] * 2
    assert compile(lambda x: x * x).parameter_jacobian([1.0, 5.0]).shape == (2, 1, 0)
