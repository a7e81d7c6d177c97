"""L-BFGS and Levenberg-Marquardt against SciPy driven by hand, and all that `fit` does between their iterations."""

import contextlib
import json
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize

import autodiff
from autodiff import Value, detect_anomaly, exp, mean
from autodiff.errors import MissingExtraError
from nn import (
    L2,
    LBFGS,
    MLP,
    Adam,
    CheckpointError,
    ClipByNorm,
    CosineDecay,
    DivergenceError,
    Driver,
    Dropout,
    EarlyStopping,
    LevenbergMarquardt,
    Linear,
    OptionError,
    OptionTypeError,
    Sequential,
    fit,
    mse,
)
from nn.training.descent import Descent
from tests.nn.optimizers.driven import HEIGHTS, POINTS, PROBLEMS

RECORDED = json.loads((Path(__file__).parent / "driven.json").read_text(encoding="utf-8"))
"""SciPy's positions after some of the iterations, from `record` below."""

TIGHT = {"ftol": 1e-12, "gtol": 1e-9}
COMPARED = {"rosenbrock": 200, "pendulum": 200, "network": 40}
"""Iterations of L-BFGS with derivatives of NumPy: later ones of the network amplify how these are rounded."""


def minimized(function, start):
    """SciPy's positions after each iteration of L-BFGS."""
    positions = []
    scipy.optimize.minimize(
        function,
        start,
        jac=True,
        method="L-BFGS-B",
        callback=lambda x: positions.append(x.copy()),
        options=TIGHT | {"maxiter": 200, "maxfun": 10**6},
    )
    return np.array(positions)


def least_squares(problem):
    """SciPy's positions after each of the first 200 accepted steps of least squares."""
    positions = []

    def jacobian(x):
        positions.append(x.copy())
        if len(positions) > 200:
            raise StopIteration
        return problem.jacobian(x)

    with contextlib.suppress(StopIteration):
        scipy.optimize.least_squares(
            problem.residuals, problem.start, jacobian, **TIGHT, xtol=1e-12, x_scale="jac", max_nfev=10**6
        )
    return np.array(positions[1:])


def by_hand(name):
    """Positions by optimizer."""
    problem = PROBLEMS[name]
    return {
        "lbfgs": minimized(problem.mean_square, problem.start)[: COMPARED[name]],
        "levenberg_marquardt": least_squares(problem),
    }


OPTIMIZERS = {
    "lbfgs": lambda: LBFGS(**TIGHT),
    "levenberg_marquardt": lambda: LevenbergMarquardt(**TIGHT, xtol=1e-12, x_scale="jac"),
}


