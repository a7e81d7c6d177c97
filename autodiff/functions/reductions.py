"""Functions of vectors: n-ary primitives that make one node, and softmax, which makes one for each entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import rules
from autodiff.errors import ShapeError
from autodiff.functions.exponential import exp
from autodiff.functions.scalar import Scalar, Vector
from autodiff.primitive import Primitive

__all__ = ["dot", "log_softmax", "logsumexp", "mean", "norm", "prod", "softmax", "sum"]


def sum(terms: Vector) -> Scalar:
    """The sum, as one node; 0.0 for no terms. Slopes 1."""
    return _reduce(rules.SUM, terms, empty=0.0)


def prod(factors: Vector) -> Scalar:
    """The product, as one node; 1.0 for no factors. Slopes: the product of the others, zeros included."""
    return _reduce(rules.PROD, factors, empty=1.0)


def mean(terms: Vector) -> Scalar:
    """The arithmetic mean, as one node. Slopes 1/n. Raises ShapeError (a ValueError) for no terms."""
    return _reduce(rules.MEAN, terms)


def norm(components: Vector) -> Scalar:
    """The Euclidean norm, without overflow, as one node; 0.0 for no components. Slopes x/norm; 0 at the origin."""
    return _reduce(rules.NORM, components, empty=0.0)


def dot(a: Vector, b: Vector) -> Scalar:
    """The sum of products of two vectors of equal length, as one node; 0.0 for two empty ones.

    The slope along each entry is its partner. Raises ShapeError (a ValueError) that names both lengths.
    """
    first, second = vector(a), vector(b)
    if len(first) != len(second):
        raise ShapeError(f"dot needs two vectors of one length, got lengths {len(first)} and {len(second)}")
    if not first:
        return 0.0
    return rules.DOT(*first, *second)


def logsumexp(terms: Vector) -> Scalar:
    """ln(Σ exp(x)) without overflow, as one node; -inf for no terms. Slopes: softmax."""
    return _reduce(rules.LOGSUMEXP, terms, empty=-np.inf)


def softmax(logits: Vector) -> list[Any]:
    """exp(x) / Σ exp(x) for each entry, without overflow. Raises ShapeError (a ValueError) for no entries."""
    return [exp(entry) for entry in log_softmax(logits)]


def log_softmax(logits: Vector) -> list[Any]:
    """x - logsumexp(x) for each entry: softmax's logarithm. Raises ShapeError (a ValueError) for no entries."""
    entries = vector(logits)
    total = _reduce(rules.LOGSUMEXP, entries)
    return [rules.SUB(entry, total) for entry in entries]


def vector(entries: Any) -> list[Any]:
    """The entries of an iterable or a 1-D array as a list. Raises ShapeError for anything of another shape."""
    if isinstance(entries, np.ndarray):
        if entries.ndim != 1:
            raise ShapeError(
                f"expected a vector, got an array of shape {entries.shape}; flatten it, or use NumPy's own"
            )
        return entries.tolist()  # type: ignore[no-any-return]  # one dimension gives a flat list
    try:
        return list(entries)
    except TypeError:
        raise ShapeError(f"expected a vector, got {entries!r}; write [x] for one entry") from None


def _reduce(primitive: Primitive, entries: Any, *, empty: float | None = None) -> Scalar:
    operands = vector(entries)
    if operands:
        return primitive(*operands)
    if empty is None:
        raise ShapeError(f"{primitive.name} needs at least one entry, got none")
    return empty
