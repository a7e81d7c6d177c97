"""Packs: scalars that are computed alike, side by side in one array, by one NumPy call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.reductions import BATCH_DOT
from autodiff.compilation.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import DOT


@final
@dataclass(eq=False)
class Pack:
    """Members of one primitive, whose operands come, place by place, from the same packs."""

    primitive: Primitive | None
    batched: bool
    members: list[Symbol]
    sources: Sequence[Pack | None] = ()
    """For each operand the pack it is read from, or None for constants."""
    reads: list[NDArray[Any]] = field(default_factory=list)
    """For each operand the rows that members read there, or their constants."""
    grid: tuple[int, int] | None = None
    """For products of every first vector with every second: how many there are of each."""

    @property
    def operation(self) -> Primitive:
        """The primitive of a pack that is computed. Raises TypeError for one of leaves."""
        if self.primitive is None:
            raise TypeError("a pack of leaves is given, not computed")
        return self.primitive


@final
class Packing:
    """The packs of a program, each after those that it reads, and the pack and row of each symbol."""

    def __init__(self, roots: Iterable[Any], leaves: Sequence[Pack]) -> None:
        self.pack: dict[Symbol, Pack] = {}
        for pack in leaves:
            self.pack |= dict.fromkeys(pack.members, pack)
        self.row: dict[Symbol, int] = {}
        self.packs = [*leaves, *self._alike([root for root in roots if type(root) is Symbol])]
        for pack in self.packs:
            if pack.sources:
                self._arrange(pack)
            self.row.update(zip(pack.members, range(len(pack.members)), strict=True))

    def _alike(self, roots: Sequence[Symbol]) -> list[Pack]:
        """Packs of like symbols, lowest first."""
        packs: dict[tuple[Any, ...], Pack] = {}
        level: dict[Pack | None, int] = {}  # leaves and constants are at 0
        for node in topological_order(*roots):
            if node.primitive is None:
                continue
            sources = [None if type(x) is float else self.pack[x] for x in node.operands]
            key = (node.primitive, node.batched, *sources)
            pack = packs.get(key)
            if pack is None:
                pack = packs[key] = Pack(node.primitive, node.batched, [], sources)
                level[pack] = 1 + max([level.get(source, 0) for source in sources])
            pack.members.append(node)
            self.pack[node] = pack
        return sorted(packs.values(), key=level.__getitem__)

    def _arrange(self, pack: Pack) -> None:
        """Bring the members into the order in which they read their operands."""
        columns: list[Sequence[Any]] = [*zip(*[member.operands for member in pack.members], strict=True)]
        for place, source in enumerate(pack.sources):
            if source is not None:
                columns[place] = [*map(self.row.__getitem__, columns[place])]
        rows = [column for column, source in zip(columns, pack.sources, strict=True) if source is not None]
        keys = [*zip(*rows, strict=True)]
        pack.grid = _grid(pack, keys)
        if pack.grid is not None or len(rows) <= _SORTED_BY:
            order = sorted(range(len(keys)), key=keys.__getitem__)
            pack.members = [pack.members[k] for k in order]
            columns = [[column[k] for k in order] for column in columns]
        pack.reads = [
            np.array(column, float if source is None else np.intp)
            for column, source in zip(columns, pack.sources, strict=True)
        ]


def _grid(pack: Pack, keys: Sequence[tuple[int, ...]]) -> tuple[int, int] | None:
    """How many first and second vectors there are, if the members, which read rows `keys`, are each with each."""
    half = len(pack.sources) // 2
    first, second = set(pack.sources[:half]), set(pack.sources[half:])
    if pack.primitive not in (DOT, BATCH_DOT) or len(first) > 1 or len(second) > 1 or None in first | second:
        return None
    grid = len({key[:half] for key in keys}), len({key[half:] for key in keys})
    return grid if grid[0] * grid[1] == len(set(keys)) == len(keys) else None


_SORTED_BY = 8  # operands beyond so many are not worth sorting by
