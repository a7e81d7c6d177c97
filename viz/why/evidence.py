"""Evidence: a graph with its sweep, its parameters and its units, as all searches for faults read it."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

from autodiff import Value
from viz.subject import Subject
from viz.why import naming
from viz.why.sweep import Sweep

UnitKey: TypeAlias = tuple[Any, ...]
FIT = 0.5
"""A model that explains at least this share of its targets' variance has learned."""


@final
@dataclass(frozen=True, slots=True)
class Use:
    """One activation of a unit, for one record."""

    output: Value
    total: Value
    slope: float
    upstream: float


@final
@dataclass(frozen=True, slots=True)
class Unit:
    """One neuron, with all its uses."""

    where: str
    layer: tuple[Any, ...]
    operation: str
    limits: tuple[float, float, float] | None
    """The largest slope of the activation, and the numbers that it stays between."""
    uses: Sequence[Use]


@final
class Evidence:
    """What searches for faults read."""

    def __init__(self, subject: Subject, sweep: Sweep) -> None:
        self.subject, self.sweep = subject, sweep

    @functools.cached_property
    def parameters(self) -> Mapping[str, Value]:
        """The parameters by name: the model's, else the leaves that are marked as such."""
        model = self.subject.model
        if hasattr(model, "named_parameters"):
            return dict(model.named_parameters())
        if hasattr(model, "parameters"):
            return {naming.full_title(leaf): leaf for leaf in model.parameters()}
        return {f"{naming.full_title(leaf)}": leaf for leaf in self.marked}

    @functools.cached_property
    def marked(self) -> Sequence[Value]:
        """The leaves of the graph that are marked as parameters."""
        return [
            node for node in self.sweep.order if not node.operands and node.origin and node.origin.role == "parameter"
        ]

    @functools.cached_property
    def inputs(self) -> frozenset[Value]:
        """The leaves that are data."""
        return frozenset(leaf for record in self.subject.records for leaf in record.inputs)

    @functools.cached_property
    def units(self) -> Sequence[Unit]:
        """Every neuron with an activation, in the order of the graph."""
        found: dict[UnitKey, list[Use]] = defaultdict(list)
        for place, node in enumerate(self.sweep.order):
            if node.primitive is None or not node.primitive.activation or not self.sweep.edges[place]:
                continue
            tail, _, slope = self.sweep.edges[place][0]
            total = self.sweep.order[tail]
            found[self._key(node, total)].append(Use(node, total, slope, self.sweep.gradients[place]))
        return [_unit(key, uses) for key, uses in found.items()]

    @functools.cached_property
    def learned(self) -> bool:
        """Whether the predictions explain most of the targets; without targets, whether the root is small."""
        explained = self.explained
        return 0.0 <= self.sweep.root.data < 0.05 if math.isnan(explained) else explained >= FIT

    @functools.cached_property
    def explained(self) -> float:
        """The share of the targets' variance that the predictions explain; nan without targets that differ."""
        pairs = [pair for record in self.subject.records for pair in _pairs(record.outputs, record.target)]
        if len(pairs) < 2:
            return math.nan
        mean = sum(target for _, target in pairs) / len(pairs)
        spread = sum((target - mean) ** 2 for _, target in pairs)
        return 1.0 - sum((output - target) ** 2 for output, target in pairs) / spread if spread else math.nan

    def _key(self, node: Value, total: Value) -> UnitKey:
        scope, name = naming.scope_of(node), node.primitive.name if node.primitive else ""
        if scope:
            return (scope, name)
        weights = frozenset(leaf for leaf in leaf_terms(total) if leaf not in self.inputs)
        return ((), name, weights or node)


def leaf_terms(total: Value) -> Sequence[Value]:
    """The leaves that a sum and its products read directly."""
    found, stack = [], [total]
    while stack:
        node = stack.pop()
        if not node.operands:
            found.append(node)
        elif node is total or (node.primitive and node.primitive.name in ("add", "sum", "mul", "dot", "identity")):
            stack.extend(node.parents)
    return found


def _unit(key: UnitKey, uses: Sequence[Use]) -> Unit:
    scope, name = key[0], key[1]
    where = naming.scope_title(scope) or naming.title(uses[0].output)
    primitive = uses[0].output.primitive
    limits = primitive.limits if primitive else None
    return Unit(where, scope[:-1] if len(scope) > 1 else (scope or key), name, limits, uses)


def _pairs(outputs: Sequence[Any], target: Any) -> Sequence[tuple[float, float]]:
    if target is None:
        return []
    targets = target if isinstance(target, list) else [target]
    numbers = [out.data if isinstance(out, Value) else float(out) for out in outputs]
    return list(zip(numbers, targets, strict=True)) if len(numbers) == len(targets) else []
