"""Culprits: each planted fault is ranked first, and healthy networks raise no alarm."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autodiff import Origin, Value, detect_anomaly, dot, floor, log, relu, sigmoid, sources, sqrt, square, tanh
from autodiff.errors import CoercionError
from tests.viz.why.test_explain import HOSTILE
from viz import Findings

PARAMETER = Origin(role="parameter")
XOR = ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0])


def cloud(records: int = 30, features: int = 3, seed: int = 0) -> tuple[list[list[float]], list[float]]:
    """Standardized features and a target of 0 or 1 that depends on them."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(records, features))
    return points.tolist(), (points @ rng.normal(size=features) + 0.3 * rng.normal(size=records) > 0).astype(
        float
    ).tolist()


def moons(records: int = 40, seed: int = 0) -> tuple[list[list[float]], list[float]]:
    """Two half circles that reach into one another."""
    rng = np.random.default_rng(seed)
    angle, upper = rng.uniform(0.0, math.pi, records), np.arange(records) % 2 == 0
    x = np.where(upper, np.cos(angle), 1.0 - np.cos(angle)) + rng.normal(0.0, 0.1, records)
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle)) + rng.normal(0.0, 0.1, records)
    return np.stack([x, y], axis=1).tolist(), upper.astype(float).tolist()


def one_hot(records: int = 24) -> tuple[list[list[float]], list[float]]:
    rng = np.random.default_rng(3)
    kinds = rng.integers(0, 4, records)
    return np.eye(4)[kinds].tolist(), (rng.uniform(size=records) < 0.2 + 0.2 * kinds).astype(float).tolist()


def of_model(model: Any, data: tuple[Any, Any], loss: Any = nn.mse) -> Findings:
    return viz.culprits(model, *data, loss=loss)


# Planted faults.


def not_run() -> Findings:
    w, x = Value(0.5, label="w", origin=PARAMETER), Value(2.0, label="x")
    return viz.culprits(square(tanh(w * x) - 1.0))


def run_twice() -> Findings:
    w, x = Value(0.5, label="w", origin=PARAMETER), Value(2.0, label="x")
    loss = square(tanh(w * x) - 1.0)
    loss.backward()
    loss.backward()
    return viz.culprits(loss)


def model_run_twice() -> Findings:
    data = cloud()
    model = nn.MLP(3, [4, 1], activation="tanh", rng=0)
    for _ in range(2):
        nn.mse([model(record) for record in data[0]], data[1]).backward()
    return of_model(model, data)


class Unused(nn.Module):
    def __init__(self) -> None:
        self.used, self.forgotten = Value(0.5), Value(1.0)

    def __call__(self, record: Any) -> Any:
        return self.used * record[0]


def only_rounded() -> Findings:
    w, v = Value(0.5, label="w", origin=PARAMETER), Value(1.0, label="v", origin=PARAMETER)
    loss = square(w + floor(v) - 2.0)
    loss.backward()
    return viz.culprits(loss)


def raw_scores() -> Findings:
    weights = [Value(0.2, label=name, origin=PARAMETER) for name in ("gre", "gpa")]
    loss = square(sigmoid(dot(weights, [660.0, 3.67])) - 0.0)
    loss.backward()
    return viz.culprits(loss)


def changed(name: str, number: float, *, activation: str = "relu", layers: Any = (4, 1), data: Any = None) -> Findings:
    """A network whose second hidden neuron has a bias, or all hidden layers have weights, of another size."""
    model = nn.MLP(3, list(layers), activation=activation, rng=0)
    if name == "bias":
        model.layers[0].neurons[1].bias.data = number
    else:
        for layer in model.layers[: 1 if name == "first" else None]:
            for neuron in layer.neurons:
                for weight in neuron.weights:
                    weight.data *= number
    return of_model(model, data or cloud())


def nan_in_the_middle() -> Findings:
    w = Value(-0.5, label="w", origin=PARAMETER)
    with sources():
        loss = square(log(w * 2.0) + 1.0)
    loss.backward()
    return viz.culprits(loss)


