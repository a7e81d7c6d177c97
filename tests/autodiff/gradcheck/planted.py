"""Operations whose slopes are wrong on purpose."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import Primitive
from autodiff.rules import COS, SIN

PLANTED = 1e-5
"""The relative error of the slopes that are wrong on purpose."""


def _wrong_cosine(_: Any, x: Any) -> Any:
    return COS(x) * (1.0 + PLANTED)


def _wrong_minus_sine(_: Any, x: Any) -> Any:
    return -SIN(x) * (1.0 + PLANTED)


WRONG_SIN = Primitive("wrong_sin", math.sin, np.sin, (_wrong_cosine,))
WRONG_COS = Primitive("wrong_cos", math.cos, np.cos, (_wrong_minus_sine,))
# The slope is right as a number, and wrong to differentiate.
SIN_WRONG_TWICE = Primitive("sin_wrong_twice", math.sin, np.sin, (lambda _, x: WRONG_COS(x),))
WRONG_DOUBLE = Primitive("wrong_double", lambda x: 2.0 * x, lambda x: 2.0 * x, (2.0 * (1.0 + PLANTED),))
