"""Expressions: what a rule of the table computes, as text of the page's script.

A rule is a Python function on numbers, Values or symbols. Called on expressions it returns expressions, and these
are written as JavaScript: nobody states a derivative, or an optimizer's update, twice.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from typing import Any, ClassVar, NoReturn, final

import numpy as np

from autodiff import Primitive
from viz.page.base import BASE

Written = Callable[..., str]

OPERATORS: dict[str, Written] = {
    "add": "({} + {})".format,
    "sub": "({} - {})".format,
    "mul": "({} * {})".format,
    "div": "({} / {})".format,
    "neg": "(-{})".format,
    "identity": "{}".format,
    "where": "({} ? {} : {})".format,
    "less": "({} < {})".format,
    "less_equal": "({} <= {})".format,
    "greater": "({} > {})".format,
    "greater_equal": "({} >= {})".format,
    "equal": "({} === {})".format,
    "not_equal": "({} !== {})".format,
    "logical_and": "({} && {})".format,
    "logical_or": "({} || {})".format,
}
"""Operations that JavaScript writes as an operator, with the same result for every float. The others are functions
of the module `base.js`."""


def _operator(name: str, *, reflected: bool = False) -> Callable[[Any, Any], Any]:
    def operate(self: Expression, other: Any) -> Any:
        if not isinstance(other, (Expression, Real, np.bool_)):
            return NotImplemented
        return Expression(name, (other, self) if reflected else (self, other))

    return operate


def _method(name: str) -> Callable[[Any], Any]:
    return lambda self: Expression(name, (self,))


def _refused(*_: Any, **__: Any) -> NoReturn:
    raise TypeError("the rule asks for a number, so it runs in Python alone; use autodiff.where(condition, a, b)")


@final
class Expression:
    """One scalar of a rule: a named variable, or an operation on expressions and floats."""

    precedence: ClassVar[int] = 3
    __slots__ = ("name", "operands")

    def __init__(self, name: str, operands: tuple[Any, ...] = ()) -> None:
        self.name = name
        self.operands = operands

    @staticmethod
    def record_operation(primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """A new expression from operands of which one at least is an expression; primitives call this."""
        return primitive.array(*operands) if primitive.composed else Expression(primitive.name, operands)

    @staticmethod
    def constant(number: float) -> float:
        """A constant is written where it is used."""
        return number

    __add__, __radd__ = _operator("add"), _operator("add", reflected=True)
    __sub__, __rsub__ = _operator("sub"), _operator("sub", reflected=True)
    __mul__, __rmul__ = _operator("mul"), _operator("mul", reflected=True)
    __truediv__, __rtruediv__ = _operator("div"), _operator("div", reflected=True)
    __pow__, __rpow__ = _operator("pow"), _operator("pow", reflected=True)
    __lt__, __le__, __gt__, __ge__ = map(_operator, ("less", "less_equal", "greater", "greater_equal"))
    __eq__ = _operator("equal")  # an expression, as of arrays
    __ne__ = _operator("not_equal")
    __and__, __or__ = _operator("logical_and"), _operator("logical_or")
    sqrt, exp, log, tanh = map(_method, ("sqrt", "exp", "log", "tanh"))  # NumPy's functions call these on objects
    __hash__ = object.__hash__
    __bool__ = __float__ = __int__ = __index__ = _refused

    def __neg__(self) -> Expression:
        return Expression("neg", (self,))

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return Expression("abs", (self,))


def number(value: float) -> str:
    """A float as JavaScript reads it back, bit for bit."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0.0 else "(-Infinity)"
    return repr(float(value)) if math.copysign(1.0, value) > 0.0 else f"({float(value)!r})"


@final
class Writer:
    """Writes expressions as statements; what is used twice is computed once."""

    def __init__(self, variadic: Iterable[str]) -> None:
        self.statements: list[str] = []
        self._variadic = frozenset(variadic)
        self._known: dict[tuple[Any, ...], str] = {}

    def text(self, expression: Any) -> str:
        """The JavaScript of an expression or a number, after statements that it needs."""
        if not isinstance(expression, Expression):
            return number(float(expression))
        if not expression.operands:
            return expression.name
        operands = tuple(self.text(operand) for operand in expression.operands)
        key = (expression.name, *operands)
        if key not in self._known:
            self._known[key] = name = f"t{len(self._known)}"
            self.statements.append(f"const {name} = {self._call(expression.name, operands)};")
        return self._known[key]

    def _call(self, name: str, operands: Sequence[str]) -> str:
        if name in OPERATORS:
            return OPERATORS[name](*operands)
        if name not in BASE:
            raise LookupError(f"{name} has no evaluation in the script")
        joined = ", ".join(operands)
        member = f"BASE[{json.dumps(name)}]"
        return f"{member}([{joined}])" if name in self._variadic else f"{member}({joined})"
