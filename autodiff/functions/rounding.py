"""Rounding and remainders: flat but for their jumps."""

from __future__ import annotations

from typing import Any

from autodiff import compositions as c
from autodiff import rules
from autodiff.functions.scalar import Scalar, binary

# round is public too, but a star import would put it before Python's own.
__all__ = ["floor_divide", "fmod", "mod", "remainder", "rint", "trunc"]


def rint(x: Scalar) -> Scalar:
    """The integer nearest to x, halves to the even one, as a float. Slope 0."""
    return rules.RINT(x)


def round(x: Scalar, decimals: int = 0) -> Scalar:
    """x to so many decimals, halves to even, as NumPy rounds. Slope 0."""
    return c.rounded(x, decimals)  # type: ignore[no-any-return]  # of the kind of x


def trunc(x: Scalar) -> Scalar:
    """The integer next to x towards 0, as a float. Slope 0."""
    return c.trunc(x)  # type: ignore[no-any-return]  # of the kind of x


@binary
def floor_divide(x: Any, y: Any) -> Any:
    """⌊x/y⌋, also written x // y. Slopes 0."""
    return rules.FLOOR_DIVIDE(x, y)


@binary
def mod(x: Any, y: Any) -> Any:
    """x - y·⌊x/y⌋, with the sign of y, also written x % y; nan where y is 0. Slopes 1 and -⌊x/y⌋.

    At a multiple of y, where it jumps, the slopes are those of the branch that begins there.
    """
    return rules.MOD(x, y)


remainder = mod


@binary
def fmod(x: Any, y: Any) -> Any:
    """The remainder of x by y with the sign of x, as C has it; nan where y is 0. Slopes 1 and minus the quotient."""
    return c.fmod(x, y)
