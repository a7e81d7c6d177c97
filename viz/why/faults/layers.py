"""Gradients that vanish or explode from the last layer to the first."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from autodiff import Value
from viz.why import naming
from viz.why.evidence import Evidence
from viz.why.finding import Finding
from viz.why.naming import number

FACTOR = 1000.0
"""Between the first and the last layer a gradient may grow or shrink by this much."""
_FEWEST_LAYERS = 3
_FEWEST_STEPS = 4


def vanishing_or_exploding(evidence: Evidence) -> Iterator[Finding]:
    """The Euclidean norm of the gradient along the sums of each layer, first against last."""
    layers = _scoped_layers(evidence)
    fewest = _FEWEST_LAYERS
    if len(layers) < 2:
        layers, fewest = _steps(evidence), _FEWEST_STEPS
    norms = [(name, math.hypot(*(evidence.sweep.gradient(node) for node in nodes)), nodes) for name, nodes in layers]
    if len(norms) < fewest or not all(math.isfinite(norm) for _, norm, _ in norms) or not norms[-1][1]:
        return
    (first, inner, nodes), (last, outer, _) = norms[0], norms[-1]
    ratio = inner / outer
    if 1.0 / FACTOR < ratio < FACTOR:
        return
    explodes = ratio >= FACTOR
    each = abs(ratio) ** (1.0 / (len(norms) - 1))
    size = f"× {number(ratio)}" if explodes else f"÷ {number(1.0 / ratio)}" if ratio else "all of it is lost"
    severity = 0.55 if explodes else 0.45
    yield Finding(
        "exploding" if explodes else "vanishing", f"{first} to {last}",
        severity + 0.04 * min(1.0, abs(math.log10(ratio)) / 20.0 if ratio else 1.0),
        f"The gradient has a norm of {number(outer)} in {last} and {number(inner)} in {first}: {size} over "
        f"{len(norms)} layers, about × {number(each)} a layer.",
        "smaller weights (Glorot or He), fewer layers, or clipped gradients" if explodes
        else "tanh or relu instead of sigmoid, larger weights (Glorot or He), or fewer layers",
        tuple(nodes),
    )  # fmt: skip


def _scoped_layers(evidence: Evidence) -> Sequence[tuple[str, Sequence[Value]]]:
    """The sums of each layer that has parameters, by the scopes around neurons, in the order of the graph."""
    with_parameters = {_layer(naming.scope_of(leaf)) for leaf in evidence.marked}
    sums: dict[tuple[str, ...], list[Value]] = defaultdict(list)
    outputs: dict[tuple[str, ...], list[Value]] = defaultdict(list)
    sweep = evidence.sweep
    for place, node in enumerate(sweep.order):
        scope = naming.scope_of(node)
        layer = _layer(scope)
        if not scope or layer not in with_parameters or not node.operands:
            continue
        if node.primitive and node.primitive.activation and sweep.edges[place]:
            sums[layer].append(sweep.order[sweep.edges[place][0][0]])
        elif not sweep.uses[place] or any(
            _layer(naming.scope_of(sweep.order[use[0]])) != layer for use in sweep.uses[place]
        ):
            outputs[layer].append(node)
    ordered = dict.fromkeys(_layer(naming.scope_of(node)) for node in sweep.order if node.operands)
    found = {layer: sums[layer] or outputs[layer] for layer in ordered if layer in with_parameters}
    return [(naming.scope_title(layer), nodes) for layer, nodes in found.items() if nodes and layer]


def _layer(scope: tuple[str, ...]) -> tuple[str, ...]:
    return scope[:-1] if len(scope) > 1 else scope


def _steps(evidence: Evidence) -> Sequence[tuple[str, Sequence[Value]]]:
    """Without scopes: nodes by how many products with a leaf, or activations, a path to them has at most."""
    depth: dict[Any, int] = {}
    steps: dict[int, list[Value]] = defaultdict(list)
    for node in evidence.sweep.order:
        below = max((depth[operand] for operand in node.parents), default=0)
        name = node.primitive.name if node.primitive else ""
        weighed = name in ("mul", "dot") and any(not operand.operands for operand in node.parents)
        depth[node] = below + (weighed or (node.primitive is not None and node.primitive.activation))
        if depth[node] > below:
            steps[depth[node]].append(node)
    return [(f"step {step}", steps[step]) for step in sorted(steps)]
