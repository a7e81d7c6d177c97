"""Compiled training against training by graphs: the same numbers on the same data, whatever is asked for."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest

from autodiff import Value, detect_anomaly, dot, exp, mean, where
from autodiff.errors import AnomalyError, TraceError
from nn import MLP, SGD, Adam, AdamW, LossIncreaseWarning, Optimizer, fit

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(23, 5))
TARGETS = RNG.uniform(size=(23, 2))


def own_loss(predictions, targets):
    """No mean of the losses of records: the largest term counts too."""
    terms = [abs(p - t) + p * p for p, t in zip(predictions, targets, strict=True)]
    return mean(terms) + 0.1 * terms[0] * terms[-1]


def trained(compiled, *, outputs=1, loss="mse", momentum=0.0, nesterov=False, batch_size=None, **options):
    """Everything that a run leaves: parameters, gradients and the history."""
    model = MLP(5, [4, 3, outputs], activation="tanh", output_activation="sigmoid", rng=1)
    optimizer = SGD(learning_rate=0.05, momentum=momentum, nesterov=nesterov)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossIncreaseWarning)
        history = fit(
            model,
            FEATURES,
            TARGETS[:, :outputs],
            loss=loss,
            optimizer=optimizer,
            epochs=12,
            batch_size=batch_size,
            rng=3,
            progress=False,
            compiled=compiled,
            **options,
        )
    left = [(parameter.data, parameter.grad) for parameter in model.parameters()]
    return np.ravel(left), [history.initial_loss, *history.losses, history.final_loss], history.checks


def fitted(model, **options):
    """Train on the first target, without a bar."""
    return fit(model, FEATURES, TARGETS[:, 0], progress=False, **options)


@pytest.mark.parametrize("batch_size", [None, 7, 1])
@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.9, False), (0.9, True)])
@pytest.mark.parametrize(("loss", "outputs"), [("mse", 2), ("sse", 1), ("log_loss", 1), (own_loss, 1)])
def test_equals_training_by_graphs(loss, outputs, momentum, nesterov, batch_size):
    options = {
        "loss": loss,
        "outputs": outputs,
        "momentum": momentum,
        "nesterov": nesterov,
        "batch_size": batch_size,
    }
    for ours, expected in zip(trained(True, **options), trained(False, **options), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-11, atol=1e-14)


class Secant(Optimizer):
    """A rule of one's own, whose state is the gradient itself: a view of what the next step overwrites."""

    initial_state = {"before": 0.0}  # noqa: RUF012 - nobody writes to it

    def update(self, parameters, gradients, before):
        return parameters - 0.05 * gradients - 0.02 * before, gradients


@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("optimizer", [Secant, Adam, lambda: AdamW(learning_rate=0.01)])
def test_rules_with_state(optimizer, batch_size):
    results = []
    for compiled in (True, False):
        model = MLP(5, [3, 1], activation="tanh", rng=2)
        fitted(model, optimizer=optimizer(), epochs=5, batch_size=batch_size, rng=3, compiled=compiled)
        results.append([parameter.data for parameter in model.parameters()])
    np.testing.assert_allclose(*results, rtol=1e-11)


