"""Symbol: a node of a trace, which has no number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from numbers import Number, Rational, Real
from threading import Lock
from typing import Any, ClassVar, NoReturn, final

import numpy as np

from autodiff.compilation.trace.stop_gradient import (
    AND,
    COMPARISONS,
    CONDITIONS,
    DETACH,
    EQUAL,
    GREATER,
    GREATER_EQUAL,
    LESS,
    LESS_EQUAL,
    LOGICAL,
    NOT_EQUAL,
    OR,
)
from autodiff.errors import UnknownUfuncError
from autodiff.methods import add_methods
from autodiff.modes import Origin, current_mode, current_tracer
from autodiff.primitive import Primitive, real_number
from autodiff.refusals import called_by_a_walk, is_function_running, refused
from autodiff.rules import ABS, ADD, CEIL, DIV, FLOOR, IDENTITY, MAXIMUM, MINIMUM, MUL, NEG, POW, SUB
from autodiff.sources import user_line
from autodiff.ufuncs import apply_ufunc
from autodiff.value import Value

lifted: ContextVar[Callable[[Value], Any]] = ContextVar("autodiff_lifted")
"""How the trace of this context turns a Value that its function closes over into a symbol."""


Operator = Callable[[Any, Any], Any]

_new = object.__new__
_REFUSED = (str, bytes, complex, list, tuple, dict, type(None))  # the primitive says why


def _operator(primitive: Primitive, *, reflected: bool = False) -> Operator:
    def operate(self: Symbol, other: Any) -> Any:
        if type(other) is Symbol and not reflected:  # the most common
            return traced(primitive, (self, other))
        if not (_is_scalar(other) or type(other) in _REFUSED):
            return NotImplemented
        return primitive(other, self) if reflected else primitive(self, other)

    return operate


def _comparison(primitive: Primitive) -> Operator:
    def compare(self: Symbol, other: Any) -> Any:
        if _is_scalar(other) and _is_exact(other):
            return primitive(self, other)
        if isinstance(other, Number):  # of a kind that compares with numbers and not with symbols
            _refused(f"how a value compares with {other!r}", "compare with a float")()
        return NotImplemented

    return compare


def _junction(primitive: Primitive) -> Operator:
    def join(self: Symbol, other: Any) -> Any:
        return primitive(self, other) if _is_condition(self) and _is_condition(other) else NotImplemented

    return join


def _is_scalar(operand: Any) -> bool:
    return type(operand) in (Symbol, float, Value) or isinstance(operand, (Real, np.bool_))


def _is_exact(operand: Any) -> bool:
    """Whether a number is itself as a float; Python compares others without rounding them."""
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
    "what a set or dict finds",
    "choose by where(condition, a, b), or key by position, name or id; a symbol equals no key by its hash",
)
_BRANCH = (
    "use where(condition, a, b), maximum or minimum, join conditions by & and |, compare entries of arrays one by one, "
    "or close over the number that decides"
)
_DERIVATIVE = (
    "differentiate a function of it by grad, jvp or vjp, or compile without and call backward or value_and_grad"
)


@final
class Symbol:
    """A scalar of a trace: how it is computed, but not what it is.

    Operators and functions work as on a Value. What would need the number raises TraceError (a
    TypeError): a branch, `.data`, `float()`. A comparison gives a symbol, for `where`.
    """

    __slots__ = ("batched", "label", "operands", "origin", "primitive", "source")

    precedence: ClassVar[int] = 1
    stamp: ClassVar[int] = 0  # a trace has no numbers that could be assigned

    batched: bool
    """It differs from record to record."""
    source: Any
    """What a leaf stands for: a Value, a number, or the place of an argument; of an operation, the primitive that it
    was made for with others, or None."""

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
        """A leaf that stands for a number."""
        return Symbol(None, (), batched=False, source=float(number))

    @staticmethod
    def record_operation(primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
        """A new symbol from operands of which one at least is a symbol; primitives call this."""
        if current_tracer() is None:
            raise refused(
                f"a symbol was used after its trace, in {primitive}, at {user_line()}; a function that was compiled "
                "has kept one of its values for later: return what is needed"
            )
        return traced(primitive, operands)

    __add__, __radd__ = _operator(ADD), _operator(ADD, reflected=True)
    __sub__, __rsub__ = _operator(SUB), _operator(SUB, reflected=True)
    __mul__, __rmul__ = _operator(MUL), _operator(MUL, reflected=True)
    __truediv__, __rtruediv__ = _operator(DIV), _operator(DIV, reflected=True)
    __pow__, __rpow__ = _operator(POW), _operator(POW, reflected=True)
    __lt__, __le__ = _comparison(LESS), _comparison(LESS_EQUAL)
    __gt__, __ge__ = _comparison(GREATER), _comparison(GREATER_EQUAL)
    __eq__, __ne__ = _comparison(EQUAL), _comparison(NOT_EQUAL)
    __and__ = __rand__ = _junction(AND)
    __or__ = __ror__ = _junction(OR)
    __xor__ = __rxor__ = _junction(NOT_EQUAL)  # conditions are 1 or 0
    __hash__ = object.__hash__

    def __neg__(self) -> Any:
        return NEG(self)

    def __pos__(self) -> Symbol:
        return self

    def __abs__(self) -> Any:
        return ABS(self)

    def __floor__(self) -> Any:
        return FLOOR(self)

    def __ceil__(self) -> Any:
        return CEIL(self)

    # What would need the number.
    __bool__ = _refused("what a branch or `in` decides by", _BRANCH)
    __invert__ = _refused("~ of a value", "write condition == 0")
    __float__ = __int__ = __complex__ = __index__ = _refused("what float(), int() or range() takes", _NUMBER)
    __round__ = __trunc__ = _refused("what is rounded", "use floor or ceil")
    __copy__ = __deepcopy__ = __reduce_ex__ = _refused("what a copy would hold", "use the value itself")
    item = _refused("item() of a value", _NUMBER)
    backward = _refused("the number that backward() starts from", _DERIVATIVE)
    data = property(_refused(".data of a value", _NUMBER), _refused(".data of a value", _NUMBER))
    _number = property(_refused("the number of a value", _NUMBER))
    grad = property(_refused(".grad of a value", _DERIVATIVE), _refused(".grad of a value", _DERIVATIVE))

    def __str__(self) -> str:
        return repr(self) if current_tracer() is None else format(float(self))

    def __format__(self, spec: str) -> str:
        return format(float(self), spec) if spec else str(self)

    def clip(self, low: Any, high: Any, **_: None) -> Any:
        """This kept within `low` and `high`; np.clip passes `out=None` as well."""
        return MINIMUM(MAXIMUM(self, low), high)

    def fabs(self) -> Any:
        """|x|, under the name by which np.fabs asks the elements of object arrays for it."""
        return ABS(self)

    def detach(self) -> Symbol:
        """The same number without a slope."""
        return traced(DETACH, (self,))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if ufunc in LOGICAL and method == "__call__" and all(map(_is_condition, inputs)):
            return LOGICAL[ufunc](*inputs)
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
    """The hash, for the library's own tables alone where the function of a user runs."""
    if is_function_running() and not called_by_a_walk():
        _LOOKUP()
    return object.__hash__(symbol)


