"""How the weights of a neuron start: functions `(inputs, rng) -> weights`, with one weight for each input.

A function with a third parameter `outputs` is given the number of neurons in the layer. Biases always start at 0.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any, TypeAlias

import numpy as np

from nn.arrays import RealArray
from nn.errors import OptionError, OptionTypeError
from nn.options import number_from, real_number
from nn.randomness import Randomness

Initializer: TypeAlias = Callable[..., Any]
"""Takes the number of inputs and a stream of random numbers; returns that many real numbers."""


def for_layer(initializer: Initializer, outputs: int) -> Initializer:
    """The initializer for the neurons of a layer of `outputs`, which is passed on where it is asked for."""
    if not callable(initializer):
        raise OptionTypeError(
            f"initializer takes a function of (inputs, rng), such as nn.glorot_uniform, got {initializer!r}"
        )
    try:
        wanted = "outputs" in signature(initializer).parameters
    except (TypeError, ValueError):  # some built-in functions have no signature
        wanted = False
    return partial(initializer, outputs=outputs) if wanted else initializer


def lecun_normal(inputs: int, rng: Randomness) -> RealArray:
    """Normal weights of standard deviation 1/√inputs: a neuron's sum then varies as much as one of its inputs.

    Parameters
    ----------
    inputs : int
        How many weights the neuron has.
    rng : numpy.random.Generator or numpy.random.RandomState
        The stream of random numbers.

    Returns
    -------
    ndarray, shape (inputs,)

    References
    ----------
    LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.6.

    Examples
    --------
    >>> from nn import Linear
    >>> Linear(2, 1, initializer=lecun_normal, rng=0)
    Linear(2, 1)
    """
    return rng.normal(0.0, 1.0 / inputs**0.5, inputs)


def lecun_uniform(inputs: int, rng: Randomness) -> RealArray:
    """Uniform weights on ±√(3/inputs), with the variance of `lecun_normal`.

    Parameters
    ----------
    inputs : int
        How many weights the neuron has.
    rng : numpy.random.Generator or numpy.random.RandomState
        The stream of random numbers.

    Returns
    -------
    ndarray, shape (inputs,)

    Examples
    --------
    >>> bool(abs(lecun_uniform(12, np.random.default_rng(0))).max() <= 0.5)
    True
    """
    bound = (3.0 / inputs) ** 0.5
    return rng.uniform(-bound, bound, inputs)


def he_normal(inputs: int, rng: Randomness) -> RealArray:
    """Normal weights of standard deviation √(2/inputs), for ReLU: the 2 makes up for the half that it drops.

    Parameters
    ----------
    inputs : int
        How many weights the neuron has.
    rng : numpy.random.Generator or numpy.random.RandomState
        The stream of random numbers.

    Returns
    -------
    ndarray, shape (inputs,)

    References
    ----------
    He, Zhang, Ren and Sun, Delving deep into rectifiers (2015), equation 10.

    Examples
    --------
    >>> he_normal(3, np.random.default_rng(0)).shape
    (3,)
    """
    return rng.normal(0.0, (2.0 / inputs) ** 0.5, inputs)


def he_uniform(inputs: int, rng: Randomness) -> RealArray:
    """Uniform weights on ±√(6/inputs), with the variance of `he_normal`.

    Parameters
    ----------
    inputs : int
        How many weights the neuron has.
    rng : numpy.random.Generator or numpy.random.RandomState
        The stream of random numbers.

    Returns
    -------
    ndarray, shape (inputs,)

    Examples
    --------
    >>> bool(abs(he_uniform(6, np.random.default_rng(0))).max() <= 1.0)
    True
    """
    bound = (6.0 / inputs) ** 0.5
    return rng.uniform(-bound, bound, inputs)


def glorot_normal(inputs: int, rng: Randomness, outputs: int = 1) -> RealArray:
    """Normal weights of variance 2/(inputs + outputs), for tanh: activations and gradients keep their size over layers.

    Parameters
    ----------
    inputs : int
        How many weights the neuron has.
    rng : numpy.random.Generator or numpy.random.RandomState
        The stream of random numbers.
    outputs : int
        How many neurons the layer has; a layer passes its own.

    Returns
    -------
    ndarray, shape (inputs,)

    References
    ----------
    Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), equation 12.

    Examples
    --------
    >>> glorot_normal(3, np.random.default_rng(0), outputs=5).shape
    (3,)
    """
    return rng.normal(0.0, (2.0 / (inputs + outputs)) ** 0.5, inputs)


def glorot_uniform(inputs: int, rng: Randomness, outputs: int = 1) -> RealArray:
    """Uniform weights on ±√(6/(inputs + outputs)), with the variance of `glorot_normal`.

    Parameters
    ----------
    inputs : int
        How many weights the neuron has.
    rng : numpy.random.Generator or numpy.random.RandomState
        The stream of random numbers.
    outputs : int
        How many neurons the layer has; a layer passes its own.

    Returns
    -------
    ndarray, shape (inputs,)

    References
    ----------
    Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), equation 16.

    Examples
    --------
    >>> bool(abs(glorot_uniform(4, np.random.default_rng(0), outputs=2)).max() <= 1.0)
    True
    """
    bound = (6.0 / (inputs + outputs)) ** 0.5
    return rng.uniform(-bound, bound, inputs)


def zeros(inputs: int, rng: Randomness) -> RealArray:  # noqa: ARG001 - the signature of every initializer
    """Weights of 0, for single neurons: the neurons of a layer would stay alike for ever.

    Parameters
    ----------
    inputs : int
        How many weights the neuron has.
    rng : numpy.random.Generator or numpy.random.RandomState
        Not used; every initializer takes it.

    Returns
    -------
    ndarray, shape (inputs,)

    Examples
    --------
    >>> from nn import Neuron
    >>> Neuron(2, initializer=zeros).weights[0].data
    0.0
    """
    return np.zeros(inputs)


def constant(weight: float) -> Initializer:
    """An initializer that sets every weight to `weight`.

    Parameters
    ----------
    weight : float

    Returns
    -------
    callable
        Pass it as `initializer=`.

    Raises
    ------
    OptionTypeError
        A TypeError, for anything but a real number.

    Examples
    --------
    >>> from nn import Neuron
    >>> Neuron(2, initializer=constant(0.5)).weights[1].data
    0.5
    """
    number = real_number(weight, "weight")
    return lambda inputs, rng: np.full(inputs, number)  # noqa: ARG005 - the signature of every initializer


def normal(scale: float) -> Initializer:
    """An initializer that draws from a normal distribution of mean 0.

    Parameters
    ----------
    scale : float
        The standard deviation, at least 0.

    Returns
    -------
    callable
        Pass it as `initializer=`.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a scale below 0, a TypeError for anything but a real number.

    Examples
    --------
    >>> normal(0.1)(3, np.random.default_rng(0)).shape
    (3,)
    """
    spread = number_from(scale, "scale")
    return lambda inputs, rng: rng.normal(0.0, spread, inputs)


def uniform(low: float = -1.0, high: float = 1.0) -> Initializer:
    """An initializer that draws uniformly between `low` and `high`; its defaults are micrograd's.

    Parameters
    ----------
    low, high : float

    Returns
    -------
    callable
        Pass it as `initializer=`.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for low above high, a TypeError for anything but real numbers.

    Examples
    --------
    >>> uniform(0.5, 0.75)(2, np.random.default_rng(0)).round(3).tolist()
    [0.659, 0.567]
    """
    if not real_number(low, "low") <= real_number(high, "high"):
        raise OptionError(f"uniform takes low ≤ high, got {low} and {high}")
    return lambda inputs, rng: rng.uniform(low, high, inputs)
