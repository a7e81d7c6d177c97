import copy
import pickle

import numpy as np
import pytest

from autodiff import Value
from autodiff.errors import CoercionError, ShapeError
from nn import MLP, Module, StateError


class Parts(Module):
    """One of everything that an attribute can hold."""

    def __init__(self):
        self.single = Value(1.0)
        self.listed = [Value(2.0), Value(3.0)]
        self.mixed = (Value(4.0), 0.5, "text", None)
        self.grid = np.array([[Value(5.0), Value(6.0)], [Value(7.0), Value(8.0)]])
        self.rows = [[Value(9.0)], [Value(10.0)]]
        self.named = {"a": Value(11.0), "b": [Value(12.0)]}
        self.constant = 13.0
        self.weights = np.ones(3)
        self.result = self.single * 2
        self.empty = []
        self.model = MLP(1, [1], rng=0)

    def __call__(self, x):
        return self.single * x


NAMES = {
    "single": (),
    "listed": (2,),
    "mixed.0": (),
    "grid": (2, 2),
    "rows.0": (1,),
    "rows.1": (1,),
    "named.a": (),
    "named.b": (1,),
    "model.layers.0.neurons.0.weights": (1,),
    "model.layers.0.neurons.0.bias": (),
}


def test_state_has_an_array_for_each_attribute():
    state = Parts().state_dict()
    assert {name: array.shape for name, array in state.items()} == NAMES
    assert state["grid"].tolist() == [[5.0, 6.0], [7.0, 8.0]]
    assert all(array.dtype == float for array in state.values())


def test_each_parameter_has_a_name():
    parts = Parts()
    named = dict(parts.named_parameters())
    assert list(named) == [
        *("single", "listed.0", "listed.1", "mixed.0", "grid.0.0", "grid.0.1", "grid.1.0", "grid.1.1"),
        *("rows.0.0", "rows.1.0", "named.a", "named.b.0"),
        *("model.layers.0.neurons.0.weights.0", "model.layers.0.neurons.0.bias"),
    ]
    assert named["grid.1.0"] is parts.grid[1, 0]
    assert list(named.values()) == parts.parameters()


def test_parameters_of_a_network_in_order():
    model = MLP(2, [2, 1], rng=0)
    first, second = model.layers
    expected = [v for neuron in [*first.neurons, *second.neurons] for v in (*neuron.weights, neuron.bias)]
    assert [id(p) for p in model.parameters()] == [id(v) for v in expected]


def test_a_shared_parameter_is_found_once():
    class Tied(Module):
        def __init__(self):
            self.a = Value(1.0)
            self.b = self.a
            self.c = [self.a, Value(1.0)]

        def __call__(self):
            return self.a

    tied = Tied()
    assert [name for name, _ in tied.named_parameters()] == ["a", "c.1"]
    assert list(tied.state_dict()) == ["a", "b", "c"]


def test_a_part_may_point_back_to_its_whole():
    class Part(Module):
        def __init__(self, whole):
            self.whole = whole
            self.weight = Value(1.0)

        def __call__(self):
            return self.weight

    class Whole(Module):
        def __init__(self):
            self.parts = [Part(self), Part(self)]

        def __call__(self):
            return self.parts

    assert [name for name, _ in Whole().named_parameters()] == ["parts.0.weight", "parts.1.weight"]


def test_a_module_needs_a_forward_pass():
    class Empty(Module):
        pass

    with pytest.raises(TypeError, match="__call__"):
        Empty()


def test_zero_grad():
    model = MLP(2, [2, 1], rng=1)
    model([1.0, -1.0]).backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert all(p.grad == 0.0 for p in model.parameters())


def test_state_round_trip():
    one, other = MLP(3, [4, 2], rng=1), MLP(3, [4, 2], rng=2)
    assert [p.data for p in one.parameters()] != [p.data for p in other.parameters()]
    other.load_state_dict(one.state_dict())
    assert [p.data for p in one.parameters()] == [p.data for p in other.parameters()]
    assert [out.data for out in one([1, 2, 3])] == [out.data for out in other([1, 2, 3])]


def test_a_state_is_not_tied_to_the_model():
    model = MLP(1, [1], rng=0)
    state = model.state_dict()
    before = state["layers.0.neurons.0.weights"].tolist()
    model.layers[0].neurons[0].weights[0].data = 99.0
    assert state["layers.0.neurons.0.weights"].tolist() == before


def test_a_state_may_hold_lists():
    model = MLP(2, [1], rng=0)
    model.load_state_dict({"layers.0.neurons.0.weights": [1, 2], "layers.0.neurons.0.bias": 3})
    assert [p.data for p in model.parameters()] == [1.0, 2.0, 3.0]


WEIGHTS, BIAS = "layers.0.neurons.0.weights", "layers.0.neurons.0.bias"

REFUSED_STATES = [
    ({BIAS: 0.0}, StateError, f"missing {WEIGHTS}; unexpected nothing"),
    ({WEIGHTS: [1, 2], BIAS: 0.0, "extra": 1}, StateError, "missing nothing; unexpected extra"),
    ({WEIGHTS: [9, 9], "offset": 9}, StateError, f"missing {BIAS}; unexpected offset"),
    ({WEIGHTS: [9, 9, 9], BIAS: 9}, ShapeError, rf"{WEIGHTS} has shape \(2,\) in the model and \(3,\) in the state"),
    ({WEIGHTS: [9, 9], BIAS: [9]}, ShapeError, rf"{BIAS} has shape \(\) in the model and \(1,\) in the state"),
    ({WEIGHTS: [9, 9], BIAS: "nine"}, CoercionError, BIAS),
]


@pytest.mark.parametrize(("state", "error", "message"), REFUSED_STATES)
def test_a_refused_state_changes_nothing(state, error, message):
    model = MLP(2, [1], rng=0)
    before = [p.data for p in model.parameters()]
    with pytest.raises(error, match=message):
        model.load_state_dict(state)
    assert [p.data for p in model.parameters()] == before


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_are_independent(clone):
    model = MLP(2, [2, 1], rng=3)
    twin = clone(model)
    assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
    twin.parameters()[0].data += 1.0
    assert twin.parameters()[0].data != model.parameters()[0].data
