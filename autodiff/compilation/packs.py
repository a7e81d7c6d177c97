"""Packs: scalars that are computed alike, side by side in one array, by one NumPy call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from autodiff.compilation.reductions import BATCH_DOT
from autodiff.compilation.symbol import Symbol
from autodiff.compilation.views import Index
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import DOT


@final
@dataclass(eq=False)
class Pack:
    """Members of one primitive and one level, whose operands come, place by place, from the same packs."""

    primitive: Primitive | None
    batched: bool
    members: list[Symbol]
    level: int = 0
    grid: tuple[int, int] | None = None
    """For products of every first vector with every second: how many there are of each."""
    sources: list[Any] = field(default_factory=list)
    """For each operand the pack it is read from, or None for constants."""

    @property
    def operation(self) -> Primitive:
        """The primitive of a pack that is computed. Raises TypeError for one of leaves."""
        if self.primitive is None:
            raise TypeError("a pack of leaves is given, not computed")
        return self.primitive


@final
class Packing:
    """The packs of a program and where each symbol has its place."""

    def __init__(self, roots: Iterable[Any], leaves: Sequence[Pack]) -> None:
        self.place: dict[Symbol, tuple[Pack, int]] = {}
        self.packs: list[Pack] = []
        for pack in leaves:
            self._settle(pack)
        self.leaves = len(self.packs)
        for group in self._levels([root for root in roots if isinstance(root, Symbol)]):
            self._settle(self._ordered(group))

    def indices(self, pack: Pack) -> list[Any]:
        """For each operand the rows that members read, as an Index, or their constants as an array."""
        columns = zip(*(member.operands for member in pack.members), strict=True)
        return [
            np.array(column) if source is None else self._index(column)
            for column, source in zip(columns, pack.sources, strict=True)
        ]

    def _index(self, column: Iterable[Symbol]) -> Index:
        return np.array([self.place[x][1] for x in column], dtype=np.intp)

    def _settle(self, pack: Pack) -> None:
        self.packs.append(pack)
        for position, member in enumerate(pack.members):
            self.place[member] = (pack, position)

    def _levels(self, roots: Sequence[Symbol]) -> Iterable[Pack]:
        """Groups of like symbols, lowest first; each is settled before the next is asked for."""
        level: dict[Symbol, int] = {}
        by_level: dict[int, list[Symbol]] = {}
        for node in topological_order(*roots):
            below = [level[x] for x in node.operands if type(x) is not float]
            level[node] = 1 + max(below, default=-1)
            if node.primitive is not None:
                by_level.setdefault(level[node], []).append(node)
        for height in sorted(by_level):
            yield from self._alike(by_level[height], height)

    def _alike(self, nodes: Iterable[Symbol], height: int) -> Iterable[Pack]:
        groups: dict[tuple[Any, ...], Pack] = {}
        for node in nodes:
            sources = [None if type(x) is float else self.place[x][0] for x in node.operands]
            key = (node.primitive, node.batched, *map(id, sources))
            pack = groups.setdefault(key, Pack(node.primitive, node.batched, [], height, sources=sources))
            pack.members.append(node)
        return groups.values()

    def _ordered(self, pack: Pack) -> Pack:
        """The pack with its members in the order in which they read their operands."""
        columns = [column for column in self.indices(pack) if column.dtype == np.intp]
        if pack.primitive in (DOT, BATCH_DOT) and len(columns) == len(pack.sources) and self._is_grid(pack, columns):
            return pack
        if columns and len(columns) <= _SORTED_BY:
            order = np.lexsort(columns[::-1])
            pack.members = [pack.members[k] for k in order]
        return pack

    def _is_grid(self, pack: Pack, columns: Sequence[Index]) -> bool:
        half = len(columns) // 2
        if len({id(source) for source in pack.sources[:half]}) > 1 or len({*map(id, pack.sources[half:])}) > 1:
            return False
        first, a = np.unique(np.stack(columns[:half], axis=1), axis=0, return_inverse=True)
        second, b = np.unique(np.stack(columns[half:], axis=1), axis=0, return_inverse=True)
        if len(first) * len(second) != len(pack.members) or len({*zip(a.flat, b.flat, strict=True)}) != len(a):
            return False
        pack.members = [pack.members[k] for k in np.lexsort((b.ravel(), a.ravel()))]
        pack.grid = (len(first), len(second))
        return True


_SORTED_BY = 8  # operands beyond so many are not worth sorting by
