"""Execution: a program by itself, without the function that it came from, as after it was unpickled elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.executor import Executor
from autodiff.compilation.options import record_weight
from autodiff.compilation.program.program import Program
from autodiff.errors import ShapeError

Array = NDArray[Any]


def run_program(
    program: Program, parameters: Sequence[float] = (), arguments: Sequence[Any] = (), *, reduction: str = "mean"
) -> list[Array]:
    """Run a program by itself, without the function that it came from, as after unpickling it elsewhere.

    Parameters
    ----------
    program : Program
        Of a CompiledFunction.
    parameters : sequence of float
        The numbers of the leaf Values in the order of `CompiledFunction.parameters`.
    arguments : sequence of array_like
        With the records along the first axis if they differ.
    reduction : {"mean", "sum"}
        That of a reduced result and its gradient.

    Returns
    -------
    list of ndarray
        The outputs in float64, in the order of the program: vectors, or of shape (records, size) if they differ from
        record to record.

    Raises
    ------
    ShapeError, OptionError
        ValueErrors, for arguments that do not fit the program, and for another reduction.

    Examples
    --------
    >>> import pickle
    >>> from autodiff import Value, compile
    >>> w = Value(3.0)
    >>> error = compile(lambda x: (w * x) ** 2)
    >>> error.backward([1.0, 2.0])
    22.5
    >>> program = pickle.loads(pickle.dumps(error.program))
    >>> run_program(program, [3.0], [[1.0, 2.0]])
    [array([22.5]), array([15.])]
    """
    blocks = program.blocks[1 : program.given - 2]
    if len(arguments) != len(blocks):
        raise ShapeError(f"the program takes {len(blocks)} arguments, got {len(arguments)}")
    given = [np.asarray(parameters, float), *map(_rows, arguments, (block.batched for block in blocks))]
    for block, rows in zip(program.blocks, given, strict=False):
        if len(rows) != block.rows:
            raise ShapeError(f"{block.name} holds {block.rows} numbers{' a record' * block.batched}, got {len(rows)}")
    counts = {rows.shape[1] for block, rows in zip(program.blocks, given, strict=False) if block.batched}
    if len(counts) > 1:
        raise ShapeError(f"arguments must have one number of records, got {sorted(counts)}")
    records = max(counts, default=1)
    weight = record_weight(reduction, records)
    outputs = Executor(program).run([*given, np.array([weight]), np.array([float(records)])], records)
    return [output.T for output in outputs]


def _rows(argument: Any, batched: bool) -> Array:
    """The numbers of an argument, of shape (rows,), or (rows, records) where records differ."""
    array = np.asarray(argument, float)
    return array.reshape(len(array), math.prod(array.shape[1:])).T if batched else array.ravel()
