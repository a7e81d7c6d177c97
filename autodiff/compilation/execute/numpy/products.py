"""Products: how dots, and sums over records, become products of matrices."""

from __future__ import annotations

import numpy as np

from autodiff.compilation.execute.numpy.elementwise import call_elementwise
from autodiff.compilation.execute.numpy.operands import Array, Operands
from autodiff.compilation.execute.numpy.views import shared_dimensions
from autodiff.compilation.program.program import Rows, Step


def bind_dot(operands: Operands, step: Step, out: Array) -> None:
    """A dot: a matrix product where each half reads one block, else product by product."""
    half = len(step.reads) // 2
    first, second = operands.matrix(step.reads[:half]), operands.matrix(step.reads[half:])
    if first is None or second is None or operands.arrays[first.block].ndim > operands.arrays[second.block].ndim:
        _bind_one_by_one(operands, step, out)
    elif step.grid is None:
        _bind_paired(operands, first, second, half, out)
    else:
        _bind_grid(operands, first, second, half, step.grid, out)


def bind_batch_sum(operands: Operands, step: Step, out: Array) -> None:
    """A sum over records, as a product with ones, which is faster than a reduction."""
    terms = operands.view(step.reads[0], (len(out),))
    if _is_packed(terms):
        _call_product(operands, terms, np.ones(terms.shape[-1], operands.dtype), out)
    else:
        operands.call(np.add.reduce, terms, axis=-1, out=out)


def bind_batch_dot(operands: Operands, step: Step, out: Array) -> None:
    """A sum over records of products: of every first row with every second, or of pairs."""
    first, second = step.reads
    if not isinstance(first, Rows) or not isinstance(second, Rows):
        raise TypeError("a product over records has no constant factor")
    if step.grid is None:
        dimensions = shared_dimensions([first.index, second.index])
        a, b = operands.view(first, dimensions), operands.view(second, dimensions)
        shaped = out.reshape(*dimensions, 1, 1)
        operands.call(np.matmul, a[..., np.newaxis, :], b[..., np.newaxis], shaped)
        return
    lines, columns = step.grid
    a = operands.view(Rows(first.block, first.index.reshape(step.grid)[:, 0]), (lines,))
    b = operands.view(Rows(second.block, second.index.reshape(step.grid)[0]), (columns,))
    _call_product(operands, a, b.T, out.reshape(step.grid))


def call_sum_of_rows(operands: Operands, terms: Array, out: Array) -> None:
    """The sum of rows of records, as a product with ones where that needs no copy: half of a reduction."""
    if _is_packed(terms):
        operands.call(np.dot, np.ones(len(terms), operands.dtype), terms, out)
    else:
        operands.call(np.add.reduce, terms, 0, None, out)


def _bind_one_by_one(operands: Operands, step: Step, out: Array) -> None:
    half = len(step.reads) // 2
    (a, b), *others = zip(step.reads[:half], step.reads[half:], strict=True)
    call_elementwise(operands, np.multiply, [a, b], out)
    product = operands.scratch(out.shape)
    for a, b in others:
        call_elementwise(operands, np.multiply, [a, b], product)
        operands.call(np.add, out, product, out)


def _bind_grid(operands: Operands, first: Rows, second: Rows, half: int, grid: tuple[int, int], out: Array) -> None:
    """Every first vector with every second."""
    lines, columns = grid
    a_index = first.index.reshape(lines, columns, half)[:, 0].ravel()
    b_index = second.index.reshape(lines, columns, half)[0].ravel()
    a = operands.view(Rows(first.block, a_index), (lines, half), batched=False)
    b = operands.view(Rows(second.block, b_index), (columns, half), batched=False)
    if b.ndim == 2:
        _call_product(operands, a, b.T, out.reshape(lines, columns))
    elif a.ndim == 2:
        shaped = out.reshape(lines, columns, -1).transpose(1, 0, 2)
        if columns == 1:
            _call_product(operands, a, b[0], shaped[0])
        else:
            operands.call(np.matmul, a, b, shaped)
    elif lines == columns == 1:
        products = operands.scratch(b[0].shape)
        operands.call(np.multiply, a[0], b[0], products)
        call_sum_of_rows(operands, products, out[0])
    else:
        products = operands.scratch((lines, columns, half, a.shape[-1]))
        operands.call(np.multiply, a[:, np.newaxis], b, products)
        operands.call(np.add.reduce, products, axis=2, out=out.reshape(lines, columns, -1))


def _bind_paired(operands: Operands, first: Rows, second: Rows, half: int, out: Array) -> None:
    """The first vector with the first, the second with the second, and so on."""
    members = len(out)
    a = operands.view(first, (members, half), batched=False)
    b = operands.view(second, (members, half), batched=False)
    if b.ndim == 2:
        operands.call(np.matmul, a[:, np.newaxis, :], b[:, :, np.newaxis], out[:, np.newaxis, np.newaxis])
    elif a.ndim == 2:
        operands.call(np.matmul, a[:, np.newaxis, :], b, out[:, np.newaxis, :])
    else:
        products = operands.scratch(b.shape)
        operands.call(np.multiply, a, b, products)
        operands.call(np.add.reduce, products, axis=1, out=out)


def _call_product(operands: Operands, a: Array, b: Array, out: Array) -> None:
    """A matrix product; `dot` spends less than `matmul` before it starts, where it needs no copies."""
    plain = _is_packed(a) and _is_packed(b) and out.flags.c_contiguous
    operands.call(np.dot if plain else np.matmul, a, b, out)


def _is_packed(array: Array) -> bool:
    return array.flags.c_contiguous or array.flags.f_contiguous
