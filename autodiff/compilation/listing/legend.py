"""Legend: explains the signs of a page, and its operations that no function of the user names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autodiff.compilation.rewrite.batch_sums import BATCH_DOT, BATCH_SUM
from autodiff.compilation.rewrite.softmax_weights import FINITE
from autodiff.rules import LARGEST

_SIGNS = {
    " · ": ("a · b", "each vector of a with the one of b in its place"),
    " @ ": ("a @ b", "each vector of a with each of b: a product of matrices"),
    "repeat(": ("repeat(%n)", "each row several times in turn, as often as the result needs"),
    "tile(": ("tile(%n)", "all rows in turn, again and again, as often as the result needs"),
    "transposed(": ("transposed(%n)", "its rows, taken as a matrix, column by column"),
    "%[": ("%n[a:b]", "rows of block n, counted as Python counts"),
}
_OPERATIONS = {
    BATCH_DOT: "the sum over all records of products",
    BATCH_SUM: "the sum over all records",
    FINITE: "x itself; of an infinite x, a number so large that its differences are finite",
    LARGEST: "the largest operand, taken out of exponentials so that none overflows",
}
_GIVEN = {
    "weight": "what a record counts in the result: 1/n for the mean of n records, 1 for a sum",
    "count": "the number of records",
}
_DIGITS = re.compile(r"\d+")


def legend(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The signs, operations and given numbers that occur in the texts of entries, each with its meaning."""
    every = list(texts)
    together = _DIGITS.sub("", " ".join(every))
    used = {text.partition("(")[0].partition(" ")[0] for text in every}
    signs = [entry for sign, entry in _SIGNS.items() if sign in together]
    named = {row.name: meaning for row, meaning in _OPERATIONS.items()} | _GIVEN
    return (*signs, *((name, meaning) for name, meaning in named.items() if name in used))
