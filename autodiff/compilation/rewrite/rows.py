"""Rows: leaves that dots read side by side, and nothing else does, such as the weights of a neuron.

Their gradients are the adjoint of each dot times its other half. As one operation for a whole row they are rewritten
once a dot, not once a weight, until they are summed over the batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NoReturn, final

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
    other_half: dict[Symbol, tuple[Any, ...]] = field(default_factory=dict)
    """What each dot multiplies them by."""


def rows_read_by_dots(order: Sequence[Symbol], inputs: Iterable[Symbol]) -> list[Row]:
    """The rows among `inputs` that all records share, from the operations in topological order."""
    known = {id(leaf) for leaf in inputs if not leaf.batched}
    found: dict[tuple[int, ...], Row] = {}
    for dot in order:
        if dot.primitive is DOT:
            half = len(dot.operands) // 2
            halves = dot.operands[:half], dot.operands[half:]
            for own, other in (halves, halves[::-1]):
                key = tuple(map(id, own))
                if key in found or known.issuperset(key):
                    found.setdefault(key, Row(own)).other_half[dot] = other
    reads = Counter(map(id, chain.from_iterable([node.operands for node in order]))) if found else Counter()
    return [row for key, row in found.items() if {reads[leaf] for leaf in key} == {len(row.other_half)}]


def row_gradient(row: Row, adjoints: Sequence[tuple[Symbol, Any]]) -> Symbol:
    """The gradient along all leaves of a row, from dots and their adjoints."""
    operands = chain.from_iterable([(adjoint, *row.other_half[dot]) for dot, adjoint in adjoints])
    made = operation(ROW_GRADIENT, tuple(operands))
    made.source = row.leaves
    return made


def terms_of_leaves(gradient: Symbol) -> list[list[tuple[Any, Any]]]:
    """For each leaf of a row the two factors of each term of its gradient."""
    operands, width = gradient.operands, len(gradient.source)
    starts = range(0, len(operands), width + 1)
    columns = [[(operands[at], other) for other in operands[at + 1 : at + 1 + width]] for at in starts]
    return [[*terms] for terms in zip(*columns, strict=True)]
