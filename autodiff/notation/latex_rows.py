"""How LaTeX writes each operation. One that has no row here is written as a function with its own name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from autodiff.notation.latex_part import Level, Part, parenthesised, product
from autodiff.notation.latex_text import escaped
from autodiff.primitive import Primitive

Row: TypeAlias = Callable[..., str]
"""The text of an operation from its operands."""

_ONE = Part("1", Level.ATOM)
_NEGATIVE_DIGITS = "-0123456789."


def written(primitive: Primitive, operands: Sequence[Part]) -> Part:
    """The formula of one operation on pieces that are written already."""
    size = 1 + sum(operand.size for operand in operands)
    if primitive.name == "identity":
        return operands[0]
    if primitive.name not in _ROWS:
        return Part(_applied(rf"\operatorname{{{escaped(primitive.name)}}}")(*operands), Level.FACTOR, size)
    level, row = _ROWS[primitive.name]
    text = row(*operands)
    return Part(text, Level.SUM if text.startswith("-") else level, size)


def _applied(command: str) -> Row:
    return lambda *operands: f"{command}{parenthesised(', '.join(operand.text for operand in operands))}"


def _wrapped(left: str, right: str) -> Row:
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


_ROWS: dict[str, tuple[Level, Row]] = {
    "add": (Level.SUM, _sum),
    "sum": (Level.SUM, _sum),
    "sub": (Level.SUM, lambda a, b: f"{a.text} - {b.at(Level.FACTOR)}"),
    "neg": (Level.SUM, lambda x: f"-{x.at(Level.FACTOR)}"),
    "mul": (Level.FACTOR, _product),
    "prod": (Level.FACTOR, _product),
    "dot": (Level.SUM, _dot),
    "div": (Level.FACTOR, lambda a, b: rf"\frac{{{a.text}}}{{{b.text}}}"),
    "mean": (Level.FACTOR, _mean),
    "reciprocal": (Level.FACTOR, lambda x: rf"\frac{{1}}{{{x.text}}}"),
    "pow": (Level.FACTOR, _power),
    "square": (Level.FACTOR, lambda x: f"{x.at(Level.ATOM)}^{{2}}"),
    "sqrt": (Level.FACTOR, _wrapped(r"\sqrt{", "}")),
    "cbrt": (Level.FACTOR, _wrapped(r"\sqrt[3]{", "}")),
    "hypot": (Level.FACTOR, lambda a, b: rf"\sqrt{{{_squares(a, b)}}}"),
    "norm": (Level.FACTOR, lambda *xs: rf"\sqrt{{{_squares(*xs)}}}"),
    "abs": (Level.ATOM, _wrapped(r"\left|", r"\right|")),
    "floor": (Level.ATOM, _wrapped(r"\left\lfloor ", r"\right\rfloor")),
    "ceil": (Level.ATOM, _wrapped(r"\left\lceil ", r"\right\rceil")),
    "floor_divide": (Level.ATOM, lambda a, b: rf"\left\lfloor \frac{{{a.text}}}{{{b.text}}}\right\rfloor"),
    "sign": (Level.FACTOR, _applied(r"\operatorname{sgn}")),
    "exp": (Level.FACTOR, _exponential),
    "exp2": (Level.FACTOR, lambda x: f"2^{{{x.text}}}"),
    "expm1": (Level.SUM, lambda x: f"{_exponential(x)} - 1"),
    "gaussian": (Level.FACTOR, lambda x: rf"\mathrm{{e}}^{{-{x.at(Level.ATOM)}^{{2}}}}"),
    "log": (Level.FACTOR, _applied(r"\ln")),
    "log1p": (Level.FACTOR, lambda x: rf"\ln{parenthesised(_sum(_ONE, x))}"),
    "log2": (Level.FACTOR, _applied(r"\log_{2}")),
    "log10": (Level.FACTOR, _applied(r"\log_{10}")),
    "xlogy": (Level.FACTOR, lambda x, y: _product(x, Part(_applied(r"\ln")(y), Level.FACTOR))),
    "logaddexp": (Level.FACTOR, _log_sum_exp),
    "logsumexp": (Level.FACTOR, _log_sum_exp),
    **{name: (Level.FACTOR, _applied(f"\\{name}")) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{name: (Level.FACTOR, _applied(rf"\arc{name[1:]}")) for name in ("asin", "acos", "atan")},
    **{name: (Level.FACTOR, _applied(rf"\operatorname{{ar{name[1:]}}}")) for name in ("asinh", "acosh", "atanh")},
    "sigmoid": (Level.FACTOR, _applied(r"\sigma")),
    "log_sigmoid": (Level.FACTOR, _log_sigmoid),
    "relu": (Level.FACTOR, _applied(r"\operatorname{ReLU}")),
    "leaky_relu": (Level.FACTOR, _applied(r"\operatorname{LeakyReLU}")),
    "elu": (Level.FACTOR, _applied(r"\operatorname{ELU}")),
    "silu": (Level.FACTOR, _applied(r"\operatorname{SiLU}")),
    "gelu": (Level.FACTOR, _applied(r"\operatorname{GELU}")),
    "normal_pdf": (Level.FACTOR, _applied(r"\varphi")),
    "normal_cdf": (Level.FACTOR, _applied(r"\Phi")),
    **{name: (Level.FACTOR, _applied(r"\max")) for name in ("maximum", "largest")},
    "minimum": (Level.FACTOR, _applied(r"\min")),
    "leg": (Level.FACTOR, lambda a, b: rf"\sqrt{{{a.at(Level.ATOM)}^{{2}} - {b.at(Level.ATOM)}^{{2}}}}"),
    "xmuly": (Level.FACTOR, _product),
    "xdivy": (Level.FACTOR, lambda a, b: rf"\frac{{{a.text}}}{{{b.text}}}"),
}
