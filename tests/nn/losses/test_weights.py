import numpy as np
import pytest

from autodiff.errors import ShapeError
from nn import MLP, SGD, DataError, OptionError, OptionTypeError, fit
from nn.losses.weights import record_weights

pytestmark = pytest.mark.filterwarnings("ignore::nn.LossIncreaseWarning")  # an sse in batches goes up and down

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(24, 3))
LABELS = RNG.integers(0, 3, size=24)
COUNTS = RNG.integers(0, 4, size=24)


@pytest.mark.parametrize(
    ("sample_weight", "class_weight", "targets", "expected"),
    [
        ([1.0, 2.0], None, [0, 1], [1.0, 2.0]),
        (None, {"a": 3.0}, ["a", "b"], [3.0, 1.0]),
        ([1.0, 2.0], {0: 3.0, 1: 0.5}, [0, 1], [3.0, 1.0]),
        (None, "balanced", [0, 0, 0, 1], [2 / 3, 2 / 3, 2 / 3, 2.0]),
        (None, "balanced", [[1, 0], [1, 0], [1, 0], [0, 1]], [2 / 3, 2 / 3, 2 / 3, 2.0]),
    ],
)
def test_weights_of_records_and_classes_multiply(sample_weight, class_weight, targets, expected):
    np.testing.assert_allclose(record_weights(sample_weight, class_weight, targets), expected, rtol=1e-15)


def trained(features, labels, compiled=True, loss="cross_entropy", batch_size=None, **options):
    model = MLP(3, [4, 3], activation="tanh", rng=1)
    targets = labels if loss == "cross_entropy" else np.eye(3)[labels]
    history = fit(
        *(model, features, targets),
        optimizer=SGD(learning_rate=0.001 if loss == "sse" else 0.02),
        epochs=5,
        loss=loss,
        batch_size=batch_size,
        rng=2,
        progress=False,
        compiled=compiled,
        **options,
    )
    return [*(p.data for p in model.parameters()), *history.losses, history.final_loss]


@pytest.mark.parametrize("loss", ["cross_entropy", "mse", "sse"])
def test_a_weight_is_how_often_a_record_stands_there(loss):
    repeated = np.repeat(np.arange(24), COUNTS)
    expected = trained(FEATURES[repeated], LABELS[repeated], loss=loss)
    np.testing.assert_allclose(trained(FEATURES, LABELS, loss=loss, sample_weight=COUNTS), expected, rtol=1e-11)


@pytest.mark.parametrize("loss", ["cross_entropy", "mse", "sse"])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_compiled_and_by_graphs_agree(loss, batch_size):
    options = {"loss": loss, "batch_size": batch_size, "sample_weight": COUNTS, "penalty": lambda m: m.parameters()[0]}
    numbers = [trained(FEATURES, LABELS, compiled, **options) for compiled in (True, False)]
    np.testing.assert_allclose(*numbers, rtol=1e-11)


def test_class_weights_are_weights_of_records():
    by_class = trained(FEATURES, LABELS, class_weight={0: 2.0, 2: 0.5})
    by_record = trained(FEATURES, LABELS, sample_weight=np.array([2.0, 1.0, 0.5])[LABELS])
    np.testing.assert_array_equal(by_class, by_record)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"sample_weight": [1.0]}, ShapeError, r"shape \(24,\), one for each record, got \(1,\)"),
        ({"sample_weight": -np.ones(24)}, DataError, "at least 0, got -1.0 at row 0"),
        ({"sample_weight": np.full(24, np.nan)}, DataError, "got nan at row 0"),
        ({"sample_weight": np.zeros(24)}, DataError, "every record has weight 0"),
        ({"class_weight": {7: 1.0}}, OptionError, "names 7, which is no record's label"),
        ({"class_weight": "even"}, OptionTypeError, "a dict of labels and weights or .balanced., got 'even'"),
    ],
)
def test_refused_weights(options, error, message):
    with pytest.raises(error, match=message):
        trained(FEATURES, LABELS, **options)


def test_weights_need_a_loss_of_records():
    def largest(predictions, targets):
        return max(abs(row[0] - wanted[0]) for row, wanted in zip(predictions, targets, strict=True))

    with pytest.raises(OptionError, match="a mean or a sum over records"):
        trained(FEATURES, LABELS, loss=largest, sample_weight=COUNTS)
