"""Choices: the conditions of a function's `where`, as the script computes them.

A graph holds the branch that a `where` took, and nothing of its condition, which was True or False before the graph
was made. A function with its arguments can be called on expressions instead of numbers, and these hold both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from viz.page.base import VARIADIC
from viz.page.expression import Expression, Writer
from viz.page.operations import NOT_TRACED


def choices_source(function: Callable[..., Any], arguments: Sequence[Any]) -> str | None:
    """A function of the numbers of all slots that returns what `function` is there, and whether each condition holds.

    `arguments` are the slots of its arguments, as expressions, or numbers. None where the function has no `where`, or
    runs on numbers alone.
    """
    writer = Writer(VARIADIC)
    try:
        out = function(*arguments)
        conditions = _conditions(out)
        texts = [writer.text(entry) for entry in (out, *conditions)]
    except NOT_TRACED:
        return None
    return f"(v) => {{ {' '.join(writer.statements)} return [{', '.join(texts)}]; }}" if conditions else None


def _conditions(out: Any) -> list[Expression]:
    """The conditions that an expression decides by, in the order in which they are met, each once."""
    found: dict[Expression, None] = {}
    seen: set[int] = set()
    stack = [out]
    while stack:
        entry = stack.pop()
        if not isinstance(entry, Expression) or id(entry) in seen:
            continue
        seen.add(id(entry))
        if entry.name == "where" and isinstance(entry.operands[0], Expression):
            found[entry.operands[0]] = None
        stack += entry.operands
    return [*found]
