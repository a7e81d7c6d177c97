"""Trace: the graph of one record, made by calling a function on symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, final

from autodiff.compilation.trace.argument_names import argument_names
from autodiff.compilation.trace.arguments import named_scalars
from autodiff.compilation.trace.collector import collector_paused
from autodiff.compilation.trace.keywords import by_place
from autodiff.compilation.trace.object_arrays import idle_functions_refused, masks_refused
from autodiff.compilation.trace.symbol import Symbol, lifted, lookups_refused, parameter, traced
from autodiff.graph import topological_order
from autodiff.modes import changed_mode
from autodiff.refusals import refusals_remembered
from autodiff.structure import Structure, unflatten
from autodiff.value import Value


@final
@dataclass(frozen=True)
class Trace:
    """What a function does with one record."""

    arguments: list[list[Symbol]]
    """One symbol for each scalar of each argument."""
    outputs: list[Symbol | float]
    output_structure: Structure
    parameters: dict[Value, Symbol] = field(default_factory=dict)
    """The leaf Values that the function closes over, in the order in which it meets them."""


def trace(
    function: Callable[..., Any],
    structures: Sequence[Structure],
    batched: Sequence[bool],
    sizes: Sequence[int],
    keywords: Sequence[str] = (),
) -> Trace:
    """Call `function` on symbols arranged like one record of its arguments, the last of them by `keywords`.

    Raises TraceError (a TypeError) where the function asks for a number, even if it catches the error.
    """
    names = [*argument_names(function, len(sizes) - len(keywords)), *keywords]
    arguments = [
        [Symbol(None, (), batched=differs, source=(number, entry), label=name) for entry in range(size)]
        for number, (differs, size, name) in enumerate(zip(batched, sizes, names, strict=True))
    ]
    parameters: dict[Value, Symbol] = {}
    token = lifted.set(partial(_lift, parameters))
    try:
        with tracing(), masks_refused(), refusals_remembered(), lookups_refused(), idle_functions_refused():
            result = by_place(function, keywords)(*map(unflatten, structures, arguments))
        outputs, output_structure = named_scalars(result, "the result of the function")
        outputs = [_lift(parameters, out) if isinstance(out, Value) else out for out in outputs]
    finally:
        lifted.reset(token)
    return Trace(arguments, outputs, output_structure, parameters)


@contextmanager
def tracing() -> Iterator[None]:
    """Within this context operations make symbols, whatever the modes around it."""
    with collector_paused(), changed_mode(recording=True, anomaly=False, tracer=traced, origin=None):
        yield


def _lift(parameters: dict[Value, Symbol], value: Value) -> Symbol:
    """The symbol of a Value: a parameter for a leaf, the same operations on symbols for what is made of them."""
    known = parameters.get(value)
    if known is not None:
        return known
    if value.primitive is None:
        return _parameter(parameters, value)
    symbols: dict[Value, Symbol] = {}
    for node in topological_order(value, until=parameters):
        if node.primitive is None or node in parameters:
            symbols[node] = _parameter(parameters, node)
        else:
            operands = tuple([symbols[x] if isinstance(x, Value) else x for x in node.operands])
            symbols[node] = traced(node.primitive, operands)
    return symbols[value]


def _parameter(parameters: dict[Value, Symbol], leaf: Value) -> Symbol:
    symbol = parameters.get(leaf)
    if symbol is None:
        symbol = parameters[leaf] = parameter(leaf)
    return symbol
