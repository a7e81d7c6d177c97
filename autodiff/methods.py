"""The methods of every kind of node: Python's operators and named functions, made from the rows of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np

from autodiff.arrays.value_array import function_of_scalars
from autodiff.compositions import rounded, trunc
from autodiff.conditions import COMPARISONS
from autodiff.errors import OptionTypeError
from autodiff.primitive import Primitive
from autodiff.rules import MAXIMUM, MINIMUM, PRIMITIVES

if TYPE_CHECKING:
    from typing import Self, TypeAlias

    from numpy.typing import NDArray

    Real: TypeAlias = float | np.number[Any]
    Array: TypeAlias = NDArray[Any]
    Node = TypeVar("Node", bound="Operators")

    @overload
    def _binary(self: Node, other: Node | Real, /) -> Node: ...
    @overload
    def _binary(self: Node, other: Array, /) -> Array: ...
    def _binary(self: Any, other: Any, /) -> Any: ...


Method = Callable[..., Any]


class Operators:
    """Python's operators on every kind of node. `add_methods` adds those that are declared for type checkers.

    A test holds the declarations to the rows.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = _binary
        __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = _binary

        def __neg__(self) -> Self: ...
        def __abs__(self) -> Self: ...
        def __floor__(self) -> Self: ...
        def __ceil__(self) -> Self: ...
        def fabs(self) -> Self:
            """The absolute value, under the name that np.fabs calls on entries of object arrays."""

        def __lt__(self, other: Self | Real, /) -> bool: ...
        def __le__(self, other: Self | Real, /) -> bool: ...
        def __gt__(self, other: Self | Real, /) -> bool: ...
        def __ge__(self, other: Self | Real, /) -> bool: ...
        def __eq__(self, other: object, /) -> bool: ...
        def __ne__(self, other: object, /) -> bool: ...

    def __pos__(self) -> Self:
        return self

    def __array_function__(self, func: Method, types: Any, args: Any, kwargs: Any) -> Any:
        return function_of_scalars(func, args, kwargs)

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return other // self, other % self

    def __round__(self, ndigits: int | None = None) -> Self:
        return rounded(self, ndigits or 0)  # type: ignore[no-any-return]  # an operation on a node gives a node

    def __trunc__(self) -> Self:
        return trunc(self)  # type: ignore[no-any-return]  # likewise

    def round(self, decimals: int = 0, out: None = None) -> Self:
        """This number rounded to `decimals`, halves to even. np.round passes `out`."""
        return rounded(self, decimals)  # type: ignore[no-any-return]  # likewise

    def conjugate(self) -> Self:
        """This number, which is real."""
        return self

    @property
    def real(self) -> Self:
        """This number, which is real."""
        return self

    @property
    def imag(self) -> float:
        """0.0: this number is real."""
        return 0.0

    def clip(self, low: Any, high: Any, out: None = None) -> Self:
        """This number kept within `low` and `high`. np.clip passes `out`."""
        return MINIMUM(MAXIMUM(self, low), high)


def add_methods(
    node_type: type, operator: Callable[[Primitive], Method], reflected: Callable[[Primitive], Method]
) -> None:
    """Make every row of a fixed number of operands a method of `node_type`, and an operator where it names one.

    `operator` makes the method for a node on the left, `reflected` for one on the right. NumPy calls the named ones
    on the elements of object arrays: `np.arctan(values)` asks for `.arctan`.
    """
    for row in (*PRIMITIVES.values(), *COMPARISONS):
        for name in row.methods:
            _add(node_type, name, row, _without_modulo(operator(row)) if name == "__pow__" else operator(row))
        if row.reflected:
            _add(node_type, row.reflected, row, reflected(row))
    for row in PRIMITIVES.values():
        if row.arity is not None and not row.chooses:
            for name in {row.name, row.array.__name__ if isinstance(row.array, np.ufunc) else row.name}:
                if not hasattr(node_type, name):
                    _add(node_type, name, row, _named(row))


def _add(node_type: type, name: str, primitive: Primitive, method: Method) -> None:
    method.__name__ = name
    method.__qualname__ = f"{node_type.__name__}.{name}"
    method.__doc__ = f"The operation `{primitive.name}` of this node."
    setattr(node_type, name, method)


def _without_modulo(power: Method) -> Method:
    def method(self: Any, other: Any, modulo: Any = None) -> Any:
        if modulo is not None:
            raise OptionTypeError(
                f"pow() of a Value takes two arguments, got the third {modulo!r}; write x**y % modulo"
            )
        return power(self, other)

    return method


def _named(primitive: Primitive) -> Method:
    def method(self: Any, *others: Any) -> Any:
        return primitive(self, *others)

    return method