@contextmanager
def lookups_refused() -> Iterator[None]:
    """While the function of a user runs on symbols in this block, sets and dicts of its own refuse them.

    The guard is put in place for these blocks alone: passes of the compiler look symbols up by the million. Whom it
    refuses depends on the context, so that other threads are not disturbed.
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


def traced(primitive: Any, operands: tuple[Any, ...]) -> Symbol:
    """A symbol for an operation, or a comparison of Values, on symbols and what can be made one.

    It differs from record to record if one of its operands does.
    """
    primitive = COMPARISONS.get(primitive, primitive)
    if not _OPERANDS.issuperset(map(type, operands)):
        operands = tuple([x if type(x) is Symbol or type(x) is float else _operand(x) for x in operands])
    if primitive.chooses and type(operands[0]) is float:  # known, so that only the branch taken has an edge
        primitive, operands = IDENTITY, (operands[1 if operands[0] else 2],)
    mode = current_mode()
    symbol = operation(primitive, operands, None if mode is None else mode.origin)
    return symbol if mode is None or mode.recording or primitive is DETACH else traced(DETACH, (symbol,))


def operation(
    primitive: Primitive, operands: tuple[Any, ...], origin: Origin | None = None, label: str | None = None
) -> Symbol:
    """A symbol for an operation on symbols and floats; it differs from record to record if one of them does.

    Most symbols are made here, in half the time that a call of the class takes.
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


def _operand(operand: Any) -> Any:
    if not isinstance(operand, Value):
        return real_number(operand)
    lift = lifted.get(None)
    if lift is None:
        raise refused(
            f"{operand!r} was met in the slope of a primitive, at {user_line()}; a slope takes the result and the "
            "operands alone: make the Value an operand"
        )
    return lift(operand)


add_methods(Symbol)
_OPERANDS = frozenset({Symbol, float})
