"""The expression of a graph in SymPy."""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.errors import MissingExtraError, NotationError
from autodiff.graph import topological_order
from autodiff.notation.names import leaf_names, leaves_as_read
from autodiff.notation.sympy_rows import ROWS
from autodiff.primitive import Primitive
from autodiff.value import Value

_LARGEST_WHOLE = 2.0**53


def to_sympy(value: Value, *, symbols: Mapping[Value, Any] | None = None) -> Any:
    """The formula that made `value`, as an expression of SymPy, which the extra `symbolic` installs.

    A leaf becomes the symbol of its label, and x0, x1, ... without one or where two have the same.
    Symbols are real, as Values are: `sympy.Symbol("x", real=True)`, which to SymPy is another symbol than
    `sympy.Symbol("x")` or "x". `symbols` maps nodes, interior ones too, to symbols or expressions to write
    in their place. Whole constants become integers, others floats of 53 bits.

    At a kink, and where a number is not finite, SymPy has conventions of its own. An operation that is not in the table
    becomes a function of its name that evaluates to numbers but has no derivative in SymPy.

    Raises MissingExtraError (an ImportError) without SymPy, and NotationError (a ValueError) where SymPy
    refuses an operation or exhausts the stack: it works by recursion, which long chains are too deep for.

    >>> x = Value(3.0, label="x")
    >>> to_sympy(x * x + 1.5)
    x**2 + 1.5
    >>> import sympy
    >>> t = sympy.Symbol("t", real=True)
    >>> to_sympy(x * abs(x), symbols={x: t}).diff(t)
    t*sign(t) + Abs(t)
    """
    sympy = _sympy()
    given = dict(symbols or {})
    names = leaf_names([leaf for leaf in leaves_as_read(value) if leaf not in given], taken=map(str, given.values()))
    forms = {**given, **{leaf: sympy.Symbol(name, real=True) for leaf, name in names.items()}}
    for node in topological_order(value, until=given):
        if node not in forms:
            forms[node] = _form(sympy, node, [_operand(sympy, operand, forms) for operand in node.operands])
    return forms[value]


def _sympy() -> Any:
    try:
        return importlib.import_module("sympy")
    except ImportError as error:
        raise MissingExtraError('to_sympy needs SymPy; install it with the extra: "valuegraph[symbolic]"') from error


def _form(sympy: Any, node: Value, operands: Sequence[Any]) -> Any:
    if node.primitive is None:
        return _number(sympy, node.number)
    row = ROWS.get(node.primitive.name) or _unknown(sympy, node.primitive)
    try:
        return row(sympy, *operands)
    except (TypeError, ValueError) as error:
        raise NotationError(f"SymPy refuses {node.primitive.name} in {node!r}: {error}") from error
    except RecursionError as error:
        raise NotationError(
            f"SymPy exhausted the stack at {node!r}; pass symbols={{node: symbol}} for nodes on the way to cut "
            "the graph, or raise sys.setrecursionlimit"
        ) from error


def _operand(sympy: Any, operand: Value | float, forms: Mapping[Value, Any]) -> Any:
    return forms[operand] if isinstance(operand, Value) else _number(sympy, operand)


def _number(sympy: Any, number: float) -> Any:
    if math.isnan(number):
        return sympy.nan
    if math.isinf(number):
        return sympy.oo if number > 0 else -sympy.oo
    whole = number.is_integer() and abs(number) <= _LARGEST_WHOLE
    return sympy.Integer(int(number)) if whole else sympy.Float(number)


def _unknown(sympy: Any, primitive: Primitive) -> Any:
    """A function of the primitive's name, with its evaluation."""
    name = primitive.name
    mpmath = importlib.import_module("mpmath")
    while hasattr(mpmath, name):  # SymPy would evaluate a function of this name by that of mpmath
        name += "_"
    lambdify = importlib.import_module("sympy.utilities.lambdify")
    function = lambdify.implemented_function(
        sympy.Function(name), lambda *numbers: primitive.compute(*map(float, numbers))
    )
    return lambda _, *operands: function(*operands)
