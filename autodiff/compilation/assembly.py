"""Assembly: from symbols to the program that computes them, pack by pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.listing import page_of
from autodiff.compilation.packs import Pack, Packing
from autodiff.compilation.program import Block, Output, Program, Read, Rows, Step
from autodiff.compilation.symbol import Symbol
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
    given = [Pack(None, bool(members) and members[0].batched, list(members)) for _, members in leaves]
    packing = Packing([root for group in groups.values() for root in group], given)
    packs = _result_first(packing, next(iter(groups.values())), len(given))
    number = {pack: k for k, pack in enumerate(packs)}
    names = [name for name, _ in leaves] + [""] * (len(packs) - len(given))
    return Program(
        tuple(_block(pack, name) for pack, name in zip(packs, names, strict=True)),
        len(given),
        tuple(_step(pack, number) for pack in packs[len(given) :]),
        tuple(_output(name, packing, group, number) for name, group in groups.items()),
        page_of,
    )


def _result_first(packing: Packing, result: Iterable[Any], given: int) -> list[Pack]:
    """The packs, leaves first, then those that lead to the result, then the others."""
    leading = {packing.pack[root] for root in result if type(root) is Symbol}
    for pack in reversed(packing.packs):
        if pack in leading:
            leading.update(source for source in pack.sources if source is not None)
    made = packing.packs[given:]
    return [*packing.packs[:given], *(x for x in made if x in leading), *(x for x in made if x not in leading)]


def _step(pack: Pack, number: dict[Pack, int]) -> Step:
    reads = tuple(
        read if source is None else Rows(number[source], read)
        for read, source in zip(pack.reads, pack.sources, strict=True)
    )
    return Step(pack.operation, number[pack], reads, pack.grid)


def _block(pack: Pack, name: str) -> Block:
    if pack.primitive is None:
        marks = [(leaf.label, leaf.origin, None) for leaf in pack.members]
    else:
        marks = [(made.label, made.origin, made.source) for made in pack.members]
    return Block(len(pack.members), pack.batched, name, tuple(marks))


def _output(name: str, packing: Packing, roots: Sequence[Any], number: dict[Pack, int]) -> Output:
    positions: dict[Pack, list[int]] = {}
    constants: list[int] = []
    for position, root in enumerate(roots):
        found = positions.setdefault(packing.pack[root], []) if type(root) is Symbol else constants
        found.append(position)
    parts: list[tuple[NDArray[np.intp], Read]] = [
        (np.array(at, np.intp), Rows(number[pack], np.array([packing.row[roots[k]] for k in at], np.intp)))
        for pack, at in positions.items()
    ]
    if constants:
        parts.append((np.array(constants, np.intp), np.array([roots[k] for k in constants])))
    return Output(name, len(roots), any(pack.batched for pack in positions), tuple(parts))
