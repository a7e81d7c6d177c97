"""Linear algebra by elimination on scalars.

Rows are put in order so that each pivot is the largest entry below it. Eagerly their numbers decide; in a trace `where`
chooses for each pair of rows, which is n³ choices.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff import rules
from autodiff.arrays.entries import Axes, Objects, filled, objects, reduced
from autodiff.arrays.options import unknown
from autodiff.arrays.products import matrix_product
from autodiff.arrays.reductions import largest, smallest, total
from autodiff.arrays.value_array import wrapped
from autodiff.choice import WHERE
from autodiff.errors import ShapeError
from autodiff.functions import reductions as f
from autodiff.modes import current_tracer
from autodiff.primitive import is_node
from autodiff.refusals import refused
from autodiff.sources import user_line

Row = list[Any]

_LARGEST_TRACED = 8
_LARGEST_COFACTORS = 12  # 2ⁿ of them
_ZERO = 0.0


def _square(a: Any, name: str) -> Objects:
    array = objects(a)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2]:
        raise ShapeError(f"np.linalg.{name} needs square matrices, got shape {array.shape}")
    if _is_traced(array) and array.shape[-1] > _LARGEST_TRACED:
        raise refused(
            f"np.linalg.{name} of {array.shape[-1]} rows was called while compiling, at {user_line()}: the order of "
            f"its pivots takes n³ choices; use at most {_LARGEST_TRACED} rows, call the function eagerly, or compile a "
            "smaller function of one record with batched="
        )
    return array


def _is_traced(array: Objects) -> bool:
    return current_tracer() is not None and any(map(is_node, array.ravel().tolist()))


def _number(entry: Any) -> float:
    return float(entry._number if is_node(entry) else entry)


def _eliminated(rows: list[Row], size: int, *, traced: bool) -> Any:
    """Bring rows into upper triangular form over `size` columns, in place; 1 or -1, as the swaps have it."""
    sign: Any = 1.0
    for k in range(size):
        swap = _swapped_symbols if traced else _swapped
        sign = swap(rows, k, size, sign)
        pivot = rows[k][k]
        for i in range(k + 1, size):
            factor = rules.DIV(rows[i][k], pivot)
            rows[i] = [_ZERO] * (k + 1) + [
                _less(x, factor, y) for x, y in zip(rows[i][k + 1 :], rows[k][k + 1 :], strict=True)
            ]
    return sign


def _less(x: Any, factor: Any, y: Any) -> Any:
    return x - factor * y


def _swapped(rows: list[Row], k: int, size: int, sign: Any) -> Any:
    """The row with the largest entry in column k comes to place k."""
    sizes = [abs(_number(rows[i][k])) for i in range(k, size)]
    best = k + max(range(len(sizes)), key=sizes.__getitem__)
    rows[k], rows[best] = rows[best], rows[k]
    return sign if best == k else -sign


def _swapped_symbols(rows: list[Row], k: int, size: int, sign: Any) -> Any:
    """The same by choices: rows change places wherever the lower one has the larger entry."""
    for i in range(k + 1, size):
        swap = rules.ABS(rows[i][k]) > rules.ABS(rows[k][k])
        columns = [*zip(rows[k], rows[i], strict=True)][k:]  # before these both rows are 0
        rows[k][k:], rows[i][k:] = [WHERE(swap, y, x) for x, y in columns], [WHERE(swap, x, y) for x, y in columns]
        sign = WHERE(swap, -sign, sign)
    return sign


def _over_matrices(function: Callable[[Objects], Any], array: Objects) -> Any:
    """`function` of each matrix of the last two axes."""
    lead = array.shape[:-2]
    made = [objects(function(array[place])) for place in np.ndindex(*lead)]
    shape = made[0].shape if made else array.shape[-2:]
    return filled([entry for part in made for entry in part.ravel().tolist()], lead + shape)


def det(a: Any) -> Any:
    """Determinants: products of pivots; by cofactors, which need no division, where a matrix is singular."""
    return _over_matrices(_det, _square(a, "det"))


def _det(matrix: Objects) -> Any:
    traced, size = _is_traced(matrix), len(matrix)
    rows = matrix.tolist()
    sign = _eliminated(rows, size, traced=traced)
    out = f.prod([sign, *(rows[k][k] for k in range(size))])
    if traced:
        return WHERE(_is_regular(rows), out, _by_cofactors(matrix.tolist()))
    return out if _is_regular(rows) else _by_cofactors(matrix.tolist())


def _is_regular(rows: list[Row]) -> Any:
    """Whether no pivot is 0, or nan as after a pivot of 0 that came from a matrix without nan."""
    smallest_pivot = (
        rules.NEG(rules.LARGEST(*[rules.NEG(rules.ABS(row[k])) for k, row in enumerate(rows)])) if rows else 1.0
    )
    return smallest_pivot > 0.0


def _by_cofactors(rows: list[Row]) -> Any:
    """The determinant without a division: minors of the first k rows, by the set of their columns."""
    size = len(rows)
    if size > _LARGEST_COFACTORS:
        raise unknown(
            f"np.linalg.det of a singular matrix of {size} rows: its gradient takes 2ⁿ cofactors, which are made for "
            f"at most {_LARGEST_COFACTORS} rows"
        )
    minors: dict[int, Any] = {0: 1.0}
    for row in rows:
        minors = _next_minors(minors, row)
    return minors[(1 << size) - 1]


def _next_minors(minors: dict[int, Any], row: Row) -> dict[int, Any]:
    """The minors with one more row, each by expansion along that row."""
    wider: dict[int, tuple[Row, Row]] = {}
    for columns, minor in minors.items():
        for column, entry in enumerate(row):
            if not columns >> column & 1:
                entries, cofactors = wider.setdefault(columns | 1 << column, ([], []))
                entries.append(entry)
                cofactors.append(minor if (columns >> column).bit_count() % 2 == 0 else rules.NEG(minor))
    return {columns: f.dot(entries, cofactors) for columns, (entries, cofactors) in wider.items()}


def slogdet(a: Any) -> Any:
    """The sign of the determinant, and the logarithm of its magnitude."""
    array = _square(a, "slogdet")
    pairs = _over_matrices(_slogdet, array)
    return np.linalg._linalg.SlogdetResult(wrapped(pairs[..., 0]), wrapped(pairs[..., 1]))


def _slogdet(matrix: Objects) -> Any:
    rows = matrix.tolist()
    sign = _eliminated(rows, len(rows), traced=_is_traced(matrix))
    pivots = [row[k] for k, row in enumerate(rows)]
    signs = f.prod([sign, *map(rules.SIGN, pivots)])
    return filled([signs, f.sum([rules.LOG(rules.ABS(pivot)) for pivot in pivots])], (2,))


def solve(a: Any, b: Any) -> Any:
    """The x of a @ x = b, for a vector b or the columns of a matrix b. Raises LinAlgError for a singular matrix that
    is known; while compiling such a one gives nan or infinity."""
    matrices, right = _square(a, "solve"), objects(b)
    vectors = right.ndim == 1
    columns = right[:, np.newaxis] if vectors else right
    if columns.shape[-2] != matrices.shape[-1]:
        raise ShapeError(f"np.linalg.solve got shapes {matrices.shape} and {right.shape}: rows must be equal in number")
    lead = np.broadcast_shapes(matrices.shape[:-2], columns.shape[:-2])
    matrices = np.broadcast_to(matrices, lead + matrices.shape[-2:])
    columns = np.broadcast_to(columns, lead + columns.shape[-2:])
    out = _over_matrices(lambda both: _solution(both, matrices.shape[-1]), np.concatenate([matrices, columns], axis=-1))
    return out[..., 0] if vectors else out


def _solution(both: Objects, size: int) -> Objects:
    rows, traced = both.tolist(), _is_traced(both)
    _eliminated(rows, size, traced=traced)
    if not traced and any(_number(rows[k][k]) == 0.0 for k in range(size)):
        raise np.linalg.LinAlgError("Singular matrix")
    columns = [_substituted(rows, right) for right in zip(*(row[size:] for row in rows), strict=True)]
    return filled([x for column in columns for x in column], (len(columns), size)).T


def _substituted(rows: list[Row], right: Sequence[Any]) -> Row:
    """The solution of an upper triangular system, from the last row up."""
    size = len(rows)
    solved: Row = [_ZERO] * size
    for k in reversed(range(size)):
        known = f.dot(rows[k][k + 1 : size], solved[k + 1 :])
        solved[k] = rules.DIV(right[k] - known if k + 1 < size else right[k], rows[k][k])
    return solved


def inv(a: Any) -> Any:
    """Inverse matrices."""
    array = _square(a, "inv")
    return solve(array, np.eye(array.shape[-1]).astype(object))


def cholesky(a: Any, *, upper: bool = False) -> Any:
    """The lower triangular L of L @ L.T = a, read from the lower triangle; nan where `a` is not positive definite."""
    return _over_matrices(lambda matrix: _cholesky(matrix, upper=upper), _square(a, "cholesky"))


def _cholesky(matrix: Objects, *, upper: bool) -> Objects:
    rows, made = (matrix.T if upper else matrix).tolist(), list[Row]()
    for i, row in enumerate(rows):
        new: Row = []
        for j in range(i):
            new.append(rules.DIV(row[j] - f.dot(new, made[j][:j]), made[j][j]))
        made.append([*new, rules.SQRT(row[i] - f.dot(new, new)), *[_ZERO] * (len(rows) - i - 1)])
    lower = filled([entry for row in made for entry in row], matrix.shape)
    return lower.T if upper else lower


def norm(x: Any, ord: Any = None, axis: Axes = None, keepdims: bool = False) -> Any:  # noqa: A002 - NumPy's name
    """Norms of vectors of any order, and of matrices by their entries, rows or columns."""
    array = objects(x)
    if axis is None and ord is None:
        return reduced(f.norm, array, None, keepdims=keepdims)
    axes = tuple(range(array.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    if len(axes) == 1:
        return reduced(lambda row: _vector_norm(row, ord), array, axes, keepdims=keepdims)
    if len(axes) == 2 and ord in (None, "fro"):
        return reduced(f.norm, array, axes, keepdims=keepdims)
    if len(axes) == 2 and ord in (1, -1, math.inf, -math.inf):
        return _matrix_norm(array, ord, axes, keepdims=keepdims)
    raise unknown(
        f"np.linalg.norm with ord={ord!r} over {len(axes)} axes needs singular values, which are not known; use 'fro'"
    )


def _vector_norm(row: Row, order: Any) -> Any:
    sizes = [*map(rules.ABS, row)]
    if order is None or order == 2:
        return f.norm(row)
    if order == math.inf:
        return wrapped(largest(filled(sizes, (len(sizes),))))
    if order == -math.inf:
        return wrapped(smallest(filled(sizes, (len(sizes),))))
    if order == 0:
        return f.sum([WHERE(size != 0.0, 1.0, 0.0) for size in sizes])
    return (
        f.sum(sizes) if order == 1 else rules.POW(f.sum([rules.POW(size, float(order)) for size in sizes]), 1.0 / order)
    )


def _matrix_norm(array: Objects, order: float, axes: tuple[int, ...], *, keepdims: bool) -> Any:
    over, under = axes if abs(order) == 1 else reversed(axes)
    sums = total(np.frompyfunc(rules.ABS, 1, 1)(array), over, keepdims=True)
    made = (largest if order > 0 else smallest)(sums, under, keepdims=True)
    return made if keepdims else made.squeeze(axes)


def matrix_power(a: Any, n: int) -> Any:
    """Products of equal matrices; of the inverse for a negative n."""
    array = _square(a, "matrix_power")
    base = objects(inv(array)) if n < 0 else array
    if n == 0:
        return np.broadcast_to(objects(np.eye(array.shape[-1])), array.shape)
    return functools.reduce(matrix_product, [base] * abs(n))


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.linalg.norm: norm,
    np.linalg.det: det,
    np.linalg.slogdet: slogdet,
    np.linalg.inv: inv,
    np.linalg.solve: solve,
    np.linalg.cholesky: cholesky,
    np.linalg.matrix_power: matrix_power,
}
