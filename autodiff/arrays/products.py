"""Products of vectors, matrices and tensors: one dot node an entry of the result."""

from __future__ import annotations

import itertools
import math
import operator
import string
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autodiff.arrays.entries import Objects, filled, objects, reduced
from autodiff.errors import ShapeError
from autodiff.functions import reductions as f
from autodiff.primitive import map_elements


def _contracted(a: Objects, b: Objects, count: int) -> Objects:
    """The sum of products over the last `count` axes of one and the first of the other."""
    left, shared, right = a.shape[: a.ndim - count], b.shape[:count], b.shape[count:]
    if a.shape[a.ndim - count :] != shared:
        raise ShapeError(f"shapes {a.shape} and {b.shape} do not fit: {a.shape[a.ndim - count :]} is not {shared}")
    width = math.prod(shared)
    rows = a.reshape(math.prod(left), width).tolist()
    columns = b.reshape(width, math.prod(right)).T.tolist()
    return filled([f.dot(row, column) for row in rows for column in columns], left + right)


def dot(a: Any, b: Any) -> Any:
    """As np.dot: the last axis of one with the last but one of the other; a product where one is a number."""
    first, second = objects(a), objects(b)
    if not first.ndim or not second.ndim:
        return map_elements(operator.mul, (first, second))
    return _contracted(first, second if second.ndim == 1 else np.moveaxis(second, -2, 0), 1)


def matrix_product(a: Any, b: Any) -> Any:
    """As a @ b: leading axes are broadcast."""
    first, second = objects(a), objects(b)
    if not first.ndim or not second.ndim:
        raise ShapeError(f"matmul takes no numbers, got shapes {first.shape} and {second.shape}; use * or multiply")
    if first.ndim <= 2 and second.ndim <= 2:
        return dot(first, second)
    rows = first if first.ndim > 1 else first[np.newaxis]
    columns = second if second.ndim > 1 else second[:, np.newaxis]
    lead = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
    shape = (*lead, rows.shape[-2], columns.shape[-1])
    lefts = np.broadcast_to(rows, lead + rows.shape[-2:])
    rights = np.broadcast_to(columns, lead + columns.shape[-2:])
    blocks = [_contracted(lefts[place], rights[place], 1).ravel() for place in np.ndindex(*lead)]
    out = filled([entry for block in blocks for entry in block.tolist()], shape)
    out = out if second.ndim > 1 else out[..., 0]
    return out if first.ndim > 1 else out[..., 0, :] if second.ndim > 1 else out[..., 0]


def inner(a: Any, b: Any) -> Any:
    """The last axis of both."""
    first, second = objects(a), objects(b)
    if not first.ndim or not second.ndim:
        return map_elements(operator.mul, (first, second))
    return _contracted(first, np.moveaxis(second, -1, 0), 1)


def outer(a: Any, b: Any) -> Any:
    """Every entry of one times every entry of the other."""
    return map_elements(operator.mul, (objects(a).reshape(-1, 1), objects(b).reshape(1, -1)))


def vector_product(a: Any, b: Any) -> Any:
    """As np.vdot: all entries of one with all of the other."""
    return f.dot(objects(a).ravel().tolist(), objects(b).ravel().tolist())


def row_products(a: Any, b: Any) -> Any:
    """As np.vecdot: the last axes together, the others broadcast."""
    first, second = objects(a), objects(b)
    if not first.ndim or not second.ndim or first.shape[-1] != second.shape[-1]:
        raise ShapeError(f"np.vecdot needs last axes of one length, got shapes {first.shape} and {second.shape}")
    first, second = np.broadcast_arrays(first, second)
    width = first.shape[-1]
    pairs = zip(first.reshape(-1, width).tolist(), second.reshape(-1, width).tolist(), strict=True)
    return filled([f.dot(row, other) for row, other in pairs], first.shape[:-1])


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """The sum of products over pairs of axes; a number stands for the last ones of `a` and the first of `b`."""
    first, second = objects(a), objects(b)
    if isinstance(axes, (int, np.integer)):
        return _contracted(first, second, int(axes))
    over, under = ((x,) if isinstance(x, (int, np.integer)) else tuple(x) for x in axes)
    if len(over) != len(under):
        raise ShapeError(f"tensordot needs as many axes of one as of the other, got {over} and {under}")
    first = np.moveaxis(first, over, range(first.ndim - len(over), first.ndim))
    return _contracted(first, np.moveaxis(second, under, range(len(under))), len(over))


def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of the diagonal."""
    return reduced(f.sum, objects(a).diagonal(offset, axis1, axis2), -1, keepdims=False)


def einsum(*operands: Any, optimize: Any = False) -> Any:  # noqa: ARG001 - operands are taken from left to right
    """Sums of products in Einstein's notation: of subscripts in a text, or in lists between the operands."""
    labels, out, arrays = _subscripts(operands)
    current, of_current = arrays[0], labels[0]
    if len(arrays) == 1:
        return _single(current, of_current, out)
    for place in range(1, len(arrays)):
        later = "".join(labels[place + 1 :]) + out
        current, of_current = _pair(current, of_current, arrays[place], labels[place], later)
    return current.transpose([of_current.index(label) for label in out])


