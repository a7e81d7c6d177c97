"""Where random numbers come from: always from something that the caller passed in."""

from __future__ import annotations

import operator
from typing import TypeAlias

import numpy as np

from nn.errors import OptionError, OptionTypeError

Randomness: TypeAlias = np.random.Generator | np.random.RandomState
"""A stream of random numbers; the legacy RandomState repeats the streams of `np.random.seed`."""

Seed: TypeAlias = Randomness | int | None
"""What an `rng` option takes: a stream, which is used and moved on, a seed for a new one, or None for any."""


def generator(rng: Seed) -> Randomness:
    """The stream that `rng` stands for.

    Raises OptionTypeError (a TypeError) for anything but a Generator, a RandomState, an integer or
    None, and OptionError (a ValueError) for a negative seed.
    """
    if rng is None or isinstance(rng, (np.random.Generator, np.random.RandomState)):
        return np.random.default_rng() if rng is None else rng
    try:
        seed = operator.index(rng)
    except TypeError:
        raise OptionTypeError(
            f"rng takes a np.random.Generator, a np.random.RandomState, a seed or None, got {rng!r}"
        ) from None
    if seed < 0:
        raise OptionError(f"a seed is an integer of at least 0, got {seed}")
    return np.random.default_rng(seed)
