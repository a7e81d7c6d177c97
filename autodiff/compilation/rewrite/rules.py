"""Rules: what a rewrite puts in the place of an operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from autodiff.primitive import Primitive

Make: TypeAlias = Callable[[Primitive, tuple[Any, ...]], Any]
"""Makes an operation on symbols and floats, rewritten in its turn."""

Rule: TypeAlias = Callable[..., Any]
"""`rule(make, *operands)`: what equals the operation on these operands, or None where it stays as it is."""

Rules: TypeAlias = Mapping[Primitive, Rule]


def replaced(rules: Rules, primitive: Primitive, operands: tuple[Any, ...], make: Make) -> Any:
    """The operation made of others, or None where it stays as it is."""
    rule = rules.get(primitive)
    return None if rule is None else rule(make, *operands)
