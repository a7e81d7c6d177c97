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
    """Sum of a vector, and of `start`, as one node.

    Parameters
    ----------
    terms : iterable of float or Value, or 1-D array
    start : float or Value, optional
        What to add the terms to.

    Returns
    -------
    float or Value
        `start` for no terms.

    Raises
    ------
    ShapeError
        A ValueError, for anything that is not a vector.

    Notes
    -----
    Each derivative is 1.

    Examples
    --------
    >>> import autodiff
    >>> x = autodiff.Value(2.0)
    >>> autodiff.sum([x, 3.0, x]).data, autodiff.grad(autodiff.sum)([2.0, 3.0])
    (7.0, [1.0, 1.0])
    """
    if isinstance(start, (int, float)) and start == 0:
        return _reduce(rules.SUM, terms, empty=0.0)
    return rules.SUM(start, *vector(terms))


@reduction
def prod(factors: Any) -> Any:
    """Product of a vector, as one node.

    Parameters
    ----------
    factors : iterable of float or Value, or 1-D array

    Returns
    -------
    float or Value
        1.0 for no factors.

    Raises
    ------
    ShapeError
        A ValueError, for anything that is not a vector.

    Notes
    -----
    The derivative along each factor is the product of the others, also where factors are 0.

    Examples
    --------
    >>> from autodiff import grad, prod
    >>> prod([2.0, 0.0, 3.0]), grad(prod)([2.0, 0.0, 3.0])
    (0.0, [0.0, 6.0, 0.0])
    """
    return _reduce(rules.PROD, factors, empty=1.0)


@reduction
def mean(terms: Any) -> Any:
    """Arithmetic mean of a vector, as one node.

    Parameters
    ----------
    terms : iterable of float or Value, or 1-D array

    Returns
    -------
    float or Value
        Σ x/n.

    Raises
    ------
    ShapeError
        A ValueError, for no terms and for anything that is not a vector.

    Notes
    -----
    Each derivative is 1/n.

    Examples
    --------
    >>> from autodiff import grad, mean
    >>> mean([1.0, 2.0]), grad(mean)([1.0, 2.0])
    (1.5, [0.5, 0.5])
    """
    return _reduce(rules.MEAN, terms)


@reduction
def norm(components: Any) -> Any:
    """Euclidean norm √Σ x² of a vector, without overflow, as one node.

    Parameters
    ----------
    components : iterable of float or Value, or 1-D array

    Returns
    -------
    float or Value
        0.0 for no components.

    Raises
    ------
    ShapeError
        A ValueError, for anything that is not a vector.

    Notes
    -----
    The derivatives are x/norm. At the origin they are 0 to every order, so write dot(x, x), not norm(x)**2, where
    second derivatives at the origin count.

    Examples
    --------
    >>> from autodiff import grad, norm
    >>> norm([3.0, 4.0]), grad(norm)([3.0, 4.0]), grad(norm)([0.0, 0.0])
    (5.0, [0.6, 0.8], [0.0, 0.0])
    """
    return _reduce(rules.NORM, components, empty=0.0)


def dot(a: Vector, b: Vector) -> Any:
    """Sum of the products of two vectors, as one node.

    Parameters
    ----------
    a, b : iterable of float or Value, or 1-D array
        Of equal length.

    Returns
    -------
    float or Value
        0.0 for two empty vectors.

    Raises
    ------
    ShapeError
        A ValueError that names both lengths, if they differ, or for anything that is not a vector.

    Notes
    -----
    The derivative along each entry is its partner.

    Examples
    --------
    >>> from autodiff import dot, grad
    >>> dot([1.0, 2.0], [3.0, 4.0]), grad(dot)([1.0, 2.0], [3.0, 4.0])
    (11.0, [3.0, 4.0])
    """
    first, second = vector(a), vector(b)
    if len(first) != len(second):
        raise ShapeError(f"dot needs two vectors of one length, got lengths {len(first)} and {len(second)}")
    if not first:
        return 0.0
    return rules.DOT(*first, *second)


@reduction
def logsumexp(terms: Any) -> Any:
    """Logarithm of a sum of exponentials, ln Σ exp(x), without overflow, as one node.

    Parameters
    ----------
    terms : iterable of float or Value, or 1-D array

    Returns
    -------
    float or Value
        -inf for no terms.

    Raises
    ------
    ShapeError
        A ValueError, for anything that is not a vector.

    Notes
    -----
    The derivatives are `softmax`.

    Examples
    --------
    >>> from autodiff import grad, logsumexp
    >>> round(logsumexp([1000.0, 1000.0]), 4), grad(logsumexp)([0.0, 0.0])
    (1000.6931, [0.5, 0.5])
    """
    return _reduce(rules.LOGSUMEXP, terms, empty=-np.inf)


def softmax(logits: Vector) -> list[Any]:
    """Shares exp(x)/Σ exp(x), without overflow.

    Parameters
    ----------
    logits : iterable of float or Value, or 1-D array

    Returns
    -------
    list of float or Value
        One for each entry; their sum is 1.

    Raises
    ------
    ShapeError
        A ValueError, for no entries and for anything that is not a vector.

    Notes
    -----
    The derivative of share i along entry j is sᵢ·(1 - sᵢ) for j = i, else -sᵢ·sⱼ.

    Examples
    --------
    >>> from autodiff import jacobian, softmax
    >>> softmax([1000.0, 1000.0]), jacobian(softmax)([0.0, 0.0])
    ([0.5, 0.5], [[0.25, -0.25], [-0.25, 0.25]])
    """
    return [exp(entry) for entry in log_softmax(logits)]


def log_softmax(logits: Vector) -> list[Any]:
    """Logarithm of `softmax`, x - logsumexp(x) for each entry, without underflow.

    Parameters
    ----------
    logits : iterable of float or Value, or 1-D array

    Returns
    -------
    list of float or Value
        One for each entry, each ≤ 0.

    Raises
    ------
    ShapeError
        A ValueError, for no entries and for anything that is not a vector.

    Notes
    -----
    The rounding error is that of the differences between entries, however large these are.

    Examples
    --------
    >>> from autodiff import log_softmax
    >>> log_softmax([1000.0, 0.0])
    [0.0, -1000.0]
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
    if type(entries) is list:  # the usual case, which the checks below would slow down
        return entries.copy()
    if isinstance(entries, np.ndarray):
        if entries.ndim != 1:
            raise ShapeError(
                f"expected a vector, got an array of shape {entries.shape}; pass array.ravel(), or use np.sum and such"
            )
        return entries.tolist()  # type: ignore[no-any-return]  # one dimension gives a flat list
    if not is_iterable(entries):
        raise ShapeError(f"expected a vector, got {entries!r}; write [x] for one entry")
    return list(entries)


def is_iterable(thing: Any) -> bool:
    """Whether `list(thing)` has entries. Decided by its type, so errors that entries raise pass."""
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
