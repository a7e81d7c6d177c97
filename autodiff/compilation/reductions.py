"""Sums over the records of a batch: where per-record symbols become one number for the batch."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autodiff.compilation.symbol import Symbol
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, MUL, SQUARE, SUM

# Rows for the scheduler alone: they have no slopes, for nothing differentiates a finished program.
BATCH_SUM = Primitive("batch_sum", operator.pos, np.add.reduce, (0.0,), "Σ over records")
BATCH_DOT = Primitive("batch_dot", operator.mul, np.matmul, (0.0, 0.0), "Σ over records of ×")

OVER_RECORDS = (BATCH_SUM, BATCH_DOT)


def summed(node: Any, count: Symbol) -> Any:
    """The sum of a per-record symbol over the batch; `count` times it where it is the same for all records."""
    if type(node) is float or not node.batched:
        return _unbatched(MUL, count, node)
    if node.primitive is MUL and all([type(x) is Symbol and x.batched for x in node.operands]):
        return _unbatched(BATCH_DOT, *node.operands)
    if node.primitive is SQUARE:
        return _unbatched(BATCH_DOT, *node.operands, *node.operands)
    if node.primitive in (ADD, SUM):
        return _unbatched(SUM, *(summed(term, count) for term in node.operands))
    if node.primitive is DOT:
        half = len(node.operands) // 2
        products = zip(node.operands[:half], node.operands[half:], strict=True)
        return _unbatched(SUM, *(_summed_product(a, b, node) for a, b in products))
    return _unbatched(BATCH_SUM, node)


def _summed_product(a: Any, b: Any, like: Symbol) -> Any:
    if all([type(x) is Symbol and x.batched for x in (a, b)]):
        return _unbatched(BATCH_DOT, a, b)
    return _unbatched(BATCH_SUM, Symbol(MUL, (a, b), batched=True, origin=like.origin))


def _unbatched(primitive: Primitive, *operands: Any) -> Symbol:
    return Symbol(primitive, operands, batched=False)
