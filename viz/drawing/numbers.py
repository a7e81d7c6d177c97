"""Numbers and names as they are printed in a drawing, and how wide they are."""

from __future__ import annotations

import math

from viz.text import ABSENT

SMALLEST, LARGEST = 1e-4, 1e5
"""Outside of these a number in a column is written with an exponent."""

_NARROW = frozenset("iljtfrI.,:;'|!()[] ·")
_WIDE = frozenset("mwMW@%Σ×−+=<>…→")


def signed(text: str) -> str:
    """`text` with a real minus sign, and without the zeros of an exponent."""
    mantissa, mark, exponent = text.partition("e")
    if mark:
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def column_number(number: float | None, decimals: int = 4) -> str:
    """A number for a column: four decimals, an exponent where that says nothing, and 0 for zero alone."""
    if number is None:
        return ABSENT
    if not math.isfinite(number):
        return signed(str(number))
    if number == 0.0:
        return "0"
    if SMALLEST <= abs(number) < LARGEST:
        digits = decimals if abs(number) < 100.0 else max(0, decimals - 2)
        return signed(f"{number:.{digits}f}")
    return signed(f"{number:.1e}")


def short_number(number: float | None, precision: int = 4) -> str:
    """A number in so many significant digits."""
    return ABSENT if number is None else signed(f"{number:.{precision}g}")


def sign(number: float | None) -> str:
    """The sign alone: what a cell carries that has no room for its number."""
    if number is None:
        return ABSENT
    if math.isnan(number):
        return "?"
    return "+" if number > 0 else "−" if number < 0 else "0"


def text_width(text: str, size: float) -> float:
    """About how wide `text` is in a sans-serif of that size; fonts differ by 6 %, so this is on the wide side."""
    ems = sum(0.34 if c in _NARROW else 0.9 if c in _WIDE or ord(c) > 0x2E7F else 0.64 for c in text)
    return ems * size


def fitted(text: str, size: float, room: float) -> str:
    """`text` on one line, shortened in the middle until it fits into `room` pixels."""
    line = " ".join(text.split())
    if len(line) * size * 0.3 > room * 4:  # far too long: measuring every step would be slow
        line = f"{line[:60]}…{line[-60:]}"
    if text_width(line, size) <= room:
        return line
    keep = len(line) - 1
    while keep > 1:
        keep -= 1
        short = f"{line[: (keep + 1) // 2]}…{line[len(line) - keep // 2 :]}"
        if text_width(short, size) <= room:
            return short
    return "…"
