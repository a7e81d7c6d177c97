"""What `fit` refuses, and that it does so before anything is changed."""

from pathlib import Path

import numpy as np
import pytest

from autodiff import Value, no_grad
from autodiff.errors import AutodiffError, CoercionError, ShapeError
from nn import SGD, CheckpointError, DataError, EarlyStopping, Layer, Optimizer, OptionError, OptionTypeError, fit

FEATURES = np.random.default_rng(0).normal(size=(12, 3))
TARGETS = FEATURES @ [1.0, -2.0, 0.5]
START = [0.3, 0.1, -0.2]


def line():
    return Layer.from_matrix(START, activation="linear")


def numbers(model):
    return [parameter.data for parameter in model.parameters()]


class Untouchable(Optimizer):
    """An optimizer that must not be reached."""

    def update(self, parameters, gradients):
        raise AssertionError("an error came after the training began")


REFUSED = [
    ({"features": FEATURES[:, :2]}, ShapeError, "Layer of 3 inputs was called with 2"),
    ({"features": FEATURES[:5]}, ShapeError, "features have 5 records and targets 12"),
    ({"targets": np.zeros((12, 2))}, ShapeError, "the model has 1 outputs and each record has 2 targets"),
    ({"features": iter(FEATURES)}, CoercionError, "can be read only once; pass list"),
    ({"features": [], "targets": []}, ShapeError, r"\(0,\)"),
    ({"features": np.zeros((0, 3)), "targets": []}, DataError, "features are empty"),
    ({"features": np.where(np.arange(36).reshape(12, 3) == 7, np.nan, 1)}, DataError, "nan at row 2, column 1"),
    ({"targets": [*TARGETS[:11], np.inf]}, DataError, "targets hold inf at row 11"),
    ({"targets": ["a"] * 12}, CoercionError, "targets are texts, and mse takes numbers"),
    ({"loss": "log_loss", "targets": np.full(12, 2.0)}, DataError, "targets between 0 and 1, got 2.0"),
    ({"loss": "msle"}, OptionError, "'msle'; known are .*log_loss, .*mse, sse"),
    ({"loss": lambda *_: 1.0}, OptionError, "1.0, not a Value"),
    ({"early_stopping": EarlyStopping(monitor="validation_loss")}, OptionError, "'validation_loss', and the history"),
    ({"checkpoint": Path(__file__).parent}, CheckpointError, "is a folder; give the path of a file"),
    ({"checkpoint": Path(__file__).parent / "none" / "run"}, CheckpointError, "there is no folder .*none.*; make it"),
    ({"epochs": -1}, OptionError, "epochs takes an integer of at least 0, got -1"),
    ({"epochs": 1.5}, OptionTypeError, "epochs takes an integer of at least 0, got 1.5"),
    ({"batch_size": 0}, OptionError, "batch_size takes an integer of at least 1, got 0"),
    ({"batch_size": "all"}, OptionTypeError, "batch_size takes an integer"),
    ({"rng": "seed"}, OptionTypeError, "rng takes"),
    ({"optimizer": "sgd"}, OptionTypeError, r"optimizer takes an Optimizer.* got 'sgd'"),
    ({"optimizer": SGD}, OptionTypeError, r"optimizer takes an Optimizer.* got <class"),
    ({"callbacks": print}, OptionTypeError, "callbacks takes a list of functions"),
    ({"callbacks": [None]}, OptionTypeError, "callbacks takes a list of functions"),
    ({"batch_size": True}, OptionTypeError, "got True"),
    ({"model": Layer}, OptionTypeError, "got the class Layer; make one"),
    ({"model": 3}, OptionTypeError, "model takes a Module or a function"),
    ({"model": lambda _: 1.0}, OptionTypeError, r"has no parameters\(\); pass parameters="),
    ({"parameters": []}, OptionError, "no parameters"),
    ({"parameters": [1.0]}, OptionTypeError, "parameters are leaf Values, got 1.0"),
    ({"parameters": [Value(1.0) * 2]}, OptionTypeError, "parameters are leaf Values, got Value"),
]


@pytest.mark.parametrize(("changed", "error", "message"), REFUSED)
def test_errors_come_before_anything_is_changed(changed, error, message, capsys):
    model, rng = line(), np.random.default_rng(3)
    for parameter in model.parameters():
        parameter.grad = 7.0
    given = {"model": model, "features": FEATURES, "targets": TARGETS, "epochs": 2, "optimizer": Untouchable()}
    given |= {"rng": rng, "batch_size": 4} | changed
    with pytest.raises(error, match=message) as caught:
        fit(given.pop("model"), given.pop("features"), given.pop("targets"), **given)
    assert isinstance(caught.value, AutodiffError)
    assert numbers(model) == START
    assert [p.grad for p in model.parameters()] == [7.0] * 3
    assert rng.random() == np.random.default_rng(3).random()
    assert capsys.readouterr() == ("", "")


def test_training_needs_a_graph():
    model = line()
    with no_grad(), pytest.raises(OptionError, match=r"outside no_grad\(\)"):
        fit(model, FEATURES, TARGETS, optimizer=Untouchable(), epochs=1, progress=False)
    assert numbers(model) == START


def test_a_bad_record_in_the_last_batch_is_found_before_the_first():
    labels = np.r_[np.zeros(11), 2.0]
    model = Layer.from_matrix(START, activation="sigmoid")
    with pytest.raises(DataError, match=r"got 2\.0"):
        fit(model, FEATURES, labels, loss="log_loss", optimizer=Untouchable(), epochs=1, batch_size=1)


@pytest.mark.parametrize("compiled", [True, False])
def test_labels_for_a_loss_of_ones_own_are_rows(compiled):
    def picked(predictions, labels):
        return sum(-prediction[int(label)] for prediction, label in zip(predictions, labels, strict=True))

    with pytest.raises(ShapeError, match=r"2 outputs .* 1 targets; .* nn\.one_hot\(labels\)"):
        fit(
            *(Layer(3, 2, rng=0), FEATURES, TARGETS > 0),
            loss=picked,
            compiled=compiled,
            optimizer=Untouchable(),
            epochs=1,
        )
