import numpy as np
import pytest

import autodiff
from autodiff import topological_order
from autodiff.errors import ShapeError
from nn import MLP, SGD, Dropout, Layer, LayerNorm, Linear, OptionError, Sequential, fit, predict

FEATURES = np.random.default_rng(0).normal(size=(20, 3))


def test_it_is_the_network_of_its_layers():
    model = Sequential(Linear(3, 4, rng=0), "tanh", Linear(4, 2, rng=1), autodiff.sigmoid)
    first, second = model.parts[0].layer, model.parts[2].layer
    hidden = np.tanh(FEATURES @ first.weight_matrix() + first.bias_vector())
    out = 1 / (1 + np.exp(-(hidden @ second.weight_matrix() + second.bias_vector())))
    np.testing.assert_allclose(predict(model, FEATURES), out, rtol=1e-13)


def test_parts_of_every_kind():
    model = Sequential(Layer(3, 4, rng=0), Dropout(0.5), MLP(4, [5, 2], rng=1), "softmax")
    out = predict(model, FEATURES)
    np.testing.assert_allclose(out.sum(axis=1), 1.0, rtol=1e-14)
    assert (model.inputs, model.outputs) == (3, 2)


def test_one_output_is_bare():
    assert not isinstance(Sequential(Linear(3, 1), "tanh")([1.0, 2.0, 3.0]), list)
    assert len(Linear(3, 1)([1.0, 2.0, 3.0])) == 1


def test_a_part_used_twice_has_the_gradients_of_both_places():
    shared = Linear(2, 2, rng=0)
    model = Sequential(shared, "tanh", shared)
    assert len(model.parameters()) == 6
    weights = np.array([p.data for p in shared.parameters()])

    def output(numbers):
        matrix, bias = numbers.reshape(2, 3)[:, :2].T, numbers.reshape(2, 3)[:, 2]
        return (np.tanh([0.5, -1.0] @ matrix + bias) @ matrix + bias).sum()

    sum(model([0.5, -1.0])).backward()
    for k, parameter in enumerate(shared.parameters()):
        step = 1e-6 * np.eye(6)[k]
        assert parameter.grad == pytest.approx((output(weights + step) - output(weights - step)) / 2e-6, rel=1e-8)


def test_a_part_used_twice_trains_alike_by_graphs_and_compiled():
    numbers = []
    for compiled in (True, False):
        shared = Linear(3, 3, rng=0)
        model = Sequential(shared, "tanh", shared, "tanh", Linear(3, 1, rng=1))
        optimizer = SGD(learning_rate=0.1, momentum=0.5)
        fit(model, FEATURES, FEATURES[:, 0], optimizer=optimizer, epochs=5, compiled=compiled, progress=False)
        numbers.append([p.data for p in model.parameters()])
    np.testing.assert_allclose(*numbers, rtol=1e-11)


def test_layer_norm_against_its_definition():
    norm = LayerNorm(3)
    for k, (gain, bias) in enumerate(zip(norm.gain, norm.bias, strict=True)):
        gain.data, bias.data = 1.0 + k, 0.1 * k
    rows = FEATURES - FEATURES.mean(axis=1, keepdims=True)
    expected = rows / np.sqrt(FEATURES.var(axis=1, keepdims=True) + 1e-5) * [1, 2, 3] + [0.0, 0.1, 0.2]
    np.testing.assert_allclose(predict(norm, FEATURES), expected, rtol=1e-12)


def test_scopes_number_the_layers_and_their_neurons():
    model = Sequential(LayerNorm(2), Linear(2, 2), "relu", Dropout(0.1), Linear(2, 1), "sigmoid")
    scopes = {node.origin.scope for node in topological_order(model([1.0, 2.0])) if node.origin.role == "parameter"}
    assert scopes == {("layer 1",), ("layer 1", "neuron 1"), ("layer 1", "neuron 2"), ("layer 2", "neuron 1")}


def test_reprs_are_short():
    assert repr(Sequential(Linear(64, 32), "relu", LayerNorm(32), Dropout(0.25), Linear(32, 10), "softmax")) == (
        "Sequential(Linear(64, 32), ReLU, LayerNorm(32), Dropout(0.25), Linear(32, 10), Softmax)"
    )
    assert repr(MLP(64, [32, 10], output_activation="softmax")) == (
        "MLP of [Layer of [32 × ReLUNeuron(64)], Layer of [10 × LinearNeuron(32), Softmax]]"
    )


def test_refused_parts():
    with pytest.raises(ShapeError, match=r"part 3, Linear\(3, 1\), takes 3 inputs and the part before has 4 outputs"):
        Sequential(Linear(2, 4), "relu", Linear(3, 1))
    with pytest.raises(OptionError, match="at least one part"):
        Sequential()
    with pytest.raises(OptionError, match="'rleu'"):
        Sequential(Linear(2, 4), "rleu")
    with pytest.raises(ShapeError, match="Sequential of 2 inputs was called with 3"):
        Sequential(Linear(2, 4))([1.0, 2.0, 3.0])
    with pytest.raises(OptionError, match="softmax of one output"):
        Layer(2, 1, activation="softmax")


@pytest.mark.parametrize("share", [-0.1, 1.0, 2.0])
def test_dropout_refuses_a_share(share):
    with pytest.raises(OptionError, match="from 0 up to but not including 1"):
        Dropout(share)
