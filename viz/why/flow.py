"""Flow: what runs along each edge between one weight and the root."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from autodiff import Value
from viz.subject import Subject
from viz.why import naming
from viz.why.sweep import Edge, Sweep

_SHARED = -1
"""In place of a record: the node depends on several uses of the weight."""


@final
@dataclass(frozen=True, slots=True)
class FlowEdge:
    """One edge on a path from the weight to the root."""

    tail: Value
    head: Value
    operand_index: int
    slope: float
    flow: float
    """What all paths over this edge add to the gradient: tangent of the tail × slope × gradient of the head."""
    share: float
    """The flow as a share of the gradient; nan or infinite where that is 0."""


@final
@dataclass(frozen=True, slots=True)
class PathGroup:
    """The paths that enter one neuron, from one use of the weight."""

    scope: tuple[str, ...]
    """The neuron, as the scopes around it; empty for what no scope marks."""
    record: int | None
    """The place of the record among those that the model was given; for a bare graph which use of the weight,
    counted from 0 in its order. None where several have met before."""
    count: int
    gradient: float
    absolute: float
    name: str = ""
    """The record as a picture names it: its label, else its number from 1; empty where several have met."""

    @property
    def cancellation(self) -> float:
        """|gradient| / absolute; nan without flow."""
        return abs(self.gradient) / self.absolute if self.absolute else math.nan

    def __repr__(self) -> str:
        record = f", record {naming.visible(self.name)}" if self.name else ""
        place = naming.scope_title(self.scope) or "without a scope"
        return (
            f"<PathGroup {place}{record}: {naming.counted(self.count, 'path')}, "
            f"{naming.number(self.gradient)} of {naming.number(self.absolute)}>"
        )


@final
class Flow:
    """The part of a graph between a weight and the root, each node after its operands.

    `sweep` is one above the weight, `subject` where the graph came from if that is known.
    """

    def __init__(self, weight: Value, sweep: Sweep, subject: Subject | None = None) -> None:
        self.sweep, self.subject = sweep, subject
        self.start = sweep.place.get(weight, -1)
        self.incoming: list[tuple[int, Sequence[Edge]]] = []
        """The place of each node above the weight, with its edges from others on the way."""
        self.counts: dict[int, int] = {}
        """How many paths lead from the weight to each node."""
        if self.start >= 0:
            self._walk()

    def _walk(self) -> None:
        self.counts[self.start] = 1
        for head in range(self.start + 1, len(self.sweep.order)):
            found = self.sweep.edges[head]
            if found:
                self.incoming.append((head, found))
                self.counts[head] = sum([self.counts[tail] for tail, _, _ in found])

    @property
    def count(self) -> int:
        """How many paths lead from the weight to the root."""
        return self.counts.get(len(self.sweep.order) - 1, 0)

    @functools.cached_property
    def tangents(self) -> dict[int, float]:
        """The derivative of each node along the weight."""
        table = {self.start: 1.0}
        for head, found in self.incoming:
            table[head] = sum([table[tail] * slope for tail, _, slope in found])
        return table

    @functools.cached_property
    def absolute_tangents(self) -> dict[int, float]:
        """For each node the sum over the paths from the weight of the |product| of their slopes."""
        table = {self.start: 1.0}
        for head, found in self.incoming:
            table[head] = sum([table[tail] * abs(slope) for tail, _, slope in found])
        return table

    @functools.cached_property
    def counts_above(self) -> dict[int, int]:
        """How many paths lead from each node on the way to the root."""
        table: dict[int, int] = defaultdict(int)
        table[len(self.sweep.order) - 1] = 1
        for head, found in reversed(self.incoming):
            for tail, _, _ in found:
                table[tail] += table[head]
        return table

    def edges(self) -> tuple[FlowEdge, ...]:
        """Every edge on the way, with its flow and share."""
        if not self.count:
            return ()
        order, gradients = self.sweep.order, self.sweep.gradients
        gradient = gradients[self.start]
        found = []
        for head, incoming in self.incoming:
            for tail, index, slope in incoming:
                flow = self.tangents[tail] * slope * gradients[head]
                found.append(FlowEdge(order[tail], order[head], index, slope, flow, _ratio(flow, gradient)))
        return tuple(found)

    def groups(self) -> tuple[PathGroup, ...]:
        """The paths by the scope that they enter and the use that they begin with."""
        if not self.count:
            return ()
        records = self._records()
        sums: dict[tuple[tuple[str, ...], int], list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
        for head, incoming in self.incoming:
            scope = naming.scope_of(self.sweep.order[head])
            for tail, index, slope in incoming:
                if tail == self.start or naming.scope_of(self.sweep.order[tail]) != scope:
                    record = records[head, index] if tail == self.start else records[tail, _SHARED]
                    entry = sums[scope, record]
                    entry[0] += self.counts[tail] * self.counts_above[head]
                    entry[1] += self.tangents[tail] * slope * self.sweep.gradients[head]
                    entry[2] += self.absolute_tangents[tail] * abs(slope) * self.sweep.absolute[head]
        groups = [
            PathGroup(scope, None if record == _SHARED else record, int(count), gradient, absolute, self._name(record))
            for (scope, record), (count, gradient, absolute) in sums.items()
        ]
        return tuple(sorted(groups, key=lambda group: -group.absolute))

    def _name(self, record: int) -> str:
        if record == _SHARED:
            return ""
        return str(record + 1) if self.subject is None else self.subject.records[record].name

    def _records(self) -> dict[tuple[int, int], int]:
        """The record, or else the use of the weight, that each first edge is of and that each node depends on alone."""
        table: dict[tuple[int, int], int] = {}
        if self.subject is not None:
            known = self.subject.record_of
            for head, incoming in self.incoming:
                record = known.get(self.sweep.order[head], _SHARED)
                table |= {(head, index): record for index in (_SHARED, *(index for _, index, _ in incoming))}
            return table
        uses = 0
        for head, incoming in self.incoming:
            found = set()
            for tail, index, _ in incoming:
                if tail == self.start:
                    table[head, index] = uses
                    found.add(uses)
                    uses += 1
                else:
                    found.add(table[tail, _SHARED])
            table[head, _SHARED] = found.pop() if len(found) == 1 else _SHARED
        return table


def _ratio(flow: float, gradient: float) -> float:
    if gradient:
        return flow / gradient
    return math.copysign(math.inf, flow) if flow else math.nan
