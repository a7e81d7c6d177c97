"""Finding the neurons in a graph: the nodes of a scope that weigh inputs, add them up and apply an activation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from autodiff import Value, local_slopes

Scope: TypeAlias = tuple[str, ...]
Source: TypeAlias = "Value | float"

LINEAR = frozenset({"mul", "dot", "sum", "add", "identity"})
"""The operations of a weighted sum."""


@final
@dataclass(frozen=True, eq=False, slots=True)
class Pass:
    """One record through a neuron."""

    sources: tuple[Source, ...]
    """What each weight is multiplied by."""
    total: Value
    """The weighted sum, bias included."""
    activation: tuple[Value, ...]
    """The nodes from the sum to the output, in order; none where that is linear."""
    nodes: int

    @property
    def output(self) -> Value:
        """What the neuron gives on."""
        return self.activation[-1] if self.activation else self.total

    def at(self, x: float) -> float:
        """The activation of another sum."""
        known: dict[Value, float] = {self.total: x}
        for node in self.activation:
            numbers = [known.get(o, o.data) if isinstance(o, Value) else o for o in node.operands]
            known[node] = node.primitive.compute(*numbers) if node.primitive else node.data
        return known[self.output]

    @property
    def slope(self) -> float:
        """The slope of the output along the sum."""
        tangents: dict[Value, float] = {self.total: 1.0}
        for node in self.activation:
            along = zip(node.operands, local_slopes(node), strict=True)
            tangents[node] = sum(tangents.get(o, 0.0) * s for o, s in along if s is not None and isinstance(o, Value))
        return tangents[self.output]


@final
@dataclass(frozen=True, eq=False, slots=True)
class Neuron:
    """A neuron and all the records that went through it."""

    scope: Scope
    weights: tuple[Value, ...]
    bias: Value | None
    passes: tuple[Pass, ...]

    @property
    def activation(self) -> str:
        """The symbol or name of the activation; linear where there is none."""
        names = [node.primitive.symbol or node.primitive.name for node in self.passes[0].activation if node.primitive]
        return {0: "linear", 1: names[0] if names else ""}.get(len(names), "activation")

    @property
    def parameters(self) -> tuple[Value, ...]:
        """The weights, and the bias if there is one."""
        return self.weights if self.bias is None else (*self.weights, self.bias)


def find_neurons(order: Sequence[Value]) -> list[Neuron]:
    """The neurons of a graph in topological order; none where they are less than half of its operations."""
    groups = _groups(order)
    users = _users(order)
    neurons = []
    for scope, components in groups.items():
        passes = [_pass(component, scope, users) for component in components]
        shared = {(weights, bias) for read in passes if read is not None for weights, bias in [read[1:]]}
        if None in passes or len(shared) != 1:
            continue
        weights, bias = shared.pop()
        neurons.append(Neuron(scope, weights, bias, tuple(read[0] for read in passes if read is not None)))
    inside = sum(one.nodes for neuron in neurons for one in neuron.passes)
    return neurons if 2 * inside >= sum(bool(node.operands) for node in order) else []


def _own(node: Value) -> Scope:
    return node.origin.scope if node.origin else ()


def is_parameter(node: object) -> bool:
    """Whether a node is a leaf that training changes."""
    return isinstance(node, Value) and not node.operands and bool(node.origin) and node.origin.role == "parameter"  # type: ignore[union-attr]  # bool(None) is False


def _groups(order: Sequence[Value]) -> dict[Scope, list[list[Value]]]:
    """For each scope that has parameters, its operations in connected parts: one for each record."""
    scopes = {_own(node) for node in order if is_parameter(node) and _own(node)}
    part_of: dict[Value, int] = {}
    parts: dict[int, tuple[Scope, list[Value]]] = {}
    for number, node in enumerate(order):
        scope = _matching(_own(node), scopes) if node.operands else None
        if scope is None:
            continue
        joined = {part_of[o] for o in node.operands if isinstance(o, Value) and o in part_of}
        same = sorted(part for part in joined if parts[part][0] == scope)
        merged = [entry for part in same for entry in parts.pop(part)[1]] + [node]
        parts[number] = (scope, merged)
        part_of.update(dict.fromkeys(merged if len(same) != 1 else [node], number))
        if len(same) == 1:  # a long list keeps its number: moving it at each node would be quadratic
            parts[same[0]] = parts.pop(number)
            part_of[node] = same[0]
    groups: dict[Scope, list[list[Value]]] = defaultdict(list)
    for scope, members in parts.values():
        groups[scope].append(members)
    return dict(groups)


def _matching(scope: Scope, scopes: set[Scope]) -> Scope | None:
    """The scope of parameters that a node's own ends with: a call may stand in further scopes."""
    for start in range(len(scope)):
        if scope[start:] in scopes:
            return scope[start:]
    return None


def _users(order: Sequence[Value]) -> Mapping[Value, list[Value]]:
    users: dict[Value, list[Value]] = defaultdict(list)
    for node in order:
        for operand in node.operands:
            if isinstance(operand, Value):
                users[operand].append(node)
    return users


def _pass(
    members: Sequence[Value], scope: Scope, users: Mapping[Value, list[Value]]
) -> tuple[Pass, tuple[Value, ...], Value | None] | None:
    """The members of one part as a weighted sum with an activation; None if they are something else."""
    inside = set(members)
    if any(user not in inside for node in members[:-1] for user in users[node]):
        return None
    linear = []
    for node in members:
        if node.primitive is None or node.primitive.name not in LINEAR:
            break
        linear.append(node)
    read = _weighted(linear, scope) if linear else None
    activation = members[len(linear) :]
    outside = (
        {o for node in activation for o in node.operands if isinstance(o, Value)} - {linear[-1]} - inside
        if linear
        else {0}
    )
    if read is None or outside:
        return None
    weights, sources, bias = read
    return Pass(tuple(sources), linear[-1], tuple(activation), len(members)), tuple(weights), bias


def _weighted(linear: Sequence[Value], scope: Scope) -> tuple[list[Value], list[Source], Value | None] | None:
    """The weights, what each is multiplied by, and the bias; None where the operations are no weighted sum."""
    inside, weights, sources, biases = set(linear), [], [], []
    for node in linear:
        name, operands = node.primitive.name if node.primitive else "", node.operands
        if name in ("dot", "mul"):
            half = len(operands) // 2
            for pair in zip(operands[:half], operands[half:], strict=True):
                weight, source = pair if _belongs(pair[0], scope) else pair[::-1]
                if not isinstance(weight, Value) or not _belongs(weight, scope) or source in inside:
                    return None
                weights.append(weight)
                sources.append(source)
        else:
            rest = [o for o in operands if o not in inside]
            if not all(_belongs(o, scope) for o in rest):
                return None
            biases += [o for o in rest if isinstance(o, Value)]
    if not weights or len(biases) > 1 or len(set(weights)) < len(weights):
        return None
    return weights, sources, biases[0] if biases else None


def _belongs(node: object, scope: Scope) -> bool:
    return is_parameter(node) and isinstance(node, Value) and _own(node) == scope
