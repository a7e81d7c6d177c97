"""Sums over the records of a batch: where per-record symbols become one number for the batch."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable
from typing import Any, final

import numpy as np

from autodiff.compilation.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, MUL, NEG, SQUARE, SUM

# Rows for the scheduler alone: they have no slopes, for nothing differentiates a finished program.
BATCH_SUM = Primitive("batch_sum", operator.pos, np.add.reduce, (0.0,), "Σ over records")
BATCH_DOT = Primitive("batch_dot", operator.mul, np.matmul, (0.0, 0.0), "Σ over records of ×")

OVER_RECORDS = (BATCH_SUM, BATCH_DOT)


@final
class BatchSums:
    """The sums over records of symbols among `roots`, each made once. `count` is the symbol of the number of records.

    What nothing reads, and is not `kept` for each record, is not computed record by record: a product is
    summed by a product of matrices, and a factor that all records share is multiplied with the sum.
    """

    def __init__(self, count: Symbol, roots: Iterable[Any], kept: Iterable[Any] = ()) -> None:
        self._count = count
        order = topological_order(*(root for root in roots if type(root) is Symbol))
        self._readers = Counter(x for node in order for x in node.operands if type(x) is not float)
        self._readers.update(root for root in kept if type(root) is Symbol)
        self._known: dict[Symbol, Symbol] = {}

    def of(self, node: Any) -> Any:
        """The sum of a per-record symbol; `count` times a number that is the same for all records."""
        if type(node) is float or not node.batched:
            return _unbatched(MUL, self._count, node)
        if node not in self._known:
            self._known[node] = self._summed(node)
        return self._known[node]

    def _summed(self, node: Symbol) -> Symbol:
        primitive, operands = node.primitive, node.operands
        if self._readers[node]:
            return _unbatched(BATCH_SUM, node)
        if primitive in (ADD, SUM, NEG):
            return _unbatched(NEG if primitive is NEG else SUM, *map(self._within, operands))
        if primitive is MUL:
            return self._product(*operands)
        if primitive is SQUARE:
            return _unbatched(BATCH_DOT, *operands, *operands)
        if primitive is DOT:
            half = len(operands) // 2
            return _unbatched(SUM, *map(self._product, operands[:half], operands[half:]))
        return _unbatched(BATCH_SUM, node)

    def _product(self, a: Any, b: Any) -> Symbol:
        if type(b) is float or not b.batched:
            a, b = b, a
        if type(a) is float or not a.batched:
            return _unbatched(MUL, a, self._within(b))
        return _unbatched(BATCH_DOT, a, b)

    def _within(self, operand: Any) -> Any:
        """The sum of what a symbol read that is summed part by part itself, and so reads it no more."""
        if type(operand) is not float:
            self._readers[operand] -= 1
        return self.of(operand)


def _unbatched(primitive: Primitive, *operands: Any) -> Symbol:
    return Symbol(primitive, operands, batched=False)
