"""Value: a scalar that remembers how it was made."""

from __future__ import annotations

import itertools
import operator
from numbers import Number, Real
from typing import Any, ClassVar, SupportsFloat, final

import numpy as np

from autodiff import reverse
from autodiff.anomaly import check_number
from autodiff.conditions import COMPARISONS
from autodiff.display import value_card
from autodiff.errors import CoercionError, GraphCutError
from autodiff.methods import Method, Operators, add_methods
from autodiff.modes import Origin, current_mode, current_tracer
from autodiff.primitive import Primitive, is_node, number_or_foreign, real_number
from autodiff.refusals import refused
from autodiff.rules import IDENTITY
from autodiff.serialization.copying import copied, deep_copied
from autodiff.serialization.pickling import checked_state, reduced
from autodiff.sources import is_noting_sources, sourced, user_line
from autodiff.ufuncs import apply_ufunc

_ticks = itertools.count(1)
_now = 0  # advances whenever data is assigned; new nodes are stamped with it

_new = object.__new__
_CONSTANT = Origin(role="constant")


def _operator(primitive: Primitive) -> Method:
    """The method behind an operator, for a Value on the left."""
    if primitive in COMPARISONS:
        return _comparison(primitive)
    return _binary(primitive) if primitive.binary else _unary(primitive)


def _binary(primitive: Primitive) -> Method:
    """Most nodes are made here. The common operands of the common mode take the short way through `_node`."""
    evaluate = primitive.evaluate

    def operate(self: Value, other: Any) -> Any:
        kind = type(other)
        if kind is not Value and kind is not float:
            other = number_or_foreign(other)
            if other is NotImplemented:
                return NotImplemented
        mode = current_mode()
        if mode is None or mode.plain:
            try:
                number = evaluate(self._number, other._number if kind is Value else other)
            except (ArithmeticError, ValueError):  # the result is left to IEEE arithmetic
                return record(primitive, (self, other))
            node: Value = _new(Value)  # as `_node` does, without a call
            node._number = number
            node._grad = 0.0
            node._label = None
            node.primitive = primitive
            node.operands = (self, other)
            node.origin = None if mode is None else sourced(mode.origin) if mode.sources else mode.origin
            node.stamp = _now
            return node
        return record(primitive, (self, other))

    return operate


def _reflected(primitive: Primitive) -> Method:
    """The method behind an operator, for a Value on the right."""

    def operate(self: Value, other: Any) -> Any:
        other = number_or_foreign(other)
        return NotImplemented if other is NotImplemented else record(primitive, (other, self))

    return operate


def _unary(primitive: Primitive) -> Method:
    def operate(self: Value) -> Value:
        return record(primitive, (self,))

    return operate


def _node(primitive: Primitive | None, number: float, operands: tuple[Any, ...], origin: Origin | None) -> Value:
    node: Value = _new(Value)
    node._number = number
    node._grad = 0.0
    node._label = None
    node.primitive = primitive
    node.operands = operands
    node.origin = origin
    node.stamp = _now
    return node


def _comparison(condition: Primitive) -> Method:
    compare = getattr(operator, condition.methods[0])

    def method(self: Value, other: Any) -> Any:
        tracer = current_tracer()
        if type(other) is not float and not isinstance(other, (Value, Real)):  # the second question is slow
            if tracer is not None and isinstance(other, Number):
                _known(self)
            return NotImplemented
        if tracer is not None:
            return tracer(condition, (self, other))
        return compare(self._number, other._number if isinstance(other, Value) else other)

    return method


