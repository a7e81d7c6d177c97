import gc
import weakref

import numpy as np
import pandas as pd
import pytest

import autodiff
from autodiff import Value
from autodiff.errors import CoercionError, ShapeError
from nn import MLP, SGD, DataError, Layer, Linear, Module, OptionError, Sequential, fit, predict, predict_proba

FEATURES = np.random.default_rng(0).normal(size=(5, 3))


def test_several_outputs():
    weights = np.random.default_rng(1).normal(size=(3, 2))
    out = predict(Layer.from_matrix(weights, [1.0, 2.0], activation="tanh"), FEATURES)
    np.testing.assert_allclose(out, np.tanh(FEATURES @ weights + [1.0, 2.0]), rtol=1e-13)


@pytest.mark.parametrize("features", [FEATURES, FEATURES.tolist(), pd.DataFrame(FEATURES)])
def test_one_output(features):
    out = predict(Layer.from_matrix([1.0, 2.0, 3.0], activation="linear"), features)
    assert out.shape == (5,)
    np.testing.assert_allclose(out, FEATURES @ [1.0, 2.0, 3.0], rtol=1e-14)


@pytest.mark.parametrize("returned", [lambda x: x[0] * 2.0, lambda x: [Value(x[0] * 2.0)]])
def test_a_plain_function(returned):
    np.testing.assert_array_equal(predict(returned, FEATURES), FEATURES[:, 0] * 2.0)


def test_nothing_is_recorded():
    made = []
    model = MLP(3, [1], rng=0)

    def branching(record):  # cannot be compiled, and so is called record by record
        made.append(model(record) if record[0] > 0.0 else model([0.0, 1.0, 2.0]))
        return made[-1]

    predict(branching, FEATURES)
    assert [out.operands for out in made][-5:] == [()] * 5


class Scaled(Module):
    """A model that its attributes, and what is outside of it, can change."""

    def __init__(self):
        self.weight, self.factor, self.offsets, self.table = Value(2.0), 1.0, [0.0], np.array([3.0])
        self.activation = autodiff.tanh

    def __call__(self, inputs):
        return self.activation(self.weight * inputs[0]) * self.factor + self.offsets[0] + self.table[0]


def _append(model):
    model.offsets[0] = 5.0


CHANGES = {
    "a parameter's number": lambda model: setattr(model.weight, "data", 7.0),
    "a parameter": lambda model: setattr(model, "weight", Value(9.0)),
    "an attribute": lambda model: setattr(model, "factor", 4.0),
    "a list": _append,
    "an array": lambda model: model.table.fill(8.0),
    "an activation": lambda model: setattr(model, "activation", autodiff.sin),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_program_is_kept_until_the_model_changes(change):
    model, positive = Scaled(), np.abs(FEATURES)
    first = predict(model, positive)
    change(model)
    with autodiff.no_grad():
        expected = [model(row).data for row in positive.tolist()]
    out = predict(model, positive)
    np.testing.assert_allclose(out, expected, rtol=1e-14)
    assert not np.allclose(out, first)


def test_a_layer_that_is_replaced_by_one_of_the_same_parameters():
    model = Sequential(Linear(3, 4, rng=0), "relu", Linear(4, 1, rng=1))
    first = predict(model, FEATURES)
    model.parts[1] = autodiff.tanh
    assert not np.allclose(predict(model, FEATURES), first)


def test_a_model_that_draws_is_called_anew():
    class Noisy(Module):
        def __init__(self):
            self.rng = np.random.default_rng(0)

        def __call__(self, inputs):
            return self.rng.random() + 0.0 * inputs[0]

    model = Noisy()
    assert len(set(predict(model, FEATURES).tolist()) | set(predict(model, FEATURES).tolist())) == 10


def test_a_kept_program_does_not_keep_its_model():
    model = MLP(3, [2, 1], rng=0)
    predict(model, FEATURES)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    ("loss", "outputs", "expected"),
    [
        ("cross_entropy", [[0.0, np.log(3.0)], [1000.0, -1000.0]], [[0.25, 0.75], [1.0, 0.0]]),
        ("log_loss_from_logits", [np.log(3.0), -1000.0], [[0.25, 0.75], [1.0, 0.0]]),
        ("log_loss_from_logits", [[np.log(3.0), 0.0]], [[0.75, 0.5]]),
        ("log_loss", [0.25, 0.75], [[0.75, 0.25], [0.25, 0.75]]),
    ],
)
def test_probabilities_are_those_that_the_loss_implies(loss, outputs, expected):
    rows = np.atleast_2d(np.array(outputs).T).T
    model = Layer.from_matrix(np.eye(rows.shape[1]), activation="linear")
    np.testing.assert_allclose(predict_proba(model, rows, loss=loss), expected, rtol=1e-14, atol=1e-300)


def test_no_probabilities():
    with pytest.raises(OptionError, match="'mse' implies no probabilities"):
        predict_proba(MLP(3, [1]), FEATURES, loss="mse")
    with pytest.raises(OptionError, match="one output for each class"):
        predict_proba(MLP(3, [1]), FEATURES, loss="cross_entropy")


def test_columns_are_matched_by_name():
    frame = pd.DataFrame(FEATURES, columns=["gre", "gpa", "rank"])
    model = MLP(3, [2, 1], activation="tanh", rng=0)
    fit(model, frame, FEATURES[:, 0], optimizer=SGD(learning_rate=0.01), epochs=2, progress=False)
    assert model.feature_names == ("gre", "gpa", "rank")
    assert [weight.label for weight in model.layers[0].neurons[1].weights] == ["gre", "gpa", "rank"]
    expected = predict(model, FEATURES)
    np.testing.assert_array_equal(predict(model, frame[["rank", "gre", "gpa"]]), expected)
    with pytest.raises(DataError, match="missing gpa; unexpected height"):
        predict(model, frame.rename(columns={"gpa": "height"}))
    fit(
        model, frame[["rank", "gre", "gpa"]], FEATURES[:, 0], optimizer=SGD(learning_rate=0.0), epochs=1, progress=False
    )
    np.testing.assert_array_equal(predict(model, FEATURES), expected)


@pytest.mark.parametrize(
    ("features", "error", "message"),
    [
        (np.zeros((2, 4)), ShapeError, "MLP of 3 inputs was called with 4"),
        (np.zeros(3), ShapeError, r"got \(3,\)"),
        (np.zeros((0, 3)), DataError, "empty"),
        ([[1.0, np.nan, 2.0]], DataError, "nan at row 0, column 1"),
        ([["a", "b", "c"]], CoercionError, "real numbers"),
    ],
)
def test_refused_features(features, error, message):
    with pytest.raises(error, match=message):
        predict(MLP(3, [2, 1]), features)
