"""Binding: the steps of a program as NumPy calls on views of given arrays, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff.choice import WHERE
from autodiff.compilation.execute.numpy.binder import Array, Binder, Call
from autodiff.compilation.execute.numpy.elementwise import call_elementwise
from autodiff.compilation.execute.numpy.products import bind_batch_dot, bind_batch_sum, bind_dot, call_sum_of_rows
from autodiff.compilation.program.program import Rows, Step
from autodiff.compilation.rewrite.batch_sums import BATCH_DOT, BATCH_SUM
from autodiff.compilation.rewrite.softmax_weights import FINITE, HUGE
from autodiff.primitive import Primitive
from autodiff.rules import DOT, LARGEST, SUM

_REDUCTIONS = {SUM: np.add, LARGEST: np.maximum}


def bound_calls(steps: Sequence[Step], arrays: Sequence[Array], dtype: np.dtype[Any]) -> list[Call]:
    """The calls that carry out `steps`, in order, on `arrays`, one for each block of the program."""
    binder = Binder(arrays, dtype)
    for step in steps:
        _BINDERS.get(step.primitive, _bind_elementwise)(binder, step, arrays[step.out])
        binder.end_step()
    return binder.calls


def _bind_elementwise(binder: Binder, step: Step, out: Array) -> None:
    function = step.primitive.array
    if isinstance(function, np.ufunc):
        call_elementwise(binder, function, step.reads, out)
        return
    dimensions = binder.layouts.shared_dimensions([read.index for read in step.reads if isinstance(read, Rows)])
    found = [binder.view(read, dimensions, batched=out.ndim == 2) for read in step.reads]
    shaped = out.reshape(*dimensions, *out.shape[1:])
    if step.primitive is WHERE:
        _call_choice(binder, found, shaped)
    else:
        binder.call(_copied, function, found, shaped)


def _call_choice(binder: Binder, found: Sequence[Array], out: Array) -> None:
    condition, a, b = found
    if condition.dtype != bool:
        taken = binder.scratch(condition.shape, bool)
        binder.call(np.not_equal, condition, 0.0, taken)
        condition = taken
    binder.call(np.copyto, out, b)
    binder.call(np.copyto, out, a, where=condition)


def _bind_reduction(binder: Binder, step: Step, out: Array) -> None:
    """A sum, or the largest: one reduction where all terms are rows of one block, else term by term."""
    ufunc = _REDUCTIONS[step.primitive]
    matrix = binder.matrix(step.reads)
    if matrix is not None:
        terms = binder.view(matrix, (len(out), len(step.reads)), batched=out.ndim == 2)
        if ufunc is np.add and out.ndim == 2 and len(out) == 1:
            call_sum_of_rows(binder, terms[0], out[0])
        else:
            binder.call(ufunc.reduce, terms, 1, None, out)  # by place: words take longer
        return
    call_elementwise(binder, ufunc, step.reads[:2], out)
    for term in step.reads[2:]:
        call_elementwise(binder, ufunc, [term], out, onto=True)


def _bind_finite(binder: Binder, step: Step, out: Array) -> None:
    term = binder.view(step.reads[0], (len(out),), batched=out.ndim == 2)
    binder.call(term.clip, -HUGE, HUGE, out)


def _copied(function: Callable[..., Any], operands: Sequence[Any], out: Array) -> None:
    np.copyto(out, function(*operands))


_BINDERS: dict[Primitive, Callable[[Binder, Step, Array], None]] = {
    DOT: bind_dot,
    SUM: _bind_reduction,
    LARGEST: _bind_reduction,
    FINITE: _bind_finite,
    BATCH_DOT: bind_batch_dot,
    BATCH_SUM: bind_batch_sum,
}
"""Steps that are more than one ufunc on operands side by side."""
