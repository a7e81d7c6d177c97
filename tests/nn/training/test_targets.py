import numpy as np
import pytest

from autodiff.errors import ShapeError
from nn import MLP, SGD, DataError, fit, one_hot, predict

FEATURES = np.random.default_rng(0).normal(size=(30, 2))
PLACES = np.digitize(FEATURES @ [1.0, -0.5], [-0.5, 0.5])


def trained(targets, **options):
    model = MLP(2, [3], rng=0)
    history = fit(
        model, FEATURES, targets, optimizer=SGD(learning_rate=0.5), epochs=200, loss="cross_entropy", progress=False,
        **options,
    )  # fmt: skip
    return predict(model, FEATURES), history


@pytest.mark.parametrize("targets", [PLACES, PLACES.astype(float), np.array(["high", "low", "mid"])[[1, 2, 0]][PLACES]])
def test_labels_of_every_kind_train_alike(targets):
    logits, history = trained(targets)
    assert np.mean(logits.argmax(axis=1) == np.unique(targets, return_inverse=True)[1]) > 0.9
    assert history.final_loss < 0.5 * history.initial_loss


def test_labels_are_their_rows():
    np.testing.assert_array_equal(trained(PLACES)[0], trained(one_hot(PLACES))[0])


def test_compiled_and_by_graphs_agree():
    few = {"compiled": False}
    model, other = MLP(2, [3], rng=0), MLP(2, [3], rng=0)
    for network, options in ((model, {}), (other, few)):
        fit(
            network, FEATURES, PLACES, optimizer=SGD(learning_rate=0.5), epochs=5, loss="cross_entropy",
            progress=False, **options,
        )  # fmt: skip
    np.testing.assert_allclose(predict(model, FEATURES), predict(other, FEATURES), rtol=1e-12)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (PLACES + 1, "integers from 0 to 2, got 3"),
        (["a", "b"] * 15, "2 classes, .* and the model 3 outputs; pass nn.one_hot"),
        (["a", "b", "c", "d", "e"] * 6, "5 classes and the model 3 outputs"),
    ],
)
def test_refused_labels(targets, message):
    with pytest.raises(DataError, match=message):
        trained(targets)


def test_one_output_is_no_softmax():
    with pytest.raises(ShapeError, match="log_loss_from_logits"):
        fit(MLP(2, [1]), FEATURES, PLACES, optimizer=SGD(learning_rate=0.1), epochs=1, loss="cross_entropy")
