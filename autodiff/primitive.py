"""A primitive operation: its name, how to evaluate it, and its local slopes.

Everything that knows calculus reads this record; nothing else states a derivative.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, TypeVar, overload

import numpy as np

from autodiff.arrays.value_array import ValueArray, wrapped
from autodiff.errors import CoercionError, RangeError
from autodiff.notation.latex_forms import Form

Operand = TypeVar("Operand")
"""A number, a Value, a symbol, or an array of these."""

Partial = Callable[..., Any] | float
"""The slope of the result along one operand, as `partial(out, *operands)`, or as a number where it is constant."""

Slopes = Callable[..., Sequence[Any]]
"""All the slopes of an operation of any number of operands, as `slopes(out, *operands)`."""


def no_edge(*_: Any) -> None:
    """The slope along an operand that is cut off: not 0, for infinity times 0 is nan."""


@dataclass(frozen=True, eq=False)
class Primitive:
    r"""One row of the table of operations: its name, how to evaluate it, and its local slopes.

    Make your own with `define_primitive`, which checks them.

    Parameters
    ----------
    name : str
    evaluate : callable
        Takes and returns Python floats; may raise what `math` raises.
    array : callable
        The same function on float arrays and scalars of NumPy. It decides what IEEE arithmetic returns where `evaluate`
        raises.
    partials : tuple of callable or float, or callable
        One function `partial(out, *operands)`, or one number, for each operand; where the number of operands varies,
        one function that returns all the slopes. Slopes are written with operators and other primitives, so that
        floats, Values and symbols of a trace flow through the same row.
    symbol : str
        The text of the operation in a drawing; the name where empty.
    composed : bool
        `array` is written in operations of the table, so that back ends and the page's script can trace it.
    chooses : bool
        The result is one of the operands after the first, as the first decides; the others get no edge.
    methods : tuple of str
        Other names by which Python and NumPy call the method of a node that records this, such as ``__add__``.
    reflected : str
        The name by which Python calls the method of a node on the right, such as ``__radd__``.
    latex : str or tuple
        The command that LaTeX writes the function with, such as ``\sigma``, or a form of `latex_forms`. Without it
        formulas show ``\operatorname`` and the name.
    sympy : str or callable
        A function of SymPy by name, or `form(sympy, *operands)`. Without it SymPy gets an undefined function that can
        be evaluated, and not be simplified.
    python : callable, optional
        The same function in Python's operators alone, on any kind of number. Without it `autodiff.testing` looks for
        a function of this name in the other library.
    hint : str
        What usually mends a nan or an infinity that this makes. Without it `AnomalyError` and `viz.culprits` name the
        operation and no remedy.
    activation : bool
        It counts as the activation of a neuron wherever it reads a sum. Otherwise only within the scope of a neuron.
    limits : tuple of float, optional
        The largest slope of an activation, and the two numbers that it stays between. Without it `viz.culprits` does
        not look for units that are saturated.

    Examples
    --------
    >>> from autodiff import Value
    >>> y = Value(3.0) * 2.0
    >>> y.primitive, y.primitive.arity
    (<primitive mul>, 2)
    """

    name: str
    evaluate: Callable[..., float]
    array: Callable[..., Any]
    partials: tuple[Partial, ...] | Slopes
    symbol: str = ""
    composed: bool = False
    chooses: bool = False

    methods: tuple[str, ...] = ()
    reflected: str = ""

    latex: str | Form = ""
    sympy: str | Callable[..., Any] = ""
    python: Callable[..., Any] | None = None
    hint: str = ""
    activation: bool = False
    limits: tuple[float, float, float] | None = None

    binary: bool = field(init=False)
    """Whether there are two operands, always: sweeps take a short cut for these."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "binary", self.arity == 2)

    @property
    def arity(self) -> int | None:
        """The number of operands, or None where it varies."""
        return len(self.partials) if isinstance(self.partials, tuple) else None

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __copy__(self) -> Primitive:
        return self  # primitives compare by identity

    def __deepcopy__(self, memo: object) -> Primitive:
        return self

    @overload
    def __call__(self, first: Operand, /, *others: Any) -> Operand: ...
    @overload
    def __call__(self, *operands: Any) -> Any: ...
    def __call__(self, *operands: Any) -> Any:
        """Apply to floats, NumPy numbers and arrays, Values, or arrays of Values, and return the same kind."""
        for operand in operands:
            if type(operand) is not float:
                return self._apply_by_kind(operands)
        return self.compute(*operands)

    def compute(self, *numbers: float) -> float:
        """The result for Python floats, with IEEE values where `evaluate` raises.

        Parameters
        ----------
        *numbers : float
            One for each operand.

        Returns
        -------
        float
        """
        try:
            return self.evaluate(*numbers)
        except (ArithmeticError, ValueError):
            return float(self._on_arrays(*map(np.float64, numbers)))

    def _apply_by_kind(self, operands: tuple[Any, ...]) -> Any:
        kinds = set(map(type, operands))
        if not _ARRAYS.isdisjoint(kinds):
            return self._elementwise(operands)
        nodes: list[Any] = [kind for kind in kinds if _is_node_type(kind)]
        if nodes:
            return max(nodes, key=_precedence).record_operation(self, operands)
        if any(isinstance(operand, (np.generic, np.ndarray)) for operand in operands):
            return self._on_arrays(*operands)
        return self.compute(*map(real_number, operands))

    def _elementwise(self, operands: tuple[Any, ...]) -> Any:
        arrays = [operand for operand in operands if isinstance(operand, np.ndarray)]
        recorded = any(array.dtype == object for array in arrays)
        if recorded or any(map(is_node, operands)):
            return wrapped(map_elements(self, operands))
        return self._on_arrays(*operands)

    def _on_arrays(self, *arrays: Any) -> Any:
        with np.errstate(all="ignore"):
            return self.array(*arrays)