def _single(a: Objects, labels: str, out: str) -> Objects:
    """Diagonals where a label is repeated, and sums over those that the result has not."""
    a, labels = _diagonal(a, labels)
    summed = tuple(k for k, label in enumerate(labels) if label not in out)
    left = [label for label in labels if label in out]
    made = reduced(f.sum, a, summed, keepdims=False) if summed else a
    return made.transpose([left.index(label) for label in out])


def _diagonal(a: Objects, labels: str) -> tuple[Objects, str]:
    unique = "".join(dict.fromkeys(labels))
    if unique == labels:
        return a, labels
    places = np.einsum(f"{labels}->{unique}", np.arange(a.size).reshape(a.shape))
    return a.ravel()[places], unique


def _pair(a: Objects, of_a: str, b: Objects, of_b: str, later: str) -> tuple[Objects, str]:
    """Two operands contracted over the labels that nobody reads later; those that both keep are looped over."""
    (a, of_a), (b, of_b) = _diagonal(a, of_a), _diagonal(b, of_b)
    both = [label for label in of_a if label in of_b and label in later]
    summed = [label for label in of_a if label in of_b and label not in later]
    a, left = _arranged(a, of_a, both, summed, later, summed_last=True)
    b, right = _arranged(b, of_b, both, summed, later, summed_last=False)
    lead = np.broadcast_shapes(a.shape[: len(both)], b.shape[: len(both)])
    a = np.broadcast_to(a, lead + a.shape[len(both) :])
    b = np.broadcast_to(b, lead + b.shape[len(both) :])
    blocks = [_contracted(objects(a[place]), objects(b[place]), len(summed)) for place in np.ndindex(*lead)]
    shape = lead + a.shape[len(both) : a.ndim - len(summed)] + b.shape[len(both) + len(summed) :]
    return filled([x for block in blocks for x in block.ravel().tolist()], shape), "".join([*both, *left, *right])


def _arranged(
    a: Objects, labels: str, both: list[str], summed: list[str], later: str, *, summed_last: bool
) -> tuple[Objects, list[str]]:
    """The axes of `a` in the order both, own, summed, or both, summed, own; its own that nobody reads are summed."""
    gone = tuple(
        k for k, label in enumerate(labels) if label not in both and label not in summed and label not in later
    )
    if gone:
        a = reduced(f.sum, a, gone, keepdims=False)
        labels = "".join(label for k, label in enumerate(labels) if k not in gone)
    own = [label for label in labels if label not in both and label not in summed]
    order = [*both, *own, *summed] if summed_last else [*both, *summed, *own]
    return objects(a).transpose([labels.index(label) for label in order]), own


def _subscripts(operands: Sequence[Any]) -> tuple[list[str], str, list[Objects]]:
    """The labels of each operand and of the result, one letter an axis, and the operands."""
    if isinstance(operands[0], str):
        text, arrays = operands[0].replace(" ", ""), [objects(x) for x in operands[1:]]
    else:
        arrays = [objects(x) for x in operands[: len(operands) // 2 * 2 : 2]]
        text = ",".join(map(_letters, operands[1::2]))
        text += "->" + _letters(operands[-1]) if len(operands) % 2 else ""
    inputs, arrow, out = text.partition("->")
    parts = inputs.split(",")
    if len(parts) != len(arrays):
        raise ShapeError(f"einsum has subscripts for {len(parts)} operands, got {len(arrays)}")
    spare = [letter for letter in string.ascii_letters if letter not in text]
    widths = [a.ndim - len(part.replace("...", "")) for part, a in zip(parts, arrays, strict=True)]
    most = max([width for width, part in zip(widths, parts, strict=True) if "..." in part], default=0)
    dots = "".join(spare[:most])
    labels = [part.replace("...", dots[most - width :]) for part, width in zip(parts, widths, strict=True)]
    if not arrow:
        counted = [label for label in sorted(set("".join(labels)) - set(dots)) if "".join(labels).count(label) == 1]
        out = dots + "".join(counted)
    _check_sizes(labels, arrays, text)
    return labels, out.replace("...", dots), arrays


def _letters(sublist: Any) -> str:
    return "".join("..." if entry is Ellipsis else string.ascii_letters[entry] for entry in sublist)


def _check_sizes(labels: Sequence[str], arrays: Sequence[Objects], text: str) -> None:
    for part, a in zip(labels, arrays, strict=True):
        if len(part) != a.ndim:
            raise ShapeError(f"einsum {text!r} names {len(part)} axes of an array of shape {a.shape}")
    sizes: dict[str, int] = {}
    for label, size in _sized(labels, arrays):
        if sizes.setdefault(label, size) != size:
            raise ShapeError(f"einsum {text!r}: axis {label!r} has length {sizes[label]} and length {size}")


def _sized(labels: Sequence[str], arrays: Sequence[Objects]) -> Iterator[tuple[str, int]]:
    return itertools.chain.from_iterable(
        zip(part, a.shape, strict=True) for part, a in zip(labels, arrays, strict=True)
    )


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.dot: dot,
    np.inner: inner,
    np.outer: outer,
    np.vdot: vector_product,
    np.tensordot: tensordot,
    np.trace: trace,
    np.einsum: einsum,
}
