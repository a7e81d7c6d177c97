"""The findings of `viz.culprits` as data of a page, each with the slot that it is about and something to try."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff import Value
from viz.page.attempts import Neurons, attempt
from viz.page.tape import Tape
from viz.subject import Loss
from viz.why.culprits import culprits

NO_FINDING = "sweep not run"
"""The page sweeps by itself."""


def findings_payload(
    subject: Any, data: Sequence[Any], loss: Loss | None, tape: Tape, neurons: Neurons
) -> dict[str, Any]:
    """What `viz.culprits` finds, worst first, and what it looked for in vain."""
    places = {_place(node): slot for node, slot in tape.slot_of.items()}

    def slot_of(node: Value) -> int:
        return places.get(_place(node), -1)

    found = culprits(subject, *data, loss=loss)
    rows = []
    for finding in found:
        if finding.kind != NO_FINDING:
            words, tries = attempt(finding, slot_of, tape, neurons)
            rows.append(
                {
                    "kind": finding.kind,
                    "where": finding.where,
                    "text": finding.message,
                    "remedy": finding.remedy,
                    "node": next((slot_of(node) for node in finding.nodes if slot_of(node) >= 0), -1),
                    "attempt": words,
                    "tries": tries,
                }
            )
    return {"findings": rows, "notFound": [kind for kind in found.not_found if kind != NO_FINDING]}


def _place(node: Value) -> tuple[Any, ...]:
    """What tells a node from others in its graph, and is the same in another graph of the same model."""
    scope = node.origin.scope if node.origin else ()
    return (scope, node.label, node.primitive) if scope else (id(node),)
