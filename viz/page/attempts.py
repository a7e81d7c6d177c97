"""Attempts: the what-if that a finding suggests, where other numbers are a remedy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autodiff import Value
from viz.page.tape import Tape
from viz.why.finding import Finding
from viz.why.naming import number

Edit = list[float]
"""A leaf's slot, the record whose number it is (0 where all share it), and the new number."""
Neurons = Sequence[Mapping[str, Any]]

_BAD_OPERAND = {"log": 0, "log2": 0, "log10": 0, "sqrt": 0, "pow": 0, "exp": 0, "div": 1, "reciprocal": 0}
"""The operand to change where an operation is the first that is not finite."""


def attempt(finding: Finding, slot_of: Callable[[Value], int], tape: Tape, neurons: Neurons) -> tuple[str, list[Edit]]:
    """What to try, in words, and the numbers to change; no numbers where none would help.

    A path that is missing, a sweep on top of another and records that disagree are not mended by numbers.
    """
    if finding.kind in ("nan", "inf"):
        return _finite_operand(finding, slot_of, tape)
    if finding.kind == "dead ReLU":
        return _raised_biases(finding, slot_of, tape, neurons)
    if finding.kind == "saturated":
        units = {slot_of(node) for node in finding.nodes}
        return "weights ÷ 10", _scaled([row for row in neurons if row["output"] in units], tape, lambda _: 0.1)
    flat = any(row["activation"] == "σ" for row in neurons)  # no size of weights makes up for slopes below 1/4
    if finding.kind == "exploding" or (finding.kind == "vanishing" and not flat):
        return "weights of He's size", _scaled(neurons, tape, _to_he)
    return "", []


def _raised_biases(
    finding: Finding, slot_of: Callable[[Value], int], tape: Tape, neurons: Neurons
) -> tuple[str, list[Edit]]:
    """Biases that take the largest sum of each dead unit to 0.5."""
    largest: dict[int, float] = {}
    for node in finding.nodes:
        total = node.parents[0].data
        slot = slot_of(node)
        largest[slot] = max(total, largest.get(slot, -math.inf))
    found = [(row["bias"], 0.5 - largest[row["output"]]) for row in neurons if row["output"] in largest]
    edits = [[bias, 0, _data(tape, bias) + step] for bias, step in found if bias is not None]
    return (f"+ {number(found[0][1])} on its bias" if len(edits) == 1 else "larger biases"), edits


def _scaled(rows: Neurons, tape: Tape, factor: Callable[[list[float]], float]) -> list[Edit]:
    edits = []
    for row in rows:
        weights = [_data(tape, slot) for slot in row["weights"]]
        by = factor(weights)
        edits += [[slot, 0, weight * by] for slot, weight in zip(row["weights"], weights, strict=True)]
    return edits


def _to_he(weights: list[float]) -> float:
    """What gives the weights of a unit He's deviation, √(2/inputs)."""
    size = math.hypot(*weights)
    return math.sqrt(2.0) / size if size else 1.0


def _finite_operand(finding: Finding, slot_of: Callable[[Value], int], tape: Tape) -> tuple[str, list[Edit]]:
    """A 1 for the leaf that an operation cannot take, or a 0 for a leaf that is not finite."""
    node = finding.nodes[0]
    leaf: Any = node
    if node.primitive is not None:
        place = _BAD_OPERAND.get(node.primitive.name)
        leaf = None if place is None else node.operands[place]
    slot = slot_of(leaf) if isinstance(leaf, Value) and not leaf.operands else -1
    if slot < 0 or slot in tape.columns:
        return "", []
    new = 0.0 if leaf is node else 1.0
    return f"{leaf.label or 'its operand'} = {new:g}", [[slot, 0, new]]


def _data(tape: Tape, slot: int) -> float:
    value = tape.values[slot]
    return value.data if isinstance(value, Value) else math.nan
