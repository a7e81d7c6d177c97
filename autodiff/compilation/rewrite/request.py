"""Request: what is asked of a trace, and the symbols that answer it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, final

from autodiff.compilation.rewrite.batch_sums import BatchSums
from autodiff.compilation.rewrite.differentiate import gradient_symbols, gradients_by_row, tangent_symbols
from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import Trace
from autodiff.errors import ShapeError
from autodiff.rules import MUL

Kind = Literal["call", "backward", "value_and_grad", "jacobian", "value_and_jacobian", "parameter_jacobian"]
"""The method of `CompiledFunction` that asks; `bind` asks for what `backward` does."""

Named: TypeAlias = tuple[str, Sequence[Symbol]]
"""Leaves to differentiate along, and their name in the listing."""


@final
@dataclass(frozen=True)
class Request:
    """What a program is to compute from a trace. Equal requests have equal programs, so it is the key of a cache."""

    kind: Kind
    argnums: tuple[int, ...] = ()
    """The arguments to differentiate along; `backward` and `parameter_jacobian` differentiate along the leaf Values."""
    reduced: bool = False
    """Of the weighted sum over records. The weight is an input of the program: a mean and a sum share it."""


@final
@dataclass(frozen=True, eq=False)
class Group:
    """Symbols or floats that make one output of a program."""

    name: str
    roots: list[Any]
    leaves: Sequence[Sequence[Symbol]] = ()
    """For a gradient to be summed over records: the leaves that each root is the derivative along."""
    places: Sequence[Sequence[int]] = ()
    """Where the numbers of each root belong in the output; one after the other where nothing is said."""


def answers(trace: Trace, request: Request, weight: Any) -> list[Group]:
    """The symbols for a request, unrewritten: of one record, times `weight` where gradients are asked for."""
    if request.kind == "call":
        return [Group("result", trace.outputs)]
    parameters: Named = ("parameters", list(trace.parameters.values()))
    if request.kind == "backward":
        return [_scalar_result(trace), *_sweeps_by_row(trace, [parameters], weight)]
    named = [parameters] if request.kind == "parameter_jacobian" else _arguments(trace, request.argnums)
    if request.kind == "value_and_grad":
        gradients = _sweeps_by_row if request.reduced else _sweeps_by_leaf
        return [_scalar_result(trace), *gradients(trace, named, weight)]
    entries = Group(f"Jacobian along {', '.join(name for name, _ in named)}", _entries(trace, named))
    return [Group("result", trace.outputs), entries] if request.kind == "value_and_jacobian" else [entries]


def in_all(groups: Sequence[Group], rewrite: Callable[[list[Any]], list[Any]]) -> list[Group]:
    """The groups after one rewrite of all their roots together, so that what they share is made once."""
    made = iter(rewrite([root for group in groups for root in group.roots]))
    return [replace(group, roots=[*itertools.islice(made, len(group.roots))]) for group in groups]


def summed_over_batch(groups: Sequence[Group], weight: Symbol, count: Symbol, order: Sequence[Symbol]) -> list[Group]:
    """The weighted sum of the result over records, and the sums of its derivatives along leaves that all records
    share; along batched leaves the derivatives stay one a record. `order` has the operations below their roots."""
    result, *gradients = groups
    kept = [
        made for group in gradients for (leaf, *_), made in zip(group.leaves, group.roots, strict=True) if leaf.batched
    ]
    sums = BatchSums(count, order, kept)
    total = Symbol(MUL, (weight, sums.of_result(result.roots[0])), batched=False)
    return [Group("reduced result", [total]), *[_summed(group, sums) for group in gradients]]


def _summed(gradient: Group, sums: BatchSums) -> Group:
    found: list[tuple[Any, Sequence[int]]] = []
    for leaves, places, made in zip(gradient.leaves, gradient.places, gradient.roots, strict=True):
        if leaves[0].batched:
            found.append((made, places))
        else:
            found += sums.along(leaves, places, made)
    return Group(gradient.name, [root for root, _ in found], places=[places for _, places in found])


def _scalar_result(trace: Trace) -> Group:
    if len(trace.outputs) != 1:
        count = len(trace.outputs)
        raise ShapeError(f"a gradient needs a scalar result a record, got {count} numbers; use the method jacobian")
    return Group("result", trace.outputs)


def _sweeps_by_leaf(trace: Trace, named: Sequence[Named], weight: Any) -> list[Group]:
    """The gradient along each of these."""
    leaves = [leaf for _, symbols in named for leaf in symbols]
    made = iter(gradient_symbols(_scalar_result(trace).roots, leaves, [weight]))
    return [Group(f"gradient along {name}", [*itertools.islice(made, len(symbols))]) for name, symbols in named]


def _sweeps_by_row(trace: Trace, named: Sequence[Named], weight: Any) -> list[Group]:
    """The same, to be summed over records."""
    made = gradients_by_row(_scalar_result(trace).roots, [symbols for _, symbols in named], [weight])
    return [
        Group(
            f"gradient along {name}",
            [each.root for each in along],
            [each.leaves for each in along],
            [each.places for each in along],
        )
        for (name, _), along in zip(named, made, strict=True)
    ]


def _arguments(trace: Trace, argnums: Sequence[int]) -> list[Named]:
    """The symbols of the arguments with these numbers, with their names in the function, or numbers."""
    chosen = [(k, trace.arguments[k]) for k in argnums]
    return [(f"argument {symbols[0].label or k if symbols else k}", symbols) for k, symbols in chosen]


def _entries(trace: Trace, named: Sequence[Named]) -> list[Any]:
    """The derivatives of each result along each leaf, result by result; by the shorter of the two sweeps."""
    leaves = [leaf for _, symbols in named for leaf in symbols]
    if len(leaves) < len(trace.outputs):
        columns = [tangent_symbols(trace.outputs, leaf) for leaf in leaves]
        return [entry for row in zip(*columns, strict=True) for entry in row]
    return [entry for out in trace.outputs for entry in gradient_symbols([out], leaves, [1.0])]
