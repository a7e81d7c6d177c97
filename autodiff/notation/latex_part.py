"""Pieces of a formula, and the parentheses between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import final

from autodiff.notation.latex_text import latex_number

_STARTS_LIKE_A_FACTOR = re.compile(r"(?!\\(left|frac|cdot|mathrm|text))[A-Za-z\\]|\\mathrm\{e\}\^")
_ENDS_UPRIGHT = re.compile(r"\\mathrm\{(?:[^{}]|\\[{}]|\{[^{}]*\})*\}\Z")


class Level(IntEnum):
    """How tightly the outermost sign of a piece binds; what binds less than its place needs parentheses."""

    SUM = 1
    """a + b, a - b and -a."""
    FACTOR = 2
    """Products, powers, fractions, roots and functions: factors of a product, but not the base of a power."""
    ATOM = 3
    """Names, digits and whatever has brackets of its own: the base of a power."""


@final
@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a formula; `size` counts the names, numbers and operations in it."""

    text: str
    level: Level
    size: int = 1
    elided: int = 0
    """How many operands this stands for, if it is an ellipsis."""

    def at(self, level: Level) -> str:
        """The text for a place that needs this level."""
        return self.text if self.level >= level else parenthesised(self.text)


def parenthesised(text: str) -> str:
    r"""In parentheses that grow with the text: \left(text\right)."""
    return rf"\left({text}\right)"


def product(factors: list[str]) -> str:
    """Factors next to each other, with a dot wherever that could be read as something else."""
    text = factors[0]
    for factor in factors[1:]:
        adjacent = _STARTS_LIKE_A_FACTOR.match(factor) and not _ENDS_UPRIGHT.search(text)
        text = f"{text} {factor}" if adjacent else rf"{text} \cdot {factor}"
    return text


def number_part(number: float) -> Part:
    """A number, as a piece that knows its sign and its power of ten."""
    text = latex_number(number)
    if text.startswith("-"):
        return Part(text, Level.SUM)
    return Part(text, Level.FACTOR if "^" in text else Level.ATOM)
