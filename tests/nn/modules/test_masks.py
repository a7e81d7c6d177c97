import numpy as np
import pytest

from nn import SGD, Dropout, Linear, Sequential, fit, predict
from nn.modules.masks import MaskPlan, masks_given

pytestmark = pytest.mark.filterwarnings("ignore::nn.LossIncreaseWarning")  # what is dropped makes it go up and down

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


FEATURES = np.random.default_rng(0).normal(size=(25, 3))
TARGETS = np.tanh(FEATURES @ [1.0, -1.0, 0.5])


def trained(compiled, loss="mse", batch_size=None, shares=(0.2, 0.5)):
    model = Sequential(Dropout(shares[0]), Linear(3, 4, rng=0), "tanh", Dropout(shares[1]), Linear(4, 1, rng=1))
    history = fit(
        *(model, FEATURES, TARGETS),
        optimizer=SGD(learning_rate=0.05, momentum=0.5),
        epochs=6,
        loss=loss,
        batch_size=batch_size,
        rng=5,
        progress=False,
        compiled=compiled,
    )
    return [*(p.data for p in model.parameters()), history.initial_loss, *history.losses, history.final_loss], model


def of_the_batch(predictions, targets):
    return abs(predictions[0] - targets[0]) * abs(predictions[-1] - targets[-1])


@pytest.mark.parametrize("loss", ["mse", "huber", of_the_batch])
@pytest.mark.parametrize("batch_size", [None, 8])
def test_compiled_and_graphs_drop_the_same_for_a_seed(loss, batch_size):
    np.testing.assert_allclose(
        trained(True, loss, batch_size)[0], trained(False, loss, batch_size)[0], rtol=1e-10, atol=1e-12
    )


def test_dropout_changes_what_is_learned_and_not_what_is_predicted():
    dropped, model = trained(True)
    kept, _ = trained(True, shares=(0.0, 0.0))
    assert not np.allclose(dropped[:5], kept[:5])
    np.testing.assert_array_equal(predict(model, FEATURES), predict(model, FEATURES))
    assert dropped[-1] == pytest.approx(np.mean((predict(model, FEATURES) - TARGETS) ** 2), rel=1e-12)
