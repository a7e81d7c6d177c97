"""Training on streams of batches: the numbers of arrays, and never more records in memory than asked for."""

import numpy as np
import pandas as pd
import pytest

import nn
from autodiff.errors import ShapeError

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(48, 3))
LABELS = (FEATURES.sum(axis=1) > 0).astype(int)


class InOrder(np.random.RandomState):
    """A generator that leaves every permutation in order."""

    def permutation(self, count):
        return np.arange(count)


def read(size=8, features=FEATURES, labels=LABELS):
    for start in range(0, len(features), size):
        yield features[start : start + size], labels[start : start + size]


def trained(*data, model=None, **options):
    """The parameters after training, and the history."""
    model = model or nn.MLP(3, [4, 2], rng=0)
    options = {"loss": "cross_entropy", "epochs": 5, "rng": 0, "progress": False} | options
    history = nn.fit(model, *data, optimizer=nn.Adam(learning_rate=0.05), **options)
    return [parameter.data for parameter in model.parameters()], history


def own_loss(predictions, targets):
    return nn.mse(predictions, targets)


DATA = [{}, {"penalty": nn.L2(0.01)}, {"loss": "sse"}, {"loss": own_loss}, {"metrics": ["accuracy"]}]


@pytest.mark.parametrize("options", DATA, ids=["plain", "penalty", "sum", "own", "metrics"])
@pytest.mark.parametrize("size", [8, 13])
def test_a_stream_trains_as_the_same_batches_of_arrays_to_the_bit(options, size):
    options = dict(options, validation_data=(FEATURES[:9], LABELS[:9]))
    targets = LABELS
    if "loss" in options:
        targets = np.eye(2)[LABELS]
        options |= {"validation_data": (FEATURES[:9], targets[:9])}
    expected, of_arrays = trained(FEATURES, targets, batch_size=size, **{**options, "rng": InOrder(0)})
    numbers, history = trained(nn.BatchStream(lambda: read(size, labels=targets)), **options)
    assert numbers == expected
    assert history.losses == of_arrays.losses
    assert history.validation_losses == of_arrays.validation_losses
    assert history.metrics == of_arrays.metrics
    np.testing.assert_allclose(history.checks, of_arrays.checks, rtol=1e-13)
    np.testing.assert_allclose(history.final_loss, of_arrays.final_loss, rtol=1e-13)


def test_dropout_draws_as_it_does_for_arrays():
    def made():
        return nn.Sequential(nn.Linear(3, 6, rng=0), nn.Dropout(0.5), nn.Linear(6, 2, rng=1))

    expected, _ = trained(FEATURES, LABELS, model=made(), batch_size=8, rng=InOrder(3))
    numbers, _ = trained(nn.BatchStream(read), model=made(), rng=InOrder(3))
    assert numbers == expected


def test_batches_are_cut_anew():
    expected, _ = trained(nn.BatchStream(read))
    numbers, _ = trained(nn.BatchStream(lambda: read(17)), batch_size=8)
    assert numbers == expected


def test_a_seed_fixes_what_the_buffer_draws():
    runs = [trained(nn.BatchStream(read, shuffle_buffer=20), batch_size=8, rng=seed) for seed in (0, 0, 1)]
    assert runs[0][0] == runs[1][0] != runs[2][0]
    assert runs[0][0] != trained(nn.BatchStream(read))[0]


def test_the_columns_of_frames_name_the_inputs():
    model = nn.MLP(3, [2], rng=0)
    trained(nn.BatchStream(lambda: read(features=pd.DataFrame(FEATURES, columns=["a", "b", "c"]))), model=model)
    assert model.feature_names == ("a", "b", "c")


def test_batches_of_many_sizes_do_not_pile_up(monkeypatch):
    kept = []
    exchange = nn.training.compiled_stepping.CompiledStepper.exchange

    def counting(self, records):
        exchange(self, records)
        kept.append(len(self._bound))

    monkeypatch.setattr(nn.training.compiled_stepping.CompiledStepper, "exchange", counting)
    cuts = np.cumsum(range(1, 13))[:-1]
    pieces = list(zip(np.split(FEATURES, cuts), np.split(LABELS, cuts), strict=True))
    trained(nn.BatchStream([piece for piece in pieces if len(piece[0])]), epochs=2)
    assert max(kept) <= 8


