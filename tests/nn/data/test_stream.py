import numpy as np
import pytest

from nn import BatchStream, DataError, OptionError, OptionTypeError
from nn.data.records import Records
from nn.data.stream import rebatched


def batches(*sizes):
    """Records numbered from 0, in batches of these sizes; the target is the number."""
    numbers = np.arange(float(sum(sizes)))
    for part in np.split(numbers, np.cumsum(sizes)[:-1]):
        yield Records(np.column_stack([part, -part]), part)


SIZES = [(10, 10, 10), (7, 1, 13, 2), (30,), (1,) * 11]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("size", [1, 4, 100])
def test_without_a_buffer_the_order_stays(sizes, size):
    made = list(rebatched(batches(*sizes), size, 0, np.random.default_rng(0)))
    assert np.concatenate([records.targets for records in made]).tolist() == list(range(sum(sizes)))
    assert {len(records) for records in made[:-1]} <= {size}
    assert 1 <= len(made[-1]) <= size


def test_batches_stay_as_they_are_without_a_size():
    assert [len(records) for records in rebatched(batches(7, 1, 13), None, 0, None)] == [7, 1, 13]


@pytest.mark.parametrize("stream", [np.random.default_rng, np.random.RandomState])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(("size", "buffer"), [(4, 1), (4, 12), (1, 5), (4, 1000), (100, 10)])
def test_a_buffer_gives_every_record_once_and_a_seed_fixes_the_order(stream, sizes, size, buffer):
    made, again = (list(rebatched(batches(*sizes), size, buffer, stream(0))) for _ in range(2))
    order = np.concatenate([records.targets for records in made])
    assert sorted(order) == list(range(sum(sizes)))
    assert {len(records) for records in made[:-1]} <= {size}
    for first, second in zip(made, again, strict=True):
        np.testing.assert_array_equal(first.features, second.features)
    np.testing.assert_array_equal(np.concatenate([records.features for records in made])[:, 1], -order)


def test_a_buffer_moves_records_across_batches_and_epochs_differ():
    rng = np.random.default_rng(0)
    first, second = (
        np.concatenate([r.targets for r in rebatched(batches(*[10] * 20), 5, 60, rng)]).tolist() for _ in range(2)
    )
    assert first != second
    moved = np.abs(np.array(first) - np.arange(200.0))
    assert moved.mean() > 10.0  # further than a batch


@pytest.mark.parametrize(("size", "buffer", "most"), [(5, 40, 50), (5, 0, 15), (64, 16, 74)])
def test_no_more_records_are_held_than_the_buffer_and_a_batch(size, buffer, most):
    read = given = held = 0

    def counted():
        nonlocal read, held
        for records in batches(*[10] * 100):
            read += len(records)
            held = max(held, read - given)
            yield records

    for records in rebatched(counted(), size, buffer, np.random.default_rng(0)):
        given += len(records)
    assert given == 1000
    assert held <= most


def test_a_buffer_takes_a_size():
    with pytest.raises(OptionError, match="shuffle_buffer takes a batch_size"):
        list(rebatched(batches(3), None, 10, np.random.default_rng(0)))


PAIR = (np.zeros((2, 1)), np.zeros(2))


@pytest.mark.parametrize("source", [lambda: iter([PAIR, PAIR]), [PAIR, PAIR], lambda: [PAIR, list(PAIR)]])
def test_a_stream_is_read_again(source):
    stream = BatchStream(source)
    assert len(list(stream)) == len(list(stream)) == 2


once = iter([PAIR])
REFUSED = [
    (lambda: BatchStream(pair for pair in [PAIR]), OptionTypeError, "can be read only once; pass the function"),
    (lambda: BatchStream(3), OptionTypeError, "got 3"),
    (lambda: BatchStream([PAIR], shuffle_buffer=-1), OptionError, "shuffle_buffer"),
    (lambda: list(BatchStream(lambda: None)), OptionTypeError, "returns an iterator, got None"),
    (lambda: list(BatchStream([PAIR, PAIR[0]])), OptionTypeError, "batch 1 of a stream is a pair .* got ndarray"),
    (lambda: list(BatchStream([])), DataError, "gave no batch"),
    (lambda: [list(BatchStream(lambda: once)) for _ in range(2)], DataError, "return a new iterator in each call"),
]


@pytest.mark.parametrize(("make", "error", "message"), REFUSED)
def test_refused_sources(make, error, message):
    with pytest.raises(error, match=message):
        make()
