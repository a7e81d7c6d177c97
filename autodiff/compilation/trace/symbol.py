"""Symbol: a node of a trace, which has no number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from numbers import Number, Rational, Real
from threading import Lock
from typing import Any, ClassVar, NoReturn, final

import numpy as np

from autodiff.compilation.trace.stop_gradient import DETACH
from autodiff.conditions import AND, COMPARISONS, CONDITIONS, NOT_EQUAL, OR
from autodiff.errors import UnknownUfuncError
from autodiff.methods import Method, Operators, add_methods
from autodiff.modes import Origin, current_mode, current_tracer
from autodiff.primitive import Primitive, real_number
from autodiff.refusals import called_by_a_walk, is_function_running, refused
from autodiff.rules import IDENTITY
from autodiff.sources import user_line
from autodiff.ufuncs import apply_ufunc
from autodiff.value import Value

lifted: ContextVar[Callable[[Value], Any]] = ContextVar("autodiff_lifted")
"""Turns a Value that the traced function closes over into a symbol, in the trace of this context."""


_new = object.__new__
_LOGICAL = {
    np.logical_and: AND,
    np.bitwise_and: AND,
    np.logical_or: OR,
    np.bitwise_or: OR,
    np.logical_xor: NOT_EQUAL,
    np.bitwise_xor: NOT_EQUAL,
}
"""What NumPy's functions join conditions by."""
_REFUSED = (str, bytes, complex, list, tuple, dict, type(None))  # the primitive raises the error


def _operator(primitive: Primitive) -> Method:
    """The method behind an operator, for a symbol on the left."""
    if primitive in COMPARISONS:
        return _comparison(primitive)
    return _binary(primitive) if primitive.binary else _unary(primitive)


def _binary(primitive: Primitive) -> Method:
    def operate(self: Symbol, other: Any) -> Any:
        if type(other) is Symbol:  # the most common
            return traced(primitive, (self, other))
        return primitive(self, other) if _is_operand(other) else NotImplemented

    return operate


def _reflected(primitive: Primitive) -> Method:
    """The method behind an operator, for a symbol on the right."""

    def operate(self: Symbol, other: Any) -> Any:
        return primitive(other, self) if _is_operand(other) else NotImplemented

    return operate


def _unary(primitive: Primitive) -> Method:
    def operate(self: Symbol) -> Any:
        return primitive(self)

    return operate


def _comparison(primitive: Primitive) -> Method:
    def compare(self: Symbol, other: Any) -> Any:
        if _is_scalar(other) and _is_exact(other):
            return primitive(self, other)
        if isinstance(other, Number):  # its own comparison would not take a symbol
            _refused(f"how a value compares with {other!r}", "compare with a float")()
        return NotImplemented

    return compare


def _junction(primitive: Primitive) -> Method:
    def join(self: Symbol, other: Any) -> Any:
        return primitive(self, other) if _is_condition(self) and _is_condition(other) else NotImplemented

    return join


def _is_operand(other: Any) -> bool:
    """Whether the primitive takes it or refuses it; anything else may have an operator of its own."""
    return _is_scalar(other) or type(other) in _REFUSED


def _is_scalar(operand: Any) -> bool:
    return type(operand) in (Symbol, float, Value) or isinstance(operand, (Real, np.bool_))


def _is_exact(operand: Any) -> bool:
    """Whether a float holds the number exactly. Python compares other numbers without rounding them."""
    if type(operand) in (Symbol, float, Value) or not isinstance(operand, (Rational, np.longdouble)):
        return True
    try:
        return bool(float(operand) == operand)
    except OverflowError:
        return False


def _is_condition(operand: Any) -> bool:
    if type(operand) is Symbol:
        return operand.primitive in CONDITIONS
    return isinstance(operand, (bool, np.bool_))


def _refused(what: str, remedy: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any) -> NoReturn:
        raise refused(f"{what} is not known while compiling, at {user_line()}; {remedy}")

    return refuse


_NUMBER = "keep to the functions of autodiff, or close over the number instead of passing it as an argument"
_LOOKUP = _refused(
    "the hash of a value",
    "choose by autodiff.where(condition, a, b), or key by position, name or id; a symbol equals no key by its hash",
)
_BRANCH = (
    "use autodiff.where(condition, a, b), autodiff.maximum or autodiff.minimum, join conditions by & and |, make "
    "arrays by autodiff.array(a), or close over the number that decides"
)
_DERIVATIVE = (
    "differentiate a function of it by autodiff.grad, jvp or vjp, or compile it without and call backward or "
    "value_and_grad"
)


