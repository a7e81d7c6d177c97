"""NumPy's ufuncs on arrays of Values: each entry as the scalar function has it."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any

import numpy as np

from autodiff.arrays import accumulation, logic, products, reductions
from autodiff.arrays.entries import along, objects
from autodiff.arrays.options import checked_options, unknown, written
from autodiff.arrays.value_array import wrapped
from autodiff.primitive import Primitive, is_node, map_elements
from autodiff.rules import ADD, DIV, MUL, NEG, POW, SUB
from autodiff.ufuncs import COMPOSED, OPERATOR_OF, PRIMITIVE_OF

# Operators record at half the price of a primitive, which looks for the kinds of its operands.
_OPERATORS: dict[Any, Callable[..., Any]] = {
    ADD: operator.add,
    SUB: operator.sub,
    MUL: operator.mul,
    DIV: operator.truediv,
    NEG: operator.neg,
    POW: operator.pow,
}
_REDUCTIONS: dict[np.ufunc, Callable[..., Any]] = {
    np.add: reductions.total,
    np.multiply: reductions.product,
    np.maximum: reductions.largest,
    np.minimum: reductions.smallest,
    np.logaddexp: reductions.log_sum_exp,
    np.logical_and: logic.all_of,
    np.logical_or: logic.any_of,
}
_ACCUMULATIONS = {np.add: accumulation.running_sum, np.multiply: accumulation.running_product}
_WHOLE = {np.matmul: products.matrix_product, np.vecdot: products.row_products}


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """What a ufunc, or a method of it, gives where an input is an array of Values.

    Raises UnknownUfuncError (a TypeError) for one that has no primitive, and for options that are not honored.
    """
    name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
    left, out = checked_options(name, options)
    if method == "__call__" and not left:
        return written(name, _called(ufunc, inputs), out)
    if method == "reduce" and ufunc in _REDUCTIONS:
        return written(name, wrapped(_REDUCTIONS[ufunc](*inputs, **{"axis": 0} | left)), out)
    if method == "accumulate":
        return written(name, wrapped(_accumulated(ufunc, *inputs, **left)), out)
    if method == "outer" and len(inputs) == 2 and not left:
        a, b = map(objects, inputs)
        return written(name, _called(ufunc, (a.reshape(a.shape + (1,) * b.ndim), b)), out)
    with_options = f" with {', '.join(left)}=" if left else ""
    raise unknown(f"np.{name}{with_options} is not known on arrays of Values; call np.{ufunc.__name__}(...) plainly")


def _called(ufunc: np.ufunc, inputs: tuple[Any, ...]) -> Any:
    primitive = PRIMITIVE_OF.get(ufunc)
    if primitive is not None:
        return _applied(primitive, inputs)
    if ufunc is np.divmod:
        return _called(np.floor_divide, inputs), _called(np.remainder, inputs)
    if ufunc in _WHOLE:
        return wrapped(_WHOLE[ufunc](*inputs))
    if ufunc in OPERATOR_OF:
        return logic.truths(map_elements(OPERATOR_OF[ufunc], inputs))
    if ufunc in logic.CONDITIONS:
        return logic.truths(map_elements(logic.CONDITIONS[ufunc], inputs))
    if _is_a_python_function(ufunc):
        made = ufunc(*map(objects, inputs))
        return tuple(map(_ours, made)) if ufunc.nout > 1 else _ours(made)
    return _mapped(COMPOSED.get(ufunc, ufunc), inputs)  # a Value has the last word on a ufunc that is not known


def _applied(primitive: Primitive, inputs: tuple[Any, ...]) -> Any:
    # Of two constants the primitive decides: Python has complex powers, and divides by no 0.
    if primitive not in _OPERATORS or (primitive is POW and not any(map(_is_recorded, inputs))):
        return wrapped(map_elements(primitive, inputs))
    try:
        return wrapped(map_elements(_OPERATORS[primitive], inputs))
    except ZeroDivisionError:
        return wrapped(map_elements(primitive, inputs))


def _is_a_python_function(ufunc: np.ufunc) -> bool:
    """Whether np.vectorize or np.frompyfunc made it: it calls a function of the user's on the Values themselves."""
    return all(set(loop) <= {"O", "-", ">"} for loop in ufunc.types)


def _ours(made: Any) -> Any:
    """An array of ours where there is a Value in it."""
    return wrapped(made) if any(map(is_node, objects(made).ravel().tolist())) else made


def _is_recorded(operand: Any) -> bool:
    """Whether every entry is a node."""
    kinds = set(map(type, objects(operand).ravel().tolist()))
    return not any(issubclass(kind, Real) for kind in kinds)


def _mapped(function: Callable[..., Any], inputs: tuple[Any, ...]) -> Any:
    return logic.truths(map_elements(function, inputs))


def _accumulated(ufunc: np.ufunc, given: Any, axis: int = 0) -> Any:
    if ufunc in _ACCUMULATIONS:
        return _ACCUMULATIONS[ufunc](given, axis)
    return along(lambda row: [*itertools.accumulate(row, ufunc)], given, axis)
