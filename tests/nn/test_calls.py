"""Calls with wrong names or places: the error says what was meant."""

import inspect

import numpy as np
import pytest

import nn
from nn import MLP, SGD, Adagrad, Adam, EarlyStopping, Layer, Linear, OptionTypeError, RMSprop, fit
from nn.calls import explained

X, Y = [[0.0], [1.0]], [1.0, 3.0]
RATE = SGD(learning_rate=0.1)

MISTAKES = [
    (lambda: SGD(0.1), r"SGD takes its options by name, got 1 by place \(0\.1\); write SGD\(learning_rate=0\.1\)"),
    (lambda: SGD(lr=0.1), "SGD has no option 'lr', perhaps learning_rate is meant"),
    (lambda: SGD(learing_rate=0.1), "perhaps learning_rate is meant"),
    (lambda: SGD(), "SGD needs learning_rate; write SGD"),
    (lambda: Adam(0.1), "Adam takes its options by name"),
    (lambda: nn.AdamW(lr=0.1), "AdamW has no option 'lr'"),
    (lambda: RMSprop(alfa=0.9), "perhaps alpha is meant"),
    (lambda: Adagrad(epsilon=0.1), "perhaps eps is meant"),
    (lambda: MLP(2, 4, 1), r"MLP takes inputs, sizes by place .* got 3 by place \(2, 4, 1\); write MLP\(2, \[4, 1\]\)"),
    (lambda: MLP(2, [4, 1], seed=0), "perhaps rng is meant"),
    (lambda: MLP([2, 4, 1]), "MLP needs sizes"),
    (lambda: Linear(2), "Linear needs outputs"),
    (lambda: Layer(2, 3, activaton="tanh"), "perhaps activation is meant"),
    (lambda: fit(MLP(1, [1]), X, Y, optimiser=RATE, epochs=1), "perhaps optimizer is meant"),
    (lambda: fit(MLP(1, [1]), X, Y, epochs=1), "fit needs optimizer"),
    (lambda: fit(MLP(1, [1]), X, Y, lr=0.1, epochs=1), "no option 'lr', perhaps optimizer is meant"),
    (lambda: fit(MLP(1, [1]), X, Y, RATE), "fit takes model, features, targets by place and the rest by name"),
    (lambda: fit(MLP(1, [1]), X, Y, quick=True, optimizer=RATE), "fit has no option 'quick', only model, features"),
    (lambda: EarlyStopping(patience="10"), "patience takes an integer"),
    (lambda: MLP(1, [1], initializer="xavier"), "initializer takes a function"),
    (
        lambda: fit(MLP(1, [1]), X, Y, optimizer=RATE, epochs=1, parameters=3.0),
        "parameters takes a list of leaf Values",
    ),
]


@pytest.mark.parametrize(("mistake", "message"), MISTAKES)
def test_the_error_says_what_was_meant(mistake, message):
    with pytest.raises(OptionTypeError, match=message):
        mistake()


@pytest.mark.parametrize("model", [MLP(2, [1]), Layer(2, 1), Linear(2, 1), nn.Sequential(Linear(2, 1)), nn.Neuron(2)])
@pytest.mark.parametrize("rows", [2, 5])
@pytest.mark.parametrize("made", [np.ones, lambda shape: np.ones(shape).tolist(), lambda shape: [*np.ones(shape)]])
def test_a_batch_where_a_record_is_expected(model, rows, made):
    with pytest.raises(nn.ShapeError, match=f"{type(model).__name__} takes one record at a time.*use nn.predict"):
        model(made((rows, 2)))


def test_what_is_right_passes_and_keeps_its_signature():
    @explained("joined('a', sep='-')")
    def joined(first: str, last: str = "z", *, sep: str) -> str:
        return first + sep + last

    assert (joined("a", sep="-"), joined("a", "b", sep="-"), joined(first="a", sep="-")) == ("a-z", "a-b", "a-z")
    assert [*inspect.signature(joined).parameters] == ["first", "last", "sep"]
    with pytest.raises(OptionTypeError, match="joined needs first and sep"):
        joined()
