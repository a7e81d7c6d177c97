import numpy as np
import pytest

from autodiff import Value
from nn import L1, L2, MLP, SGD, OptionError, OptionTypeError, fit


@pytest.mark.parametrize(
    ("penalty", "cost", "slopes"), [(L2(0.5), 5.0, [1.0, -3.0, 0.0]), (L1(0.5), 2.0, [0.5, -0.5, 0.0])]
)
def test_weights_are_counted_and_biases_are_not(penalty, cost, slopes):
    model = MLP(2, [1], initializer=lambda inputs, rng: [1.0, -3.0])
    model.layers[0].neurons[0].bias.data = 7.0
    out = penalty(model)
    out.backward()
    assert out.data == cost
    assert [p.grad for p in model.parameters()] == slopes


RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(40, 3))
TARGETS = FEATURES @ [1.0, 0.0, -2.0] + 0.1 * RNG.normal(size=40)


def test_ridge_regression_has_its_closed_form():
    model = MLP(3, [1], bias=False, rng=0)
    fit(model, FEATURES, TARGETS, optimizer=SGD(learning_rate=0.2), epochs=400, penalty=L2(0.3), progress=False)
    exact = np.linalg.solve(FEATURES.T @ FEATURES / 40 + 0.3 * np.eye(3), FEATURES.T @ TARGETS / 40)
    np.testing.assert_allclose([p.data for p in model.parameters()], exact, rtol=1e-10)


@pytest.mark.parametrize("loss", ["mse", "sse", lambda p, t: abs(p[0] - t[0]) * abs(p[-1] - t[-1])])
@pytest.mark.parametrize("batch_size", [None, 16])
@pytest.mark.parametrize("penalty", [L1(0.01), L2(0.01), lambda model: model.parameters()[0] ** 4])
def test_compiled_and_by_graphs_agree(loss, batch_size, penalty):
    numbers = []
    for compiled in (True, False):
        model = MLP(3, [2, 1], activation="tanh", rng=1)
        history = fit(
            *(model, FEATURES, TARGETS),
            optimizer=SGD(learning_rate=0.005),
            epochs=4,
            loss=loss,
            penalty=penalty,
            batch_size=batch_size,
            rng=3,
            progress=False,
            compiled=compiled,
        )
        numbers.append([*(p.data for p in model.parameters()), *history.losses, history.final_loss])
    np.testing.assert_allclose(*numbers, rtol=1e-11)


@pytest.mark.parametrize("kind", [L1, L2])
@pytest.mark.parametrize(
    ("strength", "error"), [(-1.0, OptionError), (float("nan"), OptionError), ("1", OptionTypeError)]
)
def test_refused_strengths(kind, strength, error):
    with pytest.raises(error, match="strength takes"):
        kind(strength)


def test_what_is_no_penalty():
    with pytest.raises(OptionTypeError, match="penalty takes a function of the model"):
        fit(MLP(3, [1]), FEATURES, TARGETS, optimizer=SGD(learning_rate=0.1), epochs=1, penalty=0.1)
    with pytest.raises(OptionTypeError, match="takes a Module"):
        L2(0.1)(lambda record: Value(1.0))
