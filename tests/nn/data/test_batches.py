import numpy as np
import pytest

from nn import batches

STREAMS = [np.random.default_rng, np.random.RandomState]


@pytest.mark.parametrize("size", [None, 5, 6, 100])
def test_a_full_batch_keeps_the_order_and_draws_nothing(size):
    rng = np.random.default_rng(0)
    assert list(batches(5, size, rng)) == [[0, 1, 2, 3, 4]]
    assert rng.random() == np.random.default_rng(0).random()


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize(
    ("records", "size", "sizes"), [(10, 3, [3, 3, 3, 1]), (10, 5, [5, 5]), (4, 1, [1] * 4), (10, 9, [9, 1])]
)
def test_every_record_once(stream, records, size, sizes):
    made = list(batches(records, size, stream(0)))
    assert [len(batch) for batch in made] == sizes
    assert sorted(row for batch in made for row in batch) == list(range(records))


@pytest.mark.parametrize("stream", STREAMS)
def test_each_epoch_has_its_own_order(stream):
    rng = stream(0)
    assert list(batches(50, 10, rng)) != list(batches(50, 10, rng))


@pytest.mark.parametrize("stream", STREAMS)
def test_a_seed_fixes_the_order(stream):
    assert list(batches(50, 10, stream(1))) == list(batches(50, 10, stream(1)))
