"""Weighted sums: what flows to a node along all its edges, as one operation from the start.

A chain of products and additions, a symbol for each, would be made, rewritten and fused again term by term.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.compilation.trace.symbol import Symbol, operation
from autodiff.modes import Origin
from autodiff.primitive import Primitive
from autodiff.rules import ADD, MUL

ALONE = 1.0
"""The second factor of a term that is no product."""


def _added(*operands: Any) -> Any:
    """The first product plus the second, plus the third, and so on."""
    products = [a * b for a, b in pairs(operands)]
    total = products[0]
    for product in products[1:]:
        total = total + product
    return total


def _partners(_: Any, *operands: Any) -> list[Any]:
    return [factor for a, b in pairs(operands) for factor in (b, a)]


WEIGHTED_SUM = Primitive("weighted_sum", _added, _added, _partners, "Σ×")
"""Its operands are two factors of each term, in turn. No program has it: it becomes additions, products and dots."""


def pairs(operands: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The two factors of each term; the second is ALONE if the term is no product."""
    return [*zip(operands[::2], operands[1::2], strict=True)]


def weighted_sum(factors: Sequence[Any], origin: Origin | None) -> Any:
    """The sum of terms, given by two factors each; of one, its product."""
    if len(factors) == 2:
        return factors[0] if factors[1] is ALONE else operation(MUL, tuple(factors), origin)
    if Symbol not in map(type, factors):
        return _added(*factors)
    if len(factors) == 4 and factors[1] is factors[3] is ALONE:
        return operation(ADD, (factors[0], factors[2]), origin)
    return operation(WEIGHTED_SUM, tuple(factors), origin)


SUMS = (ADD, WEIGHTED_SUM)
"""What adds up its operands, or products of them."""
