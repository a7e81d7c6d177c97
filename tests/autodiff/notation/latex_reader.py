"""A reader of formulas, which computes what a person would who reads them by the rules of school.

It shares nothing with the code that writes them: precedence is decided here by a grammar.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import final

from mpmath import mp

_TOKEN = re.compile(
    r"\\mathrm\{(?:[^{}\\]|\\.|\{[^{}]*\})*\}|\\operatorname\{[^{}]*\}|\\log_\{\d+\}|\\left(?:[(|]|\\[a-z]+)|\\right(?:[)|]|\\[a-z]+)"
    r"|\\[A-Za-z]+(?:_\{\d+\})?|\d+(?:\.\d+)?|[A-Za-z](?:_\{\d+\})?|[-+^{},\[\]]"
)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _bell(x: float) -> float:
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _normal(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


FUNCTIONS: dict[str, Callable[..., float]] = {
    **{f"\\{name}": getattr(math, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"\\arc{name}": getattr(math, f"a{name}") for name in ("sin", "cos", "tan")},
    **{rf"\operatorname{{ar{name}}}": getattr(math, f"a{name}") for name in ("sinh", "cosh", "tanh")},
    r"\ln": math.log,
    r"\log_{2}": math.log2,
    r"\log_{10}": math.log10,
    r"\max": max,
    r"\min": min,
    r"\sigma": _sigmoid,
    r"\varphi": _bell,
    r"\Phi": _normal,
    r"\operatorname{sgn}": lambda x: math.copysign(1.0, x) if x else 0.0,
    r"\operatorname{logistic\_pdf}": lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2,
    r"\psi": lambda x: float(mp.digamma(x)),
    r"\operatorname{trigamma}": lambda x: float(mp.psi(1, x)),
    r"\operatorname{sinc}": lambda x: float(mp.sincpi(x)),
    r"\operatorname{erf}": math.erf,
    r"\operatorname{erfc}": math.erfc,
    r"\operatorname{atan2}": math.atan2,
    r"\operatorname{softplus}": lambda x: math.log(1 + math.exp(x)),
    r"\operatorname{rint}": lambda x: float(round(x)),
    r"\operatorname{mod}": lambda x, y: x % y,
    r"\operatorname{step}": lambda x: float(x > 0),
    r"\operatorname{where}": lambda condition, a, b: a if condition else b,
    r"\operatorname{ReLU}": lambda x: max(x, 0.0),
    r"\operatorname{LeakyReLU}": lambda x, a: x if x > 0 else a * x,
    r"\operatorname{ELU}": lambda x, a: x if x > 0 else a * (math.exp(x) - 1),
    r"\operatorname{SiLU}": lambda x: x * _sigmoid(x),
    r"\operatorname{GELU}": lambda x: x * _normal(x),
}

_BRACKETS: dict[str, tuple[str, Callable[[float], float]]] = {
    r"\left(": (r"\right)", lambda x: x),
    r"\left|": (r"\right|", abs),
    r"\left\lfloor": (r"\right\rfloor", math.floor),
    r"\left\lceil": (r"\right\rceil", math.ceil),
}


def computed(formula: str, names: Mapping[str, float]) -> float:
    """The number that a formula stands for; an aligned block is read line by line."""
    known = dict(names)
    body = formula.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    number = math.nan
    for line in body.split(" \\\\\n"):
        name, sign, text = line.partition(" &= ")
        number = _Reader(text if sign else line, known).everything()
        if sign:
            known[name] = number
    return number


@final
class _Reader:
    def __init__(self, text: str, names: Mapping[str, float]) -> None:
        self._tokens = _TOKEN.findall(text)
        if "".join(self._tokens).replace(" ", "") != text.replace(" ", ""):
            raise SyntaxError(f"signs that no formula has in {text}")
        self._next = 0
        self._names = names

    def everything(self) -> float:
        number = self._sum()
        if self._peek():
            raise SyntaxError(f"more after the end of a formula: {self._peek()}")
        return number

    def _sum(self) -> float:
        number = -self._product() if self._take("-") else self._product()
        while self._peek() in ("+", "-"):
            number += -self._product() if self._take("-") else self._plus()
        return number

    def _plus(self) -> float:
        self._expect("+")
        return self._product()

    def _product(self) -> float:
        number = self._factor()
        while self._take(r"\cdot") or self._starts_a_factor():
            number *= self._factor()
        return number

    def _starts_a_factor(self) -> bool:
        """Whether a factor may follow without a dot: not digits, and not parentheses, which apply a function."""
        token = self._peek()
        return (
            bool(token)
            and token not in "-+^{},[]"
            and not token.startswith((r"\right", r"\left", r"\frac"))
            and not token[0].isdigit()
        )

    def _factor(self) -> float:
        euler = self._take(r"\mathrm{e}")
        base = math.e if euler else self._base()
        if self._take("^"):
            exponent = self._group()
            return math.exp(exponent) if euler else base**exponent
        if euler:
            raise SyntaxError("e without a power is not written")
        return base

    def _base(self) -> float:
        token = self._take_any()
        if token[0].isdigit():
            return float(token)
        if token in _BRACKETS:
            closing, function = _BRACKETS[token]
            number = self._sum()
            self._expect(closing)
            return function(number)
        if token == r"\frac":
            return self._group() / self._group()
        if token == r"\ln" and self._take(r"\Gamma"):
            return math.lgamma(*self._arguments())
        if token == r"\sqrt":
            return self._root()
        if self._peek() == r"\left(":
            return FUNCTIONS[token](*self._arguments())
        return self._names[token]

    def _root(self) -> float:
        if self._take("["):
            self._expect("3")
            self._expect("]")
            return math.cbrt(self._group())
        return math.sqrt(self._group())

    def _arguments(self) -> list[float]:
        self._expect(r"\left(")
        numbers = [self._sum()]
        while self._take(","):
            numbers.append(self._sum())
        self._expect(r"\right)")
        return numbers

    def _group(self) -> float:
        self._expect("{")
        number = self._sum()
        self._expect("}")
        return number

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take_any(self) -> str:
        self._next += 1
        return self._tokens[self._next - 1]

    def _take(self, token: str) -> bool:
        taken = self._peek() == token
        self._next += taken
        return taken

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise SyntaxError(f"expected {token}, got {self._peek()!r}")
