"""Vectorize: scalars that are computed alike become lanes, the rows of one block, which one step fills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.rewrite.batch_sums import BATCH_DOT
from autodiff.compilation.rewrite.rows import RowOperand, RowSymbol, Vector
from autodiff.compilation.trace.operations import operations_below
from autodiff.compilation.trace.origins import Mark
from autodiff.compilation.trace.symbol import Symbol
from autodiff.primitive import Primitive
from autodiff.rules import DOT

Numbers = tuple[int, ...]
"""Entries of a vector, or of a row of symbols, by their numbers in it."""


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
    entries: list[tuple[RowSymbol, Numbers]] = field(default_factory=list)
    """Entries of rows of symbols, which are members too."""
    marks: list[Mark] = field(default_factory=list)
    """Where each row of the block came from."""

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
            given.marks = [(leaf.label, leaf.origin, None) for leaf in given.members]
        self.row: dict[Symbol, int] = {}
        self._parts: dict[RowSymbol | Vector, dict[Numbers, Lanes]] = {}
        self._rows: dict[tuple[RowSymbol | Vector, Numbers], NDArray[np.intp]] = {}
        self.order = [*leaves, *self._alike([root for root in roots if type(root) is not float])]
        for lanes in self.order:
            if lanes.entries:
                self._arrange_entries(lanes)
            elif lanes.sources:
                self._arrange(lanes)
            if not lanes.entries:
                self.row.update(zip(lanes.members, range(len(lanes.members)), strict=True))

    def parts(self, row: RowSymbol | Vector) -> dict[Numbers, Lanes]:
        """The lanes of the entries of a row of symbols."""
        return self._parts[row]

    def rows(self, row: RowSymbol | Vector, numbers: Numbers) -> NDArray[np.intp]:
        """The row of each of these entries, which are of the same lanes, once the lanes are arranged."""
        if (row, numbers) in self._rows:
            return self._rows[row, numbers]
        if isinstance(row, Vector):
            found = np.array([self.row[row.operands[k]] for k in numbers], np.intp)
        else:  # entries of fewer lanes than other rows of symbols have
            found = next(
                self._rows[row, own][np.searchsorted(own, numbers)] for own in self._parts[row] if numbers[0] in own
            )
        self._rows[row, numbers] = found
        return found

    def _alike(self, roots: Sequence[Any]) -> list[Lanes]:
        """Lanes of like symbols, lowest first."""
        found: dict[tuple[Any, ...], Lanes] = {}
        level: dict[Lanes | None, int] = {}  # leaves and constants are at 0

        def reading(sources: Sequence[Lanes | None], primitive: Primitive | None, *, batched: bool) -> Lanes:
            key = (primitive, batched, *sources)
            lanes = found.get(key)
            if lanes is None:
                lanes = found[key] = Lanes(primitive, batched, [], sources)
                level[lanes] = 1 + max([level.get(source, 0) for source in sources])
            return lanes

        for node in operations_below(roots):
            if type(node) is Symbol:
                read = [None if type(x) is float else self.lanes_of[x] for x in node.operands]
                lanes = self.lanes_of[node] = reading(read, node.primitive, batched=node.batched)
                lanes.members.append(node)
            elif type(node) is Vector:
                self._parts[node] = _by_lanes([self.lanes_of[x] for x in node.operands])
            else:
                parts = self._parts[node] = {}
                for numbers, sources in self._sources(node).items():
                    parts[numbers] = reading(sources, node.primitive, batched=False)
                    parts[numbers].entries.append((node, numbers))
        return sorted(found.values(), key=level.__getitem__)

    def _sources(self, row: RowSymbol) -> dict[Numbers, list[Lanes]]:
        """The lanes that the entries of a row of symbols read, entries that read the same together."""
        parts = [self._parts[x] for x in row.operands if type(x) is not Symbol]
        together = parts[0].keys()
        if any([together != each.keys() for each in parts[1:]]):
            columns = zip(*[_entry_by_entry(each) for each in parts], strict=True)
            together = _by_lanes([*columns]).keys()
            parts = [{numbers: each[at] for numbers in together for at in each if numbers[0] in at} for each in parts]
        found: dict[Numbers, list[Lanes]] = {}
        for numbers in together:
            own = iter(parts)
            found[numbers] = [self.lanes_of[x] if type(x) is Symbol else next(own)[numbers] for x in row.operands]
        return found

    def _arrange(self, lanes: Lanes) -> None:
        """Sort the members by the rows that they read, so that reads become views."""
        if len(lanes.sources) > _SORTED_BY and None not in lanes.sources:
            self._arrange_long(lanes)
            return
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
        lanes.marks = [(made.label, made.origin, made.source) for made in lanes.members]

    def _arrange_long(self, lanes: Lanes) -> None:
        """The same for members that read many rows each, and no constants."""
        keys = [tuple(map(self.row.__getitem__, member.operands)) for member in lanes.members]
        lanes.grid = _grid(lanes, keys)
        if lanes.grid is not None:
            order = sorted(range(len(keys)), key=keys.__getitem__)
            lanes.members = [lanes.members[k] for k in order]
            keys = [keys[k] for k in order]
        lanes.reads = [*np.array([*zip(*keys, strict=True)], np.intp)]
        lanes.marks = [(made.label, made.origin, made.source) for made in lanes.members]

    def _arrange_entries(self, lanes: Lanes) -> None:
        """The same for lanes with entries of rows of symbols, which may be many: the members stay where they are."""
        alone = [*zip(*[member.operands for member in lanes.members], strict=True)] or [()] * len(lanes.sources)
        together = zip(*[row.operands for row, _ in lanes.entries], strict=True)
        sizes = [len(numbers) for _, numbers in lanes.entries]
        reads = []
        for symbols, operands in zip(alone, together, strict=True):
            read = [np.array([self.row[x] for x in symbols], np.intp)]
            if {*map(type, operands)} == {Symbol}:
                read.append(np.repeat([self.row[x] for x in operands], sizes))
            else:
                read += [self._read_by(x, numbers) for x, (_, numbers) in zip(operands, lanes.entries, strict=True)]
            reads.append(np.concatenate(read))
        marks = [(made.label, made.origin, made.source) for made in lanes.members]
        marks += [row.marks[number] for row, numbers in lanes.entries for number in numbers]
        order = np.lexsort(reads[::-1]) if len(reads) <= _SORTED_BY else np.arange(len(marks))
        lanes.reads = [read[order] for read in reads]
        lanes.marks = [marks[k] for k in order.tolist()]
        lanes.grid = _grid_of_sorted(*lanes.reads) if lanes.primitive is BATCH_DOT else None
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        self.row.update(zip(lanes.members, place.tolist(), strict=False))
        ends = np.cumsum([len(lanes.members), *sizes])
        self._rows.update(zip(lanes.entries, np.split(place, ends)[1:-1], strict=True))

    def _read_by(self, operand: RowOperand, numbers: Numbers) -> NDArray[np.intp]:
        """The rows that entries read at a place."""
        if isinstance(operand, Symbol):
            return np.full(len(numbers), self.row[operand])
        return self.rows(operand, numbers)


def _by_lanes(entries: Sequence[Any]) -> dict[Numbers, Any]:
    """The numbers of equal entries, and the entry of each."""
    found: dict[Any, list[int]] = {}
    for number, entry in enumerate(entries):
        found.setdefault(entry, []).append(number)
    return {tuple(numbers): entry for entry, numbers in found.items()}


def _entry_by_entry(parts: dict[Numbers, Lanes]) -> list[Lanes]:
    of_number = {number: lanes for numbers, lanes in parts.items() for number in numbers}
    return [of_number[number] for number in range(len(of_number))]


def _grid_of_sorted(first: NDArray[np.intp], second: NDArray[np.intp]) -> tuple[int, int] | None:
    """The same as `_grid` for products of two rows each, sorted by these."""
    changes = first[1:] != first[:-1]
    grid = 1 + int(np.count_nonzero(changes)), int(np.count_nonzero(np.bincount(second)))
    distinct = (changes | (second[1:] != second[:-1])).all()
    return grid if distinct and grid[0] * grid[1] == len(first) else None


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
