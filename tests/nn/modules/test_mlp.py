import micrograd.nn
import numpy as np
import pytest

import autodiff
from autodiff import Origin, topological_order
from autodiff.errors import ShapeError
from nn import MLP, Layer, Neuron, OptionError, OptionTypeError, zeros


def micrograd_twin(model, *shape):
    twin = micrograd.nn.MLP(*shape)
    for theirs, ours in zip(twin.parameters(), model.parameters(), strict=True):
        theirs.data = ours.data
    return twin


@pytest.mark.parametrize("shape", [(2, [16, 16, 1]), (3, [4, 2]), (1, [1]), (5, [3])])
def test_parity_with_micrograd(shape):
    rng = np.random.default_rng(shape[0])
    model = MLP(*shape, initializer=lambda n, rng: rng.uniform(-1, 1, n), rng=rng)
    for neuron in model.layers[0].neurons:
        neuron.bias.data = rng.normal()
    twin = micrograd_twin(model, *shape)
    for record in rng.normal(size=(20, shape[0])):
        ours, theirs = model(record), twin(record.tolist())
        ours, theirs = (ours, theirs) if isinstance(ours, list) else ([ours], [theirs])
        assert [out.data for out in ours] == pytest.approx([out.data for out in theirs], rel=1e-12, abs=1e-12)
        sum(out * out for out in ours).backward()
        sum(out * out for out in theirs).backward()
    grads = [p.grad for p in model.parameters()]
    assert grads == pytest.approx([p.grad for p in twin.parameters()], rel=1e-12, abs=1e-12)
    assert any(grads)


@pytest.mark.parametrize("shape", [(2, [3, 1]), (1, [1]), (4, [2, 2])])
def test_repr_is_micrograds(shape):
    assert repr(MLP(*shape)) == repr(micrograd.nn.MLP(*shape))


def test_micrograds_surface():
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    assert [len(layer.neurons) for layer in model.layers] == [16, 16, 1]
    assert repr(Neuron(2)) == repr(micrograd.nn.Neuron(2))
    assert repr(Layer(2, 2, nonlin=False)) == repr(micrograd.nn.Layer(2, 2, nonlin=False))


def test_seed_forward_pass_4x3x2():
    stream = np.random.RandomState(42)
    record = stream.randn(4)
    hidden, output = stream.normal(0, 0.1, size=(4, 3)), stream.normal(0, 0.1, size=(3, 2))
    layers = [Layer.from_matrix(weights, activation="sigmoid") for weights in (hidden, output)]
    model = MLP.from_layers(layers)
    np.testing.assert_allclose(
        [out.data for out in layers[0](record)],
        [0.41492192287919555, 0.4260431278994376, 0.5002434041266636],
        rtol=1e-12,
    )
    np.testing.assert_allclose(
        [out.data for out in model(record)], [0.4981519553173773, 0.4853977214813219], rtol=1e-12
    )


def test_activations_inside_and_at_the_end():
    model = MLP(2, [3, 2, 1], activation="tanh", output_activation=autodiff.sigmoid)
    assert [layer.neurons[0].activation for layer in model.layers] == [autodiff.tanh, autodiff.tanh, autodiff.sigmoid]


def test_options_reach_every_neuron():
    model = MLP(2, [2, 1], bias=False, initializer=zeros)
    assert [p.data for p in model.parameters()] == [0.0] * 6


@pytest.mark.parametrize("stream", [np.random.default_rng, np.random.RandomState])
def test_the_same_stream_gives_the_same_network(stream):
    first, second, third = (MLP(3, [4, 2], rng=stream(seed)) for seed in (5, 5, 6))
    numbers = [[p.data for p in model.parameters()] for model in (first, second, third)]
    assert numbers[0] == numbers[1] != numbers[2]


def test_a_hidden_layer_of_one_neuron():
    model = MLP.from_layers([Layer.from_matrix([[2.0]]), Layer.from_matrix([[3.0, 4.0]], activation="linear")])
    assert [out.data for out in model([5.0])] == [30.0, 40.0]


def test_scopes_and_labels():
    model = MLP(2, [2, 1], rng=0)
    parameter = model.layers[0].neurons[1].weights[0]
    assert (parameter.label, parameter.origin) == ("w1", Origin(("layer 1", "neuron 2"), "parameter"))
    for node in topological_order(model([1.0, 2.0])):
        assert node.origin.scope in {("layer 1", "neuron 1"), ("layer 1", "neuron 2"), ("layer 2", "neuron 1")}


def test_the_scopes_of_leaves_are_those_of_the_nodes_that_use_them():
    for node in topological_order(MLP.from_layers([Layer(2, 3), Layer(3, 1)])([1.0, 2.0])):
        for parent in node.parents:
            assert parent.operands or parent.origin.scope == node.origin.scope


def test_a_layer_in_a_second_network_takes_its_new_place():
    layer = Layer(2, 2)
    MLP.from_layers([layer])
    MLP.from_layers([Layer(1, 2), layer])
    assert layer.neurons[0].bias.origin.scope == ("layer 2", "neuron 1")


@pytest.mark.parametrize("record", [[1.0], np.zeros(7), np.zeros((1, 2))])
def test_a_wrong_width_names_both(record):
    with pytest.raises(ShapeError, match=r"MLP of 2 inputs was called with (1|7)|shape \(1, 2\)"):
        MLP(2, [2, 1])(record)


def test_layers_that_do_not_fit_name_both_widths():
    with pytest.raises(ShapeError, match="layer 1 has 3 outputs and layer 2 takes 4 inputs"):
        MLP.from_layers([Layer(2, 3), Layer(4, 1)])


@pytest.mark.parametrize(
    ("shape", "error", "message"),
    [
        ((2, []), OptionError, "at least one layer"),
        ((0, [1]), OptionError, "inputs takes an integer of at least 1, got 0"),
        ((2, [3, 0]), OptionError, "each of sizes takes an integer of at least 1, got 0"),
        ((2, 3), OptionTypeError, r"sizes takes a list with the size of each layer, such as \[4, 1\], got 3"),
        ((2, "31"), OptionTypeError, "sizes takes a list"),
        ((2, [1.5]), OptionTypeError, "got 1.5"),
    ],
)
def test_refused_shapes(shape, error, message):
    with pytest.raises(error, match=message):
        MLP(*shape)
