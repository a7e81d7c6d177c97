import numpy as np
import pytest

from nn import Dropout, Linear, Sequential
from nn.masks import MaskPlan, masks_given

MODEL = Sequential(Dropout(0.2), Linear(3, 4, rng=0), "tanh", Dropout(0.5), Linear(4, 1, rng=1))


def test_a_plan_has_a_factor_for_each_entry_that_dropout_meets():
    assert MaskPlan.of(MODEL, [1.0, 2.0, 3.0]).shares.tolist() == [0.2] * 3 + [0.5] * 4
    assert len(MaskPlan.of(Linear(3, 1), [1.0, 2.0, 3.0])) == 0


@pytest.mark.parametrize("stream", [np.random.default_rng, np.random.RandomState])
def test_factors_keep_the_mean(stream):
    factors = MaskPlan(np.array([0.2, 0.5, 0.0])).draw(stream(0), 40_000)
    assert [set(column.tolist()) for column in factors.T] == [{0.0, 1.25}, {0.0, 2.0}, {1.0}]
    np.testing.assert_allclose(factors.mean(axis=0), 1.0, atol=0.02)


def test_factors_are_multiplied_in_the_order_of_the_plan():
    dropout = Dropout(0.5)
    with masks_given([2.0, 0.0, 2.0]):
        assert dropout([1.0, 1.0]) == [2.0, 0.0]
        assert dropout([5.0]) == [10.0]
    assert dropout([1.0, 1.0]) == [1.0, 1.0]
