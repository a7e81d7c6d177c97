"""The numbers of the seed programs, reached by `fit`.

The listings step along minus the gradient of half the mean squared error, so their rate η is a
learning rate of η/2 here.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nn import MLP, SGD, Layer, fit

DATA = Path(__file__).parents[2] / "examples" / "data" / "admissions.csv"


def train(model, features, targets, rate, epochs, **options):
    return fit(model, features, targets, optimizer=SGD(learning_rate=rate), epochs=epochs, progress=False, **options)


def test_single_update():
    model = Layer.from_matrix([1.0, 2.0], activation="linear")
    history = train(model, [[3.0, 4.0]], [6.0], 0.01, 1)
    assert model.weight_matrix().ravel() == pytest.approx([0.7, 1.6], rel=1e-12)
    assert (history.initial_loss, history.final_loss) == pytest.approx((25.0, 6.25), rel=1e-12)


def test_twenty_updates():
    model = Layer.from_matrix([1.0, 2.0], activation="linear")
    history = train(model, [[3.0, 4.0]], [6.0], 0.01, 20)
    assert [*history.losses[1:], history.final_loss] == pytest.approx([25.0 / 4**k for k in range(1, 21)], rel=1e-9)
    assert model.weight_matrix().ravel() == pytest.approx([0.4000005722045898, 1.2000007629394531], rel=1e-12)


ONE_UNIT = [
    ([0.1, 0.3], 0.2, [-0.8, 0.5], [-0.003963803079006883, -0.011891409237020648]),
    (
        [1.0, 2.0, 3.0, 4.0],
        0.5,
        [0.5, -0.5, 0.3, 0.1],
        [-0.020318691802303994, -0.04063738360460799, -0.06095607540691198, -0.08127476720921598],
    ),
]


@pytest.mark.parametrize(("record", "target", "weights", "change"), ONE_UNIT)
def test_one_sigmoid_unit(record, target, weights, change):
    model = Layer.from_matrix(weights, activation="sigmoid")
    train(model, [record], [target], 0.5 / 2, 1)
    assert model.weight_matrix().ravel() - weights == pytest.approx(np.array(change), rel=1e-9)


def test_one_step_of_backpropagation():
    hidden, output = np.array([[0.5, -0.6], [0.1, -0.2], [0.1, 0.7]]), np.array([0.1, -0.3])
    layers = [Layer.from_matrix(weights, activation="sigmoid") for weights in (hidden, output)]
    train(MLP.from_layers(layers), [[0.5, 0.1, -0.2]], [0.6], 0.5 / 2, 1)
    assert layers[0].weight_matrix() - hidden == pytest.approx(
        np.array(
            [
                [0.0001770055466373534, -0.0005111785059877155],
                [3.540110932747068e-05, -0.00010223570119754312],
                [-7.080221865494137e-05, 0.00020447140239508623],
            ]
        ),
        rel=1e-9,
    )
    assert layers[1].weight_matrix().ravel() - output == pytest.approx(
        np.array([0.008040473948045293, 0.005559180911682831]), rel=1e-9
    )


@pytest.fixture(scope="module")
def admissions():
    """Features and targets of the training records, as the listings prepare them."""
    table = pd.read_csv(DATA)
    features = pd.get_dummies(table, columns=["rank"], dtype=float).drop(columns="admit")
    for column in ("gre", "gpa"):
        features[column] = (features[column] - features[column].mean()) / features[column].std()
    rows = np.random.RandomState(42).choice(table.index, size=360, replace=False)
    return features.loc[rows], table["admit"].loc[rows]


def one_layer():
    return MLP.from_layers([Layer.from_matrix(np.random.RandomState(42).normal(0, 6**-0.5, 6), activation="sigmoid")])


def two_layers():
    stream = np.random.RandomState(21)
    hidden, output = stream.normal(0, 6**-0.5, (6, 2)), stream.normal(0, 6**-0.5, 2)
    return MLP.from_layers([Layer.from_matrix(weights, activation="sigmoid") for weights in (hidden, output)])


RUNS = [
    (one_layer, 0.5, 1000, 0.2641867982508648, {0: 0.2627609384996635, 100: 0.20928619409324875}),
    (two_layers, 0.005, 900, 0.26591924239069, {0: 0.26590108705355564, 90: 0.2642892569457476}),
]


@pytest.mark.parametrize(("network", "rate", "epochs", "before", "checks"), RUNS)
def test_the_first_tenth_on_the_admissions_data(admissions, network, rate, epochs, before, checks):
    history = train(network(), *admissions, rate / 2, epochs, callbacks=[lambda epoch, _: epoch == epochs // 10])
    assert history.initial_loss == pytest.approx(before, rel=1e-9)
    assert [epoch for epoch, _ in history.checks] == list(checks)
    assert [loss for _, loss in history.checks] == pytest.approx(list(checks.values()), rel=1e-9)


ENDS = [
    (
        one_layer,
        0.5,
        1000,
        0.19700668351312708,
        [
            [0.2531110739081263, 0.3003922887495849, 0.09942036815194524],
            [-0.6180836823480238, -1.1427964565805877, -1.4147913849203286],
        ],
    ),
    (
        two_layers,
        0.005,
        900,
        0.2516403073981795,
        [
            [-0.009556618004353175, 0.43475290688292334, 0.30361519024956235],
            [-0.09360418557755965, 0.4465212363105238, -0.25923504948214177],
            [-0.051427459999376215, -0.5173504334000478, -0.697987457252836],
            [-0.09032510533855595, 0.0030856417986596424, 0.5655196985823127],
            [0.5406671741485963, -0.41408766980641915],
        ],
    ),
]


@pytest.mark.parametrize("compiled", [True, pytest.param(False, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("network", "rate", "epochs", "loss", "weights"), ENDS)
def test_the_whole_run_on_the_admissions_data(admissions, network, rate, epochs, loss, weights, compiled):
    model = network()
    history = train(model, *admissions, rate / 2, epochs, compiled=compiled)
    assert history.final_loss == pytest.approx(loss, rel=1e-9)
    assert [p.data for p in model.parameters()] == pytest.approx([w for row in weights for w in row], rel=1e-9)
