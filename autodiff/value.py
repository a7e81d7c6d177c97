"""Value: a scalar that remembers how it was made."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from numbers import Real
from typing import Any, ClassVar, final

import numpy as np

from autodiff import reverse
from autodiff.errors import CoercionError, GraphCutError
from autodiff.modes import Origin, current_mode
from autodiff.primitive import Primitive, real_number
from autodiff.rules import ABS, ADD, DIV, MAXIMUM, MINIMUM, MUL, NEG, POW, PRIMITIVES, SUB
from autodiff.ufuncs import apply_ufunc

_ticks = itertools.count(1)
_now = 0  # moves on whenever somebody's data is assigned; nodes are stamped with it

_new = object.__new__

Operator = Callable[["Value", Any], "Value"]
Comparison = Callable[["Value", Any], bool]


def _binary_operator(primitive: Primitive, *, reflected: bool = False) -> Operator:
    """The method behind an operator. The common operands are recorded here at once: this is the hot path."""
    evaluate = primitive.evaluate

    def operate(self: Value, other: Any) -> Any:
        kind = type(other)
        if kind is not Value and kind is not float:
            other = _foreign_operand(other)
            if other is NotImplemented:
                return NotImplemented
        left, right = (other, self) if reflected else (self, other)
        mode = current_mode()
        if mode is not None:
            return record(primitive, (left, right))
        try:
            data = evaluate(
                left.number if type(left) is Value else left, right.number if type(right) is Value else right
            )
        except (ArithmeticError, ValueError):
            return record(primitive, (left, right))
        node: Value = _new(Value)
        node.number = data
        node.grad = 0.0
        node.label = None
        node.primitive = primitive
        node.operands = (left, right)
        node.origin = None
        node.stamp = _now
        return node

    operate.__name__ = f"__r{primitive.name}__" if reflected else f"__{primitive.name}__"
    return operate


def _comparison(compare: Callable[[Any, Any], bool]) -> Comparison:
    def method(self: Value, other: Any) -> Any:
        if isinstance(other, Value):
            other = other.number
        elif not isinstance(other, Real):
            return NotImplemented
        return compare(self.number, other)

    method.__name__ = f"__{compare.__name__}__"
    return method


@final
class Value:
    """One real number that records the operations applied to it.

    `Value(data, label=None)` makes a leaf. Operators and the functions of `autodiff` make interior
    nodes, which hold their `primitive` and their ordered `operands`; `backward()` then fills `grad`.
    Equality and order compare the numbers, hashing is by identity.

    Raises CoercionError (a TypeError) unless `data` is one real number.

    >>> x = Value(3.0, label="x")
    >>> y = x * x + 2 * x
    >>> y.backward()
    >>> y.data, x.grad
    (15.0, 8.0)
    """

    __slots__ = ("grad", "label", "number", "operands", "origin", "primitive", "stamp")

    grad: float | Any
    """The derivative of the last swept root: added up over sweeps on a leaf, set by each on other nodes."""
    label: str | None
    operands: tuple[Value | float, ...]
    """What the operation read, in order; a float stands for a constant. Empty on a leaf."""
    primitive: Primitive | None
    origin: Origin | None
    stamp: int

    def __init__(self, data: Any, *, label: str | None = None, origin: Origin | None = None) -> None:
        if isinstance(data, Value):
            raise CoercionError("data is a Value already; use it as it is, or detach() for a leaf with its number")
        self.number = data if type(data) is float else real_number(data)
        self.grad = 0.0
        self.label = label
        self.operands = ()
        self.primitive = None
        self.origin = origin
        self.stamp = _now

    @property
    def data(self) -> float:
        """The number. Assigning to it is for leaves between graphs, as an optimiser does: a sweep over a
        graph that used the old number raises StaleGraphError."""
        return self.number

    @data.setter
    def data(self, number: Any) -> None:
        global _now
        self.number = number if type(number) is float else real_number(number)
        self.stamp = _now = next(_ticks)

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands that are Values, in order; `x * x` has two."""
        return tuple(operand for operand in self.operands if type(operand) is Value)

    def backward(self) -> None:
        """Sweep the graph below this node in reverse topological order.

        Adds the derivative of this node to the `grad` of every leaf and sets the `grad` of every other
        node, this one's to 1. Raises StaleGraphError if data changed since the graph was recorded.
        """
        reverse.backward(self)

    def detach(self) -> Value:
        """A new leaf with this number and label, cut off from the graph."""
        return Value(self.number, label=self.label)

    def item(self) -> float:
        """The number, as NumPy and PyTorch call it; the same as `data`."""
        return self.number

    def clip(self, low: Any, high: Any, out: None = None) -> Value:
        """This number kept within `low` and `high`; `out` is there because np.clip passes it."""
        return MINIMUM(MAXIMUM(self, low), high)  # type: ignore[no-any-return]  # primitives return what they get

    __add__: ClassVar[Operator] = _binary_operator(ADD)
    __radd__: ClassVar[Operator] = _binary_operator(ADD, reflected=True)
    __sub__: ClassVar[Operator] = _binary_operator(SUB)
    __rsub__: ClassVar[Operator] = _binary_operator(SUB, reflected=True)
    __mul__: ClassVar[Operator] = _binary_operator(MUL)
    __rmul__: ClassVar[Operator] = _binary_operator(MUL, reflected=True)
    __truediv__: ClassVar[Operator] = _binary_operator(DIV)
    __rtruediv__: ClassVar[Operator] = _binary_operator(DIV, reflected=True)
    __pow__: ClassVar[Operator] = _binary_operator(POW)
    __rpow__: ClassVar[Operator] = _binary_operator(POW, reflected=True)

    def __neg__(self) -> Value:
        return record(NEG, (self,))

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return record(ABS, (self,))

    __eq__: ClassVar[Comparison] = _comparison(operator.eq)
    __ne__: ClassVar[Comparison] = _comparison(operator.ne)
    __lt__: ClassVar[Comparison] = _comparison(operator.lt)
    __le__: ClassVar[Comparison] = _comparison(operator.le)
    __gt__: ClassVar[Comparison] = _comparison(operator.gt)
    __ge__: ClassVar[Comparison] = _comparison(operator.ge)
    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return self.number != 0.0

    def __float__(self) -> float:
        raise GraphCutError(f"float() of {self!r} would cut the graph without a word; use .data for the number")

    __int__ = __complex__ = __index__ = __float__

    def __repr__(self) -> str:
        shown = [f"data={self.number}", f"grad={_short(self.grad)}"]
        if self.label is not None:
            shown.append(f"label={self.label!r}")
        if self.primitive is not None:
            shown.append(f"op={self.primitive.name}")
        return f"Value({', '.join(shown)})"

    def __format__(self, spec: str) -> str:
        return format(self.number, spec) if spec else repr(self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return apply_ufunc(ufunc, method, inputs, options)

    @staticmethod
    def record_operation(primitive: Primitive, operands: tuple[Any, ...]) -> Value:
        """A new node from operands of which one at least is a Value; primitives call this."""
        return record(primitive, operands)


def _short(grad: Any) -> str:
    return f"<Value {grad.number}>" if isinstance(grad, Value) else str(grad)


def record(primitive: Primitive, operands: tuple[Any, ...]) -> Value:
    """Evaluate, and remember the operands unless recording is off in this context."""
    operands = tuple([x if type(x) is Value or type(x) is float else real_number(x) for x in operands])
    if primitive.against_constant is not None and float in map(type, operands):
        primitive = primitive.against_constant
        operands = operands if type(operands[0]) is Value else operands[::-1]
    numbers = [x.number if type(x) is Value else x for x in operands]
    node: Value = _new(Value)
    node.number = primitive.compute(*numbers)
    node.grad = 0.0
    node.label = None
    node.stamp = _now
    mode = current_mode()
    node.origin = None if mode is None else mode.origin
    if mode is None or mode.recording:
        node.primitive = primitive
        node.operands = _chosen(numbers, operands) if primitive.chooses else operands
    else:
        node.primitive = None
        node.operands = ()
    return node


def _chosen(numbers: list[float], operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """The operands of a choice with the one that was not taken turned into a constant."""
    condition, a, b = numbers
    return (condition, operands[1], b) if condition else (condition, a, operands[2])


def _foreign_operand(other: Any) -> Any:
    """A number of another type as a float; NotImplemented for types that may know what to do with a Value."""
    if isinstance(other, (Real, np.bool_)) or other is None or type(other) in (str, bytes, complex, list, tuple, dict):
        return real_number(other)
    return NotImplemented


def _method(primitive: Primitive) -> Callable[..., Value]:
    def method(self: Value, *others: Any) -> Value:
        return primitive(self, *others)  # type: ignore[no-any-return]  # a Value among the operands makes a Value

    method.__name__ = primitive.name
    method.__doc__ = f"`autodiff.{primitive.name}` of this Value."
    return method


def _add_methods() -> None:
    """Every function of a fixed number of operands is a method, under its own and under NumPy's name.

    NumPy calls the methods on the elements of object arrays: `np.arctan(values)` asks for `.arctan`.
    """
    for row in PRIMITIVES.values():
        if row.arity is not None and not row.chooses:
            method = _method(row)
            for name in {row.name, row.array.__name__ if isinstance(row.array, np.ufunc) else row.name}:
                if not hasattr(Value, name):
                    setattr(Value, name, method)


_add_methods()
