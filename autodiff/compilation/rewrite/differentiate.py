"""Differentiate: from the trace of one record to symbols for its derivatives, by the sweeps of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.anomaly import attributed
from autodiff.branches import Flow
from autodiff.choice import WHERE
from autodiff.compilation.rewrite.weighted_sums import ALONE, is_sum, weighted_sum
from autodiff.compilation.trace.origins import ADJOINT, GRADIENT, Derivatives
from autodiff.compilation.trace.symbol import Symbol
from autodiff.forward import pushforward
from autodiff.graph import topological_order
from autodiff.refusals import refusals_remembered
from autodiff.slopes import Edge, edges, recorded_slopes


def gradient_symbols(outputs: Sequence[Any], inputs: Sequence[Symbol], weights: Sequence[Any]) -> list[Any]:
    """The derivative of the weighted sum of `outputs` along each input, as symbols; 0.0 where there is none."""
    roots = [out for out in outputs if isinstance(out, Symbol)]
    order = topological_order(*roots)
    with refusals_remembered():  # slopes may be the user's
        table = _pullback(edges(order, inputs, recorded_slopes), _seeds(outputs, weights))
    _attribute(table, set(order))
    return [table.get(leaf, 0.0) for leaf in inputs]


def _pullback(edges: Sequence[Edge[Symbol]], seeds: Mapping[Symbol, Any]) -> dict[Symbol, Any]:
    """What `reverse.pullback` comes to, with the terms of each adjoint in one operation."""
    table: dict[Symbol, Any] = {node: [None, seed, ALONE] for node, seed in seeds.items()}
    flow = Flow({})
    last = None
    for node, operand, slope in attributed(reversed(edges), lambda edge: edge[0]):
        if node is not last:
            adjoint, last = _adjoint(table, node), node
        if adjoint is None:
            continue
        terms = table.get(operand)
        if flow.is_decided and type(adjoint) is type(slope) is Symbol and slope.primitive is not WHERE:
            factors: tuple[Any, Any] = (adjoint, slope)
        else:
            factors = (flow.along(slope, node, operand, adjoint, first=terms is None), ALONE)
        if terms is None:
            table[operand] = [node.origin, *factors]
        else:
            terms += factors
    return {node: _adjoint(table, node) for node in table}


def _adjoint(table: dict[Symbol, Any], node: Symbol) -> Any:
    """The adjoint of a node, once all terms have come to it; None where none has."""
    adjoint = table.get(node)
    if type(adjoint) is list:
        origin, *factors = adjoint
        adjoint = table[node] = weighted_sum(factors, origin)
    return adjoint


def _attribute(derivatives: Mapping[Symbol, Any], known: set[Symbol]) -> None:
    """Mark each derivative as that along its node. The sweep has marked it with the reader of the node that it came
    from last, though all readers contribute."""
    adjoints, gradients = Derivatives(ADJOINT), Derivatives(GRADIENT)
    for node, made in derivatives.items():
        # That of a leaf which one reader contributes is marked well enough, and there are many.
        if type(made) is Symbol and made.operands and (node.operands or is_sum(made)) and made not in known:
            known.add(made)  # what is handed on as it is belongs to the node that it came to first
            made.label = node.label
            made.origin = (adjoints if node.operands else gradients).of(node.origin)


def tangent_symbols(outputs: Sequence[Any], leaf: Symbol) -> list[Any]:
    """The derivative of each output along one input, by a forward sweep."""
    roots = [out for out in outputs if isinstance(out, Symbol)]
    with refusals_remembered():
        table = pushforward(edges(topological_order(*roots), [leaf], recorded_slopes), {leaf: 1.0})
    return [table.get(out, 0.0) if isinstance(out, Symbol) else 0.0 for out in outputs]


def _seeds(outputs: Sequence[Any], weights: Sequence[Any]) -> dict[Any, Any]:
    seeds: dict[Any, Any] = {}
    for out, weight in zip(outputs, weights, strict=True):
        if isinstance(out, Symbol):
            seeds[out] = seeds[out] + weight if out in seeds else weight
    return seeds
