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
"""Symbols or floats, a group for each output of a program, by its name; the result is the first."""


def program_of(groups: Groups, leaves: Sequence[tuple[str, Sequence[Symbol]]]) -> Program:
    """The program that computes groups of symbols or floats, an output each, from named blocks of leaves. Steps
    that lead to the first group come before the others.

    Raises TraceError (a TypeError) if a symbol was made from a leaf that is in no block.
    """
    try:
        return _assembled(groups, leaves)
    except KeyError as error:
        raise TraceError(
            f"{error.args[0]!r} belongs to another call of the function that is compiled; "
            "it must not keep values from one call for the next"
        ) from None


def _assembled(groups: Groups, leaves: Sequence[tuple[str, Sequence[Symbol]]]) -> Program:
    given = [Lanes(None, bool(members) and members[0].batched, list(members)) for _, members in leaves]
    vectorized = Vectorization([root for group in groups.values() for root in group], given)
    every = _result_first(vectorized, next(iter(groups.values())), len(given))
    number = {lanes: k for k, lanes in enumerate(every)}
    names = [name for name, _ in leaves] + [""] * (len(every) - len(given))
    return Program(
        tuple(_block(lanes, name) for lanes, name in zip(every, names, strict=True)),
        len(given),
        tuple(_step(lanes, number) for lanes in every[len(given) :]),
        tuple(_output(name, vectorized, group, number) for name, group in groups.items()),
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
    if lanes.primitive is None:
        marks = [(leaf.label, leaf.origin, None) for leaf in lanes.members]
    else:
        marks = [(made.label, made.origin, made.source) for made in lanes.members]
    return Block(len(lanes.members), lanes.batched, name, tuple(marks))


def _output(name: str, vectorized: Vectorization, roots: Sequence[Any], number: dict[Lanes, int]) -> Output:
    positions: dict[Lanes, list[int]] = {}
    constants: list[int] = []
    for position, root in enumerate(roots):
        found = positions.setdefault(vectorized.lanes_of[root], []) if type(root) is Symbol else constants
        found.append(position)
    parts: list[tuple[NDArray[np.intp], Read]] = [
        (np.array(at, np.intp), Rows(number[lanes], np.array([vectorized.row[roots[k]] for k in at], np.intp)))
        for lanes, at in positions.items()
    ]
    if constants:
        parts.append((np.array(constants, np.intp), np.array([roots[k] for k in constants])))
    return Output(name, len(roots), any(lanes.batched for lanes in positions), tuple(parts))
