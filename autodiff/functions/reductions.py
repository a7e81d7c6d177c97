"""Functions of vectors: n-ary primitives that make one node, and softmax, which makes one for each entry."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, overload

import numpy as np

from autodiff import rules
from autodiff.errors import ShapeError
from autodiff.functions.exponential import exp
from autodiff.functions.scalar import Array, Number, Vector, reduction
from autodiff.modes import current_tracer
from autodiff.primitive import Primitive, is_node, real_number
from autodiff.value import Value

# sum is public too, but a star import would put it before Python's own.
__all__ = ["dot", "log_softmax", "logsumexp", "mean", "norm", "prod", "softmax"]

_HUGE = sys.float_info.max / 2.0


@overload
def sum(terms: Array, start: Any = 0.0) -> Any: ...
@overload
def sum(terms: Iterable[float], start: float = 0.0) -> float: ...  # type: ignore[overload-overlap]  # floats alone
@overload
def sum(terms: Vector, start: Number = 0.0) -> Value: ...
def sum(terms: Any, start: Any = 0.0) -> Any:
    """The sum of `start` and the terms, as one node; 0.0 for no terms. Slopes 1."""
    if isinstance(start, (int, float)) and start == 0:
        return _reduce(rules.SUM, terms, empty=0.0)
    return rules.SUM(start, *vector(terms))


@reduction
def prod(factors: Any) -> Any:
    """The product, as one node; 1.0 for no factors. Slopes: the product of the others, zeros included."""
    return _reduce(rules.PROD, factors, empty=1.0)


@reduction
def mean(terms: Any) -> Any:
    """The arithmetic mean, as one node. Slopes 1/n. Raises ShapeError (a ValueError) for no terms."""
    return _reduce(rules.MEAN, terms)


@reduction
def norm(components: Any) -> Any:
    """The Euclidean norm, without overflow, as one node; 0.0 for no components. Slopes x/norm; 0 at the
    origin, and flat: write dot(x, x), not norm(x)**2, where second derivatives at the origin count."""
    return _reduce(rules.NORM, components, empty=0.0)


def dot(a: Vector, b: Vector) -> Any:
    """The sum of products of two vectors of equal length, as one node; 0.0 for two empty ones.

    The slope along each entry is its partner. Raises ShapeError (a ValueError) that names both lengths.
    """
    first, second = vector(a), vector(b)
    if len(first) != len(second):
        raise ShapeError(f"dot needs two vectors of one length, got lengths {len(first)} and {len(second)}")
    if not first:
        return 0.0
    return rules.DOT(*first, *second)


@reduction
def logsumexp(terms: Any) -> Any:
    """ln(Σ exp(x)) without overflow, as one node; -inf for no terms. Slopes: softmax."""
    return _reduce(rules.LOGSUMEXP, terms, empty=-np.inf)


def softmax(logits: Vector) -> list[Any]:
    """exp(x) / Σ exp(x) for each entry, without overflow. Raises ShapeError (a ValueError) for no entries."""
    return [exp(entry) for entry in log_softmax(logits)]


def log_softmax(logits: Vector) -> list[Any]:
    """x - logsumexp(x) for each entry: softmax's logarithm, however large the entries: the rounding error
    is that of their differences.

    Raises ShapeError (a ValueError) for no entries.
    """
    entries = vector(logits)
    if not entries:
        _reduce(rules.LOGSUMEXP, entries)
    # The same for entries less the largest, whose logsumexp is small, so that its rounding is small too.
    largest = _largest(entries)
    gaps = [rules.SUB(entry, largest) for entry in entries]
    total = rules.LOGSUMEXP(*gaps)
    return [rules.SUB(gap, total) for gap in gaps]


def _largest(entries: list[Any]) -> Any:
    """The largest entry as a number without a slope; of an infinite one a number so large that gaps are not nan."""
    if current_tracer() is None:
        numbers = [entry._number if is_node(entry) else real_number(entry) for entry in entries]
        return rules.MINIMUM(rules.MAXIMUM(rules.LARGEST(*numbers), -_HUGE), _HUGE)
    largest = rules.MINIMUM(rules.MAXIMUM(rules.LARGEST(*entries), -_HUGE), _HUGE)
    return largest.detach() if is_node(largest) else largest


def vector(entries: Any) -> list[Any]:
    """The entries of an iterable or a 1-D array as a list. Raises ShapeError for anything of another shape."""
    if type(entries) is list:  # the usual case, which the questions below would slow down
        return entries.copy()
    if isinstance(entries, np.ndarray):
        if entries.ndim != 1:
            raise ShapeError(
                f"expected a vector, got an array of shape {entries.shape}; flatten it, or use NumPy's own"
            )
        return entries.tolist()  # type: ignore[no-any-return]  # one dimension gives a flat list
    if not is_iterable(entries):
        raise ShapeError(f"expected a vector, got {entries!r}; write [x] for one entry")
    return list(entries)


def is_iterable(thing: Any) -> bool:
    """Whether `list(thing)` has entries to go through: asked of its type, so that no error raised by them is taken
    for an answer."""
    if isinstance(thing, np.ndarray):
        return thing.ndim > 0
    return isinstance(thing, Iterable) or (hasattr(type(thing), "__getitem__") and hasattr(type(thing), "__len__"))


def _reduce(primitive: Primitive, entries: Any, *, empty: float | None = None) -> Any:
    operands = vector(entries)
    if operands:
        return primitive(*operands)
    if empty is None:
        raise ShapeError(f"{primitive.name} needs at least one entry, got none")
    return empty
