import math

import pytest

import autodiff
from autodiff import Value
from nn import ACTIVATIONS, OptionError, OptionTypeError, linear
from nn.modules.activations import activation_function, activation_title

AT_MINUS_HALF = {  # each activation at -0.5, from its textbook formula
    "elu": math.exp(-0.5) - 1.0,
    "gaussian": math.exp(-0.25),
    "gelu": -0.5 * 0.5 * (1.0 + math.erf(-0.5 / math.sqrt(2.0))),
    "leaky_relu": -0.005,
    "linear": -0.5,
    "relu": 0.0,
    "sigmoid": 1.0 / (1.0 + math.exp(0.5)),
    "silu": -0.5 / (1.0 + math.exp(0.5)),
    "softplus": math.log(1.0 + math.exp(-0.5)),
    "tanh": math.tanh(-0.5),
}


def test_the_table_is_complete():
    assert set(AT_MINUS_HALF) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", AT_MINUS_HALF)
def test_each_name_is_its_function(name):
    out = activation_function(name)(Value(-0.5))
    assert out.data == pytest.approx(AT_MINUS_HALF[name], rel=1e-14)


def test_a_function_stands_for_itself():
    assert activation_function(autodiff.tanh) is autodiff.tanh


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(OptionError, match=r"'rleu'; known are elu, .*relu, .*tanh") as caught:
        activation_function("rleu")
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("wrong", [3, None, ["relu"]])
def test_what_is_no_function_is_refused(wrong):
    with pytest.raises(OptionTypeError, match="a name or a function"):
        activation_function(wrong)


@pytest.mark.parametrize(
    ("function", "title"),
    [
        (autodiff.relu, "ReLU"),
        (linear, "Linear"),
        (autodiff.leaky_relu, "LeakyReLU"),
        (autodiff.tanh, "Tanh"),
        (lambda x: x, "Lambda"),
    ],
)
def test_titles(function, title):
    assert activation_title(function) == title
