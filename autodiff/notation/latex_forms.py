"""How LaTeX writes operations: the forms that rows of the table name. A row without one is written as a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from autodiff.notation.latex_part import Level, Part, parenthesised, product
from autodiff.notation.latex_text import escaped

Writer: TypeAlias = Callable[..., str]
"""The text of an operation from its operands."""

Form: TypeAlias = tuple[Level, Writer]
"""A writer, and how tightly the outermost sign of what it writes binds."""

_ONE = Part("1", Level.ATOM)
_NEGATIVE_DIGITS = "-0123456789."


def written(name: str, form: str | Form, operands: Sequence[Part]) -> Part:
    r"""The formula of one operation on pieces that are written already.

    A text is the command of a function, such as ``\sigma``; without one the function has the name of the operation.
    """
    size = 1 + sum(operand.size for operand in operands)
    if form is ITSELF:
        return operands[0]
    if isinstance(form, str):
        return Part(_applied(form or rf"\operatorname{{{escaped(name)}}}")(*operands), Level.FACTOR, size)
    level, writer = form
    text = writer(*operands)
    return Part(text, Level.SUM if text.startswith("-") else level, size)


def _applied(command: str) -> Writer:
    return lambda *operands: f"{command}{parenthesised(', '.join(operand.text for operand in operands))}"


def _wrapped(left: str, right: str) -> Writer:
    return lambda x: f"{left}{x.text}{right}"


def _sum(*terms: Part) -> str:
    text = terms[0].text
    for term in terms[1:]:
        # The first sign of a sum is that of its first term, so it can take the place of the plus.
        text = f"{text} - {term.text[1:]}" if term.text.startswith("-") else f"{text} + {term.text}"
    return text


def _product(*factors: Part) -> str:
    first, *others = factors
    # A negative number in front needs no parentheses: -2 x.
    head = first.text if not first.text.strip(_NEGATIVE_DIGITS) else first.at(Level.FACTOR)
    return product([head, *(factor.at(Level.FACTOR) for factor in others)])


def _power(base: Part, exponent: Part) -> str:
    return f"{base.at(Level.ATOM)}^{{{exponent.text}}}"


def _exponential(x: Part) -> str:
    return rf"\mathrm{{e}}^{{{x.text}}}"


def _squares(*terms: Part) -> str:
    return " + ".join(term.text if term.elided else f"{term.at(Level.ATOM)}^{{2}}" for term in terms)


def _dot(*halves: Part) -> str:
    half = len(halves) // 2
    pairs = zip(halves[:half], halves[half:], strict=True)
    terms = [a if a.elided else Part(_product(a, b), Level.FACTOR) for a, b in pairs]
    return _sum(*terms)


def _mean(*terms: Part) -> str:
    return rf"\frac{{{_sum(*terms)}}}{{{sum(term.elided or 1 for term in terms)}}}"


def _log_sum_exp(*terms: Part) -> str:
    exponentials = " + ".join(term.text if term.elided else _exponential(term) for term in terms)
    return rf"\ln{parenthesised(exponentials)}"


def _log_sigmoid(x: Part) -> str:
    probability = _applied(r"\sigma")(x)
    return rf"\ln{parenthesised(probability)}"


ITSELF: Form = (Level.ATOM, lambda x: x.text)
"""The operand as it stands, and as tight as it is."""
SUM: Form = (Level.SUM, _sum)
DIFFERENCE: Form = (Level.SUM, lambda a, b: f"{a.text} - {b.at(Level.FACTOR)}")
NEGATIVE: Form = (Level.SUM, lambda x: f"-{x.at(Level.FACTOR)}")
PRODUCT: Form = (Level.FACTOR, _product)
DOT: Form = (Level.SUM, _dot)
FRACTION: Form = (Level.FACTOR, lambda a, b: rf"\frac{{{a.text}}}{{{b.text}}}")
MEAN: Form = (Level.FACTOR, _mean)
RECIPROCAL: Form = (Level.FACTOR, lambda x: rf"\frac{{1}}{{{x.text}}}")
POWER: Form = (Level.FACTOR, _power)
SQUARE: Form = (Level.FACTOR, lambda x: f"{x.at(Level.ATOM)}^{{2}}")
ROOT: Form = (Level.FACTOR, _wrapped(r"\sqrt{", "}"))
CUBE_ROOT: Form = (Level.FACTOR, _wrapped(r"\sqrt[3]{", "}"))
LENGTH: Form = (Level.FACTOR, lambda *xs: rf"\sqrt{{{_squares(*xs)}}}")
LEG: Form = (Level.FACTOR, lambda a, b: rf"\sqrt{{{a.at(Level.ATOM)}^{{2}} - {b.at(Level.ATOM)}^{{2}}}}")
SIZE: Form = (Level.ATOM, _wrapped(r"\left|", r"\right|"))
FLOOR: Form = (Level.ATOM, _wrapped(r"\left\lfloor ", r"\right\rfloor"))
CEILING: Form = (Level.ATOM, _wrapped(r"\left\lceil ", r"\right\rceil"))
FLOOR_OF_FRACTION: Form = (Level.ATOM, lambda a, b: rf"\left\lfloor \frac{{{a.text}}}{{{b.text}}}\right\rfloor")
EXPONENTIAL: Form = (Level.FACTOR, _exponential)
EXPONENTIAL_LESS_ONE: Form = (Level.SUM, lambda x: f"{_exponential(x)} - 1")
POWER_OF_TWO: Form = (Level.FACTOR, lambda x: f"2^{{{x.text}}}")
BELL: Form = (Level.FACTOR, lambda x: rf"\mathrm{{e}}^{{-{x.at(Level.ATOM)}^{{2}}}}")
LOG_OF_SUM: Form = (Level.FACTOR, lambda x: rf"\ln{parenthesised(_sum(_ONE, x))}")
PRODUCT_WITH_LOG: Form = (Level.FACTOR, lambda x, y: _product(x, Part(_applied(r"\ln")(y), Level.FACTOR)))
LOG_SUM_EXP: Form = (Level.FACTOR, _log_sum_exp)
LOG_SIGMOID: Form = (Level.FACTOR, _log_sigmoid)
