import functools
import gc
import sys
import tracemalloc
import warnings

import numpy as np
import pytest

from autodiff import Value, square
from nn import (
    MLP,
    SGD,
    DivergenceError,
    Layer,
    LossIncreaseWarning,
    Neuron,
    fit,
    log_loss,
    predict,
)
from nn.training.run import is_check

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(12, 3))
TARGETS = FEATURES @ [1.0, -2.0, 0.5] + RNG.normal(size=12)
START = [0.3, 0.1, -0.2]
RATE = 0.05

train = functools.partial(fit, progress=False)


def line():
    """A linear model without a bias, as NumPy's least squares has it."""
    return Layer.from_matrix(START, activation="linear")


def descent(rows_of_epochs, features=FEATURES, targets=TARGETS):
    """Gradient descent on the mean squared error by hand: the weights at the end, the losses before each step."""
    weights, losses = np.array(START), []
    for rows in rows_of_epochs:
        error = features[rows] @ weights - targets[rows]
        losses.append(np.mean(error**2))
        weights = weights - RATE * 2 * features[rows].T @ error / len(rows)
    return weights, losses


def mean_square(weights):
    return np.mean((FEATURES @ weights - TARGETS) ** 2)


def numbers(model):
    return [parameter.data for parameter in model.parameters()]


def test_full_batch_descent():
    model = line()
    history = train(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=20)
    weights, losses = descent([np.arange(12)] * 20)
    np.testing.assert_allclose(numbers(model), weights, rtol=1e-12)
    np.testing.assert_allclose(history.losses, losses, rtol=1e-12)
    assert history.initial_loss == history.losses[0] == pytest.approx(mean_square(START), rel=1e-12)
    assert history.final_loss == pytest.approx(mean_square(weights), rel=1e-12)
    assert (history.epochs, history.interrupted) == (20, False)


def test_checks_measure_all_the_data_after_the_step():
    history = train(line(), FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=20)
    expected = [(epoch, mean_square(descent([np.arange(12)] * (epoch + 1))[0])) for epoch in range(0, 20, 2)]
    np.testing.assert_allclose(history.checks, expected, rtol=1e-12)


@pytest.mark.filterwarnings("ignore::nn.LossIncreaseWarning")  # a step on one record may well raise the loss
@pytest.mark.parametrize("stream", [np.random.default_rng, np.random.RandomState])
@pytest.mark.parametrize("size", [1, 5, 11])
def test_mini_batches_are_reshuffled_each_epoch(stream, size):
    model, by_hand, rows = line(), stream(8), []
    for _ in range(4):
        order = by_hand.permutation(12)
        rows += [order[start : start + size] for start in range(0, 12, size)]
    history = train(
        model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=4, batch_size=size, rng=stream(8)
    )
    weights, losses = descent(rows)
    np.testing.assert_allclose(numbers(model), weights, rtol=1e-11)
    np.testing.assert_allclose(history.losses, np.reshape(losses, (4, -1)).mean(axis=1), rtol=1e-11)


def test_a_seed_fixes_the_run():
    def trained(seed):
        model = line()
        train(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=3, batch_size=4, rng=seed)
        return numbers(model)

    assert trained(1) == trained(1) != trained(2)


def test_momentum_finds_least_squares():
    model = line()
    train(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE, momentum=0.8, nesterov=True), epochs=200)
    np.testing.assert_allclose(numbers(model), np.linalg.lstsq(FEATURES, TARGETS)[0], rtol=1e-6)


def test_several_outputs():
    wanted = np.stack([TARGETS, -TARGETS], axis=1)
    model = Layer.from_matrix(np.stack([START, START], axis=1), activation="linear")
    history = train(model, FEATURES, wanted, optimizer=SGD(learning_rate=2 * RATE), epochs=20)
    expected = [descent([np.arange(12)] * 20, targets=targets)[0] for targets in (TARGETS, -TARGETS)]
    np.testing.assert_allclose(model.weight_matrix().T, expected, rtol=1e-12)
    assert history.initial_loss == pytest.approx(np.mean((FEATURES @ np.stack([START] * 2, axis=1) - wanted) ** 2))


