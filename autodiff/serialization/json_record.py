"""What a JSON text says of one node, once it has been checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, final

from autodiff.modes import Origin
from autodiff.primitive import Primitive

Roots: TypeAlias = "int | list[int] | dict[str, int]"
"""The index of one root, of several, or of several with names."""


@final
@dataclass(frozen=True, slots=True)
class Record:
    """One node; integers refer to nodes by index, floats are numbers."""

    data: float
    grad: int | float
    primitive: Primitive | None
    operands: tuple[int | float, ...]
    label: str | None
    origin: Origin | None
