"""The operations of a graph as JavaScript: their evaluation from `base.js`, their slopes traced from the table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from autodiff import Primitive
from autodiff.errors import AutodiffError
from viz.page.base import BASE, VARIADIC
from viz.page.expression import Expression, Writer, number

NOT_TRACED = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, AutodiffError)
"""What a rule raises that needs numbers: `math.sin` of an expression, a branch, a method that it lacks."""


def operation_key(primitive: Primitive, count: int) -> str:
    """The name of an operation in the script: with the number of operands where that varies."""
    return primitive.name if primitive.arity is not None else f"{primitive.name}/{count}"


def operation_source(primitive: Primitive, count: int) -> str | None:
    """`{f, d}`: a function that evaluates, and one that writes the slopes along all operands; None where the
    evaluation or a slope is written for numbers alone.

    Both read operands as `v[a[s + k]]`; `d(v, a, s, o, d)` takes the result as well and fills `d`.
    """
    operands = [Expression(f"v[a[s + {place}]]") for place in range(count)]
    try:
        return f"{{\n  f: {_evaluation(primitive, operands)},\n  d: {_slopes(primitive, operands)},\n}}"
    except NOT_TRACED:
        return None


def _evaluation(primitive: Primitive, operands: Sequence[Expression]) -> str:
    if primitive.name in VARIADIC:
        return f"(v, a, s) => BASE[{json.dumps(primitive.name)}](gather(v, a, s, {len(operands)}))"
    if primitive.name in BASE:
        joined = ", ".join(operand.name for operand in operands)
        return f"(v, a, s) => BASE[{json.dumps(primitive.name)}]({joined})"
    written = primitive.array if primitive.composed else primitive.evaluate  # or the user's own
    return _function("v, a, s", written(*operands))


def _function(parameters: str, result: Any) -> str:
    writer = Writer(VARIADIC)
    text = writer.text(result)
    return f"({parameters}) => {{ {' '.join(writer.statements)} return {text}; }}"


def _slopes(primitive: Primitive, operands: Sequence[Expression]) -> str:
    slopes = _partials(primitive, operands)
    return _many_slopes(slopes, operands) or _each_slope(slopes)


def _many_slopes(slopes: Sequence[Any], operands: Sequence[Expression]) -> str | None:
    """One call for the slopes of many operands, if they are equal numbers or if each half is the other's slope."""
    if len(slopes) <= 4:
        return None
    if not any(isinstance(slope, Expression) for slope in slopes) and len({*map(float, slopes)}) == 1:
        return f"(v, a, s, o, d) => {{ d.fill({number(float(slopes[0]))}, 0, {len(slopes)}); }}"
    half = len(slopes) // 2
    swapped = [operand.name for operand in (*operands[half:], *operands[:half])]
    if [slope.name if isinstance(slope, Expression) else None for slope in slopes] == swapped:
        return f"(v, a, s, o, d) => swapHalves(v, a, s, {len(slopes)}, d)"
    return None


def _each_slope(slopes: Sequence[Any]) -> str:
    writer = Writer(VARIADIC)
    lines = [f"d[{place}] = {writer.text(slope)};" for place, slope in enumerate(slopes)]
    return f"(v, a, s, o, d) => {{ {' '.join([*writer.statements, *lines])} }}"


def _partials(primitive: Primitive, operands: Sequence[Expression]) -> Sequence[Any]:
    out = Expression("o")
    if isinstance(primitive.partials, tuple):
        return [partial(out, *operands) if callable(partial) else partial for partial in primitive.partials]
    return primitive.partials(out, *operands)
