"""Text that DOT shows exactly as it was given: numbers, labels of any characters, lines of a label."""

from __future__ import annotations

import graphviz

ABSENT = "–"
"""Stands for a number that does not exist, such as a gradient before any sweep."""


def shown_number(number: float | None, precision: int) -> str:
    """`number` in `precision` significant digits; nan and inf as such, a dash for None."""
    return ABSENT if number is None else f"{number:.{precision}g}"


def exact_number(number: float | None) -> str:
    """`number` to its last bit, as Python writes it; a dash for None."""
    return ABSENT if number is None else repr(float(number))


def printable(text: str) -> str:
    """`text` with what cannot be printed, or would reorder the text around it, written as `repr` does."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def shortened(text: str, length: int) -> str:
    """`text` on one line, cut to `length` characters of which the last is then an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def escaped(text: str) -> str:
    r"""`text` for a plain DOT label: backslashes and entities stay literal, a newline breaks the line.

    Characters that no SVG may hold, or that would reorder the text around them, are written as `repr` does.

    >>> print(escaped("a\\b & c\x00"))
    a\\b &amp; c\\x00
    """
    return "\\n".join(_escaped_line(line) for line in text.split("\n"))


def label(*lines: str) -> str:
    """Lines of any text, one below the other, as a plain label: never HTML, whatever the text begins with."""
    return graphviz.nohtml("\\n".join(map(escaped, lines)))  # type: ignore[no-any-return]  # graphviz has no types


def hover(*lines: str) -> str:
    r"""Lines of any text, one below the other, as a tooltip. Graphviz reads escapes in tooltips twice, so a backslash
    is written as four.

    >>> print(hover(r"C:\New", "x"))
    C:\\\\New\nx
    """
    shown = [_escaped_line(line) for line in "\n".join(lines).split("\n")]
    return graphviz.nohtml("\\n".join(shown).replace("\\\\", "\\" * 4))  # type: ignore[no-any-return]  # as above


def left_aligned(*lines: str) -> str:
    """The same as `label`, with every line at the left."""
    return graphviz.nohtml("".join(f"{escaped(line)}\\l" for line in lines))  # type: ignore[no-any-return]  # as above


def _escaped_line(line: str) -> str:
    return printable(line).replace("\\", "\\\\").replace("&", "&amp;")