def record():
    """Write the table: `python -c "from tests.nn.optimizers.test_drivers import record; record()"`."""
    table = {}
    for name in PROBLEMS:
        for optimizer, positions in by_hand(name).items():
            places = sorted({1, 2, 5, 10, 40, len(positions)} & {*range(1, len(positions) + 1)})
            table[f"{optimizer} {name}"] = {str(k): positions[k - 1].tolist() for k in places}
    (Path(__file__).parent / "driven.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_the_trajectory_of_scipy_with_derivatives_of_numpy(name, optimizer):
    expected = by_hand(name)[optimizer]
    ours, history = PROBLEMS[name].trajectory(OPTIMIZERS[optimizer]())
    if len(expected) < COMPARED[name]:
        assert (len(ours), history.stopped) == (len(expected), "converged")
    scale = np.abs(expected).max(axis=1, keepdims=True)
    np.testing.assert_allclose(ours[: len(expected)] / scale, expected / scale, rtol=0.0, atol=1e-10)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_trajectory_of_scipy_on_a_bound_gradient(name):
    problem = PROBLEMS[name]
    model, values = problem.make()
    features = np.asfortranarray(problem.features, dtype=float)
    loss = autodiff.compile(lambda x, y: mse([model(x.tolist())], [y]), batched=(0, 1))
    bound = loss.bind(features, np.asfortranarray(problem.targets, dtype=float))
    order = [[*map(id, values)].index(id(value)) for value in loss.parameters(features, problem.targets)]

    def function(x):
        bound.numbers[:] = x[order]
        value, gradient = bound(), np.empty(len(x))
        gradient[order] = bound.gradient
        return value, gradient

    expected = minimized(function, problem.start)
    ours, history = problem.trajectory(LBFGS(**TIGHT))
    np.testing.assert_allclose(ours, expected, rtol=1e-10)
    assert len(ours) == 200 or history.stopped == "converged"


def test_the_table_is_complete():
    assert RECORDED.keys() == {f"{optimizer} {name}" for name in PROBLEMS for optimizer in OPTIMIZERS}


@pytest.mark.parametrize("case", RECORDED)
def test_recorded_figures(case):
    optimizer, name = case.split()
    ours, _ = PROBLEMS[name].trajectory(OPTIMIZERS[optimizer]())
    for k, expected in RECORDED[case].items():
        np.testing.assert_allclose(ours[int(k) - 1], expected, rtol=1e-10, atol=1e-10 * np.abs(expected).max())


def network():
    return MLP(2, [3, 1], activation="tanh", rng=2)


def numbers(model):
    return [parameter.data for parameter in model.parameters()]


def train(model, optimizer, *, epochs=8, **options):
    return fit(model, POINTS, HEIGHTS, optimizer=optimizer, epochs=epochs, **{"progress": False} | options)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_graphs_give_the_same_numbers(optimizer):
    models = [network(), network(), network()]
    train(models[0], OPTIMIZERS[optimizer]())
    train(models[1], OPTIMIZERS[optimizer](), compiled=False)
    with detect_anomaly():
        train(models[2], OPTIMIZERS[optimizer]())
    np.testing.assert_allclose(numbers(models[1]), numbers(models[0]), rtol=1e-8)
    assert numbers(models[2]) == numbers(models[1])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_history_gradients_and_what_is_measured_between_iterations(optimizer):
    model, losses = network(), []
    history = train(
        model,
        OPTIMIZERS[optimizer](),
        validation_data=(POINTS[:10] + 0.1, HEIGHTS[:10]),
        metrics=["mse"],
        callbacks=[lambda *_: losses.append(mse([*map(model, POINTS.tolist())], HEIGHTS).data)],
    )
    assert (history.epochs, history.stopped) == (8, "")
    np.testing.assert_allclose(history.losses, [history.initial_loss, *losses[:-1]], rtol=1e-12)
    np.testing.assert_allclose([loss for _, loss in history.checks], losses, rtol=1e-12)
    np.testing.assert_allclose(history.final_loss, losses[-1], rtol=1e-12)
    np.testing.assert_allclose(history.validation_losses, history.metrics["validation_mse"], rtol=1e-12)
    left = [parameter.grad for parameter in model.parameters()]
    for parameter in model.parameters():
        parameter.grad = 0.0
    mse([*map(model, POINTS.tolist())], HEIGHTS).backward()
    np.testing.assert_allclose(left, [parameter.grad for parameter in model.parameters()], rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_batch_loss_weights_fixed_parameters_and_no_epochs(optimizer):
    weights = np.arange(40) % 3
    model, again = network(), network()
    train(model, OPTIMIZERS[optimizer](), sample_weight=weights, parameters=model.parameters()[:9])
    assert numbers(model)[9:] == numbers(network())[9:]
    repeated = np.repeat(np.arange(40), weights)
    fit(
        again, POINTS[repeated], HEIGHTS[repeated], optimizer=OPTIMIZERS[optimizer](), epochs=8, reduction="batch",
        parameters=again.parameters()[:9], progress=False,
    )  # fmt: skip
    np.testing.assert_allclose(numbers(again), numbers(model), rtol=1e-8)
    before = numbers(model)
    assert train(model, OPTIMIZERS[optimizer](), epochs=0).epochs == 0
    assert numbers(model) == before


def test_lbfgs_takes_other_losses_and_penalties():
    labels = (HEIGHTS > 0.0).astype(float)
    history = fit(
        network(), POINTS, labels, loss="log_loss_from_logits", penalty=L2(0.01), optimizer=LBFGS(), epochs=100,
        progress=False,
    )  # fmt: skip
    assert history.stopped == "converged"
    assert history.final_loss < 0.8 * history.initial_loss


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_callbacks_and_early_stopping_end_a_run(optimizer):
    model, states = network(), []
    history = train(
        model, OPTIMIZERS[optimizer](), callbacks=[lambda epoch, _: states.append(numbers(model)) or epoch == 2]
    )
    assert (history.epochs, history.stopped) == (3, "callback")
    assert numbers(model) == states[-1]
    # Validation data that the first iterations lead away from.
    model, states = network(), []
    history = train(
        model,
        OPTIMIZERS[optimizer](),
        validation_data=(POINTS, HEIGHTS + 5.0),
        early_stopping=EarlyStopping(patience=2),
        callbacks=[lambda *_: states.append(numbers(model)) and None],
        epochs=100,
    )
    assert history.stopped in ("early stopping", "converged")
    assert numbers(model) == states[history.best_epoch]


@pytest.fixture
def ctrl_c():
    """Ctrl-C interrupts, also where the tests were started with it ignored, as a shell does in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_interrupted_iteration_leaves_no_trace(optimizer, number, monkeypatch):
    method = "value_and_gradient" if optimizer == "lbfgs" else "residuals"
    plain, states, model = getattr(Descent, method), [], network()

    def interrupting(self, x):
        if len(states) == 3:
            signal.raise_signal(number)
        return plain(self, x)

    monkeypatch.setattr(Descent, method, interrupting)
    history = train(model, OPTIMIZERS[optimizer](), callbacks=[lambda *_: states.append(numbers(model))])
    assert (history.epochs, history.interrupted) == (3, True)
    assert history.stopped == {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}[number]
    assert numbers(model) == states[-1]
    assert {parameter.grad for parameter in model.parameters()} == {0.0}


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_resumed_run_ends_with_the_same_bits(tmp_path, optimizer, compiled):
    options = {"validation_split": 0.2, "metrics": ["r2"], "rng": 0, "compiled": compiled}
    runs = []
    for number, epochs in enumerate(([7], [3, 5, 7], [3, 4, 4, 7])):
        for resumed, count in enumerate(epochs):
            model, told = network(), []
            history = train(
                *(model, OPTIMIZERS[optimizer]()),
                **{"epochs": count, "checkpoint": tmp_path / str(number), "resume": bool(resumed)},
                **{"callbacks": [lambda epoch, _, told=told: told.append(epoch)]} | options,
            )
            assert told == [*range(epochs[resumed - 1] if resumed else 0, count)]
        runs.append((numbers(model), history.losses, history.columns(), history.final_loss))
    assert runs[0] == runs[1] == runs[2]


@pytest.mark.usefixtures("ctrl_c")
def test_a_run_that_is_interrupted_while_it_repeats_is_as_the_checkpoint_has_it(tmp_path, monkeypatch):
    first, evaluated, plain = network(), [], Descent.value_and_gradient
    train(first, LBFGS(), epochs=5, checkpoint=tmp_path / "run")

    def interrupting(self, x):
        evaluated.append(x)
        if len(evaluated) == 3:
            signal.raise_signal(signal.SIGINT)
        return plain(self, x)

    monkeypatch.setattr(Descent, "value_and_gradient", interrupting)
    model = network()
    history = train(model, LBFGS(), epochs=9, checkpoint=tmp_path / "run", resume=True)
    assert (history.epochs, history.stopped) == (5, "Ctrl-C")
    assert numbers(model) == numbers(first)


@pytest.mark.parametrize("steps", [1, 9])
def test_a_driver_that_does_not_repeat_itself_is_not_resumed(tmp_path, steps):
    class Wandering(Driver):
        rate = 0.1

        def minimize(self, problem):
            x = problem.start
            for _ in range(min(steps if self.rate < 0.1 else 3, problem.iterations)):
                x = x - self.rate * problem.value_and_gradient(x)[1]
                problem.reach(x)
            return "tired"

    path = tmp_path / "run"
    train(network(), Wandering(), epochs=3, checkpoint=path)
    Wandering.rate = 0.05
    with pytest.raises(CheckpointError, match="does not repeat the iterations of the checkpoint"):
        train(network(), Wandering(), epochs=5, checkpoint=path, resume=True)


def test_what_a_callback_raises_keeps_what_was_learned():
    model, states = network(), []

    def failing(epoch, history):
        states.append(numbers(model))
        if epoch == 1:
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        train(model, LBFGS(), callbacks=[failing])
    assert numbers(model) == states[-1]


def test_progress_counts_iterations(capsys):
    train(network(), LBFGS(), epochs=5, progress=True)
    assert "5/5" in capsys.readouterr().err


REFUSED = [
    ({"batch_size": 8}, OptionError, "takes no batch_size, got 8"),
    ({"batch_size": 40}, OptionError, "takes no batch_size, got 40"),
    ({"schedule": CosineDecay(10)}, OptionError, "takes no schedule"),
    ({"executor": object()}, OptionError, "takes no executor"),
]
SQUARES = [
    ({"loss": "mae"}, OptionError, r'takes least squares, loss="mse" or "sse".*the loss \'mae\'; LBFGS\(\) takes any'),
    ({"loss": lambda p, t: mean(p)}, OptionError, "the loss '<lambda>'"),
    ({"penalty": L2(0.1)}, OptionError, r"the penalty L2\(0.1\)"),
]


@pytest.mark.parametrize(
    ("optimizer", "options", "error", "words"),
    [(name, *row) for name in OPTIMIZERS for row in REFUSED] + [("levenberg_marquardt", *row) for row in SQUARES],
)
def test_options_that_do_not_fit_are_refused_before_anything_is_changed(optimizer, options, error, words):
    model = network()
    with pytest.raises(error, match=words):
        train(model, OPTIMIZERS[optimizer](), **options)
    assert numbers(model) == numbers(network())


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_dropout_is_refused(optimizer):
    model = Sequential(Linear(2, 4, rng=0), Dropout(0.5), Linear(4, 1, rng=1))
    with pytest.raises(OptionError, match="dropout draws anew"):
        train(model, OPTIMIZERS[optimizer]())


def test_a_callback_may_not_change_parameters():
    model = network()

    def changing(epoch, history):
        model.parameters()[0].data = 7.0

    with pytest.raises(OptionError, match=r"changed a parameter from .* to 7"):
        train(model, LBFGS(), callbacks=[changing])


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: LBFGS(maxcor=0), OptionError, "maxcor"),
        (lambda: LBFGS(maxls=2.5), OptionTypeError, "maxls"),
        (lambda: LBFGS(ftol=-1.0), OptionError, "ftol"),
        (lambda: LBFGS(gtol="small"), OptionTypeError, "gtol"),
        (lambda: LevenbergMarquardt(xtol=-1.0), OptionError, "xtol"),
        (lambda: LevenbergMarquardt(ftol=0.0, xtol=0.0, gtol=0.0), OptionError, "at least one of ftol, xtol and gtol"),
        (lambda: LevenbergMarquardt(x_scale=0.0), OptionError, r'x_scale takes a number above 0 or "jac", got 0'),
        (lambda: LevenbergMarquardt(x_scale="jacobian"), OptionError, "got 'jacobian'"),
        (lambda: ClipByNorm(LBFGS(), max_norm=1.0), OptionTypeError, "ClipByNorm takes an optimizer"),
        (lambda: train(network(), LBFGS), OptionTypeError, "optimizer takes an Optimizer"),
    ],
)
def test_options_out_of_range(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize("made", [LBFGS, LevenbergMarquardt])
def test_without_scipy(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)  # the import then raises ImportError
    with pytest.raises(MissingExtraError, match=rf"{made.__name__} needs SciPy: pip install 'valuegraph\[train\]'"):
        made()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_start_that_is_not_finite_diverges(optimizer, compiled):
    x = Value(1000.0)
    with pytest.raises(DivergenceError, match=r"diverged in epoch 0: on record 0 .*exp"):
        fit(
            lambda features: exp(x * features[0]), [[1.0]], [1.0], optimizer=OPTIMIZERS[optimizer](), epochs=3,
            parameters=[x], progress=False, compiled=compiled,
        )  # fmt: skip
    assert x.data == 1000.0


def test_a_trial_that_is_not_finite():
    """L-BFGS cannot come back from it, and says so; least squares takes a smaller step."""

    def run(optimizer):
        x = Value(0.0)
        return x, lambda: fit(
            lambda features: 1e-3 * exp(50.0 * x * features[0]), [[1.0]], [1e3], optimizer=optimizer, epochs=200,
            parameters=[x], progress=False,
        )  # fmt: skip

    x, failing = run(LBFGS())
    with pytest.raises(DivergenceError, match=r"epoch 1: the step that LBFGS\(.*\) tried leads to the loss inf"):
        failing()
    assert 0.0 < x.data < 0.3  # the end of the first iteration
    x, going_on = run(LevenbergMarquardt())
    going_on()
    assert x.data == pytest.approx(np.log(1e6) / 50.0, rel=1e-6)


def test_a_driver_of_ones_own_that_reads_residuals_without_saying_so():
    class Forgetful(Driver):
        def minimize(self, problem):
            return str(problem.residuals(problem.start))

    with pytest.raises(OptionError, match="takes_residuals = True"):
        train(network(), Forgetful())
    assert repr(Forgetful()) == "Forgetful()"


def test_rules_and_drivers_by_turns():
    model = network()
    for optimizer in (Adam(learning_rate=0.01), LBFGS(), LevenbergMarquardt()):
        history = train(model, optimizer, epochs=20)
        assert history.final_loss < history.initial_loss