def test_a_column_of_targets_is_a_vector():
    one, other = line(), line()
    train(one, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=3)
    train(other, FEATURES, TARGETS[:, np.newaxis], optimizer=SGD(learning_rate=RATE), epochs=3)
    assert numbers(one) == numbers(other)


@pytest.mark.parametrize("boxed", [lambda out: out, lambda out: [out]])
def test_a_function_and_its_parameters(boxed):
    weights = [Value(w) for w in START]
    train(
        lambda record: boxed(weights[0] * record[0] + weights[1] * record[1] + weights[2] * record[2]),
        FEATURES,
        TARGETS,
        optimizer=SGD(learning_rate=RATE),
        epochs=5,
        parameters=[*weights, weights[0]],  # named twice, stepped once
    )
    np.testing.assert_allclose([w.data for w in weights], descent([np.arange(12)] * 5)[0], rtol=1e-12)


def test_some_parameters_alone():
    model = Neuron(3, rng=0)
    before = numbers(model)
    train(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=2, parameters=[model.bias])
    assert numbers(model)[:3] == before[:3]
    assert numbers(model)[3] != before[3]


def test_a_loss_of_ones_own():
    model = line()

    def half_sum(predictions, targets):
        return sum(square(p - t) for p, t in zip(predictions, targets, strict=True)) / 2

    train(model, FEATURES, TARGETS, loss=half_sum, optimizer=SGD(learning_rate=RATE * 2 / 12), epochs=20)
    np.testing.assert_allclose(numbers(model), descent([np.arange(12)] * 20)[0], rtol=1e-11)


@pytest.mark.parametrize(
    ("output_activation", "loss"), [("sigmoid", "log_loss"), ("linear", functools.partial(log_loss, from_logits=True))]
)
def test_logistic_regression_reaches_its_optimum(output_activation, loss):
    labels = (TARGETS > 0).astype(float)
    labels[:2] = 1 - labels[:2]  # not separable, so the optimum is finite
    model = MLP(3, [1], output_activation=output_activation, rng=0)
    train(model, FEATURES, labels, loss=loss, optimizer=SGD(learning_rate=1.0, momentum=0.8), epochs=400)
    chances = predict(model, FEATURES)
    chances = chances if output_activation == "sigmoid" else 1 / (1 + np.exp(-chances))
    np.testing.assert_allclose(np.c_[FEATURES, np.ones(12)].T @ (chances - labels), 0.0, atol=1e-6)


def test_the_gradients_of_the_last_step_stay():
    model = line()
    train(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=3)
    before_last = descent([np.arange(12)] * 2)[0]
    slope = 2 * FEATURES.T @ (FEATURES @ before_last - TARGETS) / 12
    np.testing.assert_allclose([p.grad for p in model.parameters()], slope, rtol=1e-12)


def test_old_gradients_do_not_count():
    one, other = line(), line()
    for parameter in one.parameters():
        parameter.grad = 100.0
    for model in (one, other):
        train(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=1)
    assert numbers(one) == numbers(other)


def test_no_epochs_change_nothing():
    model = line()
    history = train(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=0)
    assert numbers(model) == START
    assert (history.epochs, history.losses, history.checks) == (0, [], [])
    assert history.initial_loss == history.final_loss


@pytest.mark.parametrize("epochs", [10, 100, 900, 1000])
def test_the_rhythm_of_the_checks_is_the_seeds(epochs):
    assert [e for e in range(epochs) if is_check(e, epochs)] == [e for e in range(epochs) if e % (epochs / 10) == 0]


@pytest.mark.parametrize(
    ("epochs", "checked"), [(1, [0]), (7, list(range(7))), (25, [0, 3, 5, 8, 10, 13, 15, 18, 20, 23])]
)
def test_epochs_that_ten_does_not_divide(epochs, checked):
    assert [e for e in range(epochs) if is_check(e, epochs)] == checked


