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
    (lambda: EarlyStopping(monitor=3), "monitor takes the name of a column"),
    (lambda: nn.Metric("accuracy", "accuracy"), "function takes a function of .targets, predictions., got 'accuracy'"),
    (lambda: nn.StepDecay("10"), "step_size takes an integer of at least 1, got '10'"),
    (lambda: nn.Dropout(p=0.5), r"Dropout has no option 'p', perhaps share is meant; write Dropout\(0\.5\)"),
    (lambda: nn.Dropout("half"), "share takes a real number, got 'half'"),
    (lambda: nn.LayerNorm(), "LayerNorm needs width"),
    (lambda: nn.L2(), "L2 needs strength"),
    (lambda: nn.L1("weak"), "strength takes a real number, got 'weak'"),
    (lambda: nn.ClipByNorm(RATE, 1.0), "ClipByNorm takes optimizer by place and the rest by name"),
    (lambda: nn.ClipByValue(RATE), "ClipByValue needs clip_value"),
    (lambda: nn.LBFGS(max_iter=9), "LBFGS has no option 'max_iter', only maxcor"),
    (lambda: nn.LevenbergMarquardt(1e-8), "LevenbergMarquardt takes its options by name"),
    (lambda: nn.BatchStream([(X, Y)], buffer_size=9), "perhaps shuffle_buffer is meant"),
    (lambda: nn.predict(MLP(1, [1])), "predict needs features"),
    (lambda: nn.predict(X, MLP(1, [1])), "predict takes a Module or a function, got "),
    (lambda: nn.predict_proba(MLP(1, [1]), X), "predict_proba needs loss"),
    (lambda: nn.Sequential(Linear), "a part is a Module, got the class Linear; make one"),
    (lambda: nn.Sequential([Linear(2, 1)]), "Sequential takes its parts one by one"),
    (lambda: nn.constant("one"), "weight takes a real number, got 'one'"),
    (lambda: nn.uniform("low"), "low takes a real number, got 'low'"),
    (lambda: nn.batches(9, 2.5, 0), "size takes an integer of at least 1, got 2.5"),
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


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: nn.normal(-1.0), "scale takes a finite number of at least 0, got -1.0"),
        (lambda: nn.uniform(2.0, 1.0), "uniform takes low ≤ high, got 2.0 and 1.0"),
        (lambda: nn.StepDecay(0), "step_size takes an integer of at least 1, got 0"),
        (lambda: MLP(2, [1], activation="tnah"), "no activation is named 'tnah'"),
        (lambda: nn.batches(9, 0, 0), "size takes an integer of at least 1, got 0"),
    ],
)
def test_numbers_and_names_that_do_not_exist_are_refused(mistake, message):
    with pytest.raises(nn.OptionError, match=message):
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
