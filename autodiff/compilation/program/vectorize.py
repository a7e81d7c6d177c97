"""Vectorize: scalars that are computed alike become lanes, the rows of one block, which one step fills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.rewrite.batch_sums import BATCH_DOT
from autodiff.compilation.trace.operations import operations_below
from autodiff.compilation.trace.symbol import Symbol
from autodiff.primitive import Primitive
from autodiff.rules import DOT


@final
@dataclass(eq=False)
class Lanes:
    """Symbols of one primitive whose operands come, place by place, from the same lanes: the rows of one block."""

    primitive: Primitive | None
    batched: bool
    members: list[Symbol]
    sources: Sequence[Lanes | None] = ()
    """For each operand the lanes it is read from, or None for constants."""
    reads: list[NDArray[Any]] = field(default_factory=list)
    """For each operand the rows that members read there, or their constants."""
    grid: tuple[int, int] | None = None
    """For products of every first vector with every second: how many there are of each."""

    @property
    def operation(self) -> Primitive:
        """The primitive of lanes that are computed. Raises TypeError for leaves."""
        if self.primitive is None:
            raise TypeError("lanes of leaves are given, not computed")
        return self.primitive


@final
class Vectorization:
    """All lanes of a program, each after those that it reads, and the lanes and row of each symbol."""

    def __init__(self, roots: Iterable[Any], leaves: Sequence[Lanes]) -> None:
        self.lanes_of: dict[Symbol, Lanes] = {}
        for given in leaves:
            self.lanes_of |= dict.fromkeys(given.members, given)
        self.row: dict[Symbol, int] = {}
        self.order = [*leaves, *self._alike([root for root in roots if type(root) is Symbol])]
        for lanes in self.order:
            if lanes.sources:
                self._arrange(lanes)
            self.row.update(zip(lanes.members, range(len(lanes.members)), strict=True))

    def _alike(self, roots: Sequence[Symbol]) -> list[Lanes]:
        """Lanes of like symbols, lowest first."""
        found: dict[tuple[Any, ...], Lanes] = {}
        level: dict[Lanes | None, int] = {}  # leaves and constants are at 0
        for node in operations_below(roots):
            sources = [None if type(x) is float else self.lanes_of[x] for x in node.operands]
            key = (node.primitive, node.batched, *sources)
            lanes = found.get(key)
            if lanes is None:
                lanes = found[key] = Lanes(node.primitive, node.batched, [], sources)
                level[lanes] = 1 + max([level.get(source, 0) for source in sources])
            lanes.members.append(node)
            self.lanes_of[node] = lanes
        return sorted(found.values(), key=level.__getitem__)

    def _arrange(self, lanes: Lanes) -> None:
        """Sort the members by the rows that they read, so that reads become views."""
        columns: list[Sequence[Any]] = [*zip(*[member.operands for member in lanes.members], strict=True)]
        for place, source in enumerate(lanes.sources):
            if source is not None:
                columns[place] = [*map(self.row.__getitem__, columns[place])]
        rows = [column for column, source in zip(columns, lanes.sources, strict=True) if source is not None]
        keys = [*zip(*rows, strict=True)]
        lanes.grid = _grid(lanes, keys)
        if lanes.grid is not None or len(rows) <= _SORTED_BY:
            order = sorted(range(len(keys)), key=keys.__getitem__)
            lanes.members = [lanes.members[k] for k in order]
            columns = [[column[k] for k in order] for column in columns]
        lanes.reads = [
            np.array(column, float if source is None else np.intp)
            for column, source in zip(columns, lanes.sources, strict=True)
        ]


def _grid(lanes: Lanes, keys: Sequence[tuple[int, ...]]) -> tuple[int, int] | None:
    """How many first and second vectors there are, if the members, which read rows `keys`, are each with each."""
    half = len(lanes.sources) // 2
    first, second = set(lanes.sources[:half]), set(lanes.sources[half:])
    if lanes.primitive not in (DOT, BATCH_DOT) or len(first) > 1 or len(second) > 1 or None in first | second:
        return None
    grid = len({key[:half] for key in keys}), len({key[half:] for key in keys})
    return grid if grid[0] * grid[1] == len(set(keys)) == len(keys) else None


_SORTED_BY = 8
"""Lanes that read more operands than this are left in the order of the graph: sorting costs more than it gains."""
