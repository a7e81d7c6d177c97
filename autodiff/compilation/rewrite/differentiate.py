"""Differentiate: from the trace of one record to symbols for its derivatives, by the sweeps of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, final

import numpy as np

from autodiff.anomaly import attributed
from autodiff.branches import Flow
from autodiff.choice import WHERE
from autodiff.compilation.rewrite.rows import Row, row_gradient, rows_read_by_dots
from autodiff.compilation.rewrite.weighted_sums import ALONE, SUMS, weighted_sum
from autodiff.compilation.trace.operations import operations_below
from autodiff.compilation.trace.origins import ADJOINT, GRADIENT, Derivatives
from autodiff.compilation.trace.symbol import Symbol
from autodiff.forward import pushforward
from autodiff.modes import changed_mode
from autodiff.refusals import refusals_remembered
from autodiff.slopes import Edge, edges, recorded_slopes


class Along(NamedTuple):
    """A derivative along one leaf, or along the leaves of a row (`rewrite.rows`) together."""

    leaves: Sequence[Symbol]
    places: Sequence[int]
    """Where they are among the inputs."""
    root: Any
    """A symbol, or 0.0 where nothing leads to the leaf."""


def gradient_symbols(outputs: Sequence[Any], inputs: Sequence[Symbol], weights: Sequence[Any]) -> list[Any]:
    """The derivative of the weighted sum of `outputs` along each input, as symbols; 0.0 where there is none."""
    table, _ = _swept(outputs, weights, operations_below(outputs), inputs, [])
    return [table.get(leaf, 0.0) for leaf in inputs]


def gradients_by_row(
    outputs: Sequence[Any], groups: Sequence[Sequence[Symbol]], weights: Sequence[Any]
) -> list[list[Along]]:
    """The same for groups of inputs, with one symbol for all leaves of a row. Sorted by the first place of each."""
    order = operations_below(outputs)
    rows = [rows_read_by_dots(order, inputs) for inputs in groups]
    alone = [_others(inputs, found) for inputs, found in zip(groups, rows, strict=True)]
    read = [inputs[place] for inputs, places in zip(groups, alone, strict=True) for place in places]
    table, of_row = _swept(outputs, weights, order, read, [*chain.from_iterable(rows)])
    made: list[list[Along]] = []
    for inputs, found, places in zip(groups, rows, alone, strict=True):
        along = [Along(row.leaves, row.places, of_row[row]) for row in found if row in of_row]
        single = [*places, *chain.from_iterable([row.places for row in found if row not in of_row])]
        along += [Along((inputs[place],), (place,), table.get(inputs[place], 0.0)) for place in single]
        made.append(sorted(along, key=lambda each: each.places[0]))
    return made


def _others(inputs: Sequence[Symbol], rows: Sequence[Row]) -> list[int]:
    """The places of the inputs that are in no row."""
    alone = np.ones(len(inputs), bool)
    for row in rows:
        alone[[*row.places]] = False
    found: list[int] = alone.nonzero()[0].tolist()
    return found


def _swept(
    outputs: Sequence[Any],
    weights: Sequence[Any],
    order: Sequence[Symbol],
    alone: Sequence[Symbol],
    rows: Sequence[Row],
) -> tuple[dict[Symbol, Any], dict[Row, Symbol]]:
    """The adjoints of the operations in `order` and of leaves, and the gradients of rows."""
    dots = {dot for row in rows for dot in row.other_half}
    with refusals_remembered():  # slopes may be the user's
        sweep = _Sweep(_seeds(outputs, weights))
        sweep.pull_back(edges(order, dots.union(alone), recorded_slopes))
        gradients = {row: sweep.along_row(row) for row in rows}
        table = sweep.adjoints()
    _attribute(table, set(order))
    return table, {row: made for row, made in gradients.items() if made is not None}


@final
class _Sweep:
    """What `reverse.pullback` does, with all terms of an adjoint in one operation."""

    def __init__(self, seeds: Mapping[Symbol, Any]) -> None:
        # The origin of what brings the first term, and two factors for each.
        self._table: dict[Symbol, Any] = {node: [None, seed, ALONE] for node, seed in seeds.items()}
        self._flow = Flow({})

    def pull_back(self, edges: Sequence[Edge[Symbol]]) -> None:
        """Let adjoints flow along edges in topological order."""
        last = None
        for node, operand, slope in attributed(reversed(edges), lambda edge: edge[0]):
            if node is not last:
                adjoint, last = self._adjoint(node), node
            if adjoint is not None:
                self._bring(node, operand, slope, adjoint)

    def along_row(self, row: Row) -> Symbol | None:
        """The gradient of a row; None where its leaves have adjoints of their own, or none."""
        swept = [(dot, self._adjoint(dot)) for dot in reversed(row.other_half)]
        reached = [(dot, adjoint) for dot, adjoint in swept if adjoint is not None]
        if reached and self._flow.is_decided and all(type(adjoint) is Symbol for _, adjoint in reached):
            return row_gradient(row, reached)
        for dot, adjoint in reached:
            with changed_mode(origin=dot.origin):
                for leaf, slope in zip(row.leaves, row.other_half[dot], strict=True):
                    self._bring(dot, leaf, slope, adjoint)
        return None

    def adjoints(self) -> dict[Symbol, Any]:
        """The adjoint of every node that was reached."""
        return {node: self._adjoint(node) for node in self._table}

    def _bring(self, node: Symbol, operand: Symbol, slope: Any, adjoint: Any) -> None:
        terms = self._table.get(operand)
        if self._flow.is_decided and type(adjoint) is type(slope) is Symbol and slope.primitive is not WHERE:
            factors: tuple[Any, Any] = (adjoint, slope)
        else:
            factors = (self._flow.along(slope, node, operand, adjoint, first=terms is None), ALONE)
        if terms is None:
            self._table[operand] = [node.origin, *factors]
        else:
            terms += factors

    def _adjoint(self, node: Symbol) -> Any:
        """The adjoint of a node, once all terms have come to it; None where none has."""
        adjoint = self._table.get(node)
        if type(adjoint) is list:
            origin, *factors = adjoint
            adjoint = self._table[node] = weighted_sum(factors, origin)
        return adjoint


def _attribute(derivatives: Mapping[Symbol, Any], known: set[Symbol]) -> None:
    """Mark each derivative as that along its node. The sweep has marked it with the reader of the node that it came
    from last, though all readers contribute."""
    adjoints, gradients = Derivatives(ADJOINT), Derivatives(GRADIENT)
    for node, made in derivatives.items():
        # That of a leaf which one reader contributes is marked well enough, and there are many.
        if type(made) is Symbol and made.operands and (node.operands or made.primitive in SUMS) and made not in known:
            known.add(made)  # what is handed on as it is belongs to the node that it came to first
            made.label = node.label
            made.origin = (adjoints if node.operands else gradients).of(node.origin)


def tangent_symbols(outputs: Sequence[Any], leaf: Symbol) -> list[Any]:
    """The derivative of each output along one input, by a forward sweep."""
    with refusals_remembered():
        table = pushforward(edges(operations_below(outputs), [leaf], recorded_slopes), {leaf: 1.0})
    return [table.get(out, 0.0) if isinstance(out, Symbol) else 0.0 for out in outputs]


def _seeds(outputs: Sequence[Any], weights: Sequence[Any]) -> dict[Any, Any]:
    seeds: dict[Any, Any] = {}
    for out, weight in zip(outputs, weights, strict=True):
        if isinstance(out, Symbol):
            seeds[out] = seeds[out] + weight if out in seeds else weight
    return seeds
