"""What does not belong together in a graph, said in words: no sweep, accumulated gradients, numbers changed since."""

from __future__ import annotations

import math
from collections.abc import Iterator

from autodiff import Value
from viz.drawing.numbers import short_number
from viz.subject import Subject

TOLERANCE = 1e-9
"""Relative difference of gradients above which they are not of one sweep."""


def notes(subject: Subject) -> Iterator[str]:
    """A sentence for each thing that the reader of a picture has to know."""
    stale = _stale(subject)
    if stale is not None:
        yield f"Numbers changed since: {_name(stale)} was assigned after it had been used. Record the graph again."
    if subject.unusable:
        first, *others = subject.unusable
        more = f", and {len(others):,} more of the data are not finite" if others else ""
        yield f"Data: {first} is {short_number(first.number)}{more}."[:200]
    if subject.has_own_graph:
        return
    if not subject.swept:
        yield "No sweep has run, so there are no gradients: call backward()."
    elif stale is None:
        yield from _accumulated(subject)


def _stale(subject: Subject) -> Value | None:
    for node in subject.order:
        for operand in node.operands:
            if isinstance(operand, Value) and operand.stamp > node.stamp:
                return operand
    return None


def _accumulated(subject: Subject) -> Iterator[str]:
    held, fresh = subject.gradients, subject.one_sweep
    different = [node for node in subject.order if not _close(held[node], fresh[node])]
    leaves = [node for node in different if not node.operands]
    if len(leaves) < len(different):
        yield (f"Gradients of several sweeps: {len(different):,} nodes hold what another root or an older sweep left.")
    elif leaves:
        worst = max(leaves, key=lambda node: abs(held[node] - fresh[node]))
        yield (
            f"Accumulated gradients: {_name(worst)} holds {short_number(held[worst])}, one sweep gives "
            f"{short_number(fresh[worst])}. Set gradients to 0 before a sweep."
        )


def _close(a: float, b: float) -> bool:
    return (
        math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=1e-300) or a == b or not (math.isfinite(a) and math.isfinite(b))
    )


def _name(node: Value) -> str:
    place = " / ".join(node.origin.scope) if node.origin else ""
    name = node.label or (node.primitive.name if node.primitive else "a leaf")
    return f"{place} {name}".strip()[:60]


def first_not_finite(subject: Subject) -> set[Value]:
    """The nodes where a nan or inf starts: their number is not finite though all that they read is; or their
    gradient is not finite though those of all that read them are."""
    starts = {
        node
        for node in subject.order
        if not math.isfinite(node.data)
        and all(math.isfinite(o.data if isinstance(o, Value) else o) for o in node.operands)
    }
    if starts or not subject.swept:
        return starts
    sound = dict.fromkeys(subject.order, True)
    for node in subject.order:
        if not math.isfinite(subject.gradients[node]):
            for operand in node.operands:
                if isinstance(operand, Value):
                    sound[operand] = False
    return {node for node in subject.order if not math.isfinite(subject.gradients[node]) and sound[node]}
