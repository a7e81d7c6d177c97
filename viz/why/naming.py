"""What a node is called in a sentence, and how its numbers are written."""

from __future__ import annotations

import math
import re

from autodiff import Value
from viz.text import printable, shortened

LONGEST_NAME = 28
_SOURCE = re.compile(
    r"(?P<file>.*):(?P<line>\d+) in (?P<function>.*?): (?P<text>.*?)(?: \[(?P<columns>column[^\]]*)\])?"
)


def title(node: Value) -> str:
    """The label of a node, else its operation, else its number."""
    if node.label and not node.label.isspace():
        return visible(node.label)
    if node.primitive is not None:
        return visible(node.primitive.symbol or node.primitive.name)
    return f"the leaf {number(node.data)}"


def scope_title(scope: tuple[str, ...]) -> str:
    """`layer 1 / neuron 2`; empty without a scope."""
    return " / ".join(visible(name) for name in scope)


def scope_of(node: Value) -> tuple[str, ...]:
    """The scopes that a node was made in, outermost first."""
    return node.origin.scope if node.origin else ()


def full_title(node: Value) -> str:
    """The title with the scope before it: `layer 1 / neuron 2 / w1`."""
    scope = scope_title(scope_of(node))
    return f"{scope} / {title(node)}" if scope else title(node)


def source(node: Value) -> str:
    """Where a node was made, as `file.py, line 3, columns 9-14`; empty unless `autodiff.sources()` noted it."""
    noted = node.origin.source if node.origin else ""
    match = _SOURCE.fullmatch(noted)
    if match is None:
        return visible(noted, 80)
    file = re.split(r"[\\/]", match["file"])[-1]
    columns = f", {match['columns']}" if match["columns"] else ""
    return f"{visible(file, 60)}, line {match['line']}{columns}"


def number(given: float) -> str:
    """A number in four significant digits; nan and inf as such."""
    return f"{given:.4g}" if given else "0"


def counted(count: int, noun: str) -> str:
    """`1 path`, `2 paths`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def percent(share: float) -> str:
    """A share of 1 in percent; `> 99.9 %` for what is nearly but not quite all."""
    if math.isnan(share):
        return "nan %"
    return "> 99.9 %" if 0.999 < share < 1.0 else f"{100 * share:.3g} %"


def visible(text: str, longest: int = LONGEST_NAME) -> str:
    """Any text on one short line, with what cannot be printed written as `repr` does."""
    return shortened(printable(" ".join(text.split())), longest)
