import numpy as np
import pytest

from autodiff import Origin, Value
from autodiff.errors import CoercionError, ShapeError
from nn import Layer, OptionError

MATRIX = np.array([[1.0, 2.0, 3.0], [-4.0, 5.0, -6.0]])  # 2 inputs, 3 outputs
RECORD = np.array([0.5, -1.5])


def test_from_matrix_is_the_matrix_product():
    outputs = Layer.from_matrix(MATRIX, activation="linear")(RECORD)
    np.testing.assert_array_equal([out.data for out in outputs], RECORD @ MATRIX)


def test_with_biases():
    layer = Layer.from_matrix(MATRIX, [0.1, 0.2, 0.3], activation="tanh")
    np.testing.assert_allclose(
        [out.data for out in layer(RECORD)], np.tanh(RECORD @ MATRIX + [0.1, 0.2, 0.3]), rtol=1e-14
    )


def test_read_back():
    layer = Layer.from_matrix(MATRIX, [7, 8, 9])
    np.testing.assert_array_equal(layer.weight_matrix(), MATRIX)
    np.testing.assert_array_equal(layer.bias_vector(), [7.0, 8.0, 9.0])
    layer.neurons[2].weights[1].data = 0.0
    assert layer.weight_matrix()[1, 2] == 0.0


def test_without_biases():
    layer = Layer.from_matrix(MATRIX)
    assert layer.bias_vector() is None
    assert len(layer.parameters()) == MATRIX.size


def test_a_vector_is_one_neuron():
    layer = Layer.from_matrix([0.1, -0.3], 0.5, activation="linear")
    assert (layer.inputs, layer.outputs) == (2, 1)
    assert layer.weight_matrix().tolist() == [[0.1], [-0.3]]
    assert layer.bias_vector().tolist() == [0.5]


def test_one_neuron_returns_the_scalar():
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert [type(out) for out in Layer(2, 2)([1.0, 2.0])] == [Value, Value]


@pytest.mark.parametrize(
    ("weights", "biases", "error", "message"),
    [
        (np.zeros((2, 3)), [1.0, 2.0], ShapeError, r"3 neurons take biases of shape \(3,\), got \(2,\)"),
        (np.zeros((2, 3, 4)), None, ShapeError, r"\(inputs, outputs\), got \(2, 3, 4\)"),
        (np.zeros((0, 3)), None, ShapeError, r"got \(0, 3\)"),
        ([["a"]], None, CoercionError, "weights"),
        ([[1.0]], ["b"], CoercionError, "biases"),
    ],
)
def test_refused_matrices(weights, biases, error, message):
    with pytest.raises(error, match=message):
        Layer.from_matrix(weights, biases)


def test_a_wrong_width_names_both():
    with pytest.raises(ShapeError, match="Layer of 6 inputs was called with 3"):
        Layer(6, 2)([1.0, 2.0, 3.0])


def test_weights_are_drawn_neuron_after_neuron():
    drawn = np.random.RandomState(4).normal(0.0, 1 / 3**0.5, 6)
    np.testing.assert_array_equal(Layer(3, 2, rng=np.random.RandomState(4)).weight_matrix(), drawn.reshape(2, 3).T)


def test_neurons_differ_under_a_seed():
    matrix = Layer(2, 2, rng=0).weight_matrix()
    assert len(set(matrix.ravel().tolist())) == 4


def test_micrograd_options():
    layer = Layer(2, 2, nonlin=False)
    assert repr(layer) == "Layer of [LinearNeuron(2), LinearNeuron(2)]"


def test_scopes_of_a_bare_layer():
    layer = Layer(1, 2)
    assert [p.origin for p in layer.parameters()] == [
        *[Origin(("neuron 1",), "parameter")] * 2,
        *[Origin(("neuron 2",), "parameter")] * 2,
    ]
    assert [out.origin.scope for out in layer(1.0)] == [("neuron 1",), ("neuron 2",)]


def test_no_neurons():
    with pytest.raises(OptionError, match="outputs takes an integer of at least 1, got 0"):
        Layer(2, 0)
