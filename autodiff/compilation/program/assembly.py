"""Assembly: from symbols to the program that computes them, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.program.program import Block, Output, Program, Read, Rows, Step
from autodiff.compilation.program.vectorize import Lanes, Vectorization
from autodiff.compilation.trace.symbol import Symbol
from autodiff.errors import TraceError

Groups = Mapping[str, Sequence[Any]]
"""Symbols, rows of symbols or floats, a group for each output of a program, by its name; the result is the first."""

Places = Mapping[str, Sequence[Sequence[int]]]
"""Where in an output the numbers of each root belong, if not one after the other."""


def program_of(groups: Groups, leaves: Sequence[tuple[str, Sequence[Symbol]]], places: Places | None = None) -> Program:
    """The program that computes groups of roots, an output each, from named blocks of leaves. Steps that lead to the
    first group come before the others.

    Raises TraceError (a TypeError) if a symbol was made from a leaf that is in no block.
    """
    try:
        return _assembled(groups, leaves, places or {})
    except KeyError as error:
        raise TraceError(
            f"{error.args[0]!r} belongs to another call of the function that is compiled; "
            "it must not keep values from one call for the next"
        ) from None


def _assembled(groups: Groups, leaves: Sequence[tuple[str, Sequence[Symbol]]], places: Places) -> Program:
    given = [Lanes(None, bool(members) and members[0].batched, list(members)) for _, members in leaves]
    vectorized = Vectorization([root for group in groups.values() for root in group], given)
    every = _result_first(vectorized, next(iter(groups.values())), len(given))
    number = {lanes: k for k, lanes in enumerate(every)}
    names = [name for name, _ in leaves] + [""] * (len(every) - len(given))
    return Program(
        tuple(_block(lanes, name) for lanes, name in zip(every, names, strict=True)),
        len(given),
        tuple(_step(lanes, number) for lanes in every[len(given) :]),
        tuple(_output(name, vectorized, group, places.get(name), number) for name, group in groups.items()),
    )


def _result_first(vectorized: Vectorization, result: Iterable[Any], given: int) -> list[Lanes]:
    """The lanes of a program, leaves first, then those that lead to the result, then the others."""
    leading = {vectorized.lanes_of[root] for root in result if type(root) is Symbol}
    for lanes in reversed(vectorized.order):
        if lanes in leading:
            leading.update(source for source in lanes.sources if source is not None)
    made = vectorized.order[given:]
    return [*vectorized.order[:given], *(x for x in made if x in leading), *(x for x in made if x not in leading)]


def _step(lanes: Lanes, number: dict[Lanes, int]) -> Step:
    reads = tuple(
        read if source is None else Rows(number[source], read)
        for read, source in zip(lanes.reads, lanes.sources, strict=True)
    )
    return Step(lanes.operation, number[lanes], reads, lanes.grid)


def _block(lanes: Lanes, name: str) -> Block:
    return Block(len(lanes.marks), lanes.batched, name, tuple(lanes.marks))


def _output(
    name: str,
    vectorized: Vectorization,
    roots: Sequence[Any],
    places: Sequence[Sequence[int]] | None,
    number: dict[Lanes, int],
) -> Output:
    places = [(place,) for place in range(len(roots))] if places is None else places
    found: dict[Lanes | None, tuple[list[int], list[Any]]] = {}  # positions, and rows or constants there
    for root, own in zip(roots, places, strict=True):
        for lanes, entries, rows in _found(root, vectorized):
            positions, reads = found.setdefault(lanes, ([], []))
            positions += [own[entry] for entry in entries]
            reads += rows
    parts: list[tuple[NDArray[np.intp], Read]] = []
    for lanes, (positions, reads) in found.items():
        order = np.argsort(positions)
        read = np.array(reads)[order] if lanes is None else Rows(number[lanes], np.array(reads, np.intp)[order])
        parts.append((np.array(positions, np.intp)[order], read))
    parts.sort(key=lambda part: (not isinstance(part[1], Rows), int(part[0][0])))  # constants last
    return Output(name, sum(map(len, places)), any(lanes.batched for lanes in found if lanes), tuple(parts))


def _found(root: Any, vectorized: Vectorization) -> list[tuple[Lanes | None, Sequence[int], list[Any]]]:
    """The lanes that a root is in, or None for a constant; for a row of symbols with the entries that are there. Then
    their rows there, or the constant."""
    if type(root) is float:
        return [(None, (0,), [root])]
    if type(root) is Symbol:
        return [(vectorized.lanes_of[root], (0,), [vectorized.row[root]])]
    parts = vectorized.parts(root).items()
    return [(lanes, numbers, vectorized.rows(root, numbers).tolist()) for numbers, lanes in parts]
