"""Check: compares a trace with the results of the function on numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff.compilation.trace.arguments import Arguments
from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import Trace
from autodiff.errors import TraceError
from autodiff.graph import topological_order
from autodiff.modes import no_grad
from autodiff.structure import Structure, flatten, unflatten
from autodiff.value import Value

_LEAST, _MOST = 12, 16  # calls of a check: an even chance repeats the trace 12 times in a row once in 4,096
_ROUNDING = 1e-9  # relative; both do the same operations in the same order


def checked_records(call: Arguments) -> list[int]:
    """The numbers of the records to check: the first and the extremes of each column, some of them again where these
    are few, because a random draw may equal the traced one."""
    columns = [column for rows, differs in zip(call.rows, call.batched, strict=True) if differs for column in rows]
    found = {0: None}
    for column in columns:  # of a column with nan, argmin and argmax are both the first nan
        found |= dict.fromkeys((int(np.argmin(column)), int(np.argmax(column))))
        if len(found) >= _MOST:
            break
    return [*itertools.islice(itertools.cycle(found), max(_LEAST, min(len(found), _MOST)))]


def check_trace(
    function: Callable[..., Any], trace: Trace, structures: Sequence[Structure], numbers: Sequence[list[float]]
) -> None:
    """Call `function` on the numbers of a record. Raises TraceError unless it returns what its trace computes.

    Skipped for functions that cannot be called with floats: those that use methods of Values or divide by 0.
    """
    try:
        with no_grad():
            returned, _ = flatten(function(*map(unflatten, structures, numbers)))
    except (ArithmeticError, AttributeError, ValueError):
        return
    expected = [out._number if isinstance(out, Value) else out for out in returned]
    made = _computed(trace, numbers)
    if len(made) != len(expected) or not all(map(_agree, made, expected)):
        raise TraceError(
            f"for a record the function returns {expected}, but its trace gives {made}: it draws random numbers, keeps "
            "state between calls, or depends on the types of its arguments; a program repeats the one traced call"
        )


def _computed(trace: Trace, numbers: Sequence[list[float]]) -> list[float]:
    """The outputs of a trace for the numbers of one record, operation by operation."""
    known: dict[Any, float] = {
        symbol: number
        for symbols, entries in zip(trace.arguments, numbers, strict=True)
        for symbol, number in zip(symbols, entries, strict=True)
    }
    known |= {symbol: value._number for value, symbol in trace.parameters.items()}
    for node in topological_order(*(out for out in trace.outputs if isinstance(out, Symbol))):
        if node.primitive is not None:
            known[node] = node.primitive.compute(*[x if type(x) is float else known[x] for x in node.operands])
        elif node not in known:
            known[node] = node.source  # a constant
    return [known[out] if isinstance(out, Symbol) else out for out in trace.outputs]


def _agree(a: float, b: float) -> bool:
    return a == b or math.isclose(a, b, rel_tol=_ROUNDING) or (math.isnan(a) and math.isnan(b))