def infinite_slope() -> Findings:
    x = Value(0.0, label="x")
    loss = sqrt(x) + 1.0
    loss.backward()
    return viz.culprits(loss)


def symmetric_records() -> Findings:
    return of_model(nn.MLP(2, [3, 1], activation="tanh", output_activation="sigmoid", initializer=nn.zeros), XOR)


def contradicting_records() -> Findings:
    return of_model(nn.MLP(1, [1], initializer=nn.zeros), ([[1.0], [1.0]], [1.0, -1.0]))


def stale() -> Findings:
    w = Value(0.5, label="w", origin=PARAMETER)
    loss = square(w - 1.0)
    loss.backward()
    w.data = 0.6
    return viz.culprits(loss)


def chain(factor: float) -> Findings:
    weight = Value(factor, label="weight", origin=PARAMETER)
    state = Value(1.0, label="start")
    for _ in range(8):
        state = weight * state
    state.backward()
    return viz.culprits(state)


def heavy_and_off() -> Findings:
    """No bias keeps it off: its weights are negative, and its inputs are not."""
    model = nn.MLP(2, [4, 1], activation="relu", rng=0)
    for weight in model.layers[0].neurons[1].weights:
        weight.data = -3.0
    points = np.abs(np.random.default_rng(1).normal(size=(20, 2)))
    return of_model(model, (points, points[:, 0] - points[:, 1]))


def large_weights_sigmoid() -> Findings:
    """A few records lie on the slope of each unit; nine in ten do not."""
    model = nn.MLP(2, [4, 1], activation="sigmoid", rng=0)
    for weight in (weight for neuron in model.layers[0].neurons for weight in neuron.weights):
        weight.data *= 100.0
    points = np.random.default_rng(1).normal(size=(20, 2))
    return of_model(model, (points, np.where(points[:, 0] > 0.0, 1.0, -1.0)))


PLANTED: dict[str, tuple[str, Callable[[], Findings]]] = {
    "a Value without a sweep": ("sweep not run", not_run),
    "a Value swept twice": ("accumulated", run_twice),
    "a model swept twice": ("accumulated", model_run_twice),
    "a parameter that the model does not use": (
        "unreachable parameter",
        lambda: of_model(Unused(), ([[1.0], [2.0]], [1.0, 3.0])),
    ),
    "a parameter that is only rounded": ("unreachable parameter", only_rounded),
    "raw scores": ("saturated", raw_scores),
    "a large bias, sigmoid": ("saturated", lambda: changed("bias", 40.0, activation="sigmoid")),
    "a large bias, tanh": ("saturated", lambda: changed("bias", -20.0, activation="tanh")),
    "a large bias, one record": (
        "saturated",
        lambda: changed("bias", 40.0, activation="sigmoid", data=([[0.3, -1.0, 0.5]], [0.0])),
    ),
    "large weights": ("saturated", lambda: changed("first", 100.0, activation="tanh")),
    "a dead ReLU": ("dead ReLU", lambda: changed("bias", -20.0)),
    "a dead ReLU, one record": ("dead ReLU", lambda: changed("bias", -10.0, data=([[0.3, -1.0, 0.5]], [0.0]))),
    "a ReLU with heavy weights that is off": ("dead ReLU", heavy_and_off),
    "large weights, sigmoid": ("saturated", large_weights_sigmoid),
    "sigmoids in a row": ("vanishing", lambda: changed("all", 1.0, activation="sigmoid", layers=[4] * 9 + [1])),
    "small weights": ("vanishing", lambda: changed("all", 0.1, activation="tanh", layers=[4] * 6 + [1])),
    "a chain of small factors": ("vanishing", lambda: chain(0.3)),
    "large weights, relu": ("exploding", lambda: changed("all", 10.0, layers=[4] * 6 + [1])),
    "a chain of large factors": ("exploding", lambda: chain(3.0)),
    "a logarithm below 0": ("nan", nan_in_the_middle),
    "an infinite slope": ("inf", infinite_slope),
    "nan in the data": ("nan", lambda: of_model(nn.MLP(2, [3, 1], rng=0), ([[1.0, math.nan], [0.0, 1.0]], [0.0, 1.0]))),
    "symmetric records": ("records cancel", symmetric_records),
    "contradicting records": ("records cancel", contradicting_records),
    "a graph whose numbers changed": ("stale", stale),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_faults_are_ranked_first(name: str) -> None:
    kind, plant = PLANTED[name]
    found = plant()
    assert found, "nothing found"
    assert found[0].kind == kind, str(found)
    assert [finding.severity for finding in found] == sorted((finding.severity for finding in found), reverse=True)
    assert all(0.0 <= finding.severity <= 1.0 and finding.message and finding.remedy for finding in found)
    assert kind not in found.not_found


def test_every_kind_is_planted() -> None:
    assert {kind for kind, _ in PLANTED.values()} == {*viz.why.finding.KINDS}


def test_a_dead_neuron_is_named() -> None:
    found = changed("bias", -20.0)
    assert [(finding.kind, finding.where) for finding in found] == [("dead ReLU", "layer 1 / neuron 2")]
    assert "in all 30 records" in found[0].message


def test_a_nan_is_traced_to_its_line_and_columns() -> None:
    (finding,) = nan_in_the_middle()
    assert "1 more" not in finding.where
    assert "test_culprits.py, line " in finding.message
    assert "columns 23-34" in finding.message
    assert "2 more nodes" in finding.message


# Healthy networks.

DATA = {"cloud": cloud(), "XOR": XOR, "moons": moons(), "one-hot": one_hot()}
ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "gelu")


