"""Formula: a gradient as a sum of captioned products, in LaTeX and in MathML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Term:
    """A number and what it is, both as text."""

    number: str
    caption: str


@final
@dataclass(frozen=True, slots=True)
class LatexFormula:
    """∂root/∂node = a sum of products; the names are LaTeX."""

    root: str
    node: str

    def written(self, terms: Sequence[Sequence[Term]], gradient: str) -> str:
        """The formula, with a caption under each number."""
        parts = [r" \cdot ".join(map(_latex_term, product)) for product in terms]
        middle = [" + ".join(parts)] if parts else []
        return " = ".join([rf"\frac{{\partial {self.root}}}{{\partial {self.node}}}", *middle, _latex_number(gradient)])


@final
@dataclass(frozen=True, slots=True)
class MathmlFormula:
    """The same for a browser; the names are plain text."""

    root: str
    node: str

    def written(self, terms: Sequence[Sequence[Term]], gradient: str) -> str:
        """One block of MathML, every text in it escaped."""
        left = f"<mfrac>{self._partial(self.root)}{self._partial(self.node)}</mfrac>"
        parts = ["<mo>·</mo>".join(map(_mathml_term, product)) for product in terms]
        middle = ["<mo>+</mo>".join(parts)] if parts else []
        equation = "<mo>=</mo>".join([left, *middle, f"<mn>{_minus(gradient)}</mn>"])
        return f'<math display="block" style="font-size:19px;text-align:left">{equation}</math>'

    def _partial(self, name: str) -> str:
        return f"<mrow><mi>∂</mi><mi>{html.escape(name)}</mi></mrow>"


def _latex_term(term: Term) -> str:
    number = _latex_number(term.number)
    shown = rf"\left({number}\right)" if number.startswith("-") else number
    return rf"\underbrace{{{shown}}}_{{\text{{{_latex_text(term.caption)}}}}}"


def _latex_number(number: str) -> str:
    if number.lstrip("-") in ("nan", "inf"):
        return number.replace("nan", r"\mathrm{nan}").replace("inf", r"\infty")
    mantissa, _, exponent = number.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _latex_text(caption: str) -> str:
    named = caption.replace("σ", r"$\sigma$")
    return "".join(sign for sign in named if sign not in "{}%#&_^~") if "$" in named else _plain(named)


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign not in "\\{}%#&_^~$")


def _mathml_term(term: Term) -> str:
    number = f"<mn>{_minus(term.number)}</mn>"
    shown = f"<mrow><mo>(</mo>{number}<mo>)</mo></mrow>" if term.number.startswith("-") else number
    caption = f'<mtext style="font-size:11px">{html.escape(term.caption)}</mtext>'
    return f'<munder><munder>{shown}<mo stretchy="true">⏟</mo></munder>{caption}</munder>'


def _minus(number: str) -> str:
    return html.escape(f"−{number[1:]}" if number.startswith("-") else number)
