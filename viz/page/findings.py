"""The findings of `viz.culprits` as data of a page, each with the slot that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff import Value
from viz.subject import Loss
from viz.why.culprits import culprits

NO_FINDING = "sweep not run"
"""The page sweeps by itself."""


def findings_payload(
    subject: Any, data: Sequence[Any], loss: Loss | None, slots: Mapping[Value, int]
) -> dict[str, Any]:
    """What `viz.culprits` finds, worst first, and what it looked for in vain."""
    found = culprits(subject, *data, loss=loss)
    places = {_place(node): slot for node, slot in slots.items()}
    return {
        "findings": [
            {
                "kind": finding.kind,
                "where": finding.where,
                "text": finding.message,
                "remedy": finding.remedy,
                "node": next((places[_place(node)] for node in finding.nodes if _place(node) in places), -1),
            }
            for finding in found
            if finding.kind != NO_FINDING
        ],
        "notFound": [kind for kind in found.not_found if kind != NO_FINDING],
    }


def _place(node: Value) -> tuple[Any, ...]:
    """What tells a node from others in its graph, and is the same in another graph of the same model."""
    scope = node.origin.scope if node.origin else ()
    return (scope, node.label, node.primitive) if scope else (id(node),)
