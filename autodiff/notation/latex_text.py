"""How LaTeX writes a number, and a label as a name."""

from __future__ import annotations

import math
import re
import unicodedata

from autodiff.errors import NotationError

# Those that LaTeX has a command for.
_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega"
    "|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)

_NAME = re.compile(r"([^\W\d_]+)_?(\d*)")
_ESCAPES = {
    "\\": r"{\backslash}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"{\wedge}",
    "~": r"{\sim}",
    " ": r"\ ",
    "-": r"\text{-}",
    "'": r"\text{'}",
}


def latex_number(number: float) -> str:
    r"""A number as LaTeX, to the last bit: -2, 0.1, 1.5 \cdot 10^{-7}, \infty, \mathrm{nan}."""
    if math.isnan(number):
        return r"\mathrm{nan}"
    if math.isinf(number):
        return r"\infty" if number > 0 else r"-\infty"
    mantissa, _, exponent = repr(number).removesuffix(".0").partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}")


def latex_name(label: str) -> str:
    r"""A label as a name in a formula: x_{1} for x1 and x_1, \alpha for alpha and α, else upright and escaped."""
    match = _NAME.fullmatch(label)
    stem = _letter(match[1]) if match else ""
    if not match or not stem:
        return rf"\mathrm{{{escaped(label)}}}"
    return f"{stem}_{{{match[2]}}}" if match[2] else stem


def escaped(text: str) -> str:
    """Any text for use inside mathematics, with the signs that mean something to LaTeX escaped."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return "".join(_ESCAPES.get(character, character) for character in shown)


def checked_latex(name: object) -> str:
    """A name that the caller gives in LaTeX. Raises NotationError (a ValueError) for braces that do not pair up."""
    if not isinstance(name, str) or not name.strip():
        raise NotationError(f"names must hold LaTeX text, got {name!r}")
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", name):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    if depth:
        raise NotationError(f"the braces of the name {name!r} do not pair up")
    return name


def _letter(word: str) -> str:
    """One letter, or the command of a Greek one; nothing for other words."""
    if len(word) == 1:
        word = _greek_name(word) or word
    if _GREEK.fullmatch(word):
        return f"\\{word}"
    return word if len(word) == 1 and word.isascii() else ""


def _greek_name(letter: str) -> str:
    match = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(letter, ""))
    if not match:
        return ""
    name = match[2].replace("LAMDA", "LAMBDA")
    return name.lower() if match[1] == "SMALL" else name.capitalize()
