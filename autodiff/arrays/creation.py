"""Arrays of Values from numbers, and like others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.arrays.entries import filled, objects
from autodiff.arrays.value_array import ValueArray
from autodiff.errors import ShapeError
from autodiff.modes import current_tracer
from autodiff.primitive import is_node, real_number
from autodiff.value import Value

Shape = int | tuple[int, ...]


def array(entries: Any) -> ValueArray:
    """An array of Values, from nested lists, an array, or one of these.

    Numbers become leaves. Beside Values, and while compiling, they are constants, since they belong to what is made
    of these. Values stay what they are, so that an array of them shares its gradients with them.

    Parameters
    ----------
    entries
        Numbers and Values in nested sequences or an array, of shape s.

    Returns
    -------
    A `ValueArray` of shape s, a copy.

    Raises
    ------
    CoercionError
        A TypeError, for an entry that is no real number.
    ShapeError
        A ValueError, for rows of different lengths.

    Examples
    --------
    >>> import numpy as np
    >>> w = array([3.0, 4.0])
    >>> np.linalg.norm(w).backward()
    >>> w.grad.tolist()
    [0.6, 0.8]
    """
    try:
        given = np.array(entries, dtype=object)
    except ValueError as error:
        raise ShapeError(f"autodiff.array needs rows of one shape: {error}") from None
    found = given.ravel().tolist()
    if any(isinstance(entry, (list, tuple, np.ndarray)) for entry in found):
        raise ShapeError(f"autodiff.array needs rows of one shape, got {entries!r}")
    fixed = current_tracer() is not None or any(map(is_node, found))
    made = [x if is_node(x) else real_number(x) if fixed else Value(x) for x in found]
    return filled(made, given.shape).view(ValueArray)


def zeros(shape: Shape) -> ValueArray:
    """An array of zeros that Values can be assigned into. The zeros are constants: floats, without a node.

    Parameters
    ----------
    shape
        A length, or one for each axis.

    Returns
    -------
    A `ValueArray` of that shape.

    Examples
    --------
    >>> from autodiff import Value
    >>> out = zeros(3)
    >>> out[1] = 2.0 * Value(5.0)
    >>> out
    ValueArray([ 0., 10.,  0.])
    """
    return full(shape, 0.0)


def ones(shape: Shape) -> ValueArray:
    """An array of ones, as `zeros` makes one of zeros.

    Parameters
    ----------
    shape
        A length, or one for each axis.

    Returns
    -------
    A `ValueArray` of that shape.

    Examples
    --------
    >>> ones((2, 2)).sum()
    4.0
    """
    return full(shape, 1.0)


def full(shape: Shape, fill_value: Any) -> ValueArray:
    """An array with one entry, or what it broadcasts to."""
    return np.full(shape, fill_value, dtype=object).view(ValueArray)


def _like(number: float) -> Callable[..., ValueArray]:
    return lambda a, *, shape=None: full(np.shape(a) if shape is None else shape, number)


def full_like(a: Any, fill_value: Any, *, shape: Any = None) -> ValueArray:
    return full(np.shape(a) if shape is None else shape, fill_value)


def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, *, axis: int = 0
) -> Any:
    """As np.linspace: `num` entries from `start` to `stop`."""
    parts = num - 1 if endpoint else num
    first, last = np.broadcast_arrays(objects(start), objects(stop))
    width = (last.view(ValueArray) if last.ndim else last.item()) - (
        first.view(ValueArray) if first.ndim else first.item()
    )
    step = width / float(parts) if parts > 0 else np.nan * width
    pace = step if parts > 0 else width  # of one entry, the first
    made = [first + objects(pace * float(k)) for k in range(num)]
    if endpoint and num > 1:
        made[-1] = last
    out = np.stack(made, axis) if made else np.empty((0, *first.shape), dtype=object)
    return (out, step) if retstep else out


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.zeros_like: _like(0.0),
    np.imag: _like(0.0),
    np.ones_like: _like(1.0),
    np.empty_like: _like(0.0),
    np.full_like: full_like,
    np.linspace: linspace,
}
