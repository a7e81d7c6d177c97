"""Strategies for expressions, shared graphs and safe numbers."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from autodiff.primitive import Primitive
from autodiff.rules import INNER, PRIMITIVES
from autodiff.testing.expression import Expression
from autodiff.testing.growth import Growth
from autodiff.testing.safety import is_safe
from autodiff.value import Value

Draw = Callable[[st.SearchStrategy[Any]], Any]

# The simplest operations first: failing examples shrink towards them.
_SIMPLEST = ("add", "mul", "sub", "neg")
ALL_PRIMITIVES = tuple(
    sorted((row for row in PRIMITIVES.values() if row not in INNER), key=lambda row: row.name not in _SIMPLEST)
)
"""The primitives that users can record, simplest first. Helpers of slopes and functions are left out."""

_FINEST = 64  # the largest denominator of a safe float
_CONSTANTS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1.5, -1.5, 0.25, -0.25, 0.75, 3.0, -3.0, 4.0, 0.125)


def safe_floats(bound: int = 2, *, denominator: int = _FINEST) -> st.SearchStrategy[float]:
    """Strategy for short binary fractions, which print in full.

    They shrink to whole numbers near 0, then to halves, quarters, and so on.

    Parameters
    ----------
    bound : int, optional
        Numbers are from -bound to below bound.
    denominator : int, optional
        A power of two; numbers are multiples of 1/denominator.

    Returns
    -------
    SearchStrategy of float

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=20, deadline=None, derandomize=True)
    ... @given(safe_floats(3, denominator=4))
    ... def test_quarters(x):
    ...     assert -3 <= x < 3 and (4 * x).is_integer()
    >>> test_quarters()
    """
    # The fraction first: it is the first to shrink.
    fractions = st.sampled_from(_simplest_first(range(denominator), denominator))
    return st.builds(operator.add, fractions, st.sampled_from(_simplest_first(range(-bound, bound), 1)))


@functools.cache
def _simplest_first(counts: range, denominator: int) -> tuple[float, ...]:
    numbers = [count / denominator for count in counts]
    return tuple(sorted(numbers, key=lambda number: (number.as_integer_ratio()[1], abs(number), number < 0.0)))


def safe_operands(primitive: Primitive, *, count: int = 2, bound: int = 2) -> st.SearchStrategy[tuple[float, ...]]:
    """Strategy for operands at which a primitive, a user's own one too, is smooth and moderate.

    Parameters
    ----------
    primitive : Primitive
    count : int, optional
        Their number, where the primitive takes any number.
    bound : int, optional
        Operands are from -bound to below bound.

    Returns
    -------
    SearchStrategy of tuple of float

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from autodiff.rules import LOG
    >>> @settings(max_examples=20, deadline=None, derandomize=True)
    ... @given(safe_operands(LOG))
    ... def test_logarithms(operands):
    ...     assert operands[0] > 0.0
    >>> test_logarithms()
    """
    size = count if primitive.arity is None else primitive.arity
    return st.tuples(*[safe_floats(bound)] * size).filter(lambda point: is_safe(primitive, *map(Value, point)))


@st.composite
def expressions(
    draw: Draw,
    *,
    primitives: Iterable[Primitive] = ALL_PRIMITIVES,
    max_inputs: int = 3,
    max_steps: int = 8,
    max_operands: int = 4,
    constants: bool = True,
    shared: bool = False,
    kinks: bool = False,
) -> Expression:
    """Strategy for expressions, at points where their derivatives exist and are moderate.

    Values stay within ±32, slopes within ±8, and rounding is magnified at most 10,000 times. No step is near a kink, a
    jump or a pole. Domains are found by trying, so a user's own primitives need none.

    Expressions shrink towards few steps, of the first of `primitives`, on inputs of 0, then whole ones, then halves.

    Parameters
    ----------
    primitives : iterable of Primitive, optional
        The operations of the steps; by default all.
    max_inputs : int, optional
    max_steps : int, optional
    max_operands : int, optional
        Of steps that take any number of operands.
    constants : bool, optional
        Steps read numbers as well.
    shared : bool, optional
        The result of some step is read more than once. If need be, a last product, sum or mean reads it.
    kinks : bool, optional
        Inputs are multiples of a half, and steps may be exactly on kinks and jumps, where differences mean nothing.

    Returns
    -------
    SearchStrategy of Expression

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from autodiff import check_gradients
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(expressions(max_steps=3))
    ... def test_gradients(expression):
    ...     check_gradients(expression, *expression.inputs, order=1)
    >>> test_gradients()
    """
    numbers = safe_floats(denominator=2 if kinks else _FINEST)
    inputs = tuple(draw(st.lists(numbers, min_size=1, max_size=max_inputs)))
    table = tuple(primitives)
    growth = Growth(
        primitives=table,
        starts=_starts(table),
        max_operands=max_operands,
        constants=_CONSTANTS if constants else (),
        kinks=kinks,
        numbers=list(inputs),
        reaches=[1.0] * len(inputs),
    )
    grown = Expression(inputs, tuple(growth.grow(draw) for _ in range(draw(st.integers(1, max_steps)))))
    if not shared or grown.is_shared:
        return grown
    joined = growth.joined(draw(st.sampled_from([*grown.read_steps()])))
    return Expression(inputs, (*grown.steps, joined))


@functools.cache
def _starts(table: tuple[Primitive, ...]) -> tuple[int, ...]:
    """Every place once, then those of operations of several operands until they are half of all, or more."""
    several = [place for place, primitive in enumerate(table) if primitive.arity != 1]
    repeats = (len(table) - len(several)) // max(len(several), 1)
    return *range(len(table)), *several * repeats


def shared_graphs(**options: Any) -> st.SearchStrategy[Expression]:
    """Strategy for expressions in which the result of some step is read more than once.

    Parameters
    ----------
    **options
        Those of `expressions`.

    Returns
    -------
    SearchStrategy of Expression

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(shared_graphs(max_steps=3))
    ... def test_sharing(expression):
    ...     assert expression.is_shared
    >>> test_sharing()
    """
    return expressions(shared=True, **options)