def test_a_rising_loss_warns_at_each_check_but_the_first():
    with pytest.warns(LossIncreaseWarning) as caught:
        history = train(line(), FEATURES, TARGETS, optimizer=SGD(learning_rate=2.0), epochs=30)
    assert len(caught) == 9
    (_, first), (_, second) = history.checks[:2]
    assert str(caught[0].message).startswith(
        f"the training loss rose from {first:.6g} after epoch 0 to {second:.6g} after epoch 3;"
    )
    assert {warning.filename for warning in caught} == {__file__}
    assert issubclass(LossIncreaseWarning, UserWarning)


@pytest.mark.filterwarnings("ignore::nn.LossIncreaseWarning")
@pytest.mark.parametrize("compiled", [True, False])
def test_a_loss_that_is_no_number_ends_the_run(compiled):
    model = line()
    with pytest.raises(DivergenceError, match=r"in epoch 1\d: .*(square|mul|sub|dot)") as caught:
        train(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=1e9), epochs=40, compiled=compiled)
    assert "a smaller learning rate" in str(caught.value)
    assert "recorded at " in str(caught.value)  # the line that made the first bad value
    assert "test_fit.py" in str(caught.value)
    assert 10 < caught.value.history.epochs < 20
    assert np.isfinite(numbers(model)).all()


def test_a_constant_loss_does_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(line(), FEATURES, TARGETS, optimizer=SGD(learning_rate=0.0), epochs=10)


def test_callbacks_see_each_epoch():
    seen = []

    def note(epoch, history):
        seen.append((epoch, history.epochs, history.losses[-1], np.isnan(history.final_loss)))

    history = train(line(), FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=4, callbacks=[note])
    assert seen == [(epoch, epoch + 1, history.losses[epoch], True) for epoch in range(4)]


def test_a_true_answer_stops_after_every_callback_was_called():
    called = []
    model = line()
    history = train(
        model,
        FEATURES,
        TARGETS,
        optimizer=SGD(learning_rate=RATE),
        epochs=50,
        callbacks=(lambda epoch, _: epoch == 2, lambda epoch, history: called.append((epoch, history.epochs))),
    )
    assert called == [(0, 1), (1, 2), (2, 3)]
    assert (history.epochs, history.interrupted) == (3, False)
    np.testing.assert_allclose(numbers(model), descent([np.arange(12)] * 3)[0], rtol=1e-12)
    assert history.final_loss == pytest.approx(mean_square(numbers(model)), rel=1e-12)


def test_progress_shows_the_loss_on_stderr(capsys):
    history = fit(line(), FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=3)
    out, err = capsys.readouterr()
    assert out == ""
    assert "3/3" in err
    assert f"loss {history.losses[-1]:.6g}" in err


def test_progress_without_a_stderr_is_no_progress(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)  # as under pythonw, or where it was closed
    models = [line(), line()]
    for model, progress in zip(models, [True, False], strict=True):
        fit(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=3, progress=progress)
    assert list(numbers(models[0])) == list(numbers(models[1]))


def test_without_progress_it_is_silent(capsys):
    fit(line(), FEATURES, TARGETS, optimizer=SGD(learning_rate=RATE), epochs=3, progress=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
def test_memory_is_flat_without_the_collector():
    values, held = [], []

    def note(*_):
        values.append(sum(type(thing) is Value for thing in gc.get_objects()))
        held.append(tracemalloc.get_traced_memory()[0])

    gc.disable()
    tracemalloc.start()
    try:
        train(MLP(3, [4, 1], rng=0), FEATURES, TARGETS, optimizer=SGD(learning_rate=0.01), epochs=20, callbacks=[note])
    finally:
        tracemalloc.stop()
        gc.enable()
    assert len(values) == 20
    assert len(set(values)) == 1
    assert abs(held[-1] - held[9]) < 20_000  # bytes; the graph of one epoch is some 100,000