STREAM = nn.BatchStream(read)
REFUSED = [
    ((STREAM, LABELS), {}, nn.OptionError, "takes no targets"),
    ((STREAM,), {"validation_split": 0.5}, nn.OptionError, "takes no validation_split"),
    ((STREAM,), {"sample_weight": [1.0]}, nn.OptionError, "takes no sample_weight"),
    ((STREAM,), {"class_weight": "balanced"}, nn.OptionError, "takes no class_weight"),
    ((STREAM,), {"compiled": False}, nn.OptionError, "takes no compiled=False"),
    ((STREAM,), {"metrics": ["accuracy"]}, nn.OptionError, "takes no metrics without validation_data"),
    ((nn.BatchStream(read, shuffle_buffer=9),), {}, nn.OptionError, "takes a batch_size"),
    (
        (nn.BatchStream(lambda: read(labels=np.array(["no", "yes"])[LABELS])),),
        {},
        nn.DataError,
        "labels of a stream are integers",
    ),
    ((nn.BatchStream(lambda: read(labels=LABELS + 1)),), {}, nn.DataError, "integers from 0 to 1"),
    (
        (nn.BatchStream([(FEATURES[:8], LABELS[:8]), (FEATURES[8:, :2], LABELS[8:])]),),
        {},
        ShapeError,
        "2 inputs and 2 targets for a record, and the first has 3",
    ),
    (
        (nn.BatchStream([(FEATURES[:8], LABELS[:8]), (FEATURES[8:] * np.nan, LABELS[8:])]),),
        {},
        nn.DataError,
        "features hold nan",
    ),
    (
        (nn.BatchStream([(FEATURES[:8], np.eye(2)[LABELS[:8]]), (FEATURES[8:], 2 * np.eye(2)[LABELS[8:]])]),),
        {},
        nn.DataError,
        "sum to 1",
    ),
]


@pytest.mark.parametrize("options", [{}, {"early_stopping": nn.EarlyStopping(patience=9, monitor="loss")}])
def test_a_run_that_is_resumed_ends_with_the_same_bits(tmp_path, options):
    stream = nn.BatchStream(read, shuffle_buffer=20)
    options = {"batch_size": 7, "epochs": 6} | options
    whole, history = trained(stream, **options)
    trained(stream, checkpoint=tmp_path / "run", **options | {"epochs": 4})
    numbers, resumed = trained(stream, checkpoint=tmp_path / "run", resume=True, **options)
    assert numbers == whole
    assert (resumed.losses, resumed.final_loss) == (history.losses, history.final_loss)
    for other in ({"batch_size": 8}, {"model": nn.MLP(3, [3, 2], rng=0)}):
        with pytest.raises(nn.CheckpointError):
            trained(stream, checkpoint=tmp_path / "run", resume=True, **options | other)
    with pytest.raises(nn.CheckpointError, match="buffer 20"):
        trained(nn.BatchStream(read), checkpoint=tmp_path / "run", resume=True, **options)


@pytest.mark.parametrize(("data", "options", "error", "message"), REFUSED)
def test_refused(data, options, error, message):
    with pytest.raises(error, match=message):
        trained(*data, **options)


def test_a_driver_takes_arrays():
    with pytest.raises(nn.OptionError, match="not a BatchStream"):
        nn.fit(nn.MLP(3, [1], rng=0), nn.BatchStream(read), optimizer=nn.LBFGS(), epochs=1, loss="mse", progress=False)


def test_a_loss_of_whole_batches_is_refused():
    with pytest.raises(nn.OptionError, match="a mean or a sum over records"):
        nn.fit(
            nn.MLP(3, [1], rng=0),
            nn.BatchStream(read),
            optimizer=nn.SGD(learning_rate=0.1),
            epochs=1,
            reduction="batch",
            progress=False,
        )


def test_divergence_names_the_record_of_its_batch():
    with pytest.raises(nn.DivergenceError, match="diverged in epoch 0"):
        nn.fit(
            nn.MLP(3, [1], rng=0),
            nn.BatchStream(lambda: read(features=FEATURES * 1e200)),
            optimizer=nn.SGD(learning_rate=0.1),
            epochs=1,
            progress=False,
        )