@final
class Symbol(Operators):
    """A scalar of a trace: an operation on other symbols, without a number.

    Operators and functions work as on a Value. A branch, `.data`, `float()` and whatever else needs the number raise
    TraceError (a TypeError). A comparison returns a symbol, for `where`.
    """

    __slots__ = ("batched", "label", "operands", "origin", "primitive", "source")

    precedence: ClassVar[int] = 1
    stamp: ClassVar[int] = 0  # a trace has no numbers that could be assigned

    batched: bool
    """It differs from record to record."""
    source: Any
    """Of a leaf: its Value, its number, or its place among the arguments. Of an operation: the primitive that a rule
    replaced by this and other operations, or None."""

    def __init__(
        self,
        primitive: Primitive | None,
        operands: tuple[Any, ...],
        *,
        batched: bool,
        source: Any = None,
        origin: Origin | None = None,
        label: str | None = None,
    ) -> None:
        self.primitive = primitive
        self.operands = operands
        self.batched = batched
        self.source = source
        self.origin = origin
        self.label = label

    @staticmethod
    def constant(number: float) -> Symbol:
        """A leaf with a known number."""
        return Symbol(None, (), batched=False, source=float(number))

    @staticmethod
    def record_operation(primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
        """A new symbol from operands of which one at least is a symbol; primitives call this."""
        if current_tracer() is None:
            raise refused(
                f"a symbol was used after its trace, in {primitive}, at {user_line()}; the compiled function kept one "
                "of its values: return what is needed later"
            )
        return traced(primitive, operands)

    __and__ = __rand__ = _junction(AND)
    __or__ = __ror__ = _junction(OR)
    __xor__ = __rxor__ = _junction(NOT_EQUAL)  # conditions are 1 or 0
    __hash__ = object.__hash__

    # Whatever needs the number is refused.
    __bool__ = _refused("the condition of a branch or of `in`", _BRANCH)
    __invert__ = _refused("~ of a value", "write condition == 0")
    __float__ = __int__ = __complex__ = _refused(
        "the number for float(), int() or an array",
        f"{_NUMBER}; autodiff.zeros(n) makes an array of Values",
    )
    __index__ = _refused(
        "the number for an index or range()",
        "choose an entry by autodiff.where(i == 0, a[0], ...), or close over the number instead of passing it as an "
        "argument",
    )
    __copy__ = __deepcopy__ = __reduce_ex__ = _refused("the number to copy", "use the value itself")
    item = _refused("item() of a value", _NUMBER)
    backward = _refused("the number that backward() starts from", _DERIVATIVE)
    data = property(_refused(".data of a value", _NUMBER), _refused(".data of a value", _NUMBER))
    _number = property(_refused("the number of a value", _NUMBER))
    grad = property(_refused(".grad of a value", _DERIVATIVE), _refused(".grad of a value", _DERIVATIVE))

    def __str__(self) -> str:
        return repr(self) if current_tracer() is None else format(float(self))

    def __format__(self, spec: str) -> str:
        return format(float(self), spec) if spec else str(self)

    def detach(self) -> Symbol:
        """The same number without a slope."""
        return traced(DETACH, (self,))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if ufunc in _LOGICAL and method == "__call__" and all(map(_is_condition, inputs)):
            return _LOGICAL[ufunc](*inputs)
        try:
            return apply_ufunc(ufunc, method, inputs, options)
        except UnknownUfuncError as error:
            raise refused(f"{error}, at {user_line()}") from None

    def __repr__(self) -> str:
        if self.primitive is not None:
            return f"Symbol({self.primitive.name} of {len(self.operands)})"
        if isinstance(self.label, str) and self.label:
            return f"Symbol({self.label!r})"
        if isinstance(self.source, (str, tuple)):
            return f"Symbol({self.source!r})"
        return f"Symbol({'constant' if isinstance(self.source, float) else 'parameter'})"


_lookups = Lock()
_traces_at_once = 0


def _guarded_hash(symbol: Symbol) -> int:
    """The hash. While a user's function runs, only the library's own tables get it."""
    if is_function_running() and not called_by_a_walk():
        _LOOKUP()
    return object.__hash__(symbol)


@contextmanager
def lookups_refused() -> Iterator[None]:
    """Within this block a user's function cannot look symbols up in sets and dicts.

    The guard exists only within such blocks, because passes of the compiler look symbols up by the million. It acts
    by context, so other threads are unaffected.
    """
    global _traces_at_once
    with _lookups:
        _traces_at_once += 1
        Symbol.__hash__ = _guarded_hash  # type: ignore[method-assign, assignment]  # guarded while a function runs
    try:
        yield
    finally:
        with _lookups:
            _traces_at_once -= 1
            if not _traces_at_once:
                Symbol.__hash__ = object.__hash__  # type: ignore[method-assign, assignment]  # as it was


def traced(primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
    """A symbol for an operation on symbols, Values and numbers.

    It differs from record to record if one of its operands does.
    """
    if not _OPERANDS.issuperset(map(type, operands)):
        lift = lifted.get(_refuse_values)
        operands = tuple(
            [
                x if type(x) is Symbol or type(x) is float else lift(x) if isinstance(x, Value) else real_number(x)
                for x in operands
            ]
        )
    if primitive.chooses and type(operands[0]) is float:  # a known condition: only the branch taken has an edge
        primitive, operands = IDENTITY, (operands[1 if operands[0] else 2],)
    mode = current_mode()
    symbol = operation(primitive, operands, None if mode is None else mode.origin)
    return symbol if mode is None or mode.recording or primitive is DETACH else traced(DETACH, (symbol,))


def operation(
    primitive: Primitive, operands: tuple[Any, ...], origin: Origin | None = None, label: str | None = None
) -> Symbol:
    """A symbol for an operation on symbols and floats; it differs from record to record if one of them does.

    Most symbols are made here; a call of the class takes twice the time.
    """
    symbol = _new(Symbol)
    symbol.primitive = primitive
    symbol.operands = operands
    symbol.batched = False
    for operand in operands:
        if type(operand) is Symbol and operand.batched:
            symbol.batched = True
            break
    symbol.source = None
    symbol.origin = origin
    symbol.label = label
    return symbol


def parameter(leaf: Value) -> Symbol:
    """A symbol for a leaf Value that the function closes over."""
    symbol = _new(Symbol)
    symbol.primitive = None
    symbol.operands = ()
    symbol.batched = False
    symbol.source = leaf
    symbol.origin = leaf.origin
    symbol.label = leaf._label
    return symbol


def _refuse_values(operand: Value) -> NoReturn:
    raise refused(
        f"the slope of a primitive reads {operand!r}, at {user_line()}; a slope may read only the result and the "
        "operands: make the Value an operand"
    )


add_methods(Symbol, _operator, _reflected)
_OPERANDS = frozenset({Symbol, float})
