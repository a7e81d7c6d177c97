import math

import numpy as np
import pytest

import autodiff
from autodiff import Origin, Value
from autodiff.errors import ShapeError
from nn import Neuron, OptionError, OptionTypeError, constant


def fixed(weights):
    """An initializer that gives these weights."""

    def initialize(*_):
        return weights

    return initialize


def neuron_of(weights, bias=0.0, **options):
    neuron = Neuron(len(weights), initializer=fixed(weights), **options)
    if neuron.bias is not None:
        neuron.bias.data = bias
    return neuron


def test_weighted_sum_bias_and_activation():
    neuron = neuron_of([0.5, -2.0], bias=0.25, activation="tanh")
    out = neuron([3.0, 1.0])
    assert out.data == math.tanh(0.5 * 3.0 - 2.0 * 1.0 + 0.25)
    out.backward()
    slope = 1.0 - math.tanh(-0.25) ** 2
    assert [p.grad for p in neuron.parameters()] == pytest.approx([3.0 * slope, 1.0 * slope, slope], rel=1e-12)


def test_one_node_for_the_sum_one_for_the_bias_one_for_the_activation():
    order = autodiff.topological_order(neuron_of([1.0, 2.0], activation="sigmoid")([3.0, 4.0]))
    assert [node.primitive.name for node in order if node.primitive] == ["dot", "add", "sigmoid"]


def test_without_a_bias():
    neuron = Neuron(2, bias=False, rng=0)
    assert neuron.bias is None
    assert neuron.parameters() == neuron.weights


def test_biases_start_at_0():
    assert Neuron(3, initializer=constant(4)).bias.data == 0.0


@pytest.mark.parametrize(
    "inputs",
    [
        [2.0, 3.0],
        (2, 3),
        np.array([2.0, 3.0]),
        np.array([2, 3]),
        [Value(2.0), 3.0],
        np.array([Value(2.0), Value(3.0)]),
        [np.float64(2.0), np.int64(3)],
        range(2, 4),
        iter([2.0, 3.0]),
    ],
)
def test_kinds_of_input(inputs):
    assert neuron_of([10.0, 100.0])(inputs).data == 320.0


@pytest.mark.parametrize("number", [3.0, 3, Value(3.0), np.float64(3.0), np.array(3.0), [3.0]])
def test_one_input_may_be_bare(number):
    assert neuron_of([2.0])(number).data == 6.0


def test_gradients_reach_the_inputs():
    x, y = Value(1.0), Value(1.0)
    neuron_of([10.0, 100.0])([x, y]).backward()
    assert (x.grad, y.grad) == (10.0, 100.0)


@pytest.mark.parametrize("inputs", [[], [1.0], [1.0, 2.0, 3.0], 5.0, np.zeros(4)])
def test_a_wrong_width_names_both(inputs):
    with pytest.raises(ShapeError, match=rf"Neuron of 2 inputs was called with {np.size(inputs)}"):
        Neuron(2)(inputs)


def test_several_records_are_refused():
    with pytest.raises(ShapeError, match=r"one record at a time, got an array of shape \(3, 2\)"):
        Neuron(2)(np.zeros((3, 2)))


@pytest.mark.parametrize(
    ("neuron", "shown"),
    [
        (Neuron(3), "ReLUNeuron(3)"),
        (Neuron(3, False), "LinearNeuron(3)"),
        (Neuron(3, nonlin=False), "LinearNeuron(3)"),
        (Neuron(1, activation="tanh"), "TanhNeuron(1)"),
        (Neuron(1, activation=autodiff.silu), "SiLUNeuron(1)"),
    ],
)
def test_repr(neuron, shown):
    assert repr(neuron) == shown


def test_labels_and_origins():
    neuron = Neuron(2)
    assert [p.label for p in neuron.parameters()] == ["w1", "w2", "b"]
    assert {p.origin for p in neuron.parameters()} == {Origin(role="parameter")}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"inputs": 0}, OptionError, "inputs takes an integer of at least 1, got 0"),
        ({"inputs": 2.0}, OptionTypeError, "inputs takes an integer of at least 1, got 2.0"),
        ({"inputs": 2, "initializer": fixed([1.0])}, ShapeError, r"shape \(2,\), got shape \(1,\)"),
        ({"inputs": 2, "activation": "softmax"}, ValueError, "softmax"),
    ],
)
def test_refused_options(options, error, message):
    with pytest.raises(error, match=message):
        Neuron(**options)