@final
class Value(Operators):
    """One real number that records the operations applied to it.

    `Value(data)` makes a leaf. Operators and the functions of `autodiff` make interior nodes, which hold their
    `primitive` and their ordered `operands`; `backward()` then fills `grad`. Equality and order compare the numbers,
    hashing is by identity. So `b in [a]` and `[a].index(b)` compare numbers too; look for a node itself in a set or a
    dict, or with `any(b is node for node in nodes)`.

    Parameters
    ----------
    data : float
        One real number: a float, an integer, or a scalar of NumPy.
    label : str, optional
        The name that pictures and messages show.
    origin : Origin, optional
        Where the node was made; models set it for their parameters.

    Attributes
    ----------
    grad : float
        The derivative of the last swept root: added up over sweeps on a leaf, set by each on other nodes.
    operands : tuple of Value or float
        The operands of the operation, in order; a float is a constant. Empty on a leaf.
    primitive : Primitive or None
        The operation; None on a leaf.
    origin : Origin or None

    Raises
    ------
    CoercionError
        A TypeError, unless `data` is one real number and `label` is text.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> y = x * x + 2 * x
    >>> y.backward()
    >>> y.data, x.grad
    (15.0, 8.0)
    """

    precedence: ClassVar[int] = 0
    """Which kind of node records an operation on several kinds: the highest."""
    __slots__ = ("_grad", "_label", "_number", "operands", "origin", "primitive", "stamp")

    _number: float
    """For the engine alone, which evaluates and sweeps; `data` is refused while compiling."""
    _grad: float | Any
    """For the engine alone, as sweeps assign it to every node."""
    _label: str | None
    operands: tuple[Value | float, ...]
    """The operands of the operation, in order; a float is a constant. Empty on a leaf."""
    primitive: Primitive | None
    origin: Origin | None
    stamp: int

    def __init__(self, data: SupportsFloat, *, label: str | None = None, origin: Origin | None = None) -> None:
        if isinstance(data, Value):
            raise CoercionError("data is a Value already; use it as it is, or detach() for a leaf with its number")
        self._number = data if type(data) is float else real_number(data)
        self._grad = 0.0
        self._label = None if label is None else _text(label)
        self.operands = ()
        self.primitive = None
        self.origin = sourced(None) if origin is None and is_noting_sources() else origin
        self.stamp = _now

    @property
    def data(self) -> float:
        """The number. Assign to it on leaves between graphs, as an optimizer does.

        A sweep over a graph that used the old number raises StaleGraphError.
        """
        return _known(self)

    @data.setter
    def data(self, number: SupportsFloat) -> None:
        global _now
        _known(self)  # a replay would not repeat the assignment
        self._number = number if type(number) is float else real_number(number)
        self.stamp = tick = next(_ticks)
        _now = tick if tick > _now else _now  # another thread may have moved it further since; no call is in between

    @property
    def grad(self) -> float | Any:
        """The derivative of the last swept root: added up over sweeps on a leaf, set by each on other nodes.

        Assign 0.0 to clear it. None, by which other libraries clear it, is kept, and counts as 0 in the next sweep.
        Raises CoercionError (a TypeError) for anything but a number or a Value.
        """
        return self._grad

    @grad.setter
    def grad(self, derivative: Any) -> None:
        self._grad = derivative if type(derivative) is float else _derivative(derivative)

    @property
    def label(self) -> str | None:
        """The name in pictures and messages, or None. Raises CoercionError (a TypeError) for anything but text."""
        return self._label

    @label.setter
    def label(self, label: str | None) -> None:
        self._label = None if label is None else _text(label)

    @property
    def is_constant(self) -> bool:
        """Whether this leaf is a constant that a derivative made, and not an input to differentiate along."""
        return self.origin == _CONSTANT  # a copy or an unpickled one too

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands that are Values, in order; `x * x` has two."""
        return tuple(operand for operand in self.operands if type(operand) is Value)

    def backward(self, *, create_graph: bool = False) -> None:
        """Fill `grad`: sweep the graph below this node in reverse topological order.

        It adds the derivative of this node to the `grad` of every leaf and sets the `grad` of every other node, this
        one's to 1.

        Parameters
        ----------
        create_graph : bool
            Make the gradients Values that can be differentiated again.

        Raises
        ------
        StaleGraphError
            If data changed since the graph was recorded.

        Examples
        --------
        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        _known(self)  # a sweep reads numbers
        reverse.backward(self, create_graph=create_graph)

    def detach(self) -> Value:
        """A new leaf with this number and label, cut off from the graph."""
        tracer = current_tracer()
        return Value(self._number, label=self.label) if tracer is None else tracer(IDENTITY, (self,)).detach()

    def item(self) -> float:
        """The number, as NumPy and PyTorch call it; the same as `data`."""
        return _known(self)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return _known(self) != 0.0

    def __float__(self) -> float:
        raise _cut(
            "float()",
            self,
            "use autodiff's functions in place of math's, .data for the number, and autodiff.zeros(n) for an array to "
            "assign Values into",
        )

    def __int__(self) -> int:
        raise _cut("int()", self, "use int(x.data) for the number, and autodiff.trunc(x) to record")

    def __complex__(self) -> complex:
        raise _cut("complex()", self, "use .data for the number")

    def __index__(self) -> int:
        raise _cut("the use as an index or in range()", self, "use int(x.data)")

    def __repr__(self) -> str:
        # Without numbers while compiling: a replay has others.
        shown = [f"data={self._number}", f"grad={_short(self.grad)}"] if current_tracer() is None else []
        if self.label is not None:
            shown.append(f"label={self.label!r}")
        if self.primitive is not None:
            shown.append(f"op={self.primitive.name}")
        return f"Value({', '.join(shown)})"

    def __str__(self) -> str:
        _known(self)
        return repr(self)

    def __format__(self, spec: str) -> str:
        return format(_known(self), spec) if spec else str(self)

    _repr_html_ = value_card
    __copy__ = copied
    __deepcopy__ = deep_copied
    __reduce_ex__ = reduced

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        fields = checked_state(self, state)
        self._number, self._grad, self._label, self.primitive, self.operands, self.origin, stale = fields
        self.stamp = -1 if stale else _now  # a graph that was stale stays stale in a process with other ticks

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return apply_ufunc(ufunc, method, inputs, options)

    @staticmethod
    def constant(number: float) -> Value:
        """A leaf for a derivative that is constant.

        Parameters
        ----------
        number : float

        Returns
        -------
        Value
            Its `is_constant` is True.
        """
        return Value(number, origin=_CONSTANT)

    @staticmethod
    def record_operation(primitive: Primitive, operands: tuple[Any, ...]) -> Value:
        """A new node; primitives call this.

        Parameters
        ----------
        primitive : Primitive
        operands : tuple of Value or float
            At least one is a Value.

        Returns
        -------
        Value
        """
        return record(primitive, operands)


