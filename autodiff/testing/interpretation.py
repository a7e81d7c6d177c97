"""Running an expression on the functions of another library, by their names."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff.errors import UnknownPrimitiveError
from autodiff.primitive import Primitive
from autodiff.rules import PRIMITIVES

Function = Callable[..., Any]


def _sum(*terms: Any) -> Any:
    return functools.reduce(operator.add, terms)


def _product(*factors: Any) -> Any:
    return functools.reduce(operator.mul, factors)


def _dot(*halves: Any) -> Any:
    half = len(halves) // 2
    return _sum(*map(operator.mul, halves[:half], halves[half:]))


# What Python's operators alone compute, on any kind of number.
_OPERATORS: dict[str, Function] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "floor_divide": operator.floordiv,
    "mod": operator.mod,  # math.remainder is another
    "pow": operator.pow,
    "neg": operator.neg,
    "identity": lambda x: x,
    "abs": abs,
    "square": lambda x: x * x,
    "reciprocal": lambda x: 1.0 / x,
    "sum": _sum,
    "mean": lambda *terms: _sum(*terms) / len(terms),
    "prod": _product,
    "dot": _dot,
}


@final
@dataclass(frozen=True)
class Interpretation:
    """How steps are made elsewhere: pass it to `Expression.run`, and its `primitives` to `expressions`."""

    functions: Mapping[str, Function]
    """By the names of the table."""

    @property
    def primitives(self) -> tuple[Primitive, ...]:
        """The rows of the table that can be interpreted, simplest first."""
        return tuple(PRIMITIVES[name] for name in self.functions if name in PRIMITIVES)

    def __call__(self, primitive: Primitive, *operands: Any) -> Any:
        """Raises UnknownPrimitiveError (a LookupError) for a primitive without a function."""
        try:
            function = self.functions[primitive.name]
        except KeyError:
            raise UnknownPrimitiveError(
                f"there is no function for {primitive.name}: pass {primitive.name}=... to interpretation(), "
                "or keep to expressions(primitives=interpretation.primitives)"
            ) from None
        return function(*operands)


def interpretation(*libraries: Any, without: Iterable[str] = (), **functions: Function) -> Interpretation:
    """The operations of the table, as operators of Python and as functions of other libraries.

    A function is looked up by the name of the table and by that of NumPy's ufunc: `arccos` for `acos`.
    `functions` are added to these or replace them, and operations named in `without` are left out: some
    libraries mean another thing by a name. Functions of any number of operands take them one by one.

    >>> import math
    >>> from autodiff.rules import DIV, SIN
    >>> from autodiff.testing import Expression, Step
    >>> expression = Expression((1.0,), (Step(SIN, (0,)), Step(DIV, (1, 0))))
    >>> expression.run([1.0], interpretation(math))
    0.8414709848078965
    """
    found = dict(_OPERATORS)
    for row in PRIMITIVES.values():
        names = [row.name, row.array.__name__] if isinstance(row.array, np.ufunc) else [row.name]
        for library in libraries:
            for name in names:
                if row.name not in found and row.arity is not None and callable(getattr(library, name, None)):
                    found[row.name] = getattr(library, name)
    found |= functions
    for name in without:
        found.pop(name, None)
    return Interpretation(found)