_ARRAYS = frozenset({np.ndarray, ValueArray})


def is_node(scalar: Any) -> bool:
    """Whether a scalar is a node, of any kind, and not a number."""
    return _is_node_type(type(scalar))


def _is_node_type(kind: Any) -> bool:
    return hasattr(kind, "record_operation")


def _precedence(node_type: Any) -> int:
    return node_type.precedence  # type: ignore[no-any-return]  # every kind of node has one


def map_elements(function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """`function` on each element of the operands, broadcast: an object array, or one result if all are scalars."""
    shapes = {operand.shape for operand in operands if isinstance(operand, np.ndarray)}
    if len(shapes) == 1 and () not in shapes and all(map(_is_array_or_scalar, operands)):
        (shape,) = shapes  # a loop of Python's is as fast as one of the user's, and NumPy's is not
        columns = [x.ravel().tolist() if isinstance(x, np.ndarray) else itertools.repeat(x) for x in operands]
        return np.fromiter(map(function, *columns), dtype=object, count=math.prod(shape)).reshape(shape)
    boxed = [_boxed(operand) for operand in operands]
    with np.errstate(all="ignore"):
        return np.frompyfunc(function, len(boxed), 1)(*boxed)


def _is_array_or_scalar(operand: Any) -> bool:
    """Whether it is an array of numbers that Python has, or of objects, or one float or node."""
    if isinstance(operand, np.ndarray):
        return bool(operand.dtype != np.longdouble)
    return type(operand) is float or is_node(operand)


def _boxed(operand: Any) -> Any:
    """An operand as an array whose entries do not dispatch to Values: a longdouble would call the function again."""
    if isinstance(operand, np.longdouble) or getattr(operand, "dtype", None) == np.longdouble:
        return np.asarray(operand, dtype=float)
    return np.asarray(operand) if isinstance(operand, np.ndarray) else np.array(operand, dtype=object)


def real_number(given: Any) -> float:
    """`given` as a Python float.

    Raises CoercionError (a TypeError) for anything that is not one real number, and RangeError (an
    OverflowError) for an integer beyond the floats.
    """
    if isinstance(given, np.ma.MaskedArray) and np.ma.is_masked(given):
        raise CoercionError(
            "expected one real number, got a masked one; choose what to put in its place with filled(...)"
        )
    if getattr(given, "dtype", None) is not None and given.dtype.kind == "m":
        raise CoercionError(f"expected one real number, got the time {given!r}; divide it by a unit, as in t / second")
    if isinstance(given, np.ndarray) and given.size == 1:
        given = given.item()
    if not isinstance(given, (Real, np.bool_)):
        raise CoercionError(_not_a_number(given))
    try:
        return float(given)
    except OverflowError as error:
        raise RangeError(
            f"expected a number within the range of float64, about ±1.8e308, got a larger {type(given).__name__}; "
            "scale it, or take its logarithm"
        ) from error


def number_or_foreign(other: Any) -> Any:
    """A number as a float; NotImplemented for a type that may have an operator of its own for nodes.

    Raises CoercionError (a TypeError) for builtin types that are no real number.
    """
    if (
        isinstance(other, (Real, np.bool_))
        or other is None
        or other is np.ma.masked
        or type(other) in (str, bytes, complex, list, tuple, dict)
    ):
        return real_number(other)
    return NotImplemented


_SEQUENCE = "; make an array with autodiff.array(...), or use autodiff.sum, autodiff.dot or autodiff.mean"


def _not_a_number(given: Any) -> str:
    if isinstance(given, np.ndarray):
        return (
            f"expected one real number, got an array of shape {given.shape}; a Value is a scalar: "
            "make an array of Values with autodiff.array(...)"
        )
    if is_node(given):
        return f"expected one real number, got {given!r}, which is a node of a graph already; use it as it is"
    remedy = {
        str: "; convert text with float(...) first",
        complex: "; take .real and .imag as two Values",
        list: _SEQUENCE,
        tuple: _SEQUENCE,
    }.get(type(given), "; pass a float, an integer or a scalar of NumPy")
    shown = repr(given)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"expected one real number, got {shown} of type {type(given).__name__}{remedy}"
