"""Binding: the steps of a program as NumPy calls on views of given arrays, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autodiff.choice import WHERE
from autodiff.compilation.operands import Array, Call, Operands, without_axes
from autodiff.compilation.products import bind_batch_dot, bind_batch_sum, bind_dot
from autodiff.compilation.program import Rows, Step
from autodiff.compilation.reductions import BATCH_DOT, BATCH_SUM
from autodiff.compilation.shares import LARGEST
from autodiff.compilation.views import shared_dimensions
from autodiff.primitive import Primitive
from autodiff.rules import CLAMP_MAX, CLAMP_MIN, DOT, SUM

_UFUNCS = {CLAMP_MIN: np.maximum, CLAMP_MAX: np.minimum}
_REDUCTIONS = {SUM: np.add, LARGEST: np.maximum}
_FEW_ROWS = 4  # a call on each of so many takes less than one that broadcasts
_BY_KEYWORD = (np.maximum, np.minimum)  # their third positional argument is deprecated


def bound_calls(steps: Sequence[Step], arrays: Sequence[Array], dtype: np.dtype[Any]) -> list[Call]:
    """The calls that carry out `steps`, in order, on `arrays`, one for each block of the program."""
    operands = Operands(arrays, dtype)
    for step in steps:
        _BINDERS.get(step.primitive, _bind_elementwise)(operands, step, arrays[step.out])
        operands.end_step()
    return operands.calls


def elementwise(primitive: Primitive) -> Callable[..., Any]:
    """What computes the operation for arrays side by side, a ufunc for most."""
    return _UFUNCS.get(primitive, primitive.array)


def _bind_elementwise(operands: Operands, step: Step, out: Array) -> None:
    indices = [read.index for read in step.reads if isinstance(read, Rows)]
    dimensions = shared_dimensions(indices)
    found = [operands.view(read, dimensions, batched=out.ndim == 2) for read in step.reads]
    shaped = out.reshape(*dimensions, *out.shape[1:])
    ufunc = elementwise(step.primitive)
    if isinstance(ufunc, np.ufunc):
        by_row = out.ndim == 2 and len(out) <= _FEW_ROWS and _is_broadcast(found, shaped)
        for inputs, result in _row_by_row(found, shaped) if by_row else [(found, shaped)]:
            _call_ufunc(operands, ufunc, inputs, result)
    elif step.primitive is WHERE:
        _call_choice(operands, found, shaped)
    else:
        operands.call(_copied, ufunc, found, shaped)


def _call_ufunc(operands: Operands, ufunc: np.ufunc, inputs: Sequence[Array], out: Array) -> None:
    if ufunc in _BY_KEYWORD:
        operands.call(ufunc, *inputs, out=out)
    else:
        operands.call(ufunc, *inputs, out)


def _is_broadcast(inputs: Sequence[Array], out: Array) -> bool:
    """Whether NumPy would have to go through an input otherwise than number by number."""
    return not all(not x.ndim or (x.shape == out.shape and x.flags.c_contiguous) for x in inputs)


def _row_by_row(inputs: Sequence[Array], out: Array) -> Iterator[tuple[list[Array], Array]]:
    for place in np.ndindex(out.shape[:-1]):
        rows = [x[place] if x.ndim else x for x in inputs]
        yield [row if row.shape == out.shape[-1:] else without_axes(row) for row in rows], out[place]


def _call_choice(operands: Operands, found: Sequence[Array], out: Array) -> None:
    condition, a, b = found
    if condition.dtype != bool:
        taken = operands.scratch(condition.shape, bool)
        operands.call(np.not_equal, condition, 0.0, taken)
        condition = taken
    operands.call(np.copyto, out, b)
    operands.call(np.copyto, out, a, where=condition)


def _bind_reduction(operands: Operands, step: Step, out: Array) -> None:
    """A sum, or the largest: one reduction where all terms are rows of one block, else term by term."""
    ufunc = _REDUCTIONS[step.primitive]
    matrix = operands.matrix(step.reads)
    if matrix is not None:
        terms = operands.view(matrix, (len(out), len(step.reads)), batched=out.ndim == 2)
        operands.call(ufunc.reduce, terms, axis=1, out=out)
        return
    first, *others = [operands.view(read, (len(out),), batched=out.ndim == 2) for read in step.reads]
    operands.call(np.copyto, out, first)
    for term in others:
        operands.call(ufunc, out, term, out=out)


def _copied(function: Callable[..., Any], operands: Sequence[Any], out: Array) -> None:
    np.copyto(out, function(*operands))


_BINDERS: dict[Primitive, Callable[[Operands, Step, Array], None]] = {
    DOT: bind_dot,
    SUM: _bind_reduction,
    LARGEST: _bind_reduction,
    BATCH_DOT: bind_batch_dot,
    BATCH_SUM: bind_batch_sum,
}
"""Steps that are more than one ufunc on operands side by side."""
