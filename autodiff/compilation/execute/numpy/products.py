"""Products: how dots, and sums over records, become products of matrices."""

from __future__ import annotations

import numpy as np

from autodiff.compilation.execute.numpy.binder import Array, Binder
from autodiff.compilation.execute.numpy.elementwise import call_elementwise
from autodiff.compilation.program.program import Rows, Step


def bind_dot(binder: Binder, step: Step, out: Array) -> None:
    """A dot: a matrix product where each half reads one block, else product by product."""
    half = len(step.reads) // 2
    first, second = binder.matrix(step.reads[:half]), binder.matrix(step.reads[half:])
    if first is None or second is None or binder.arrays[first.block].ndim > binder.arrays[second.block].ndim:
        _bind_one_by_one(binder, step, out)
    elif step.grid is None:
        _bind_paired(binder, first, second, half, out)
    else:
        _bind_grid(binder, first, second, half, step.grid, out)


def bind_batch_sum(binder: Binder, step: Step, out: Array) -> None:
    """A sum over records, as a product with ones, which is faster than a reduction."""
    terms = binder.view(step.reads[0], (len(out),))
    if _is_contiguous(terms):
        _call_product(binder, terms, np.ones(terms.shape[-1], binder.dtype), out)
    else:
        binder.call(np.add.reduce, terms, axis=-1, out=out)


def bind_batch_dot(binder: Binder, step: Step, out: Array) -> None:
    """A sum over records of products: of every first row with every second, or of pairs."""
    first, second = step.reads
    if not isinstance(first, Rows) or not isinstance(second, Rows):
        raise TypeError("a product over records has no constant factor")
    if step.grid is None:
        dimensions = binder.layouts.shared_dimensions([first.index, second.index])
        a, b = binder.view(first, dimensions), binder.view(second, dimensions)
        shaped = out.reshape(*dimensions, 1, 1)
        binder.call(np.matmul, a[..., np.newaxis, :], b[..., np.newaxis], shaped)
        return
    lines, columns = step.grid
    a = binder.view(Rows(first.block, first.index.reshape(step.grid)[:, 0]), (lines,))
    b = binder.view(Rows(second.block, second.index.reshape(step.grid)[0]), (columns,))
    _call_product(binder, a, b.T, out.reshape(step.grid))


def call_sum_of_rows(binder: Binder, terms: Array, out: Array) -> None:
    """The sum of rows of records, as a product with ones where that needs no copy: half of a reduction."""
    if _is_contiguous(terms):
        binder.call(np.dot, np.ones(len(terms), binder.dtype), terms, out)
    else:
        binder.call(np.add.reduce, terms, 0, None, out)


def _bind_one_by_one(binder: Binder, step: Step, out: Array) -> None:
    half = len(step.reads) // 2
    (a, b), *others = zip(step.reads[:half], step.reads[half:], strict=True)
    call_elementwise(binder, np.multiply, [a, b], out)
    product = binder.scratch(out.shape)
    for a, b in others:
        call_elementwise(binder, np.multiply, [a, b], product)
        binder.call(np.add, out, product, out)


def _bind_grid(binder: Binder, first: Rows, second: Rows, half: int, grid: tuple[int, int], out: Array) -> None:
    """Every first vector with every second."""
    lines, columns = grid
    a_index = first.index.reshape(lines, columns, half)[:, 0].ravel()
    b_index = second.index.reshape(lines, columns, half)[0].ravel()
    a = binder.view(Rows(first.block, a_index), (lines, half), batched=False)
    b = binder.view(Rows(second.block, b_index), (columns, half), batched=False)
    if b.ndim == 2:
        _call_product(binder, a, b.T, out.reshape(lines, columns))
    elif a.ndim == 2:
        shaped = out.reshape(lines, columns, -1).transpose(1, 0, 2)
        if columns == 1:
            _call_product(binder, a, b[0], shaped[0])
        else:
            binder.call(np.matmul, a, b, shaped)
    elif lines == columns == 1:
        products = binder.scratch(b[0].shape)
        binder.call(np.multiply, a[0], b[0], products)
        call_sum_of_rows(binder, products, out[0])
    else:
        products = binder.scratch((lines, columns, half, a.shape[-1]))
        binder.call(np.multiply, a[:, np.newaxis], b, products)
        binder.call(np.add.reduce, products, axis=2, out=out.reshape(lines, columns, -1))


def _bind_paired(binder: Binder, first: Rows, second: Rows, half: int, out: Array) -> None:
    """The first vector with the first, the second with the second, and so on."""
    members = len(out)
    a = binder.view(first, (members, half), batched=False)
    b = binder.view(second, (members, half), batched=False)
    if b.ndim == 2:
        binder.call(np.matmul, a[:, np.newaxis, :], b[:, :, np.newaxis], out[:, np.newaxis, np.newaxis])
    elif a.ndim == 2:
        binder.call(np.matmul, a[:, np.newaxis, :], b, out[:, np.newaxis, :])
    else:
        products = binder.scratch(b.shape)
        binder.call(np.multiply, a, b, products)
        binder.call(np.add.reduce, products, axis=1, out=out)


def _call_product(binder: Binder, a: Array, b: Array, out: Array) -> None:
    """A matrix product; `dot` spends less than `matmul` before it starts, where it needs no copies."""
    plain = _is_contiguous(a) and _is_contiguous(b) and out.flags.c_contiguous
    binder.call(np.dot if plain else np.matmul, a, b, out)


def _is_contiguous(array: Array) -> bool:
    return array.flags.c_contiguous or array.flags.f_contiguous
