"""Assembly: from symbols to the program that computes them, pack by pack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.origins import described
from autodiff.compilation.packs import Pack, Packing
from autodiff.compilation.program import Block, Output, Program, Read, Rows, Step
from autodiff.compilation.symbol import Symbol
from autodiff.errors import TraceError


def program_of(groups: Sequence[Sequence[Any]], leaves: Sequence[tuple[str, Sequence[Symbol]]]) -> Program:
    """The program that computes groups of symbols or floats, an output each, from named blocks of leaves.

    Raises TraceError (a TypeError) if a symbol was made from a leaf that is in no block.
    """
    try:
        return _assembled(groups, leaves)
    except KeyError as error:
        raise TraceError(
            f"{error.args[0]!r} belongs to another call of the function that is compiled; "
            "it must not keep values from one call for the next"
        ) from None


def _assembled(groups: Sequence[Sequence[Any]], leaves: Sequence[tuple[str, Sequence[Symbol]]]) -> Program:
    given = [Pack(None, bool(members) and members[0].batched, list(members)) for _, members in leaves]
    packing = Packing([root for group in groups for root in group], given)
    number = {id(pack): k for k, pack in enumerate(packing.packs)}
    names = [name for name, _ in leaves] + [""] * (len(packing.packs) - len(given))
    return Program(
        tuple(_block(pack, name) for pack, name in zip(packing.packs, names, strict=True)),
        len(given),
        tuple(_step(packing, pack, number) for pack in packing.packs[len(given) :]),
        tuple(_output(packing, group, number) for group in groups),
    )


def _step(packing: Packing, pack: Pack, number: dict[int, int]) -> Step:
    reads = tuple(
        index if source is None else Rows(number[id(source)], index)
        for index, source in zip(packing.indices(pack), pack.sources, strict=True)
    )
    return Step(pack.operation, number[id(pack)], reads, pack.grid, described(pack.members))


def _block(pack: Pack, name: str) -> Block:
    return Block(len(pack.members), pack.batched, name, "" if pack.primitive else described(pack.members))


def _output(packing: Packing, roots: Sequence[Any], number: dict[int, int]) -> Output:
    places: dict[int, list[tuple[int, int]]] = {}
    constants: list[tuple[int, float]] = []
    for position, root in enumerate(roots):
        if isinstance(root, Symbol):
            pack, row = packing.place[root]
            places.setdefault(number[id(pack)], []).append((position, row))
        else:
            constants.append((position, root))
    parts: list[tuple[NDArray[np.intp], Read]] = []
    for block, pairs in places.items():
        positions, rows = np.array(pairs, dtype=np.intp).T
        parts.append((positions, Rows(block, rows)))
    if constants:
        parts.append((np.array([at for at, _ in constants], dtype=np.intp), np.array([x for _, x in constants])))
    return Output(len(roots), any(packing.packs[block].batched for block in places), tuple(parts))
