"""Whole matrices of derivatives: Jacobians by either mode, and Hessians by forward over reverse."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff.derivatives import added_up
from autodiff.errors import AutodiffError
from autodiff.forward import pushforward
from autodiff.node import is_node
from autodiff.recording import ArgNums, Recording, record_call
from autodiff.reverse import pullback
from autodiff.slopes import Edge
from autodiff.structure import Atom, Structure, packed, rebuild, runs
from autodiff.transforms import Function, grad, looked_up
from autodiff.value import Value

_DIRECTIONS_AT_ONCE = 64  # bounds the memory of a sweep over arrays of directions


class ModeError(AutodiffError, ValueError):
    """A mode of differentiation that does not exist was named."""


def jacobian(function: Function, *, argnums: ArgNums = 0, mode: str | None = None) -> Function:
    """All first derivatives: the structure of the result, each number in it replaced by the structure of
    the argument. An array of shape r of an array of shape a gives an array of shape r + a.

    `mode` is "forward" (one sweep an input), "reverse" (one an output), or None for the fewer sweeps.

    >>> import numpy as np
    >>> jacobian(lambda x: x * x[0])(np.array([1.0, 2.0]))
    array([[2., 0.],
           [2., 1.]])
    """
    if mode not in (None, "forward", "reverse"):
        raise ModeError(f"mode must be 'forward', 'reverse' or None, got {mode!r}")

    @functools.wraps(function)
    def derivatives(*args: Any, **options: Any) -> Any:
        call = record_call(function, args, options, argnums)
        return _blocks(call, _matrix(call, mode), call.output_structure, call.input_structure)

    return derivatives


def hessian(function: Function, *, argnums: ArgNums = 0) -> Function:
    """All second derivatives of a function of scalar result, exactly symmetric: the structure of the
    argument twice over. An array of shape a gives an array of shape a + a.

    >>> hessian(lambda p: p[0] ** 2 * p[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """
    gradient = grad(function, argnums=argnums)

    @functools.wraps(function)
    def second_derivatives(*args: Any, **options: Any) -> Any:
        call = record_call(gradient, args, options, argnums)
        return _blocks(call, _symmetric(_matrix(call, "forward")), call.input_structure, call.input_structure)

    return second_derivatives


def _matrix(call: Recording, mode: str | None) -> list[list[Any]]:
    """One row for each output, one column for each input, as floats or Values."""
    edges = call.edges()
    if mode is None:
        mode = "forward" if len(call.inputs) <= len(call.outputs) else "reverse"
    if mode == "forward":
        columns = _sweeps(lambda seeds: pushforward(edges, seeds), call.inputs, call.outputs, edges, call.nested)
        return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in call.outputs]
    return _sweeps(lambda seeds: pullback(edges, seeds), call.outputs, call.inputs, edges, call.nested)


def _sweeps(
    sweep: Callable[[dict[Value, Any]], dict[Value, Any]],
    seeded: Sequence[Any],
    wanted: Sequence[Any],
    edges: Sequence[Edge[Value]],
    nested: bool,
) -> list[list[Any]]:
    """A row for each seeded node: what the sweep from it alone leaves on each of the wanted ones."""
    if nested or not all(math.isfinite(slope) for _, _, slope in edges):
        # One at a time: in an array an infinite slope would turn the zeros of other directions into nan.
        return [looked_up(sweep({node: 1.0} if is_node(node) else {}), wanted) for node in seeded]
    rows: list[list[Any]] = []
    for start in range(0, len(seeded), _DIRECTIONS_AT_ONCE):
        block = seeded[start : start + _DIRECTIONS_AT_ONCE]
        zeros = np.zeros(len(block))
        with np.errstate(all="ignore"):  # overflow is IEEE's here as elsewhere
            table = sweep(added_up(block, list(np.eye(len(block)))))
        columns = [table.get(node, zeros) if is_node(node) else zeros for node in wanted]
        rows += np.transpose(columns).tolist() if columns else [[] for _ in block]
    return rows


def _symmetric(matrix: list[list[Any]]) -> list[list[Any]]:
    """The mean of a square matrix and its transpose, which differ by rounding alone."""
    size = range(len(matrix))
    return [[0.5 * (matrix[i][j] + matrix[j][i]) for j in size] for i in size]


def _blocks(call: Recording, matrix: list[list[Any]], rows: Structure, columns: Structure) -> Any:
    """The matrix cut up into the structure of its rows and, within each, of its columns."""
    return rebuild(
        rows,
        (
            rebuild(columns, (_block(call, matrix, (over, across), (down, right)) for across, right in runs(columns)))
            for over, down in runs(rows)
        ),
    )


def _block(call: Recording, matrix: list[list[Any]], atoms: tuple[Atom, Atom], where: tuple[slice, slice]) -> Any:
    entries = [call.scalar(entry) for row in matrix[where[0]] for entry in row[where[1]]]
    over, across = (atom.shape for atom in atoms)
    if over is None and across is None:
        return entries[0]
    return packed(entries, (over or ()) + (across or ()))
