from itertools import chain

import numpy as np
import stochastic

from nn import lecun_normal, normal


def rng():
    return np.random.default_rng(0)


def by_hand(data, *, batch_size, momentum, seed=0):
    """The same training in NumPy, with the slope of the mean squared error written out."""
    stream = np.random.default_rng(seed)
    w, velocity = np.zeros(2), np.zeros(2)
    for _ in range(stochastic.EPOCHS):
        order = stream.permutation(len(data.targets)) if batch_size else np.arange(len(data.targets))
        for start in range(0, len(order), batch_size or len(order)):
            rows = order[start : start + (batch_size or len(order))]
            x, t = data.features[rows], data.targets[rows]
            velocity = momentum * velocity + 2 * (x @ w - t) @ x / len(t)
            w = w - stochastic.LEARNING_RATE * velocity
    return np.mean((data.features @ w - data.targets) ** 2)


def test_d5_an_epoch_sees_every_record_once_in_a_new_order():
    first, second = stochastic.reshuffled(rng=rng())
    assert [len(batch) for batch in first] == [2, 2, 2]
    assert sorted(chain(*first)) == sorted(chain(*second)) == list(range(6))
    assert first != second


def test_d5_and_u8_batches_records_and_momentum_step_as_by_hand():
    data = stochastic.valley(rng=rng())
    for batch_size, momentum in ((None, 0.0), (20, 0.0), (1, 0.0), (20, 0.5), (20, 0.8)):
        history = stochastic.trained(data, batch_size=batch_size, momentum=momentum)
        expected = by_hand(data, batch_size=batch_size, momentum=momentum)
        np.testing.assert_allclose(history.final_loss, expected, rtol=1e-6)


def test_d5_more_steps_an_epoch_and_u8_more_momentum_get_further():
    data = stochastic.valley(rng=rng())
    by_size = [stochastic.trained(data, batch_size=size).final_loss for size in (None, 20, 1)]
    by_momentum = [stochastic.trained(data, batch_size=20, momentum=momentum).final_loss for momentum in (0, 0.5, 0.8)]
    assert by_size == sorted(by_size, reverse=True)
    assert by_momentum == sorted(by_momentum, reverse=True)


def test_u8_weights_of_scale_one_over_the_root_of_the_inputs_keep_the_sigmoid_s_slope():
    scaled, unscaled = (stochastic.start(initializer, rng=rng()) for initializer in (lecun_normal, normal(1.0)))
    assert 0.8 < scaled.spread < 1.2
    assert 8 < unscaled.spread < 12
    assert scaled.slope > 0.2 > 0.05 > unscaled.slope


def test_the_script_prints_what_it_teaches(capsys):
    assert stochastic.main([]) == 0
    out = capsys.readouterr().out
    assert "1200 steps" in out
    assert "momentum 0.8" in out
    assert "1/sqrt(100)" in out
