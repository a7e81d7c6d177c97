"""Explain: one gradient in words, as Markdown and as a formula."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from autodiff import Value, to_latex
from viz.why import naming
from viz.why.factors import Factors, three_factors
from viz.why.formula import LatexFormula, MathmlFormula, Term
from viz.why.naming import number
from viz.why.sweep import Sweep, required_value
from viz.why.table import block, signed

MOST_TERMS = 4
"""More terms of a sum are not written out."""


@final
@dataclass(frozen=True)
class Explanation:
    """Why a gradient is what it is, as text and as a formula. Notebooks show it typeset.

    Parameters
    ----------
    text : str
        Plain sentences, at most 120 words.
    markdown : str
        The same with the formula, for a notebook or a page.
    latex : str
        The formula alone, for use inside mathematics; it needs amsmath.
    mathml : str
        The formula for a browser.
    title : str
        The heading: the derivative and its number.

    Examples
    --------
    >>> w = Value(0.5, label="w")
    >>> explanation = explain(w, w * 3.0)
    >>> "gradient" in explanation.text, "frac" in explanation.latex
    (True, True)
    """

    text: str
    markdown: str
    latex: str
    mathml: str
    title: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Explanation of {self.title}>"

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"

    def _repr_html_(self) -> str:
        sentences = f'<p style="margin:8px 0">{signed(self.text)}</p>'
        return block(self.title, "", f"{sentences}{self.mathml}")


def explain(node: Value, root: Value) -> Explanation:
    """Say why the gradient of `root` along `node` is what it is, in words and as a formula.

    For a weight of a neuron it gives three factors: the input, the slope of the activation, and the gradient that
    arrives at the neuron's output. For a node that is used several times it gives the sum, and how much cancels.
    A gradient of 0 has a sentence for each of its reasons: no path, a slope of 0, exact cancellation.

    Parameters
    ----------
    node, root : Value
        No sweep has to have run, and none is changed.

    Returns
    -------
    Explanation
        With `.text` of at most 120 words, `.markdown` and `.latex`; notebooks show it typeset.

    Raises
    ------
    StaleGraphError
        If data changed since the graph was recorded.
    CoercionError
        A TypeError, unless both are Values.

    Examples
    --------
    >>> from autodiff import dot, sigmoid, square
    >>> w, x = Value(0.5, label="w"), Value(2.0, label="x")
    >>> loss = square(sigmoid(w * x) - 1.0)
    >>> loss.label = "loss"
    >>> print(explain(w, loss))  # doctest: +NORMALIZE_WHITESPACE
    The gradient of loss along w is -0.2115: raising w lowers loss. Three factors: 2 comes in (x), times 0.1966, the
    slope of σ at a sum of 1, times -0.5379, the gradient of loss along the output. The slope of σ is the smallest.
    >>> print(explain(Value(1.0, label="u"), loss))
    The gradient of loss along u is 0: no path leads from u to loss, so changing u changes nothing.
    """
    sweep = Sweep(root)
    return swept_explanation(required_value(node, "node"), sweep)


def swept_explanation(node: Value, sweep: Sweep) -> Explanation:
    """The explanation of a node from a sweep that has run."""
    subject = _Subject(node, sweep)
    text, terms = _reasons(subject)
    made = naming.source(node) or (naming.source(sweep.order[subject.uses[0][0]]) if len(subject.uses) == 1 else "")
    if made:
        text = f"{text} See {made}."
    gradient, names = number(subject.gradient), (_latex_name(sweep.root), _latex_name(node))
    latex = LatexFormula(*names).written(terms, gradient)
    heading = f"Why ∂{naming.title(sweep.root)}/∂{naming.title(node)} = {gradient}"
    mathml = MathmlFormula(naming.title(sweep.root), naming.title(node)).written(terms, gradient)
    return Explanation(text, f"{_escaped(text)}\n\n$$\n{latex}\n$$\n", latex, mathml, heading)


@final
class _Subject:
    """A node that is explained, with what is often asked of it."""

    def __init__(self, node: Value, sweep: Sweep) -> None:
        self.node, self.sweep = node, sweep
        self.reached = node in sweep.place
        self.place = sweep.place.get(node, -1)
        self.uses = sweep.uses[self.place] if self.reached else ()
        self.gradient = sweep.gradient(node)
        self.absolute = sweep.absolute[self.place] if self.reached else 0.0
        self.name, self.root = naming.title(node), naming.title(sweep.root)

    @property
    def opening(self) -> str:
        """The sentence that all explanations begin with, without its end."""
        scope = naming.scope_title(naming.scope_of(self.node))
        place = f" of {scope}" if scope else ""
        return f"The gradient of {self.root} along {self.name}{place} is {number(self.gradient)}"


def _reasons(subject: _Subject) -> tuple[str, Sequence[Sequence[Term]]]:
    """The sentences, and the terms of the formula, each a product."""
    if subject.node is subject.sweep.root:
        return f"{subject.opening} by definition: it is where the sweep begins.", ()
    if not subject.uses:
        return f"{subject.opening}: no path leads from {subject.name} to {subject.root}, so changing {subject.name} " \
            "changes nothing.", ()  # fmt: skip
    if not math.isfinite(subject.gradient):
        return _not_finite(subject), _terms(subject)
    if subject.gradient == 0.0:
        return _zero(subject), _terms(subject)
    return _sentence(subject), _terms(subject)


def _sentence(subject: _Subject) -> str:
    effect = "lowers" if subject.gradient < 0.0 else "raises"
    opening = f"{subject.opening}: raising {subject.name} {effect} {subject.root}."
    if len(subject.uses) == 1:
        return f"{opening} {_use_in_words(subject)}"
    products = [slope * subject.sweep.gradients[head] for head, _, slope in subject.uses]
    positive = sum(product for product in products if product > 0.0)
    negative = sum(product for product in products if product < 0.0)
    largest = max(products, key=abs)
    signs = (
        f"{number(positive)} and {number(negative)}"
        if positive and negative
        else f"all {'positive' if positive else 'negative'} or 0"
    )
    return (
        f"{opening} It is the sum over {len(products):,} uses: {signs}; the largest adds {number(largest)}. "
        f"{_cancellation(subject)}"
    ).rstrip()


def _cancellation(subject: _Subject) -> str:
    kappa = abs(subject.gradient) / subject.absolute if subject.absolute else math.nan
    if not kappa < 0.95:
        return ""
    return f"Over all paths {naming.percent(1.0 - kappa)} of the absolute flow, {number(subject.absolute)}, cancels."


def _use_in_words(subject: _Subject) -> str:
    factors = three_factors(subject.sweep, subject.uses[0])
    if factors is None:
        head, _, slope = subject.uses[0]
        upstream = subject.sweep.gradients[head]
        reader = naming.title(subject.sweep.order[head])
        return (
            f"One use: {number(slope)}, the slope of {reader}, times {number(upstream)}, the gradient along {reader}."
        )
    source = f" ({naming.title(factors.source)})" if factors.source is not None else ""
    steepness = f"times {number(factors.steepness)}, {_slope_in_words(factors)}"
    arrives = f"times {number(factors.upstream)}, the gradient of {subject.root} along the output"
    return f"Three factors: {number(factors.comes_in)} comes in{source}, {steepness}, {arrives}. {_smallest(factors)}"


def _slope_in_words(factors: Factors) -> str:
    if factors.output is factors.total:
        return "as there is no activation"
    return f"the slope of {_activation(factors)} at a sum of {number(factors.total.data)}"


def _smallest(factors: Factors) -> str:
    names = ("What comes in", f"The slope of {_activation(factors)}", "What arrives at the output")
    sizes = [abs(value) for value in factors.values]
    return f"{names[sizes.index(min(sizes))]} is the smallest."


def _activation(factors: Factors) -> str:
    primitive = factors.output.primitive
    if factors.output is factors.total or primitive is None:
        return "the missing activation"
    return naming.visible(primitive.symbol or primitive.name)


def _zero(subject: _Subject) -> str:
    if subject.absolute > 0.0:
        kept = "exactly" if len(subject.uses) > 1 else "exactly, further on"
        return (
            f"{subject.opening} because its paths cancel {kept}: {number(subject.absolute / 2)} positive and as much "
            f"negative. Changing {subject.name} a little moves {subject.root} both ways at once."
        )
    blocked = _first_block(subject)
    if blocked is None:
        return (
            f"{subject.opening}: every path has slopes that are not 0, but their product is too small for a float, "
            "below 5e-324."
        )
    return f"{subject.opening} because every path passes a slope of 0: {blocked}."


def _first_block(subject: _Subject) -> str | None:
    """Where the paths of a node end at a slope of 0, in words; None where none does."""
    sweep, stack, seen = subject.sweep, [subject.place], {subject.place}
    found: tuple[int, int] | None = None
    while stack:
        place = stack.pop()
        if place == len(sweep.order) - 1:
            return None
        for head, index, slope in sweep.uses[place]:
            if slope == 0.0:
                found = found or (head, index)
            elif head not in seen:
                seen.add(head)
                stack.append(head)
    if found is None:
        return None
    return _block_in_words(sweep.order[found[0]], found[1])


def _block_in_words(reader: Value, index: int) -> str:
    name = naming.visible(reader.primitive.name) if reader.primitive else ""
    scope = naming.scope_title(naming.scope_of(reader))
    place = f" of {scope}" if scope else ""
    operand = reader.operands[index]
    at = number(operand.data) if isinstance(operand, Value) else number(operand)
    if name in ("mul", "dot", "prod"):
        return f"it is multiplied by a 0 in {name}{place}"
    if name == "relu":
        return f"relu{place} is off, its sum is {at}"
    return f"{name}{place} is flat at {at}"


def _not_finite(subject: _Subject) -> str:
    for head, _, slope in subject.uses:
        upstream = subject.sweep.gradients[head]
        if not math.isfinite(slope * upstream):
            reader = naming.full_title(subject.sweep.order[head])
            return (
                f"{subject.opening}: {reader} passes a slope of {number(slope)} times an upstream of "
                f"{number(upstream)}. viz.culprits names the first that is not finite."
            )
    return f"{subject.opening}: its contributions are finite, but their sum is not."


def _terms(subject: _Subject) -> Sequence[Sequence[Term]]:
    """The products of the formula, a use each; empty where there are too many."""
    uses = subject.uses
    if len(uses) == 1:
        factors = three_factors(subject.sweep, uses[0])
        if factors is not None:
            middle = "linear" if factors.output is factors.total else f"slope of {_activation(factors)}"
            captions = ("comes in", middle, "arrives")
            return [[Term(number(value), caption) for value, caption in zip(factors.values, captions, strict=True)]]
    if len(uses) > MOST_TERMS:
        products = [slope * subject.sweep.gradients[head] for head, _, slope in uses]
        positive = sum(product for product in products if product > 0.0)
        negative = sum(product for product in products if product < 0.0)
        return [[Term(number(positive), f"{sum(p > 0.0 for p in products)} uses")],
                [Term(number(negative), f"{sum(p < 0.0 for p in products)} uses")]]  # fmt: skip
    return [
        [Term(number(slope), "slope"), Term(number(subject.sweep.gradients[head]), "upstream")]
        for head, _, slope in uses
    ]


def _latex_name(node: Value) -> str:
    name = to_latex(Value(0.0, label=naming.title(node)))
    return name.replace("<", r"\lt ").replace(">", r"\gt ")  # within Markdown no label may begin a tag


def _escaped(text: str) -> str:
    """Text that Markdown and HTML show as it is."""
    escaped = html.escape(text, quote=False)
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+!|$~^" else sign for sign in escaped)
