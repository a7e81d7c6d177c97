"""The first nan or infinity: a number, else a slope or gradient."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from autodiff import Value
from viz.why import naming
from viz.why.evidence import Evidence
from viz.why.finding import Finding
from viz.why.naming import number

_LISTED = 3
"""So many cells of the data are named, and the others counted."""


def not_finite(evidence: Evidence) -> Iterator[Finding]:
    """The origin of what is not finite, the data first, then forward; what it infected is counted."""
    order = evidence.sweep.order
    bad = [node for node in order if not math.isfinite(node.data)]
    if evidence.subject.unusable:
        yield _data(evidence, bad)
        return
    constants = [node for node in order if any(type(x) is float and not math.isfinite(x) for x in node.operands)]
    if bad:
        first = constants[0] if constants and order.index(constants[0]) <= order.index(bad[0]) else bad[0]
        infected = len(bad) - 1
        more = f" {infected} more nodes get it from there." if infected else ""
        yield _finding(first, first.data, f"{_made(first)} is {number(first.data)}, the first not finite.{more}")
        return
    gradients = evidence.sweep.gradients
    for head in range(len(order) - 1, -1, -1):
        for tail, _, slope in evidence.sweep.edges[head]:
            passed = slope * gradients[head]
            if not math.isfinite(passed):
                yield _finding(
                    order[head], passed,
                    f"{_made(order[head])} passes a slope of {number(slope)} times an upstream of "
                    f"{number(gradients[head])} on to {naming.title(order[tail])}: {number(passed)}, the first "
                    "gradient that is not finite.",
                )  # fmt: skip
                return


def _data(evidence: Evidence, bad: Sequence[Value]) -> Finding:
    """Features or targets that are not finite, by record and name."""
    cells = evidence.subject.unusable
    first = next((cell for cell in cells if math.isnan(cell.number)), cells[0])
    leaves = {cell.leaf for cell in cells}
    infected = sum(node not in leaves for node in bad)
    names = ", ".join(naming.visible(str(cell), 60) for cell in cells[:_LISTED])
    more = f" and {len(cells) - _LISTED:,} more" if len(cells) > _LISTED else ""
    said = f"{names}{more} {'is' if len(cells) == 1 else 'are'} not finite: the data, not the model."
    passed = (
        f" {naming.counted(infected, 'node')} {'gets' if infected == 1 else 'get'} it from there." if infected else ""
    )
    return Finding(
        "nan" if math.isnan(first.number) else "inf", naming.visible(str(first), 60), 1.0, f"{said}{passed}",
        "leave these records out, or fill the cells in before training",
        tuple(cell.leaf for cell in cells if cell.leaf is not None) or (evidence.sweep.root,),
    )  # fmt: skip


def _finding(node: Value, found: float, message: str) -> Finding:
    line = naming.source(node)
    seen = f"{message} It was made at {line}." if line else message
    remedy = (node.primitive.hint or "look at what it reads") if node.primitive else "clean the data"
    if not line:
        remedy += "; record within autodiff.sources() to see the line"
    kind = "inf" if math.isinf(found) else "nan"
    return Finding(kind, naming.full_title(node), 1.0, seen, remedy, (node,))


def _made(node: Value) -> str:
    if node.primitive is None:
        return naming.full_title(node)
    shown = ", ".join(number(x.data if isinstance(x, Value) else x) for x in node.operands[:4])
    more = ", …" if len(node.operands) > 4 else ""
    return f"{naming.full_title(node)} = {naming.visible(node.primitive.name)}({shown}{more})"
