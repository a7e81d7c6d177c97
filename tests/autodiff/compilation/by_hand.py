"""Symbols and programs made by hand, and what they come to one scalar at a time: no views, nothing rewritten."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autodiff.compilation.program.program import Block, Output, Program, Read, Rows, Step
from autodiff.compilation.rewrite.batch_sums import OVER_RECORDS
from autodiff.compilation.trace.symbol import Symbol, operation
from autodiff.graph import topological_order
from autodiff.primitive import Primitive

Column = Sequence[float] | np.ndarray
"""One number for each record."""


def leaf(name: str, *, batched: bool = True) -> Symbol:
    return Symbol(None, (), batched=batched, source=name, label=name)


def leaves(names: str, *, batched: bool = True) -> list[Symbol]:
    """A leaf for each letter."""
    return [leaf(name, batched=batched) for name in names]


def node(primitive: Primitive, *operands: Any) -> Symbol:
    return operation(primitive, operands)


def evaluated(roots: Sequence[Any], columns: Mapping[Symbol, Column]) -> list[list[float]]:
    """What each root comes to in every record, where the leaves are the numbers of `columns`."""
    known = {symbol: [*map(float, column)] for symbol, column in columns.items()}
    records = len(next(iter(known.values())))
    for symbol in topological_order(*(root for root in roots if type(root) is Symbol)):
        if symbol not in known and type(symbol.source) is float:
            known[symbol] = [symbol.source] * records
        elif symbol not in known:
            operands = [[x] * records if type(x) is float else known[x] for x in symbol.operands]
            known[symbol] = _by_record(symbol.primitive, operands)
    return [[root] * records if type(root) is float else known[root] for root in roots]


def interpreted(program: Program, given: Sequence[Any], records: int) -> list[np.ndarray]:
    """The outputs of a program, of shape (size,) or (size, records), member by member and record by record."""
    blocks = {number: _spread(np.asarray(array, float), records) for number, array in enumerate(given)}
    for step in program.steps:
        columns = [_read(read, blocks, records) for read in step.reads]
        members = range(len(columns[0]))
        blocks[step.out] = np.array(
            [_by_record(step.primitive, [column[member].tolist() for column in columns]) for member in members]
        )
    return [_gathered(output, blocks, records) for output in program.outputs]


def program(blocks: str, steps: Sequence[Step], outputs: Sequence[Output]) -> Program:
    """A program of blocks written as `2 3* weight=1 | 3*`: their names, their rows, with a star where they have
    records, and before | those that are given."""
    given, _, filled = blocks.partition("|")
    made = tuple(map(_block, (given + filled).split()))
    return Program(made, len(given.split()), tuple(steps), tuple(outputs))


def step(primitive: Primitive, out: int, *reads: Read, grid: tuple[int, int] | None = None) -> Step:
    return Step(primitive, out, reads, grid)


def rows(block: int, *index: int) -> Rows:
    return Rows(block, np.array(index, np.intp))


def output(*reads: Read, batched: bool) -> Output:
    """What is read, one part after the other."""
    sizes = [len(read.index if isinstance(read, Rows) else read) for read in reads]
    ends = np.cumsum([0, *sizes])
    positions = [np.arange(start, start + size, dtype=np.intp) for start, size in zip(ends[:-1], sizes, strict=True)]
    return Output("", sum(sizes), batched, tuple(zip(positions, reads, strict=True)))


def _block(text: str) -> Block:
    name, _, size = text.rpartition("=")
    members = int(size.rstrip("*"))
    return Block(members, size.endswith("*"), name, ((None, None, None),) * members)


def _by_record(primitive: Primitive | None, columns: Sequence[Column]) -> list[float]:
    if primitive is None:
        raise LookupError("a leaf that has no numbers")
    if primitive in OVER_RECORDS:
        return [float(sum(math.prod(record) for record in zip(*columns, strict=True)))] * len(columns[0])
    return [primitive.compute(*record) for record in zip(*columns, strict=True)]


def _spread(array: np.ndarray, records: int) -> np.ndarray:
    return array if array.ndim == 2 else np.repeat(array[:, np.newaxis], records, axis=1)


def _read(read: Read, blocks: Mapping[int, np.ndarray], records: int) -> np.ndarray:
    return blocks[read.block][read.index] if isinstance(read, Rows) else _spread(read, records)


def _gathered(output: Output, blocks: Mapping[int, np.ndarray], records: int) -> np.ndarray:
    vector = np.full((output.size, records), np.nan)
    for positions, read in output.parts:
        vector[positions] = _read(read, blocks, records)
    return vector if output.batched else vector[:, 0]
