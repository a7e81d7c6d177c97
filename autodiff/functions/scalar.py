"""The kinds of argument that a function of scalars takes, and returns again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from autodiff.value import Value

Scalar: TypeAlias = Any
"""A float, a NumPy number, a Value, or an array of any of these, on which the function works elementwise.
A number gives a number, a Value gives a Value, an array gives an array."""

Number: TypeAlias = "float | Value"

Vector: TypeAlias = Iterable[Number]
"""A sequence, a 1-D array or any iterable of floats and Values."""
