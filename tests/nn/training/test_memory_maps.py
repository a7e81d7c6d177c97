"""Training on memory maps, which are read batch by batch, and losses that are measured in blocks of records."""

import numpy as np
import pytest

import nn
from nn.training import batch_inputs

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(50, 3)).astype(np.float32)
TARGETS = (FEATURES.sum(axis=1) > 0).astype(float)
WEIGHTS = RNG.uniform(0.5, 2.0, size=50)


def trained(features, targets, **options):
    """The parameters after training, and the history."""
    model = nn.MLP(3, [4, 2], rng=0)
    options = {"loss": "cross_entropy", "batch_size": 8, "epochs": 5, "rng": 0, "progress": False} | options
    history = nn.fit(model, features, targets, optimizer=nn.Adam(learning_rate=0.05), **options)
    return [parameter.data for parameter in model.parameters()], history


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("batch_size", [8, None])
def test_a_memory_map_trains_as_arrays_to_the_bit(tmp_path, dtype, batch_size):
    mapped = np.memmap(tmp_path / "features", dtype=dtype, mode="w+", shape=FEATURES.shape)
    mapped[:] = FEATURES
    labels = np.memmap(tmp_path / "targets", dtype=np.int64, mode="w+", shape=TARGETS.shape)
    labels[:] = TARGETS
    numbers, history = trained(mapped, labels, batch_size=batch_size)
    expected, of_arrays = trained(FEATURES, TARGETS, batch_size=batch_size)
    assert numbers == expected
    assert history.losses == of_arrays.losses
    assert history.checks == of_arrays.checks


@pytest.mark.parametrize("held_back", [{"validation_split": 0.2}, {"validation_data": (FEATURES[:9], TARGETS[:9])}])
def test_a_memory_map_is_validated_as_arrays_are(tmp_path, held_back):
    mapped = np.memmap(tmp_path / "features", dtype=np.float32, mode="w+", shape=FEATURES.shape)
    mapped[:] = FEATURES
    numbers, history = trained(mapped, TARGETS, metrics=["accuracy"], sample_weight=WEIGHTS, **held_back)
    expected, of_arrays = trained(FEATURES, TARGETS, metrics=["accuracy"], sample_weight=WEIGHTS, **held_back)
    assert numbers == expected
    assert history.columns() == of_arrays.columns()


class Counted(np.memmap):
    """A memory map that notes how many records are read at once."""

    most = 0

    def __getitem__(self, index):
        read = super().__getitem__(index)
        if read.ndim == 2 and not isinstance(index, slice):
            Counted.most = max(Counted.most, len(read))
        return read

    def __array_function__(self, function, types, args, kwargs):
        if function is np.take:
            Counted.most = max(Counted.most, len(args[1]))
        return function(*(np.asarray(arg) if arg is self else arg for arg in args), **kwargs)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_more_than_a_block_is_read_at_once(tmp_path, monkeypatch, dtype):
    monkeypatch.setattr(batch_inputs, "BLOCK", 20)
    monkeypatch.setattr(Counted, "most", 0)
    mapped = Counted(tmp_path / "features", dtype=dtype, mode="w+", shape=FEATURES.shape)
    mapped[:] = FEATURES
    numbers, _ = trained(mapped, np.eye(2)[TARGETS.astype(int)])
    assert 8 <= Counted.most <= 20
    assert numbers == trained(FEATURES, TARGETS)[0]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"sample_weight": WEIGHTS},
        {"penalty": nn.L2(0.1)},
        {"loss": "sse", "sample_weight": WEIGHTS},
        {"loss": "sse", "penalty": nn.L2(0.1)},
    ],
    ids=str,
)
def test_blocks_add_up_to_the_loss_of_all(monkeypatch, options):
    targets = np.eye(2)[TARGETS.astype(int)]
    _, whole = trained(FEATURES, targets, **options)
    monkeypatch.setattr(batch_inputs, "BLOCK", 7)
    _, blocks = trained(FEATURES, targets, **options)
    np.testing.assert_allclose(
        [blocks.initial_loss, blocks.final_loss], [whole.initial_loss, whole.final_loss], rtol=1e-13
    )
    np.testing.assert_allclose(blocks.checks, whole.checks, rtol=1e-13)
    assert blocks.losses == whole.losses
