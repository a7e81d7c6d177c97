"""Symbol: a node of a trace, which has no number."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ClassVar, NoReturn, final

import numpy as np

from autodiff.anomaly import user_line
from autodiff.errors import TraceError
from autodiff.methods import add_methods
from autodiff.modes import Origin, current_mode, is_recording
from autodiff.primitive import Primitive, real_number
from autodiff.rules import ABS, ADD, CEIL, DIV, FLOOR, MUL, NEG, POW, SUB
from autodiff.ufuncs import apply_ufunc
from autodiff.value import Value

lifted: ContextVar[Callable[[Value], Any]] = ContextVar("autodiff_lifted")
"""How the trace of this context turns a Value that its function closes over into a symbol."""

# What a branch may ask of a symbol: rows like those of the table, flat wherever they have a slope.
COMPARISONS = {
    compare: Primitive(ufunc.__name__, compare, ufunc, (0.0, 0.0), sign)
    for compare, ufunc, sign in (
        (operator.lt, np.less, "<"),
        (operator.le, np.less_equal, "≤"),
        (operator.gt, np.greater, ">"),
        (operator.ge, np.greater_equal, "≥"),
        (operator.eq, np.equal, "="),
        (operator.ne, np.not_equal, "≠"),
    )
}
# What is computed within no_grad() or detached: there, but without a slope.
DETACH = Primitive("detach", operator.pos, np.positive, (0.0,))


def _operator(primitive: Primitive, *, reflected: bool = False) -> Callable[[Any, Any], Any]:
    def operate(self: Symbol, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return primitive(other, self) if reflected else primitive(self, other)

    return operate


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
    """What a leaf stands for: a Value, a number, or the name of an argument; None for an operation."""

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
        return traced(primitive, operands)

    __add__, __radd__ = _operator(ADD), _operator(ADD, reflected=True)
    __sub__, __rsub__ = _operator(SUB), _operator(SUB, reflected=True)
    __mul__, __rmul__ = _operator(MUL), _operator(MUL, reflected=True)
    __truediv__, __rtruediv__ = _operator(DIV), _operator(DIV, reflected=True)
    __pow__, __rpow__ = _operator(POW), _operator(POW, reflected=True)
    __lt__, __le__ = _operator(COMPARISONS[operator.lt]), _operator(COMPARISONS[operator.le])
    __gt__, __ge__ = _operator(COMPARISONS[operator.gt]), _operator(COMPARISONS[operator.ge])
    __eq__ = _operator(COMPARISONS[operator.eq])
    __ne__ = _operator(COMPARISONS[operator.ne])
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

    def __bool__(self) -> NoReturn:
        raise _refusal("a branch on a value", "use where(condition, a, b), maximum or minimum")

    def __float__(self) -> NoReturn:
        raise _refusal("float() of a value", "keep to the functions of autodiff, or pass the number from outside")

    __int__ = __complex__ = __index__ = __float__

    @property
    def data(self) -> NoReturn:
        """Not there: a trace has no numbers."""
        raise _refusal(".data of a value", "keep to the functions of autodiff, or pass the number from outside")

    item = __float__

    def detach(self) -> Symbol:
        """The same number without a slope."""
        return traced(DETACH, (self,))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return apply_ufunc(ufunc, method, inputs, options)

    def __repr__(self) -> str:
        if self.primitive is not None:
            return f"Symbol({self.primitive.name} of {len(self.operands)})"
        return f"Symbol({self.label or self.source!r})"


def traced(primitive: Any, operands: tuple[Any, ...]) -> Symbol:
    """A symbol for an operation, or a comparison of Values, on symbols and what can be made one.

    It differs from record to record if one of its operands does.
    """
    primitive = COMPARISONS.get(primitive, primitive)
    operands = tuple([x if type(x) is Symbol or type(x) is float else _operand(x) for x in operands])
    if primitive.against_constant is not None and float in map(type, operands):
        primitive = primitive.against_constant
        operands = operands if type(operands[0]) is Symbol else operands[::-1]
    mode = current_mode()
    batched = any([type(x) is Symbol and x.batched for x in operands])
    symbol = Symbol(primitive, operands, batched=batched, origin=None if mode is None else mode.origin)
    return symbol if is_recording() or primitive is DETACH else traced(DETACH, (symbol,))


def _operand(operand: Any) -> Any:
    return lifted.get()(operand) if isinstance(operand, Value) else real_number(operand)


def _refusal(what: str, remedy: str) -> TraceError:
    return TraceError(f"{what} that is not known while compiling, at {user_line()}; {remedy}")


add_methods(Symbol)
