import numpy as np
import pandas as pd
import pytest

from autodiff import Value
from autodiff.errors import CoercionError, ShapeError
from nn import MLP, DataError, Layer, predict

FEATURES = np.random.default_rng(0).normal(size=(5, 3))


def test_several_outputs():
    weights = np.random.default_rng(1).normal(size=(3, 2))
    out = predict(Layer.from_matrix(weights, [1.0, 2.0], activation="tanh"), FEATURES)
    np.testing.assert_allclose(out, np.tanh(FEATURES @ weights + [1.0, 2.0]), rtol=1e-13)


@pytest.mark.parametrize("features", [FEATURES, FEATURES.tolist(), pd.DataFrame(FEATURES)])
def test_one_output(features):
    out = predict(Layer.from_matrix([1.0, 2.0, 3.0], activation="linear"), features)
    assert out.shape == (5,)
    np.testing.assert_allclose(out, FEATURES @ [1.0, 2.0, 3.0], rtol=1e-14)


@pytest.mark.parametrize("returned", [lambda x: x[0] * 2.0, lambda x: [Value(x[0] * 2.0)]])
def test_a_plain_function(returned):
    np.testing.assert_array_equal(predict(returned, FEATURES), FEATURES[:, 0] * 2.0)


def test_nothing_is_recorded():
    made = []
    model = MLP(3, [1], rng=0)
    predict(lambda record: made.append(model(record)) or made[-1], FEATURES)
    assert [out.operands for out in made] == [()] * 5


@pytest.mark.parametrize(
    ("features", "error", "message"),
    [
        (np.zeros((2, 4)), ShapeError, "MLP of 3 inputs was called with 4"),
        (np.zeros(3), ShapeError, r"got \(3,\)"),
        (np.zeros((0, 3)), DataError, "empty"),
        ([[1.0, np.nan, 2.0]], DataError, "nan at row 0, column 1"),
        ([["a", "b", "c"]], CoercionError, "real numbers"),
    ],
)
def test_refused_features(features, error, message):
    with pytest.raises(error, match=message):
        predict(MLP(3, [2, 1]), features)
