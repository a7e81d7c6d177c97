"""Compositions: rows that say themselves which operations they come to, for back ends without one of their own."""

from __future__ import annotations

from autodiff.compilation.rewrite.rule import Rule
from autodiff.primitive import Primitive
from autodiff.rules import PRIMITIVES


def _composition(row: Primitive) -> Rule:
    if row.binary:
        return Rule(row.name, lambda a, b: row(a, b), lambda a, b: row.array(a, b))
    return Rule(row.name, lambda x: row(x), lambda x: row.array(x))


COMPOSITIONS = tuple(_composition(row) for row in PRIMITIVES.values() if row.composed)
