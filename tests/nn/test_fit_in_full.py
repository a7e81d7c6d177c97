"""Validation, metrics, early stopping and the history of a run, against the same by hand."""

import warnings

import numpy as np
import pandas as pd
import pytest

from autodiff import Value, dot
from nn import (
    MLP,
    SGD,
    Adam,
    EarlyStopping,
    History,
    Layer,
    Metric,
    OptionError,
    OptionTypeError,
    fit,
    predict,
)

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(30, 3))
TARGETS = FEATURES @ [1.0, -2.0, 0.5] + 0.3 * RNG.normal(size=30)
LABELS = np.array(["cat", "dog", "eel"])[np.argmax(FEATURES, axis=1)]
OTHERS, OTHER_TARGETS, OTHER_LABELS = FEATURES[20:], TARGETS[20:], LABELS[20:]


def train(model, targets=TARGETS, **options):
    options = {"optimizer": Adam(learning_rate=0.05), "epochs": 5, "batch_size": 8, "rng": 0} | options
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit(model, FEATURES[:20], targets[:20], progress=False, **options)


def network(outputs=1):
    return MLP(3, [4, outputs], activation="tanh", rng=1)


@pytest.mark.parametrize("compiled", [True, False])
def test_validation_loss_is_that_of_the_data_held_back(compiled):
    model, seen = network(), []
    history = train(
        model,
        validation_data=(OTHERS, OTHER_TARGETS),
        callbacks=[lambda *_: seen.append(np.mean((predict(model, OTHERS) - OTHER_TARGETS) ** 2))],
        compiled=compiled,
    )
    np.testing.assert_allclose(history.validation_losses, seen, rtol=1e-12)


def test_a_loss_of_whole_batches_is_validated_too():
    model = network()
    history = train(
        model,
        loss=lambda p, t: max((abs(a - b) for a, b in zip(p, t, strict=True)), key=lambda v: v.data),
        validation_data=(OTHERS, OTHER_TARGETS),
        compiled=False,
    )
    assert history.validation_losses[-1] == pytest.approx(np.abs(predict(model, OTHERS) - OTHER_TARGETS).max())


def test_a_share_is_drawn_by_the_seed_and_not_trained_on():
    model, order = network(), np.random.default_rng(7).permutation(20)
    history = train(model, validation_split=0.25, rng=7, epochs=3)
    held = np.sort(order[:5])
    found = np.mean((predict(model, FEATURES[held]) - TARGETS[held]) ** 2)
    assert history.validation_losses[-1] == pytest.approx(found, rel=1e-12)
    rest = np.sort(order[5:])
    by_hand, rng = network(), np.random.default_rng(7)
    rng.permutation(20)
    fit(
        by_hand,
        FEATURES[rest],
        TARGETS[rest],
        optimizer=Adam(learning_rate=0.05),
        epochs=3,
        batch_size=8,
        rng=rng,
        progress=False,
    )
    assert [p.data for p in model.parameters()] == [p.data for p in by_hand.parameters()]


def shares(targets, predictions):
    return np.mean(targets == predictions)


def test_metrics_of_labels():
    model = network(3)
    history = train(
        model,
        LABELS,
        loss="cross_entropy",
        metrics=["accuracy", shares, Metric(lambda t, out: out.shape[1], "width", on="outputs")],
        validation_data=(OTHERS, OTHER_LABELS),
    )
    found = np.array(["cat", "dog", "eel"])[np.argmax(predict(model, OTHERS), axis=1)]
    assert history.metrics["validation_accuracy"][-1] == np.mean(found == OTHER_LABELS)
    assert history.metrics["validation_shares"] == history.metrics["validation_accuracy"]
    assert history.metrics["validation_width"] == [3.0] * 5


def test_metrics_of_outputs_on_all_data():
    model = network()
    history = train(model, metrics=["mae", "mse", "rmse", "r2"])
    error = predict(model, FEATURES[:20]) - TARGETS[:20]
    expected = {
        "mae": np.abs(error).mean(),
        "mse": (error**2).mean(),
        "rmse": (error**2).mean() ** 0.5,
        "r2": 1 - (error**2).sum() / ((TARGETS[:20] - TARGETS[:20].mean()) ** 2).sum(),
    }
    assert {name: numbers[-1] for name, numbers in history.metrics.items()} == pytest.approx(expected)


@pytest.mark.parametrize("loss", ["log_loss", "log_loss_from_logits", "hinge"])
def test_two_classes(loss):
    labels = np.where(TARGETS > 0, 1.0, -1.0 if loss == "hinge" else 0.0)
    model = MLP(3, [1], output_activation="sigmoid" if loss == "log_loss" else "linear", rng=1)
    history = train(model, labels, loss=loss, metrics=["accuracy"], epochs=60)
    outputs = predict(model, FEATURES[:20])
    right = (outputs > (0.5 if loss == "log_loss" else 0.0)) == (TARGETS[:20] > 0)
    assert history.metrics["accuracy"][-1] == right.mean() > 0.8


def test_the_metrics_of_scikit_learn_work():
    metrics = pytest.importorskip("sklearn.metrics")
    history = train(network(3), LABELS, loss="cross_entropy", metrics=["accuracy", metrics.balanced_accuracy_score])
    plain = train(network(), metrics=["r2", metrics.r2_score])
    assert history.metrics.keys() == {"accuracy", "balanced_accuracy_score"}
    assert plain.metrics["r2"] == pytest.approx(plain.metrics["r2_score"])


