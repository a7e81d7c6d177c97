"""Training over the partitions of a Dask client against training in one process."""

import os
import signal
import threading
import time

import dask.array
import numpy as np
import pytest
from distributed import Client, LocalCluster

import autodiff
from autodiff.errors import ShapeError
from nn import L2, MLP, SGD, Adam, DataError, Dropout, Linear, OptionError, OptionTypeError, Sequential, fit, predict

pytestmark = pytest.mark.filterwarnings("ignore")  # of the event loops of a cluster that is closed

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(240, 4))
TARGETS = np.tanh(FEATURES @ [1.0, -0.5, 0.3, 2.0])
LABELS = np.digitize(TARGETS, [-0.5, 0.5])


@pytest.fixture(scope="module")
def threads():
    """A client whose workers are threads of this process: quick to start."""
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        yield client


def trained(executor=None, features=FEATURES, targets=TARGETS, loss="mse", epochs=4, **options):
    model = MLP(4, [5, 3 if loss == "cross_entropy" else 1], activation="tanh", rng=1)
    history = fit(
        *(model, features, targets),
        optimizer=Adam(learning_rate=0.01) if loss != "sse" else SGD(learning_rate=1e-4),
        epochs=epochs,
        loss=loss,
        progress=False,
        executor=executor,
        **options,
    )
    return [*(p.data for p in model.parameters()), history.initial_loss, *history.losses, history.final_loss]


def own_loss(predictions, targets):
    return sum(abs(p - t) ** 1.5 for p, t in zip(predictions, targets, strict=True)) / len(predictions)


@pytest.mark.parametrize("loss", ["mse", "sse", "cross_entropy", own_loss])
def test_the_same_weights_as_in_one_process(threads, loss):
    targets = LABELS if loss == "cross_entropy" else TARGETS
    expected = trained(targets=targets, loss=loss)
    np.testing.assert_allclose(trained(threads, targets=targets, loss=loss), expected, rtol=1e-10)


@pytest.mark.parametrize("chunks", [(100, 4), ((60, 100, 80), 4), (50, 2)])
def test_dask_arrays_are_taken_block_by_block(threads, chunks):
    features, targets = dask.array.from_array(FEATURES, chunks=chunks), dask.array.from_array(TARGETS, chunks=70)
    np.testing.assert_allclose(trained(threads, features, targets), trained(), rtol=1e-10)


def test_compiled_functions_and_predictions_map_over_blocks():
    model = MLP(4, [5, 1], activation="tanh", rng=1)
    compiled = autodiff.compile(lambda row: model(row.tolist()))
    features = dask.array.from_array(FEATURES, chunks=(70, 4))
    for function in (compiled, lambda block: predict(model, block)):
        mapped = features.map_blocks(function, drop_axis=1, meta=np.empty(0)).compute()
        np.testing.assert_allclose(mapped, predict(model, FEATURES), rtol=1e-14)


def test_penalty_and_validation(threads):
    options = {"penalty": L2(0.01), "validation_data": (FEATURES[:20], TARGETS[:20]), "metrics": ["mae"]}
    np.testing.assert_allclose(trained(threads, **options), trained(**options), rtol=1e-10)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"batch_size": 8}, OptionError, "it takes no batch_size"),
        ({"validation_split": 0.1}, OptionError, "it takes no validation_split"),
        ({"sample_weight": np.ones(240)}, OptionError, "it takes no sample_weight"),
        ({"metrics": ["mae"]}, OptionError, "it takes no metrics without validation_data"),
        ({"compiled": False}, OptionError, "it takes no compiled=False"),
        ({"targets": TARGETS[:9]}, ShapeError, "240 records and targets 9"),
        ({"targets": [*TARGETS[:-1], np.nan]}, DataError, "targets hold nan"),
        ({"loss": "sse", "penalty": L2(0.1)}, OptionError, "a mean over records"),
        ({"loss": lambda p, t: abs(p[0] - t[0]) * abs(p[-1] - t[-1])}, OptionError, "a mean or a sum over records"),
    ],
)
def test_refused(threads, options, error, message):
    with pytest.raises(error, match=message):
        trained(threads, **options)


def test_what_is_no_client_and_dropout(threads):
    with pytest.raises(OptionTypeError, match=r"dask.distributed.Client, got 3"):
        trained(3)
    model = Sequential(Linear(4, 3), Dropout(0.5), Linear(3, 1))
    with pytest.raises(OptionError, match="without dropout"):
        fit(model, FEATURES, TARGETS, optimizer=Adam(), epochs=1, executor=threads, progress=False)


@pytest.mark.slow
def test_a_worker_that_is_killed_in_training_is_survived():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        expected = trained(epochs=100)
        pids = client.run(os.getpid)
        killed = []

        def kill():
            time.sleep(1.0)
            os.kill(next(iter(pids.values())), signal.SIGKILL)
            killed.append(time.monotonic())

        killer = threading.Thread(target=kill)
        killer.start()
        found = trained(client, epochs=100)
        ended = time.monotonic()
        killer.join()
        assert killed[0] < ended
        np.testing.assert_allclose(found, expected, rtol=1e-10)
        assert set(client.run(os.getpid).values()) != set(pids.values())
