"""Infix: a short expression as it would be typed, in parts, each leaf a part of its own."""

from __future__ import annotations

from itertools import pairwise

from autodiff import Value
from viz.page.tape import Tape

Part = tuple[str, int]
"""Text, and the slot of the leaf that it names, or -1."""

MOST_OPERATIONS = 12
MOST_CHARACTERS = 56
_SIGNS = {"add": " + ", "sub": " − ", "mul": " · ", "div": " / ", "pow": " ^ "}
_LEVELS = {"add": 1, "sub": 1, "sum": 1, "neg": 1, "mul": 2, "div": 2, "pow": 3}
"""How tightly an operation binds; calls and leaves bind tightest."""
_TIGHTEST = 4


def infix(tape: Tape) -> list[Part]:
    """The expression of a tape, or no part where it is too long for one line."""
    if not tape.operations or len(tape.operations) > MOST_OPERATIONS:
        return []
    parts = _written(tape, tape.root)
    return parts if sum(len(text) for text, _ in parts) <= MOST_CHARACTERS else []


def _written(tape: Tape, slot: int) -> list[Part]:
    if slot not in tape.operations:
        return [_leaf(tape, slot)]
    operation = tape.operations[slot]
    name, operands = operation.primitive.name, operation.operands
    if name in _SIGNS:
        left, right = operands
        level = _LEVELS[name]
        ordered = name in ("sub", "div")  # a - (b - c) keeps its brackets, a + (b + c) needs none
        return [
            *_bracketed(tape, left, level + (name == "pow")),
            (_SIGNS[name], -1),
            *_bracketed(tape, right, level + ordered),
        ]
    if name == "sum":
        return _joined([_bracketed(tape, operand, 1) for operand in operands], " + ")
    if name == "neg":
        return [("−", -1), *_bracketed(tape, operands[0], 2)]
    return [(f"{name}(", -1), *_joined([_written(tape, operand) for operand in operands], ", "), (")", -1)]


def _bracketed(tape: Tape, slot: int, level: int) -> list[Part]:
    """A part of an operation that binds with this level."""
    parts = _written(tape, slot)
    own = _LEVELS.get(tape.operations[slot].primitive.name, _TIGHTEST) if slot in tape.operations else _TIGHTEST
    return [("(", -1), *parts, (")", -1)] if own < level else parts


def _joined(rows: list[list[Part]], between: str) -> list[Part]:
    found = rows[0]
    for _, row in pairwise(rows):
        found = [*found, (between, -1), *row]
    return found


def _leaf(tape: Tape, slot: int) -> Part:
    value = tape.values[slot]
    if isinstance(value, Value):
        return (value.label or f"{value.data:g}", slot)
    return (f"{value:g}".replace("-", "−"), -1)
