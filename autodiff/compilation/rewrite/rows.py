"""Rows: leaves that dots read side by side, and nothing else does, such as the weights of a neuron.

Their gradients are the adjoint of each dot times its other half. As one operation for a whole row they are rewritten
once a dot, not once a weight, and summed over the batch once a dot too: until a program is made of them, no weight has
symbols of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, NoReturn, TypeAlias, final

from autodiff.compilation.trace.origins import Mark
from autodiff.compilation.trace.symbol import Symbol, operation
from autodiff.errors import TraceError
from autodiff.primitive import Primitive
from autodiff.rules import DOT


def _no_number(*_: Any) -> NoReturn:
    raise TraceError("the gradient of a row is a number for each leaf of it, and not one")


ROW_GRADIENT = Primitive("row_gradient", _no_number, _no_number, _no_number)
"""Its operands are, for each dot, the adjoint and the other half; its source is the leaves. No program has it."""


@final
@dataclass(frozen=True, eq=False)
class Row:
    """Leaves that are half of dots, in this order."""

    leaves: tuple[Symbol, ...]
    places: tuple[int, ...]
    """Where they are among the inputs."""
    other_half: dict[Symbol, tuple[Any, ...]]
    """What each dot multiplies them by."""


def rows_read_by_dots(order: Sequence[Symbol], inputs: Sequence[Symbol]) -> list[Row]:
    """The rows among `inputs`, if all records share these, from the operations in topological order."""
    if any([leaf.batched for leaf in inputs]):
        return []
    places = dict(zip(map(id, inputs), range(len(inputs)), strict=True))
    halves, others = _halves_of_dots(order)
    rows = {key: dots for key, dots in halves.items() if all(map(places.__contains__, key))}
    elsewhere = {*map(id, chain.from_iterable(others)), *chain.from_iterable(halves.keys() - rows.keys())}
    counts = Counter(chain.from_iterable(rows))
    return [
        Row(dots[0][1], tuple([places[leaf] for leaf in key]), {dot: other for dot, _, other in dots})
        for key, dots in rows.items()
        if max(map(counts.__getitem__, key)) == 1 and elsewhere.isdisjoint(key) and _is_no_square(dots)
    ]


_Half: TypeAlias = tuple[Symbol, tuple[Any, ...], tuple[Any, ...]]
"""A dot, and its operands: one half, and the other."""


def _halves_of_dots(order: Sequence[Symbol]) -> tuple[dict[tuple[int, ...], list[_Half]], list[tuple[Any, ...]]]:
    """The halves of all dots by the ids of their entries, and the operands of all other operations."""
    halves: dict[tuple[int, ...], list[_Half]] = {}
    others = []
    for node in order:
        if node.primitive is DOT:
            at = len(node.operands) // 2
            first, second = node.operands[:at], node.operands[at:]
            halves.setdefault(tuple(map(id, first)), []).append((node, first, second))
            halves.setdefault(tuple(map(id, second)), []).append((node, second, first))
        else:
            others.append(node.operands)
    return halves, others


def _is_no_square(dots: Sequence[_Half]) -> bool:
    """Whether no dot has the half twice."""
    return all([dot is not following for (dot, *_), (following, *_) in pairwise(dots)])


def row_gradient(row: Row, adjoints: Sequence[tuple[Symbol, Any]]) -> Symbol:
    """The gradient along all leaves of a row, from dots and their adjoints."""
    operands = chain.from_iterable([(adjoint, *row.other_half[dot]) for dot, adjoint in adjoints])
    made = operation(ROW_GRADIENT, tuple(operands))
    made.source = row.leaves
    return made


Dot: TypeAlias = tuple[Any, tuple[Any, ...]]
"""The adjoint of a dot that reads a row, and what it multiplies the leaves by."""


def dots_of(gradient: Symbol) -> list[Dot]:
    """The dots that a gradient of a row comes from."""
    operands, width = gradient.operands, len(gradient.source)
    return [(operands[at], operands[at + 1 : at + 1 + width]) for at in range(0, len(operands), width + 1)]


@final
class Vector:
    """Symbols side by side, as an operand of a row of symbols."""

    __slots__ = ("operands",)

    primitive = Primitive("vector", _no_number, _no_number, _no_number)
    """It has operands, as symbols that are computed have; no program has it."""

    def __init__(self, operands: tuple[Symbol, ...]) -> None:
        self.operands = operands


RowOperand: TypeAlias = "Symbol | Vector | RowSymbol"


@final
class RowSymbol:
    """A symbol for each of some leaves: one operation on symbols that they share, vectors and other rows of symbols."""

    __slots__ = ("marks", "operands", "primitive")

    def __init__(self, primitive: Primitive, operands: tuple[RowOperand, ...], marks: Sequence[Mark]) -> None:
        self.primitive = primitive
        self.operands = operands
        self.marks = marks


@final
@dataclass(frozen=True, eq=False)
class Columns:
    """Leaves of a row, by their numbers in it, that dots multiply by like factors."""

    numbers: tuple[int, ...]
    factors: tuple[Vector | float, ...]
    """For each dot a symbol for each leaf, or the number for all of them. Empty where there is none to share, and
    the leaves are summed one by one."""


@final
class RowColumns:
    """The columns of rows, worked out once for all rows that the same dots read: the neurons of a layer."""

    def __init__(self) -> None:
        self._halves: dict[tuple[int, ...], int] = {}
        self._entries: list[tuple[Any, ...]] = []
        self._kinds: list[list[Any]] = []
        self._known: dict[tuple[int, ...], list[Columns]] = {}
        self._vectors: dict[tuple[int, tuple[int, ...]], Vector] = {}

    def alike(self, dots: Sequence[Dot]) -> list[Columns]:
        """All columns of a row, sorted by the first number of each."""
        if not all([type(adjoint) is Symbol and adjoint.batched for adjoint, _ in dots]):
            return [Columns(tuple(range(len(dots[0][1]))), ())]
        key = tuple([self._number(half) for _, half in dots])
        if key not in self._known:
            numbers_of: dict[tuple[Any, ...], list[int]] = {}
            for k, kinds in enumerate(zip(*[self._kinds[half] for half in key], strict=True)):
                numbers_of.setdefault(kinds, []).append(k)
            self._known[key] = [self._columns(key, kinds, tuple(found)) for kinds, found in numbers_of.items()]
        return self._known[key]

    def _number(self, half: tuple[Any, ...]) -> int:
        """The number of half of a dot; equal ones have one."""
        key = tuple(map(id, half))
        number = self._halves.setdefault(key, len(self._entries))
        if number == len(self._entries):
            self._entries.append(half)
            self._kinds.append([repr(x) if type(x) is float else x.batched for x in half])  # 0.0 is not -0.0
        return number

    def _columns(self, halves: tuple[int, ...], kinds: tuple[Any, ...], numbers: tuple[int, ...]) -> Columns:
        if len(numbers) == 1 or True not in kinds or False in kinds:
            return Columns(numbers, ())
        return Columns(
            numbers,
            tuple(
                [
                    self._vector(half, numbers) if kind is True else self._entries[half][numbers[0]]
                    for half, kind in zip(halves, kinds, strict=True)
                ]
            ),
        )

    def _vector(self, half: int, numbers: tuple[int, ...]) -> Vector:
        found = self._vectors.get((half, numbers))
        if found is None:
            found = self._vectors[half, numbers] = Vector(tuple([self._entries[half][k] for k in numbers]))
        return found
