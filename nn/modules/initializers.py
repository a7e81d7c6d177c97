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
from nn.randomness import Randomness

Initializer: TypeAlias = Callable[..., Any]
"""Takes the number of inputs and a stream of random numbers; returns that many real numbers."""


def for_layer(initializer: Initializer, outputs: int) -> Initializer:
    """The initializer for the neurons of a layer of `outputs`, which is passed on where it is asked for."""
    try:
        wanted = "outputs" in signature(initializer).parameters
    except (TypeError, ValueError):  # some built-in functions have no signature
        wanted = False
    return partial(initializer, outputs=outputs) if wanted else initializer


def lecun_normal(inputs: int, rng: Randomness) -> RealArray:
    """Normal, standard deviation 1/√inputs: a neuron's sum then varies as much as one of its inputs.

    Source: LeCun et al., Efficient BackProp (1998), section 4.6.
    """
    return rng.normal(0.0, 1.0 / inputs**0.5, inputs)


def lecun_uniform(inputs: int, rng: Randomness) -> RealArray:
    """Uniform on ±√(3/inputs), the variance of `lecun_normal`."""
    bound = (3.0 / inputs) ** 0.5
    return rng.uniform(-bound, bound, inputs)


def he_normal(inputs: int, rng: Randomness) -> RealArray:
    """Normal, standard deviation √(2/inputs), which makes up for the half that ReLU drops.

    Source: He et al., Delving Deep into Rectifiers (2015), equation 10.
    """
    return rng.normal(0.0, (2.0 / inputs) ** 0.5, inputs)


def he_uniform(inputs: int, rng: Randomness) -> RealArray:
    """Uniform on ±√(6/inputs), the variance of `he_normal`."""
    bound = (6.0 / inputs) ** 0.5
    return rng.uniform(-bound, bound, inputs)


def glorot_normal(inputs: int, rng: Randomness, outputs: int = 1) -> RealArray:
    """Normal, variance 2/(inputs + outputs): between what keeps activations alike and what keeps gradients alike.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010),
    equation 12.
    """
    return rng.normal(0.0, (2.0 / (inputs + outputs)) ** 0.5, inputs)


def glorot_uniform(inputs: int, rng: Randomness, outputs: int = 1) -> RealArray:
    """Uniform on ±√(6/(inputs + outputs)), the variance of `glorot_normal`.

    Source: Glorot and Bengio (2010), equation 16.
    """
    bound = (6.0 / (inputs + outputs)) ** 0.5
    return rng.uniform(-bound, bound, inputs)


def zeros(inputs: int, rng: Randomness) -> RealArray:  # noqa: ARG001 - the signature of every initializer
    """All weights 0. The neurons of a layer then stay alike for ever: for single neurons."""
    return np.zeros(inputs)


def constant(weight: float) -> Initializer:
    """An initializer that makes every weight `weight`."""
    return lambda inputs, rng: np.full(inputs, float(weight))  # noqa: ARG005 - the signature of every initializer


def normal(scale: float) -> Initializer:
    """An initializer that draws from a normal distribution of mean 0 and standard deviation `scale`."""
    return lambda inputs, rng: rng.normal(0.0, scale, inputs)


def uniform(low: float = -1.0, high: float = 1.0) -> Initializer:
    """An initializer that draws uniformly between `low` and `high`; as it stands, micrograd's."""
    return lambda inputs, rng: rng.uniform(low, high, inputs)
