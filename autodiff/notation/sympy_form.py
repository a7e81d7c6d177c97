"""The expression of a graph in SymPy."""

from __future__ import annotations

import functools
import importlib
import math
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from autodiff.errors import MissingExtraError, NotationError
from autodiff.graph import topological_order
from autodiff.notation.names import leaf_names, leaves_as_read, unused_names
from autodiff.primitive import Primitive
from autodiff.value import Value

_LARGEST_WHOLE = 2.0**53
_FRAMES = 8  # of the stack for each level, when SymPy prints
_DEEPEST = 40  # SymPy works by recursion, several frames for each level


def to_sympy(
    value: Value, *, symbols: Mapping[Value, Any] | None = None, cse: bool = False, max_terms: int = 2000
) -> Any:
    """The formula that made `value`, as an expression of SymPy, which the extra `symbolic` installs.

    A leaf becomes the symbol of its label, and x0, x1, ... without one or where two have the same. Symbols are real, as
    Values are: `sympy.Symbol("x", real=True)`, which to SymPy is another symbol than `sympy.Symbol("x")` or "x". Whole
    constants become integers, others floats of 53 bits.

    Parameters
    ----------
    value : Value
    symbols : mapping of Value to Symbol or expression, optional
        Written in place of these nodes, interior ones too.
    cse : bool
        Share parts: an expression has none, and graphs that share may be too large for one.
    max_terms : int
        The most names, numbers and operations in one expression.

    Returns
    -------
    sympy.Expr, or (list of (Symbol, Expr), list of Expr)
        With `cse` what `sympy.cse` returns: a list of pairs, a symbol t1, t2, ... and its expression, for every node
        that is used more than once and wherever a part is cut for its size or depth; and the expression in these terms.

    Raises
    ------
    MissingExtraError
        An ImportError without SymPy.
    NotationError
        A ValueError, for more than `max_terms` terms, for a graph too deep for the recursion of SymPy, and for
        operations that SymPy refuses.

    Notes
    -----
    At a kink, and where a number is not finite, SymPy has conventions of its own. An operation that is not in the table
    becomes a function of its name that evaluates to numbers but has no derivative in SymPy.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> to_sympy(x * x + 1.5)
    x**2 + 1.5
    >>> import sympy
    >>> t = sympy.Symbol("t", real=True)
    >>> to_sympy(x * abs(x), symbols={x: t}).diff(t)
    t*sign(t) + Abs(t)
    >>> y = x.sin() + x
    >>> to_sympy(y * y, cse=True)
    ([(t1, x + sin(x))], [t1**2])
    """
    sympy = _sympy()
    given = dict(symbols or {})
    order = topological_order(value, until=given)
    writing = _Writing(sympy, order, given, cse=cse, max_terms=max_terms)
    for node in order:
        writing.write(node)
    expression = writing.parts[value].expression
    return (writing.definitions, [expression]) if cse else expression


def _sympy() -> Any:
    try:
        return importlib.import_module("sympy")
    except ImportError as error:
        raise MissingExtraError("to_sympy needs SymPy: pip install 'valuegraph[symbolic]'") from error


@final
@dataclass(frozen=True, slots=True)
class _Part:
    expression: Any
    size: int = 1
    depth: int = 0


