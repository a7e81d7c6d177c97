"""Writes a straight-line program as Python formulas, in the names of `autodiff`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autodiff.primitive import Primitive
from autodiff.rules import PRIMITIVES

# How tightly the operators of Python bind.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)


class _Infix(NamedTuple):
    """An operator between two operands, each in parentheses if it binds more loosely than the level named."""

    sign: str
    level: int
    left: int
    right: int


_INFIX = {
    "add": _Infix("+", _SUM, _SUM, _PRODUCT),
    "sub": _Infix("-", _SUM, _SUM, _PRODUCT),
    "mul": _Infix("*", _PRODUCT, _PRODUCT, _SIGN),
    "div": _Infix("/", _PRODUCT, _PRODUCT, _SIGN),
    "pow": _Infix("**", _POWER, _ATOM, _SIGN),
}
_PREFIX = {"neg": "-", "identity": "+"}


class _Text(NamedTuple):
    text: str
    level: int


def program(input_count: int, steps: Mapping[int, Any]) -> tuple[dict[int, str], dict[str, str], str]:
    """The inputs that are read, by place; the formulas of entries read more than once, by name; the result.

    `steps` are those that the result depends on, by place and in order; the last is the result. Without
    one, the result is the last input.
    """
    reads = Counter(place for step in steps.values() for place in step.places)
    texts = {place: _Text(f"x{place}", _ATOM) for place in range(input_count)}
    named: dict[str, str] = {}
    result = texts[input_count - 1].text
    for place, step in steps.items():
        operands = [texts[x] if isinstance(x, int) else _constant(x) for x in step.operands]
        texts[place] = _formula(step.primitive, operands)
        result = texts[place].text
        if reads[place] > 1:
            name = f"y{len(named)}"
            named[name], texts[place] = result, _Text(name, _ATOM)
    read = [place for place in range(input_count) if reads[place] or (not steps and place == input_count - 1)]
    return {place: f"x{place}" for place in read}, named, result


def _constant(number: float) -> _Text:
    return _Text(repr(number), _ATOM if repr(number)[0] != "-" else _SIGN)


def _formula(primitive: Primitive, operands: Sequence[_Text]) -> _Text:
    name = primitive.name
    of_table = PRIMITIVES.get(name) is primitive
    if of_table and name in _INFIX:
        sign, level, left, right = _INFIX[name]
        return _Text(f"{_bound(operands[0], left)} {sign} {_bound(operands[1], right)}", level)
    if of_table and name in _PREFIX:
        return _Text(f"{_PREFIX[name]}{_bound(operands[0], _POWER)}", _SIGN)
    texts = [operand.text for operand in operands]
    if of_table and name == "dot":
        half = len(texts) // 2
        return _Text(f"dot({_list(texts[:half])}, {_list(texts[half:])})", _ATOM)
    if of_table and primitive.arity is None:
        return _Text(f"{name}({_list(texts)})", _ATOM)
    return _Text(f"{name}({', '.join(texts)})", _ATOM)


def _bound(operand: _Text, level: int) -> str:
    return operand.text if operand.level >= level else f"({operand.text})"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"
