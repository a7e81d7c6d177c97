"""Faults of bookkeeping: no sweep, several sweeps, a parameter that the root does not reach."""

from __future__ import annotations

import math
from collections.abc import Iterator

from autodiff import Value
from viz.subject import held_gradient
from viz.why import naming
from viz.why.evidence import Evidence
from viz.why.finding import Finding
from viz.why.naming import number

_LISTED = 3


def sweep_not_run(evidence: Evidence) -> Iterator[Finding]:
    """Gradients that are blank because `backward` was never called."""
    if not evidence.subject.has_own_graph and not evidence.subject.swept and evidence.sweep.root.operands:
        name = naming.title(evidence.sweep.root)
        yield Finding(
            "sweep not run", name, 0.95, f"No sweep has started from {name}, so every gradient below it is blank.",
            f"call backward() on {name}", (evidence.sweep.root,),
        )  # fmt: skip


def accumulated(evidence: Evidence) -> Iterator[Finding]:
    """Leaves that hold more than one sweep."""
    leaves = [(node, held_gradient(node), evidence.sweep.gradient(node)) for node in _leaves(evidence)]
    off = [entry for entry in leaves if not _agree(entry, evidence)]
    if not off or (evidence.subject.has_own_graph and not _whole_multiples(leaves)):
        return
    node, held, once = max(off, key=lambda entry: abs(entry[1] - entry[2]))
    times = f", {number(held / once)} times as much" if once else ""
    yield Finding(
        "accumulated", _listed([leaf for leaf, _, _ in off]), 0.9,
        f"{naming.full_title(node)} holds a gradient of {number(held)}; one sweep gives {number(once)}{times}: "
        "sweeps were added up.",
        "call zero_grad() before each backward()", tuple(leaf for leaf, _, _ in off),
    )  # fmt: skip


def unreachable(evidence: Evidence) -> Iterator[Finding]:
    """Parameters without a path to the root, or with paths through what has no slope anywhere."""
    lost = {name: leaf for name, leaf in evidence.parameters.items() if not _reaches(evidence, leaf)}
    if lost:
        total = len(evidence.parameters)
        names = [naming.visible(name) for name in lost]
        yield Finding(
            "unreachable parameter", _shortened(names), 0.8 + 0.05 * len(lost) / total,
            f"{len(lost)} of {total} parameters have no path with a slope to {naming.title(evidence.sweep.root)}: "
            "training will never move them.",
            "use them in the forward pass, or remove them; detach(), no_grad(), floor and sign cut paths",
            tuple(lost.values()),
        )  # fmt: skip


def _leaves(evidence: Evidence) -> list[Value]:
    if evidence.subject.has_own_graph:
        return list(evidence.parameters.values())
    root = evidence.sweep.root
    if held_gradient(root) != 1.0 or not root.operands:  # not swept, or from elsewhere
        return []
    return [node for node in evidence.sweep.order if not node.operands and not node.is_constant]


def _agree(entry: tuple[Value, float, float], evidence: Evidence) -> bool:
    node, held, once = entry
    if not (math.isfinite(held) and math.isfinite(once)):
        return True
    flow = evidence.sweep.absolute[evidence.sweep.place[node]] if node in evidence.sweep.place else 0.0
    return abs(held - once) <= 1e-9 * max(flow, abs(once))


def _whole_multiples(leaves: list[tuple[Value, float, float]]) -> bool:
    """Whether all gradients are the same whole multiple of one sweep: a parameter may rightly hold an older one."""
    ratios = [held / once for _, held, once in leaves if abs(once) > 1e-300]
    if not ratios or any(once == 0.0 and held != 0.0 for _, held, once in leaves):
        return False
    times = round(ratios[0]) if math.isfinite(ratios[0]) else 0
    return times >= 2 and all(abs(ratio - times) < 1e-6 * times for ratio in ratios)


def _reaches(evidence: Evidence, leaf: Value) -> bool:
    sweep = evidence.sweep
    if leaf is sweep.root:
        return True
    if leaf not in sweep.place:
        return False
    return any(not _flat_everywhere(sweep.order[head]) for head, _, _ in sweep.uses[sweep.place[leaf]])


def _flat_everywhere(reader: Value) -> bool:
    return reader.primitive is not None and reader.primitive.name in (
        "floor",
        "ceil",
        "floor_divide",
        "rint",
        "sign",
        "step",
    )


def _listed(nodes: list[Value]) -> str:
    return _shortened([naming.full_title(node) for node in nodes])


def _shortened(names: list[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
