"""Whole matrices of derivatives: Jacobians by either mode, and Hessians by forward over reverse."""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from autodiff.argnums import ArgNums
from autodiff.derivatives import added_up
from autodiff.errors import OptionError
from autodiff.forward import pushforward
from autodiff.modes import current_tracer
from autodiff.primitive import is_node
from autodiff.recording import Recording, record_call, refuse_no_function
from autodiff.reverse import pullback
from autodiff.slopes import Edge, edges
from autodiff.structure import Atom, Structure, packed, rebuild, runs
from autodiff.transforms import Function, grad, looked_up
from autodiff.value import Value

Mode: TypeAlias = Literal["forward", "reverse"]

_DIRECTIONS_AT_ONCE = 64  # bounds the memory of a sweep over arrays of directions
_ROUNDING = 1e-9  # of the sum of its terms' magnitudes; wrong slopes differ by more


def jacobian(
    function: Function,
    argnums: ArgNums = 0,
    *,
    mode: Mode | None = None,
    has_aux: bool = False,
) -> Function:
    """All first derivatives of a function, in the structure of result and argument.

    Parameters
    ----------
    function : callable
        Arguments and results are numbers or Values, or nested tuples, lists, dicts and arrays of them.
    argnums : int or sequence of int
        The positional arguments to differentiate along.
    mode : {"forward", "reverse"}, optional
        One sweep for each input, or one for each output; by default the fewer sweeps.
    has_aux : bool
        Whether the function returns a pair (result, aux); the new function then returns (Jacobian, aux).

    Returns
    -------
    callable
        Takes the arguments of `function` and returns the structure of the result, with each number replaced by the
        structure of the argument. An array of shape r of an array of shape a gives an array of shape r + a.

    Raises
    ------
    OptionError
        A ValueError, for another mode.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(lambda x: x * x[0])(np.array([1.0, 2.0]))
    array([[2., 0.],
           [2., 1.]])
    """
    refuse_no_function(function, "jacobian")
    if mode not in (None, "forward", "reverse"):
        raise OptionError(f"mode must be 'forward', 'reverse' or None, got {mode!r}")

    @functools.wraps(function)
    def derivatives(*args: Any, **options: Any) -> Any:
        call = record_call(function, args, options, argnums, has_aux=has_aux)
        made = _blocks(call, _matrix(call, mode), call.output_structure, call.input_structure)
        return (made, call.aux) if has_aux else made

    return derivatives


def hessian(function: Function, argnums: ArgNums = 0, *, has_aux: bool = False) -> Function:
    """All second derivatives of a function of scalar result, exactly symmetric.

    Parameters
    ----------
    function : callable
        Returns one number, or a pair (result, aux) with `has_aux`.
    argnums : int or sequence of int
        The positional arguments to differentiate along.
    has_aux : bool
        Whether the function returns a pair; the new function then returns (Hessian, aux).

    Returns
    -------
    callable
        Takes the arguments of `function` and returns the structure of the argument twice over. An array of shape a
        gives an array of shape a + a.

    Warns
    -----
    RuntimeWarning
        Each entry off the diagonal is computed in both orders of differentiation. Where these differ by more than
        rounding explains, it is nan, and the warning names it: a slope of a primitive is wrong, or the function has no
        second derivative there.

    Examples
    --------
    >>> hessian(lambda p: p[0] ** 2 * p[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """
    refuse_no_function(function, "hessian")
    gradient = grad(function, argnums, has_aux=has_aux)

    @functools.wraps(function)
    def second_derivatives(*args: Any, **options: Any) -> Any:
        call = record_call(gradient, args, options, argnums, has_aux=has_aux)
        matrix = _symmetric(call, _matrix(call, "forward"))
        made = _blocks(call, matrix, call.input_structure, call.input_structure)
        return (made, call.aux) if has_aux else made

    return second_derivatives


def _matrix(call: Recording, mode: str | None) -> list[list[Any]]:
    """One row for each output, one column for each input, as floats or Values."""
    swept = call.edges()
    if mode is None:
        mode = "forward" if len(call.inputs) <= len(call.outputs) else "reverse"
    if mode == "forward":
        columns = _sweeps(lambda seeds: pushforward(swept, seeds), call.inputs, call.outputs, swept, call.nested)
        return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in call.outputs]
    return _sweeps(lambda seeds: pullback(swept, seeds), call.outputs, call.inputs, swept, call.nested)


def _sweeps(
    sweep: Callable[[dict[Value, Any]], dict[Value, Any]],
    seeded: Sequence[Any],
    wanted: Sequence[Any],
    swept: Sequence[Edge[Value]],
    nested: bool,
) -> list[list[Any]]:
    """A row for each seeded node: what the sweep from it alone leaves on each of the wanted ones."""
    if nested or not all(math.isfinite(slope) for _, _, slope in swept):
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


def _symmetric(call: Recording, matrix: list[list[Any]]) -> list[list[Any]]:
    """The mean of a square matrix and its transpose, and nan where they differ by more than rounding."""
    size = range(len(matrix))
    mean = [[0.5 * (matrix[i][j] + matrix[j][i]) for j in size] for i in size]
    if current_tracer() is not None:  # a trace has no numbers
        return mean
    doubtful = [(i, j) for i in size for j in size[i + 1 :] if _differ(matrix[i][j], matrix[j][i])]
    for i, j in _unexplained(call, matrix, doubtful) if doubtful else ():
        warnings.warn(
            f"hessian: the second derivatives [{i}][{j}] and [{j}][{i}] are {_number(matrix[i][j])} and "
            f"{_number(matrix[j][i])}, counting the numbers of the argument from 0; they should be equal, so the entry "
            "is nan: a primitive's slope is wrong, or there is no second derivative here",
            RuntimeWarning,
            stacklevel=3,
        )
        mean[i][j] = mean[j][i] = mean[i][j] * math.nan
    return mean


def _differ(a: Any, b: Any) -> bool:
    """Whether two numbers are further apart than most rounding; a nan is seen as it is."""
    one, other = _number(a), _number(b)
    if one == other or math.isnan(one) or math.isnan(other):
        return False
    return math.isinf(one - other) or abs(one - other) > _ROUNDING * abs(one + other)


def _number(entry: Any) -> float:
    return float(entry._number if is_node(entry) else entry)


def _unexplained(
    call: Recording, matrix: list[list[Any]], doubtful: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The entries whose halves differ by more than the rounding of the terms that they are sums of."""
    terms = edges(call.fresh_order(), call.inputs)
    weighed = [(node, operand, abs(slope)) for node, operand, slope in terms if slope is not None]
    columns = {k: pushforward(weighed, {call.inputs[k]: 1.0}) for k in {k for pair in doubtful for k in pair}}
    for i, j in doubtful:
        a, b = _number(matrix[i][j]), _number(matrix[j][i])
        scales = [looked_up(columns[k], call.outputs) for k in (i, j)]
        rounding = _ROUNDING * max(scales[0][j], scales[1][i])
        if math.isinf(a - b) or abs(a - b) > rounding:
            yield i, j


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