def _known(value: Value) -> float:
    if current_tracer() is not None:
        raise refused(
            f"the number of {value!r} was read or assigned while compiling, at {user_line()}; a replay has another: "
            "keep to the functions of autodiff, or close over a number"
        )
    return value._number


def _cut(what: str, value: Value, remedy: str) -> GraphCutError:
    _known(value)
    return GraphCutError(f"{what} of {value!r} would silently cut the graph; {remedy}")


def _derivative(given: Any) -> Any:
    if given is None or type(given) is Value:
        return given
    if is_node(given):
        raise refused(f"a gradient was assigned while compiling, at {user_line()}; a replay would not: return it")
    return real_number(given)


def _text(label: Any) -> str:
    if not isinstance(label, str):
        raise CoercionError(f"a label is text, got {label!r} of type {type(label).__name__}; use str(...)")
    return label


def _short(grad: Any) -> str:
    return f"<Value {grad._number}>" if isinstance(grad, Value) else str(grad)


def record(primitive: Primitive, operands: tuple[Any, ...]) -> Value:
    """Evaluate, and remember the operands unless recording is off in this context."""
    mode = current_mode()
    if mode is not None and mode.tracer is not None:
        return mode.tracer(primitive, operands)  # type: ignore[no-any-return]  # a symbol, which acts as a Value
    if not _OPERANDS.issuperset(map(type, operands)):
        operands = tuple([x if type(x) is Value else real_number(x) for x in operands])
    numbers = [x._number if type(x) is Value else x for x in operands]
    try:
        number = primitive.evaluate(*numbers)
    except (ArithmeticError, ValueError):  # the result is left to IEEE arithmetic
        number = primitive.compute(*numbers)
    if primitive.chooses:
        operands = _chosen(numbers, operands)
    if mode is None:
        return _node(primitive, number, operands, None)
    if not mode.recording:
        return _node(None, number, (), mode.origin)
    node = _node(primitive, number, operands, mode.origin)
    if mode.sources or mode.anomaly:
        node.origin = sourced(mode.origin)
        if mode.anomaly:
            check_number(node)
    return node


def _chosen(numbers: list[float], operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """The operands of a choice with the one that was not taken turned into a constant."""
    condition, a, b = numbers
    return (condition, operands[1], b) if condition else (condition, a, operands[2])


add_methods(Value, _operator, _reflected)
_OPERANDS = frozenset({Value, float})