@pytest.mark.parametrize("initializer", ["he_normal", "glorot_uniform", "lecun_normal"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("data", DATA)
def test_networks_as_they_start(data: str, activation: str, initializer: str) -> None:
    inputs = len(DATA[data][0][0])
    for seed in range(3):
        model = nn.MLP(inputs, [8, 8, 1], activation=activation, initializer=getattr(nn, initializer), rng=seed)
        assert not of_model(model, DATA[data]), str(of_model(model, DATA[data]))


@pytest.mark.parametrize("loss", ["mse", "log_loss"])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize("data", DATA)
def test_trained_networks(data: str, activation: str, loss: str) -> None:
    records, targets = DATA[data]
    model = nn.MLP(len(records[0]), [6, 1], activation=activation, output_activation="sigmoid", rng=2)
    nn.fit(
        model,
        records,
        targets,
        loss=loss,
        epochs=1000,
        optimizer=nn.SGD(learning_rate=0.2),
        progress=False,
        compiled=True,
    )
    found = of_model(model, DATA[data], getattr(nn, loss))
    assert not found, str(found)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_deep_networks(activation: str) -> None:
    initializer = nn.he_normal if activation == "relu" else nn.glorot_uniform
    for seed in range(3):
        model = nn.MLP(3, [10] * 8 + [1], activation=activation, initializer=initializer, rng=seed)
        assert not of_model(model, cloud(12)), str(of_model(model, cloud(12)))


def test_one_record_through_many_relu_networks() -> None:
    for seed in range(40):
        model = nn.MLP(3, [8, 1], rng=seed)
        assert not of_model(model, ([[0.5, -1.0, 2.0]], [1.0])), str(of_model(model, ([[0.5, -1.0, 2.0]], [1.0])))


def test_a_network_of_wide_uniform_weights_in_the_manner_of_micrograd() -> None:
    model = nn.MLP(2, [16, 16, 1], initializer=nn.uniform(), rng=1)
    assert not of_model(model, moons(20))


def test_swept_expressions() -> None:
    w, x, b = Value(0.5), Value(2.0), Value(-1.0)
    for root in (tanh(w * x + b), square(tanh(w * x + b)), w * w * x - b / x, relu(w * x + b + 1.0)):
        for leaf in (w, x, b):
            leaf.grad = 0.0
        root.backward()
        assert not viz.culprits(root), str(viz.culprits(root))


def test_gradients_from_an_older_step_are_no_accumulation() -> None:
    data = cloud()
    model = nn.MLP(3, [4, 1], activation="tanh", rng=0)
    nn.fit(model, *data, loss="mse", epochs=3, optimizer=nn.SGD(learning_rate=0.1), progress=False)
    assert not of_model(model, data)


# Its face.


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_do_no_harm(label: str) -> None:
    w = Value(-1.0, label=label, origin=Origin((label, label), "parameter"))
    found = viz.culprits(log(w))
    assert "<script" not in found._repr_html_()
    assert "\n" not in repr(found)


def test_reprs() -> None:
    assert repr(changed("bias", -20.0)) == "<Findings: 1 (dead ReLU)>"
    assert str(viz.culprits(Value(1.0))) == "nothing found"
    assert "Nothing keeps gradients back" in viz.culprits(Value(1.0))._repr_html_()
    assert "leaky_relu" in str(changed("bias", -20.0))


@pytest.mark.parametrize("subject", [3.0, "model", None])
def test_what_has_no_gradients_is_refused(subject: Any) -> None:
    with pytest.raises(CoercionError):
        viz.culprits(subject)


def test_anomaly_mode_is_not_tripped_by_a_search() -> None:
    x = Value(0.0, label="x")
    loss = sqrt(x) + 1.0
    with detect_anomaly():
        assert viz.culprits(loss)[0].kind == "inf"


NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("features", "targets", "kind", "where", "said"),
    [
        ([[1.0, 2.0], [NAN, 1.0]], [1.0, 0.0], "nan", "x1 of record 2", "is not finite"),
        ([[1.0, INF], [0.5, 1.0]], [1.0, 0.0], "inf", "x2 of record 1", "is not finite"),
        ([[1.0, 2.0], [0.5, 1.0]], [1.0, NAN], "nan", "target of record 2", "is not finite"),
        ([[1.0, 2.0], [0.5, -INF]], [NAN, 0.0], "nan", "target of record 1", "x2 of record 2"),
        ([[NAN, NAN], [NAN, NAN], [NAN, 1.0]], [1.0, 0.0, 1.0], "nan", "x1 of record 1", "and 2 more are not finite"),
    ],
)
def test_data_that_is_not_finite_is_named_by_record_and_feature(features, targets, kind, where, said) -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    first = viz.culprits(model, features, targets, loss=nn.mse)[0]
    assert (first.kind, first.where, first.severity) == (kind, where, 1.0)
    assert said in first.message
    notes = viz.draw(model, features, targets, loss=nn.mse).drawing.notes
    assert any("of record" in note and note.startswith("Data: ") for note in notes)


def test_a_feature_that_no_node_reads_may_be_missing() -> None:
    w = Value(2.0, label="w")
    assert not viz.culprits(lambda row: w * row[0], [[1.0, NAN]], [1.5], loss=nn.mse)


def _scikit_learn_data() -> dict[str, tuple[Any, Any]]:
    """Standardized features and targets of data sets that others made, up to 60 records of each."""
    datasets = pytest.importorskip("sklearn.datasets")
    made = {
        "diabetes": datasets.load_diabetes(return_X_y=True),
        "cancer": datasets.load_breast_cancer(return_X_y=True),
        "wine": datasets.load_wine(return_X_y=True),
        "moons": datasets.make_moons(60, noise=0.1, random_state=0),
        "circles": datasets.make_circles(60, noise=0.05, random_state=0),
        "friedman": datasets.make_friedman1(60, random_state=0),
    }

    def standard(numbers: Any) -> Any:
        return (numbers - numbers.mean(axis=0)) / numbers.std(axis=0)

    return {
        name: (
            standard(features[:: max(1, len(features) // 60)]),
            standard(targets[:: max(1, len(targets) // 60)] * 1.0),
        )
        for name, (features, targets) in made.items()
    }


HEALTHY = [
    ([16, 16, 1], "relu"), ([32, 1], "relu"), ([24, 24, 1], "relu"), ([8, 8, 8, 1], "tanh"), ([8, 8, 1], "sigmoid"),
    ([8, 8, 1], "gelu"), ([6, 6, 6, 6, 1], "leaky_relu"), ([16, 1], "silu"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("sizes", "activation"), HEALTHY, ids=str)
@pytest.mark.filterwarnings("ignore::nn.errors.LossIncreaseWarning")
def test_networks_that_have_learned_from_others_data_raise_no_alarm(sizes: list[int], activation: str) -> None:
    for name, (features, targets) in _scikit_learn_data().items():
        model = nn.MLP(features.shape[1], sizes, activation=activation, rng=5)
        assert not viz.culprits(model, features, targets, loss=nn.mse), name
        nn.fit(model, features, targets, loss=nn.mse, epochs=150, optimizer=nn.Adam(learning_rate=0.01), progress=False)
        assert not viz.culprits(model, features, targets, loss=nn.mse), name


def test_units_that_training_left_off_are_no_culprits() -> None:
    """A network of 24 and 24 ReLUs that has learned: some units are off for all records, and none of them far out."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(50, 5))
    targets = features @ np.array([1.0, -2.0, 0.5, 0.0, 0.0])
    model = nn.MLP(5, [24, 24, 1], rng=11)
    nn.fit(model, features, targets, loss=nn.mse, epochs=150, optimizer=nn.Adam(learning_rate=0.01), progress=False)
    hidden = [[unit(row) for unit in model.layers[0].neurons] for row in features]
    off = [unit for unit in model.layers[1].neurons if all(unit(row).data == 0.0 for row in hidden)]
    assert off
    assert not viz.culprits(model, features, targets, loss=nn.mse)
    model.layers[1].neurons[3].bias.data = -50.0
    assert viz.culprits(model, features, targets, loss=nn.mse)[0].where == "layer 2 / neuron 4"


FURTHER = {
    "features a thousand times too large": ("tanh", 1000.0, 1.0, "saturated"),
    "features a thousand times too large, sigmoid": ("sigmoid", 1000.0, 1.0, "saturated"),
    "weights fifty times too large": ("tanh", 1.0, 50.0, "saturated"),
    "weights of zero": ("sigmoid", 1.0, 0.0, "vanishing"),
}


@pytest.mark.parametrize("name", FURTHER)
def test_further_faults_are_ranked_first(name: str) -> None:
    activation, stretched, grown, kind = FURTHER[name]
    features, targets = cloud(40, 4)
    model = nn.MLP(4, [8, 8, 1], activation=activation, rng=1)
    for parameter in model.parameters():
        parameter.data *= grown
    assert viz.culprits(model, np.multiply(features, stretched), targets, loss=nn.mse)[0].kind == kind


@pytest.mark.filterwarnings("ignore::nn.errors.LossIncreaseWarning")
def test_a_learning_rate_that_is_too_high_leaves_its_mark_and_shuffled_targets_none() -> None:
    features, targets = cloud(40, 4)
    model = nn.MLP(4, [8, 8, 1], activation="relu", rng=1)
    nn.fit(model, features, targets, loss=nn.mse, epochs=60, optimizer=nn.SGD(learning_rate=10.0), progress=False)
    assert viz.culprits(model, features, targets, loss=nn.mse)[0].kind in ("dead ReLU", "nan", "inf", "exploding")
    model = nn.MLP(4, [8, 8, 1], activation="tanh", rng=1)
    shuffled = [*np.random.default_rng(1).permutation(targets)]
    nn.fit(model, features, shuffled, loss=nn.mse, epochs=60, optimizer=nn.Adam(learning_rate=0.01), progress=False)
    assert not viz.culprits(model, features, shuffled, loss=nn.mse)
