"""Slopes from a step into the complex plane: f(x + ih) = f(x) + ih·f'(x) - ..., without a difference.

Source: Squire and Trapp (1998). It holds where the function is analytic and written so: `abs` and real
parts are not. Functions that refuse complex numbers have no such slopes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.gradcheck.subject import Floats, Subject
from autodiff.node import Node
from autodiff.structure import rebuild, runs

_STEP = 2.0**-100  # its square is far below the rounding of the real part
_EPSILON, _SMALLEST = 2.0**-52, 2.0**-1074
_REFUSALS = (TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError, np.exceptions.ComplexWarning)


def complex_slopes(subject: Subject) -> tuple[Floats, Floats] | None:
    """The slopes of every output along every input, a row an output, and their errors; None where the function
    refuses complex numbers.

    Errors are estimated from what the slopes move when the step doubles and every input moves by an ulp.
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            slopes = _slopes(subject, subject.point, _STEP)
            nearby = [
                _slopes(subject, np.nextafter(subject.point, side).tolist(), 2.0 * _STEP) for side in (-np.inf, np.inf)
            ]
    except _REFUSALS:
        return None
    with np.errstate(invalid="ignore"):
        moved = np.max(np.abs(np.array(nearby) - slopes), axis=0)
    return slopes, 8.0 * (moved + _EPSILON * np.abs(slopes) + _SMALLEST / _STEP)


def analytic(nodes: Iterable[Node]) -> bool:
    """Whether each operation computes the same function on complex numbers, where it takes them."""
    return all(
        node.primitive is None
        or (isinstance(node.primitive.array, np.ufunc) and node.primitive.array not in (np.absolute, np.sign))
        for node in nodes
    )


def _slopes(subject: Subject, point: Sequence[float], step: float) -> Floats:
    columns = []
    for place, number in enumerate(point):
        moved = [*map(complex, point)]
        moved[place] = complex(number, step)
        columns.append(_imaginary_parts(subject.call_on(_arguments(subject, moved))) / step)
    return np.transpose(columns)


def _arguments(subject: Subject, scalars: Sequence[complex]) -> Any:
    """The differentiated arguments with complex numbers and complex arrays."""
    return rebuild(
        subject.structure,
        (
            scalars[run.start] if atom.shape is None else np.array(scalars[run]).reshape(atom.shape)
            for atom, run in runs(subject.structure)
        ),
    )


def _imaginary_parts(tree: Any) -> Floats:
    """Of every number in a tree of containers, in the order of `flatten`."""
    found: list[NDArray[Any]] = []
    stack = [tree]
    while stack:
        child = stack.pop()
        if isinstance(child, dict):
            stack += reversed(child.values())
        elif isinstance(child, (tuple, list)):
            stack += reversed(child)
        else:
            found.append(np.imag(np.asarray(child, dtype=complex)).ravel())
    return np.concatenate(found)
