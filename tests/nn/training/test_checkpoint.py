"""Checkpoints: whenever a run is killed, going on gives the same bits, and a bad file is an error and no more."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from nn import MLP, SGD, Adam, CheckpointError, EarlyStopping, OptionError, fit
from nn.files.safetensors_file import read_arrays, write_arrays
from tests.nn import killed_run

ROOT = Path(__file__).parents[2]
FEATURES = np.random.default_rng(0).normal(size=(20, 3))
TARGETS = np.tanh(FEATURES @ [1.0, -2.0, 0.5])


pytestmark = pytest.mark.filterwarnings("ignore::nn.LossIncreaseWarning")


def train(path=None, *, epochs=8, rng=0, optimizer=None, sizes=(4, 1), features=FEATURES, **options):
    model = MLP(3, list(sizes), activation="tanh", rng=1)
    history = fit(
        model,
        features,
        TARGETS,
        optimizer=optimizer or Adam(learning_rate=0.05),
        epochs=epochs,
        batch_size=options.pop("batch_size", 6),
        rng=rng,
        checkpoint=path,
        progress=False,
        **options,
    )
    return history, [parameter.data for parameter in model.parameters()]


RNGS = [lambda: 5, lambda: np.random.RandomState(5), lambda: np.random.Generator(np.random.MT19937(5))]


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("rng", RNGS)
def test_two_halves_are_the_whole_to_the_bit(tmp_path, rng, compiled):
    path = tmp_path / "run"
    whole, numbers = train(rng=rng(), compiled=compiled, metrics=["r2"], validation_split=0.25)
    options = {"compiled": compiled, "metrics": ["r2"], "validation_split": 0.25}
    train(path, epochs=3, rng=rng(), **options)
    resumed, others = train(path, rng=rng(), resume=True, **options)
    assert others == numbers
    assert (resumed.losses, resumed.validation_losses, resumed.metrics) == (
        whole.losses,
        whole.validation_losses,
        whole.metrics,
    )
    assert resumed.final_loss == whole.final_loss


def test_full_batches_and_momentum(tmp_path):
    options = {"batch_size": None, "sizes": (2, 1)}
    expected = train(optimizer=SGD(learning_rate=0.1, momentum=0.9), **options)[1]
    train(tmp_path / "run", epochs=5, optimizer=SGD(learning_rate=0.1, momentum=0.9), **options)
    optimizer = SGD(learning_rate=0.1, momentum=0.9)
    assert train(tmp_path / "run", optimizer=optimizer, resume=True, **options)[1] == expected


def test_a_run_that_is_over_is_not_trained_on(tmp_path):
    first, numbers = train(tmp_path / "run", early_stopping=EarlyStopping(patience=2), validation_split=0.3)
    again, others = train(tmp_path / "run", early_stopping=EarlyStopping(patience=2), validation_split=0.3, resume=True)
    assert (again.epochs, again.best_epoch, others) == (first.epochs, first.best_epoch, numbers)


def killed_after(path, seconds):
    """Start the run in a process, kill it; its output, complete only if the kill came too late."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.nn.killed_run", str(path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.communicate()[0].strip()


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_at_any_moment(tmp_path, kills):
    """Each run is killed again and again, and begun again where the file says, until one comes through."""
    expected = str(killed_run.run(tmp_path / "whole")[1])
    moments, killed = random.Random(kills), 0
    while killed < kills:
        path = tmp_path / f"run {killed}"
        while killed < kills:
            if killed_after(path, moments.uniform(0.0, 0.35)):
                break
            killed += 1
            if path.exists():
                read_arrays(path, "checkpoint")  # whole at any moment
        assert str(killed_run.run(path)[1]) == expected


def test_sigterm_ends_a_run_with_what_it_learned(tmp_path):
    def ask(epoch, _):
        if epoch == 2:
            signal.raise_signal(signal.SIGTERM)

    history, numbers = train(callbacks=[ask])
    assert (history.interrupted, history.stopped, history.epochs) == (True, "SIGTERM", 3)
    assert numbers == train(epochs=3)[1]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def truncated(path):
    path.write_bytes(path.read_bytes()[:-40])


def emptied(path):
    path.write_bytes(b"")


def tampered(path):
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(bytes(content))


def removed(path):
    path.unlink()


def newer(path):
    content = path.read_bytes().replace(b'"version":"1"', b'"version":"9"')
    path.write_bytes(content)


def other_format(path):
    save_file({"parameters": np.zeros(3)}, path)


def of_another_shape(path):
    arrays, document = read_arrays(path, "checkpoint")
    arrays["parameters"] = arrays["parameters"][:-1]
    write_arrays(path, "checkpoint", arrays, document)


def without_state(path):
    arrays, document = read_arrays(path, "checkpoint")
    del arrays["state.mean"]
    write_arrays(path, "checkpoint", arrays, document)


DAMAGES = [
    (truncated, "cut short|damaged"),
    (emptied, "cut short|damaged"),
    (tampered, "changed|digest|damaged"),
    (removed, "no (such )?file"),
    (newer, "newer"),
    (other_format, "no valuegraph|not a|format"),
    (of_another_shape, r"parameters in .* shape \(20,\) in place of \(21,\)"),
    (without_state, r"state\.mean"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_a_bad_file_is_an_error_before_anything_changes(tmp_path, damage, message):
    path = tmp_path / "run"
    train(path, epochs=3)
    damage(path)
    left = path.read_bytes() if path.exists() else None
    model, rng = MLP(3, [4, 1], activation="tanh", rng=1), np.random.default_rng(0)
    before, drawn = [parameter.data for parameter in model.parameters()], rng.bit_generator.state
    with pytest.raises(CheckpointError, match=message):
        fit(
            model,
            FEATURES,
            TARGETS,
            optimizer=Adam(learning_rate=0.05),
            epochs=8,
            batch_size=6,
            rng=rng,
            checkpoint=path,
            resume=True,
            progress=False,
        )
    assert [parameter.data for parameter in model.parameters()] == before
    assert rng.bit_generator.state == drawn
    assert (path.read_bytes() if path.exists() else None) == left


OTHERS = [
    ({"sizes": (5, 1)}, "a model of other parameters: it has 21"),
    ({"optimizer": Adam(learning_rate=0.06)}, r"optimizer 'Adam\(learning_rate=0.05"),
    ({"batch_size": 7}, "batch_size 6, and this one has 7"),
    ({"loss": "sse"}, "loss 'mse'"),
    ({"features": FEATURES + 1.0}, "data 'features"),
    ({"rng": np.random.RandomState(0)}, "PCG64, and rng is RandomState"),
]


@pytest.mark.parametrize(("changed", "message"), OTHERS)
def test_the_file_of_another_run_is_refused(tmp_path, changed, message):
    train(tmp_path / "run", epochs=3)
    with pytest.raises(CheckpointError, match=message):
        train(tmp_path / "run", resume=True, **changed)


def test_a_write_that_is_cut_short_leaves_the_file_before(tmp_path):
    path = tmp_path / "run"
    train(path, epochs=3)
    for partial in (b"", path.read_bytes()[:100]):
        (tmp_path / ".run.partial").write_bytes(partial)
        assert train(path, resume=True)[1] == train()[1]


def test_the_file_is_plain_safetensors(tmp_path):
    path = tmp_path / "run"
    history, numbers = train(path, epochs=3)
    arrays = load_file(path)
    assert arrays["parameters"].tolist() == numbers
    assert arrays["state.count"] == 3 * 4
    document = read_arrays(path, "checkpoint")[1]
    assert json.loads(json.dumps(document))["history"]["losses"] == history.losses


@pytest.mark.parametrize("resume", [True, "auto"])
def test_resuming_needs_a_path(resume):
    with pytest.raises(OptionError, match="checkpoint=path"):
        train(resume=resume)


def test_another_word_is_refused(tmp_path):
    with pytest.raises(OptionError, match=r"resume takes .* got 'always'"):
        train(tmp_path / "run", resume="always")