@final
class _Writing:
    """The expressions of a graph, while a walk from the leaves to the root makes them."""

    def __init__(
        self, sympy: Any, order: Sequence[Value], given: Mapping[Value, Any], *, cse: bool, max_terms: int
    ) -> None:
        self._sympy, self._cse, self._max_terms = sympy, cse, max_terms
        self._uses = Counter(parent for node in order if node not in given for parent in node.parents)
        known = [str(expression) for expression in given.values()]
        names = leaf_names([leaf for leaf in leaves_as_read(order[-1]) if leaf not in given], taken=known)
        self._fresh = unused_names("t", {*known, *names.values()}, start=1)
        self.parts = {node: _Part(expression) for node, expression in given.items()}
        self.parts |= {leaf: _Part(self._symbol(name)) for leaf, name in names.items()}
        self.definitions: list[tuple[Any, Any]] = []

    def write(self, node: Value) -> None:
        """Make the expression of one node whose operands have theirs."""
        if node in self.parts:
            return
        if node.primitive is None:
            self.parts[node] = _Part(_number(self._sympy, node.data))
            return
        if self._cse:
            self._cut(node)
        operands = [self._operand(operand) for operand in node.operands]
        size = 1 + sum(part.size for part in operands)
        if size > self._max_terms and not self._cse:
            raise NotationError(
                f"written out, the graph is an expression of more than max_terms={self._max_terms} terms; give shared "
                "parts names with cse=True, or raise max_terms"
            )
        depth = 1 + max(part.depth for part in operands)
        if depth * _FRAMES > sys.getrecursionlimit() and not self._cse:
            raise NotationError(
                f"the graph is more than {depth - 1} operations deep, and SymPy could not even print its expression; "
                "cut it into parts with cse=True, or raise sys.setrecursionlimit"
            )
        expression = _applied(self._sympy, node, node.primitive, [part.expression for part in operands])
        self.parts[node] = _Part(expression, size, depth)
        if self._cse and self._uses[node] > 1:
            self._define(node)

    def _operand(self, operand: Value | float) -> _Part:
        return self.parts[operand] if isinstance(operand, Value) else _Part(_number(self._sympy, operand))

    def _cut(self, node: Value) -> None:
        """Define the operands of a node that are too deep, and the largest until the others are within the budget."""
        size = sum(self.parts[parent].size for parent in node.parents)
        for parent in sorted(node.parents, key=lambda parent: -self.parts[parent].size):
            part = self.parts[parent]
            if size >= self._max_terms or part.depth >= _DEEPEST:
                self._define(parent)
                size -= part.size - 1

    def _define(self, node: Value) -> None:
        part = self.parts[node]
        if part.depth:
            symbol = self._symbol(next(self._fresh))
            self.definitions.append((symbol, part.expression))
            self.parts[node] = _Part(symbol)

    def _symbol(self, name: str) -> Any:
        return self._sympy.Symbol(name, real=True)


def _applied(sympy: Any, node: Value, primitive: Primitive, operands: Sequence[Any]) -> Any:
    try:
        return _form(sympy, primitive)(*operands)
    except (TypeError, ValueError) as error:
        raise NotationError(f"SymPy refuses {primitive.name} in {node!r}: {error}") from error
    except RecursionError as error:
        raise NotationError(
            f"SymPy exhausted the stack at {node!r}; cut the graph into parts with cse=True, "
            "or raise sys.setrecursionlimit"
        ) from error


def _form(sympy: Any, primitive: Primitive) -> Callable[..., Any]:
    form = primitive.sympy
    if callable(form):
        return functools.partial(form, sympy)
    if form and not hasattr(sympy, form):
        raise NotationError(f"SymPy has no {form!r}, which {primitive.name} names; pass sympy=lambda sympy, x: ...")
    return getattr(sympy, form) if form else _undefined(sympy, primitive)  # type: ignore[no-any-return]  # SymPy has no types


def _number(sympy: Any, number: float) -> Any:
    if math.isnan(number):
        return sympy.nan
    if math.isinf(number):
        return sympy.oo if number > 0 else -sympy.oo
    whole = number.is_integer() and abs(number) <= _LARGEST_WHOLE
    return sympy.Integer(int(number)) if whole else sympy.Float(number)


def _undefined(sympy: Any, primitive: Primitive) -> Any:
    """A function of the primitive's name, with its evaluation."""
    name = primitive.name
    mpmath = importlib.import_module("mpmath")
    while hasattr(mpmath, name):  # SymPy would evaluate a function of this name by that of mpmath
        name += "_"
    lambdify = importlib.import_module("sympy.utilities.lambdify")
    return lambdify.implemented_function(sympy.Function(name), lambda *numbers: primitive.compute(*map(float, numbers)))