def test_callbacks_see_and_may_change_the_parameters():
    def clip(model):
        for parameter in model.parameters():
            parameter.data = min(max(parameter.data, -0.2), 0.2)

    results = []
    for compiled in (True, False):
        model, seen = MLP(5, [3, 1], rng=2), []
        callbacks = [lambda *_, m=model, s=seen: s.append([p.grad for p in m.parameters()])]
        callbacks.append(lambda *_, m=model: clip(m))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LossIncreaseWarning)
            fitted(model, optimizer=SGD(learning_rate=0.3), epochs=6, callbacks=callbacks, compiled=compiled)
        results.append(np.concatenate([*seen, [parameter.data for parameter in model.parameters()]]))
    assert np.abs(results[0]).max() > 0.0
    np.testing.assert_allclose(*results, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("compiled", [True, False])
def test_parameters_that_are_not_trained_or_not_reached_stay(compiled):
    weight, frozen, unused = Value(0.3), Value(-0.7), Value(5.0)
    fitted(
        lambda features: weight * features[0] + frozen * features[1],
        optimizer=SGD(learning_rate=0.1, momentum=0.5),
        parameters=[weight, unused],
        epochs=4,
        compiled=compiled,
    )
    assert weight.data != 0.3
    assert (frozen.data, frozen.grad, unused.data, unused.grad) == (-0.7, 0.0, 5.0, 0.0)


def test_momentum_goes_on_in_the_next_run():
    results = []
    for plan in ([6], [3, 3]):
        model, optimizer = MLP(5, [3, 1], activation="tanh", rng=2), SGD(learning_rate=0.005, momentum=0.9)
        for epochs in plan:
            fitted(model, optimizer=optimizer, epochs=epochs)
        results.append([parameter.data for parameter in model.parameters()])
    np.testing.assert_allclose(*results, rtol=1e-12)


def test_a_model_that_branches_on_numbers_is_refused_with_the_remedy():
    weight = Value(0.3)

    def model(features):
        return weight * features[0] if features[1] > 0 else weight

    with pytest.raises(TraceError, match=r"where\(condition, a, b\).*compiled=False"):
        fit(model, FEATURES, TARGETS[:, 0], optimizer=SGD(learning_rate=0.1), parameters=[weight], epochs=2)
    assert weight.data == 0.3
    fitted(
        lambda features: where(features[1] > 0, weight * features[0], weight),
        optimizer=SGD(learning_rate=0.01),
        parameters=[weight],
        epochs=2,
    )
    assert weight.data != 0.3


def both_ways(run):
    """What `run(compiled)` returns compiled, and by graphs."""
    return run(True), run(False)


def test_a_rule_with_a_parameter_that_the_loss_does_not_reach():
    def run(compiled):
        model, unreached = MLP(5, [3, 1], rng=2), Value(3.0)
        parameters = [unreached, *model.parameters()[1:]]
        fitted(
            model,
            optimizer=SGD(learning_rate=0.001, momentum=0.9, weight_decay=0.1),
            parameters=parameters,
            epochs=12,
            compiled=compiled,
        )
        assert unreached.data < 3.0  # its weight decays
        return [parameter.data for parameter in [*model.parameters(), unreached]]

    np.testing.assert_allclose(*both_ways(run), rtol=1e-12)


@pytest.mark.parametrize("loss", ["mse", own_loss])
def test_a_model_is_given_a_list_and_lists_of_targets(loss):
    weights = [Value(0.1 * k) for k in range(6)]

    def model(features):
        assert type(features) is list
        return dot(weights, features + [1.0])  # noqa: RUF005  # what a list does, and an array does not

    def run(compiled):
        for k, weight in enumerate(weights):
            weight.data = 0.1 * k
        fitted(model, optimizer=SGD(learning_rate=0.01), parameters=weights, loss=loss, epochs=3, compiled=compiled)
        return [weight.data for weight in weights]

    np.testing.assert_allclose(*both_ways(run), rtol=1e-12)


def test_what_a_callback_raises_does_not_lose_the_steps_so_far():
    def fails_after_three(epoch, _):
        if epoch == 2:
            raise RuntimeError("no more")

    def run(compiled):
        model = MLP(5, [3, 1], rng=2)
        with pytest.raises(RuntimeError, match="no more"):
            fitted(model, optimizer=SGD(learning_rate=0.1), callbacks=[fails_after_three], epochs=9, compiled=compiled)
        return [(parameter.data, parameter.grad) for parameter in model.parameters()]

    np.testing.assert_allclose(*both_ways(run), rtol=1e-12)


@pytest.mark.filterwarnings("error::nn.LossIncreaseWarning")
def test_a_warning_made_an_error_does_not_lose_them_either():
    def run(compiled):
        model = MLP(5, [3, 1], rng=2)
        with pytest.raises(LossIncreaseWarning):
            fitted(model, optimizer=SGD(learning_rate=30.0), epochs=20, compiled=compiled)
        return [(parameter.data, parameter.grad) for parameter in model.parameters()]

    np.testing.assert_allclose(*both_ways(run), rtol=1e-9)


def test_a_loss_that_meets_its_parameters_in_another_order_is_refused():
    a, b, weight = Value(0.1), Value(0.2), Value(0.3)

    def loss(predictions, targets):
        first, second = (a, b) if len(predictions) == 1 else (b, a)
        return first * predictions[0] + second * targets[0]

    with pytest.raises(TraceError, match=r"loss of 23 records .* compiled=False"):
        fitted(
            lambda features: weight * features[0],
            optimizer=SGD(learning_rate=0.1),
            parameters=[a, b],
            loss=loss,
            epochs=1,
        )
    assert (a.data, b.data) == (0.1, 0.2)


def test_a_loss_of_ones_own_is_recorded_for_a_batch_and_not_for_all_data():
    sizes = set()

    def loss(predictions, targets):
        if not isinstance(predictions[0], Value):  # while it is compiled
            sizes.add(len(predictions))
        return own_loss(predictions, targets)

    trained(True, loss=loss, batch_size=7)
    assert sizes == {1, 7, 2}


def test_anomalies_are_detected_by_graphs():
    model = MLP(5, [3, 1], rng=2)
    with detect_anomaly(), pytest.raises(AnomalyError, match="test_compiled_stepping"):
        fitted(
            lambda features: exp(1e3 * model(features)),
            optimizer=SGD(learning_rate=0.1),
            parameters=model.parameters(),
            epochs=2,
        )


def test_a_model_that_draws_random_numbers_is_refused():
    model, rng = MLP(5, [3, 1], rng=2), np.random.default_rng(0)

    def with_dropout(features):
        return model([feature * rng.random() for feature in features])

    with pytest.raises(TraceError, match=r"random numbers.*compiled=False"):
        fitted(with_dropout, optimizer=SGD(learning_rate=0.1), parameters=model.parameters(), epochs=2)


def spread(predictions, targets):
    """No mean of the losses of records: every pair of them counts."""
    errors = [p - t for p, t in zip(predictions, targets, strict=True)]
    return sum([(a - b) ** 2 for a in errors for b in errors]) + sum([error**2 for error in errors])


DRAWS = random.Random(0)
NOT_REPEATED = {
    "a random branch": lambda model: lambda x: model(x) * (DRAWS.random() > 0.5),
    "a random scale": lambda model: lambda x: model(x) * DRAWS.random(),
    "a type": lambda model: lambda x: model(x) * (2.0 if type(x[0]) is float and x[0] > 2.0 else 1.0),
    "a type, of the least": lambda model: lambda x: model(x) * (2.0 if type(x[1]) is float and x[1] < -1.9 else 1.0),
}


@pytest.mark.parametrize("loss", ["mse", spread])
@pytest.mark.parametrize("case", NOT_REPEATED)
def test_a_model_that_is_another_at_each_call_is_refused(case, loss):
    """On the record that tells, wherever it stands; nothing is changed."""
    model = MLP(5, [2, 1], rng=1)
    before = [parameter.data for parameter in model.parameters()]
    features = FEATURES.copy()
    features[17, 0], features[9, 1] = 2.5, -2.5
    with pytest.raises(TraceError, match=r"for a record the function returns.*or train with compiled=False"):
        fit(
            NOT_REPEATED[case](model),
            features,
            TARGETS[:, :1],
            loss=loss,
            optimizer=SGD(learning_rate=0.1),
            epochs=2,
            parameters=model.parameters(),
            batch_size=3,
            progress=False,
        )
    assert [parameter.data for parameter in model.parameters()] == before
