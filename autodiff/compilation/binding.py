"""Binding: the steps of a program as NumPy calls on views of given arrays, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.choice import WHERE
from autodiff.compilation.program import Read, Rows, Step
from autodiff.compilation.reductions import BATCH_DOT, BATCH_SUM
from autodiff.compilation.views import rows, shared_dimensions
from autodiff.rules import CLAMP_MAX, CLAMP_MIN, DOT, SUM

Array = NDArray[Any]
Call = Callable[[], Any]

_UFUNCS = {CLAMP_MIN: np.maximum, CLAMP_MAX: np.minimum}
_BY_KEYWORD = (np.maximum, np.minimum)  # their third positional argument is deprecated


def bound_calls(steps: Sequence[Step], arrays: Sequence[Array], dtype: np.dtype[Any]) -> list[Call]:
    """The calls that carry out `steps`, in order, on `arrays`, one for each block of the program."""
    binder = _Binder(arrays, dtype)
    for step in steps:
        binder.bind(step)
    return binder.calls


@final
class _Binder:
    """Finds the view that each operand is, and the NumPy function for each step."""

    def __init__(self, arrays: Sequence[Array], dtype: np.dtype[Any]) -> None:
        self.arrays = arrays
        self.calls: list[Call] = []
        self._dtype = dtype

    def bind(self, step: Step) -> None:
        out = self.arrays[step.out]
        if step.primitive is BATCH_DOT:
            self._bind_batch_dot(step, out)
        elif step.primitive is BATCH_SUM:
            self._bind_batch_sum(step, out)
        elif step.primitive is DOT:
            if not self._bind_product(step, out):
                self._bind_products_one_by_one(step, out)
        elif step.primitive is SUM:
            if not self._bind_sum(step, out):
                self._bind_terms_one_by_one(step, out)
        else:
            self._bind_elementwise(step, out)

    def _call(self, function: Callable[..., Any], *args: Any, **options: Any) -> None:
        self.calls.append(partial(function, *args, **options))

    def _operand(self, read: Read, dimensions: Sequence[int], *, batched: bool = True) -> Any:
        """A view of what is read, or a buffer that a call fills before."""
        if not isinstance(read, Rows):
            return self._constant(read, dimensions, batched=batched)
        source = self.arrays[read.block]
        found = rows(source, read.index, dimensions)
        if found is None:
            gathered = np.empty((len(read.index), *source.shape[1:]), self._dtype)
            self._call(np.take, source, read.index, axis=0, out=gathered)
            found = gathered.reshape(*dimensions, *source.shape[1:])
        return found[..., np.newaxis] if batched and source.ndim == 1 else found

    def _constant(self, numbers: Array, dimensions: Sequence[int], *, batched: bool) -> Any:
        if (numbers == numbers[0]).all() or len(numbers) == 1:
            return np.array(numbers[0], self._dtype)  # NumPy reads it faster than a number
        shaped = numbers.astype(self._dtype).reshape(dimensions)
        return shaped[..., np.newaxis] if batched else shaped

    def _bind_elementwise(self, step: Step, out: Array) -> None:
        indices = [read.index for read in step.reads if isinstance(read, Rows)]
        dimensions = shared_dimensions(indices)
        batched = out.ndim == 2
        operands = [self._operand(read, dimensions, batched=batched) for read in step.reads]
        shaped = out.reshape(*dimensions, *out.shape[1:])
        ufunc = _UFUNCS.get(step.primitive, step.primitive.array)
        if isinstance(ufunc, np.ufunc):
            self._call(ufunc, *operands, out=shaped)
        elif step.primitive is WHERE:
            self._call(_choose, *operands, shaped, np.empty(np.shape(operands[0]), bool))
        else:
            self._call(_copied, ufunc, operands, shaped)

    def _bind_sum(self, step: Step, out: Array) -> bool:
        """A sum as one reduction, where all its terms are rows of one block."""
        matrix = self._matrix(step.reads)
        if matrix is None:
            return False
        terms = self._operand(matrix, (len(out), len(step.reads)), batched=out.ndim == 2)
        self._call(np.add.reduce, terms, axis=1, out=out)
        return True

    def _bind_terms_one_by_one(self, step: Step, out: Array) -> None:
        """A sum of terms from several blocks."""
        first, *others = [self._operand(read, (len(out),), batched=out.ndim == 2) for read in step.reads]
        self._call(np.add, first, others[0], out)
        for term in others[1:]:
            self._call(np.add, out, term, out)

    def _bind_products_one_by_one(self, step: Step, out: Array) -> None:
        """A dot of which a half reads several blocks."""
        operands = [self._operand(read, (len(out),), batched=out.ndim == 2) for read in step.reads]
        half = len(operands) // 2
        self._call(np.multiply, operands[0], operands[half], out)
        product = np.empty_like(out)
        for a, b in zip(operands[1:half], operands[half + 1 :], strict=True):
            self._call(np.multiply, a, b, product)
            self._call(np.add, out, product, out)

    def _matrix(self, reads: Sequence[Read]) -> Rows | None:
        """The rows that members read at all places, member by member; None unless all are of one block."""
        if not all(isinstance(read, Rows) for read in reads) or len({read.block for read in reads}) != 1:  # type: ignore[union-attr]
            return None
        return Rows(reads[0].block, np.stack([read.index for read in reads], axis=1).ravel())  # type: ignore[union-attr]

    def _bind_product(self, step: Step, out: Array) -> bool:
        """A dot as a matrix product, where each half reads one block."""
        half = len(step.reads) // 2
        first, second = self._matrix(step.reads[:half]), self._matrix(step.reads[half:])
        if first is None or second is None:
            return False
        if self.arrays[first.block].ndim == 2 and self.arrays[second.block].ndim == 1:
            return False
        if step.grid is None:
            self._bind_paired(first, second, half, out)
        else:
            self._bind_grid(first, second, half, step.grid, out)
        return True

    def _bind_grid(self, first: Rows, second: Rows, half: int, grid: tuple[int, int], out: Array) -> None:
        lines, columns = grid
        a_index = first.index.reshape(lines, columns, half)[:, 0].ravel()
        b_index = second.index.reshape(lines, columns, half)[0].ravel()
        a = self._operand(Rows(first.block, a_index), (lines, half), batched=False)
        b = self._operand(Rows(second.block, b_index), (columns, half), batched=False)
        if b.ndim == 2:
            self._call_product(a, b.T, out.reshape(lines, columns))
        elif a.ndim == 2:
            shaped = out.reshape(lines, columns, -1).transpose(1, 0, 2)
            self._call_product(a, b[0], shaped[0]) if columns == 1 else self._call(np.matmul, a, b, shaped)
        else:
            products = np.empty((lines, columns, half, a.shape[-1]), self._dtype)
            self._call(np.multiply, a[:, np.newaxis], b, products)
            self._call(np.add.reduce, products, axis=2, out=out.reshape(lines, columns, -1))

    def _bind_paired(self, first: Rows, second: Rows, half: int, out: Array) -> None:
        members = len(out)
        a = self._operand(first, (members, half), batched=False)
        b = self._operand(second, (members, half), batched=False)
        if b.ndim == 2:
            self._call(np.matmul, a[:, np.newaxis, :], b[:, :, np.newaxis], out[:, np.newaxis, np.newaxis])
        elif a.ndim == 2:
            self._call(np.matmul, a[:, np.newaxis, :], b, out[:, np.newaxis, :])
        else:
            products = np.empty(b.shape, self._dtype)
            self._call(np.multiply, a, b, products)
            self._call(np.add.reduce, products, axis=1, out=out)

    def _bind_batch_sum(self, step: Step, out: Array) -> None:
        terms = self._operand(step.reads[0], (len(out),))
        if _is_packed(terms):
            self._call_product(terms, np.ones(terms.shape[-1], self._dtype), out)
        else:
            self._call(np.add.reduce, terms, axis=-1, out=out)

    def _bind_batch_dot(self, step: Step, out: Array) -> None:
        first, second = step.reads
        if not isinstance(first, Rows) or not isinstance(second, Rows):
            raise TypeError("a product over records has no constant factor")
        if step.grid is None:
            a, b = self._operand(first, (len(out),)), self._operand(second, (len(out),))
            self._call(np.matmul, a[:, np.newaxis, :], b[:, :, np.newaxis], out[:, np.newaxis, np.newaxis])
            return
        lines, columns = step.grid
        a = self._operand(Rows(first.block, first.index.reshape(step.grid)[:, 0]), (lines,))
        b = self._operand(Rows(second.block, second.index.reshape(step.grid)[0]), (columns,))
        self._call_product(a, b.T, out.reshape(step.grid))

    def _call_product(self, a: Array, b: Array, out: Array) -> None:
        """A matrix product; `dot` spends less than `matmul` before it starts, where it needs no copies."""
        plain = _is_packed(a) and _is_packed(b) and out.flags.c_contiguous
        self._call(np.dot if plain else np.matmul, a, b, out)


def _is_packed(array: Array) -> bool:
    return array.flags.c_contiguous or array.flags.f_contiguous


def _choose(condition: Any, a: Any, b: Any, out: Array, taken: Array) -> None:
    np.not_equal(condition, 0.0, taken)
    np.copyto(out, b)
    np.copyto(out, a, where=taken)


def _copied(function: Callable[..., Any], operands: Sequence[Any], out: Array) -> None:
    np.copyto(out, function(*operands))
