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
"""The rows of the table, simplest first, but for those that only slopes and functions are written with."""

_FINEST = 64  # the largest denominator of a safe float
_CONSTANTS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1.5, -1.5, 0.25, -0.25, 0.75, 3.0, -3.0, 4.0, 0.125)


def safe_floats(bound: int = 2, *, denominator: int = _FINEST) -> st.SearchStrategy[float]:
    """Multiples of 1/denominator, a power of two, from -bound to below bound: they print in full.

    They shrink to whole numbers near 0, then to halves, quarters, and so on.
    """
    # The fraction first: it is the first to shrink.
    fractions = st.sampled_from(_simplest_first(range(denominator), denominator))
    return st.builds(operator.add, fractions, st.sampled_from(_simplest_first(range(-bound, bound), 1)))


@functools.cache
def _simplest_first(counts: range, denominator: int) -> tuple[float, ...]:
    numbers = [count / denominator for count in counts]
    return tuple(sorted(numbers, key=lambda number: (number.as_integer_ratio()[1], abs(number), number < 0.0)))


def safe_operands(primitive: Primitive, *, count: int = 2, bound: int = 2) -> st.SearchStrategy[tuple[float, ...]]:
    """Operands from -bound to below bound at which a primitive, a user's own one too, is smooth and moderate.

    `count` is their number where the primitive takes any number.
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
    """Expressions of up to `max_steps` steps, those of any number of operands having up to `max_operands`.

    Values stay within ±32, slopes within ±8, and rounding is magnified at most 10,000 times. No step is
    near a kink, a jump or a pole. So derivatives exist and are moderate, and no domain need be known, of
    a user's own primitives either.

    With `constants` steps read numbers as well. With `shared` something that a step made is read more than
    once; a last product, sum or mean sees to it. With `kinks` inputs are multiples of a half, and steps do
    sit right on kinks and jumps, where differences mean nothing.

    They shrink towards few steps, of the first of `primitives`, on inputs of 0, then whole ones, then halves.
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
    """`expressions(shared=True)`: in each, something that a step made is read more than once."""
    return expressions(shared=True, **options)