@pytest.mark.parametrize("compiled", [True, False])
def test_metrics_of_a_function_compile_it_once(compiled):
    weights, calls = [Value(0.1), Value(0.2), Value(0.3)], []

    def model(record):
        calls.append(record)
        return dot(weights, record)

    counts = []
    for epochs in (2, 9):
        calls.clear()
        history = train(model, parameters=weights, metrics=["r2"], epochs=epochs, compiled=compiled)
        counts.append(len(calls))
    assert (counts[0] == counts[1]) == compiled
    error = predict(model, FEATURES[:20]) - TARGETS[:20]
    spread = ((TARGETS[:20] - TARGETS[:20].mean()) ** 2).sum()
    assert history.metrics["r2"][-1] == pytest.approx(1 - (error**2).sum() / spread)


def test_early_stopping_restores_the_best():
    model, weights = Layer.from_matrix([0.0, 0.0, 0.0], activation="linear"), []
    history = train(
        model,
        optimizer=SGD(learning_rate=0.1),
        epochs=200,
        validation_data=(OTHERS, -OTHER_TARGETS),  # training makes it worse, sooner or later
        early_stopping=EarlyStopping(patience=4),
        callbacks=[lambda *_: weights.append([p.data for p in model.parameters()])],
    )
    best = int(np.argmin(history.validation_losses))
    assert (history.stopped, history.best_epoch, history.epochs) == ("early stopping", best, best + 5)
    assert [p.data for p in model.parameters()] == weights[best] != weights[-1]


def test_early_stopping_on_a_metric_that_should_rise():
    history = train(
        network(3),
        LABELS,
        loss="cross_entropy",
        metrics=["accuracy"],
        epochs=300,
        early_stopping=EarlyStopping(patience=20, monitor="accuracy", restore_best=False),
    )
    numbers = history.metrics["accuracy"]
    assert history.stopped == "early stopping"
    assert max(numbers) == numbers[history.epochs - 21] > numbers[0]
    assert history.best_epoch is None


REFUSED = [
    ({"metrics": "accuracy"}, OptionTypeError, "metrics takes a list"),
    ({"metrics": ["auc"]}, OptionError, "'auc'; known are accuracy"),
    ({"metrics": ["mae", Metric(max, "mae")]}, OptionError, "two metrics have one name"),
    ({"metrics": [3]}, OptionTypeError, "a metric is a name or a function"),
    ({"validation_split": 1.0}, OptionError, "got 1.0"),
    ({"validation_split": 0.99}, OptionError, "holds back 20 of 20"),
    ({"validation_split": "some"}, OptionTypeError, "got 'some'"),
    ({"validation_split": 0.5, "validation_data": (OTHERS, OTHER_TARGETS)}, OptionError, "not both"),
    ({"validation_data": OTHERS}, OptionTypeError, r"takes \(features, targets\), got ndarray"),
    ({"early_stopping": 10}, OptionTypeError, "early_stopping takes an EarlyStopping"),
    ({"early_stopping": EarlyStopping(monitor="loss_of_mind", mode="min")}, OptionError, "will have loss"),
    ({"metrics": [lambda targets, outputs: targets - outputs]}, OptionTypeError, "'<lambda>' returns one number"),
    ({"schedule": lambda rate, *_: -rate}, OptionError, "learning_rate of epoch 0, from schedule, .* got -"),
    ({"schedule": lambda *_: "fast"}, OptionTypeError, "learning_rate of epoch 0, from schedule, .* got 'fast'"),
    ({"schedule": 0.1}, OptionTypeError, "schedule takes a function"),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_refused(options, error, message):
    with pytest.raises(error, match=message):
        train(network(), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"patience": -1}, "-1"), ({"mode": "up"}, "'up'"), ({"monitor": "f1_score"}, "say whether less or more")],
)
def test_refused_early_stopping(options, message):
    with pytest.raises(OptionError, match=message):
        EarlyStopping(**options)


def test_the_history_is_a_table():
    history = train(network(), validation_split=0.2, metrics=["r2"])
    frame = history.to_frame()
    assert list(frame.columns) == ["loss", "validation_loss", "validation_r2"]
    assert frame.index.name == "epoch"
    pd.testing.assert_series_equal(
        frame["loss"], pd.Series(history.losses, name="loss"), check_names=False, check_index=False
    )
    text = repr(history)
    assert text.startswith("History(5 epochs, loss ")
    assert len(text) < 200
    page = history._repr_html_()
    assert page.count("<tr>") == 6
    assert "<svg" in page
    assert len(History(1.0, losses=[0.5] * 1000)._repr_html_()) < 5000
    axes = history.plot()
    assert [line.get_label() for line in axes.get_lines()] == ["loss", "validation_loss", "validation_r2"]


@pytest.mark.parametrize("compiled", [True, False])
def test_divergence_names_the_first_bad_value(compiled):
    from autodiff import log
    from nn import DivergenceError

    weight, features = Value(0.5, label="w"), np.array([[1.0], [2.0], [0.0], [3.0]])
    with pytest.raises(DivergenceError, match=r"on record 2 .*log.*test_fit_in_full\.py") as caught:
        fit(
            lambda x: log(weight * x[0]),
            features,
            np.zeros(4),
            optimizer=SGD(learning_rate=0.1),
            parameters=[weight],
            epochs=3,
            progress=False,
            compiled=compiled,
        )
    assert weight.data == 0.5
    assert caught.value.history.epochs == 0
