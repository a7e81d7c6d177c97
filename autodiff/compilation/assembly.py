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
    number = {pack: k for k, pack in enumerate(packing.packs)}
    names = [name for name, _ in leaves] + [""] * (len(packing.packs) - len(given))
    return Program(
        tuple(_block(pack, name) for pack, name in zip(packing.packs, names, strict=True)),
        len(given),
        tuple(_step(pack, number) for pack in packing.packs[len(given) :]),
        tuple(_output(packing, group, number) for group in groups),
    )


def _step(pack: Pack, number: dict[Pack, int]) -> Step:
    reads = tuple(
        read if source is None else Rows(number[source], read)
        for read, source in zip(pack.reads, pack.sources, strict=True)
    )
    return Step(pack.operation, number[pack], reads, pack.grid, described(pack.members))


def _block(pack: Pack, name: str) -> Block:
    return Block(len(pack.members), pack.batched, name, "" if pack.primitive else described(pack.members))


def _output(packing: Packing, roots: Sequence[Any], number: dict[Pack, int]) -> Output:
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
    return Output(len(roots), any(pack.batched for pack in positions), tuple(parts))
