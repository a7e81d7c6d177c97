"""to_latex: formulas that mean what the graph computes, within a budget, for LaTeX to set."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from autodiff import (
    NotationError,
    Primitive,
    Value,
    atanh,
    cbrt,
    dot,
    erf,
    exp,
    expm1,
    floor,
    gaussian,
    grad,
    hypot,
    log,
    log1p,
    log2,
    log_sigmoid,
    logsumexp,
    maximum,
    mean,
    norm,
    normal_cdf,
    prod,
    reciprocal,
    relu,
    sigmoid,
    sin,
    softplus,
    sqrt,
    square,
    sum,  # noqa: A004 - the field's own word
    tanh,
    to_latex,
    where,
    xlogy,
)
from autodiff.rules import POW_PARTIAL, PRIMITIVES
from autodiff.testing import ALL_PRIMITIVES, Expression, Step, expressions
from tests.autodiff.domains import DOMAINS
from tests.autodiff.notation.latex_reader import computed
from tests.autodiff.serialization.graphs import LONG, chain

LETTERS = ("a", "b", "alpha", "w1", "rate")
SPELT = ("a", "b", r"\alpha", "w_{1}", r"\mathrm{rate}")


def _leaves(numbers: Sequence[float]) -> list[Value]:
    return [Value(number, label=label) for number, label in zip(numbers, LETTERS, strict=False)]


# To a reader 0·ln(0) is no number; xlogy has a test of its own below.
READABLE = [row for row in ALL_PRIMITIVES if row.name != "xlogy"]

# Meaning.


@st.composite
def formulas(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[Any, dict[str, float]]:
    """The root of a random graph of which some inputs are constants, and the numbers of its leaves."""
    expression = draw(expressions(primitives=READABLE))
    leaves = _leaves(expression.inputs)
    inputs = [leaf.data if draw(st.booleans()) and place else leaf for place, leaf in enumerate(leaves)]
    return expression.run(inputs), {name: leaf.data for name, leaf in zip(SPELT, leaves, strict=False)}


@settings(max_examples=400, deadline=None, derandomize=True)
@given(formulas(), st.integers(6, 40))
def test_a_reader_computes_the_same_number(formula: tuple[Any, dict[str, float]], max_terms: int) -> None:
    root, names = formula
    assume(isinstance(root, Value))
    text = to_latex(root, max_terms=max_terms)
    assert computed(text, names) == pytest.approx(root.data, rel=1e-6, abs=1e-6), text


@pytest.mark.parametrize("row", [row for row in PRIMITIVES.values() if row is not POW_PARTIAL], ids=str)
def test_every_operation_alone_and_in_every_place(row: Primitive) -> None:
    """Parentheses belong around an operation, or do not, as an operand of others; and around its own operands."""
    x, y = Value(0.9, label="a"), Value(-0.7, label="b")
    names = {"a": 0.9, "b": -0.7}
    point = next(DOMAINS[row.name].points(DOMAINS[row.name].boxes[0], seed="latex", count=1))
    around: list[Callable[[Any], Any]] = [
        lambda z: z,
        lambda z: -z,
        lambda z: x - z,
        lambda z: z - x,
        lambda z: -z * y,
        lambda z: y * z,
        lambda z: z * x,
        lambda z: 3.0 * z,
        lambda z: z * -2.5,
        lambda z: square(z),
        lambda z: x / z if z.data else z,
        lambda z: z / 1e-9,
        lambda z: exp(-z * 1e-3),
        lambda z: sin(z) * 2.0,
        lambda z: log1p(abs(z)),
    ]
    for outer in around:
        # Operands that need parentheses in most places: a sum, a negative, a product.
        for operand in (lambda c: x + (c - 0.9), lambda c: -(x * (-c / 0.9)), lambda c: x * (c / 0.9)):
            root = outer(row(*(operand(c) for c in point)))
            text = to_latex(root, max_terms=1000)
            assert computed(text, names) == pytest.approx(root.data, rel=1e-9, abs=1e-9), text


# Looks. x and y are leaves.

X, Y = Value(0.5, label="x"), Value(0.25, label="y")

FORMULAS: list[tuple[Value, str]] = [
    (X, "x"),
    (X + Y - 1, "x + y - 1"),
    (X - (Y - 1), r"x - \left(y - 1\right)"),
    (X + -Y, "x - y"),
    (X - -Y, r"x - \left(-y\right)"),
    (2 * X * Y, "2 x y"),
    (X * 2, r"x \cdot 2"),
    (-2 * X, "-2 x"),
    (X * -2, r"x \cdot \left(-2\right)"),
    (X * (Y + 1), r"x \cdot \left(y + 1\right)"),
    ((X + 1) * Y, r"\left(x + 1\right) y"),
    ((X + 1) / (Y * 2), r"\frac{x + 1}{y \cdot 2}"),
    (2 * (X / Y), r"2 \cdot \frac{x}{y}"),
    ((X / Y) ** 2, r"\left(\frac{x}{y}\right)^{2}"),
    (X**-1.5, "x^{-1.5}"),
    ((X**2) ** 3, r"\left(x^{2}\right)^{3}"),
    (X ** (Y + 1), "x^{y + 1}"),
    ((-X) ** 2, r"\left(-x\right)^{2}"),
    (2**X, "2^{x}"),
    (X * 1e-7, r"x \cdot 10^{-7}"),
    (X * 2.5e30, r"x \cdot 2.5 \cdot 10^{30}"),
    ((X + 1e-7) * 1e300, r"\left(x + 10^{-7}\right) \cdot 10^{300}"),
    (X + float("inf"), r"x + \infty"),
    (X + float("nan"), r"x + \mathrm{nan}"),
    (sin(X) ** 2, r"\left(\sin\left(x\right)\right)^{2}"),
    (sin(X) * exp(-Y), r"\sin\left(x\right) \mathrm{e}^{-y}"),
    (exp(X) * Y, r"\mathrm{e}^{x} y"),
    (sqrt(X + 1), r"\sqrt{x + 1}"),
    (cbrt(X), r"\sqrt[3]{x}"),
    (abs(X) ** 2, r"\left|x\right|^{2}"),
    (floor(X + 1), r"\left\lfloor x + 1\right\rfloor"),
    (reciprocal(X), r"\frac{1}{x}"),
    (square(X + 1), r"\left(x + 1\right)^{2}"),
    (log(X), r"\ln\left(x\right)"),
    (log1p(-X), r"\ln\left(1 - x\right)"),
    (log2(X), r"\log_{2}\left(x\right)"),
    (expm1(X) * Y, r"\left(\mathrm{e}^{x} - 1\right) y"),
    (gaussian(X + Y), r"\mathrm{e}^{-\left(x + y\right)^{2}}"),
    (xlogy(X, Y), r"x \ln\left(y\right)"),
    (atanh(X), r"\operatorname{artanh}\left(x\right)"),
    (hypot(X, -Y), r"\sqrt{x^{2} + \left(-y\right)^{2}}"),
    (norm([X, Y, 2.0]), r"\sqrt{x^{2} + y^{2} + 2^{2}}"),
    (mean([X, Y, 3.0]), r"\frac{x + y + 3}{3}"),
    (sum([X, Y, -1.0]), "x + y - 1"),
    (prod([X, Y + 1, Y]), r"x \cdot \left(y + 1\right) y"),
    (dot([X, 2.0], [Y, -1.0]), r"x y + 2 \cdot \left(-1\right)"),
    (logsumexp([X, Y]), r"\ln\left(\mathrm{e}^{x} + \mathrm{e}^{y}\right)"),
    (maximum(X, Y), r"\max\left(x, y\right)"),
    (maximum(X, 0), r"\max\left(x, 0\right)"),
    (sigmoid(X), r"\sigma\left(x\right)"),
    (log_sigmoid(X), r"\ln\left(\sigma\left(x\right)\right)"),
    (softplus(X), r"\operatorname{softplus}\left(x\right)"),
    (relu(X), r"\operatorname{ReLU}\left(x\right)"),
    (erf(X), r"\operatorname{erf}\left(x\right)"),
    (normal_cdf(X), r"\Phi\left(x\right)"),
    (where(X, Y, 3.0), r"\operatorname{where}\left(0.5, y, 3\right)"),
]


@pytest.mark.parametrize(("value", "text"), FORMULAS, ids=[text for _, text in FORMULAS])
def test_formula(value: Value, text: str) -> None:
    assert to_latex(value) == text


@pytest.mark.parametrize("row", PRIMITIVES.values(), ids=str)
def test_every_operation_can_be_set(row: Primitive) -> None:
    MathTextParser("path").parse(f"${to_latex(row(*[X, Y] * ((row.arity or 2) // 2), *[X] * ((row.arity or 2) % 2)))}$")


def test_a_users_operation_is_a_function_of_its_name() -> None:
    bend_it = Primitive("bend_it", max, max, (1.0, 0.0))
    assert to_latex(bend_it(X + 1, Y) * X) == r"\operatorname{bend\_it}\left(x + 1, y\right) x"


def test_constants_that_a_derivative_made_are_numbers() -> None:
    assert to_latex(grad(lambda x: x**3)(X)) == "3 x^{2}"


# Names.

LABELS: list[tuple[str, str]] = [
    ("x", "x"),
    ("W", "W"),
    ("x1", "x_{1}"),
    ("x_12", "x_{12}"),
    ("alpha", r"\alpha"),
    ("Omega_3", r"\Omega_{3}"),
    ("λ", r"\lambda"),
    ("Σ", r"\Sigma"),
    ("loss", r"\mathrm{loss}"),
    ("weight 1", r"\mathrm{weight\ 1}"),
    ("a_b", r"\mathrm{a\_b}"),
    ("50%", r"\mathrm{50\%}"),
    ("a&b#c$d", r"\mathrm{a\&b\#c\$d}"),
    ("{x}", r"\mathrm{\{x\}}"),
    ("x^2~", r"\mathrm{x{\wedge}2{\sim}}"),
    ("\\input{x}", r"\mathrm{{\backslash}input\{x\}}"),
    ("a\nb", r"\mathrm{a\ b}"),
]


@pytest.mark.parametrize(("label", "text"), LABELS, ids=[label for label, _ in LABELS])
def test_labels_are_names(label: str, text: str) -> None:
    assert to_latex(Value(1.0, label=label) + 1) == f"{text} + 1"
    known_to_mathtext = text.replace(r"\&", "").replace(r"\#", "")
    MathTextParser("path").parse(f"${known_to_mathtext}$")


@settings(max_examples=200, deadline=None, derandomize=True)
@example("\\end{aligned}")
@given(st.text(max_size=8))
def test_no_label_breaks_out_of_its_place(label: str) -> None:
    text = to_latex(Value(1.0, label=label) + 1)
    commands = re.findall(r"\\[A-Za-z]+", text)
    assert re.sub(r"\\[{}]", "", text).count("{") == re.sub(r"\\[{}]", "", text).count("}")
    assert not {r"\end", r"\input", r"\right", r"\left"} & {*commands}
    assert not re.search(r"(?<!\\)[$&#%~\n]", text)


def test_leaves_without_a_label_or_with_the_same_get_numbers() -> None:
    a, b = Value(1.0, label="x"), Value(2.0, label="x")
    assert to_latex(a + b * Value(3.0) - Value(4.0, label="x1")) == "x + x_{0} x_{2} - x_{1}"


def test_names_of_the_caller_come_first() -> None:
    h = X * Y
    assert to_latex(h + X, names={X: r"\vec{v}", h: "h"}) == "\n".join(
        [r"\begin{aligned}", r"h &= \vec{v} y \\", r"t_{1} &= h + \vec{v}", r"\end{aligned}"]
    )


@pytest.mark.parametrize("name", ["{", "}", "}{", "x^{2", "", " ", 3])
def test_names_that_are_no_latex(name: Any) -> None:
    with pytest.raises(NotationError, match="name"):
        to_latex(X + Y, names={X: name})


# Shared and long parts.


def _lines(text: str) -> list[str]:
    head, *lines, tail = text.splitlines()
    assert (head, tail) == (r"\begin{aligned}", r"\end{aligned}")
    return [line.removesuffix(r" \\") for line in lines]


def test_what_is_used_twice_is_written_once() -> None:
    s = X + Y
    t = s * s
    assert _lines(to_latex(t - sin(t))) == [
        "t_{1} &= x + y",
        "t_{2} &= t_{1} t_{1}",
        r"t_{3} &= t_{2} - \sin\left(t_{2}\right)",
    ]


def test_labeled_nodes_have_lines_of_their_own() -> None:
    hidden = tanh(X)
    hidden.label = "h"
    loss = hidden - Y
    loss.label = "loss"
    assert _lines(to_latex(loss)) == [r"h &= \tanh\left(x\right)", r"\mathrm{loss} &= h - y"]


def test_generated_names_keep_clear_of_labels() -> None:
    t = Value(2.0, label="t_1")
    s = t + X
    assert _lines(to_latex(s * s)) == ["t_{2} &= t_{1} + x", "t_{3} &= t_{2} t_{2}"]


def test_long_formulas_are_cut() -> None:
    node = X
    for _ in range(30):
        node = sin(node * Y)
    lines = _lines(to_latex(node, max_terms=10))
    assert len(lines) > 3
    assert all(line.count(r"\sin") + line.count("y") <= 10 for line in lines)
    assert computed(to_latex(node, max_terms=10), {"x": 0.5, "y": 0.25}) == pytest.approx(node.data)


def test_long_sums_are_abridged_with_a_note() -> None:
    terms = [Value(float(count), label=f"x{count}") for count in range(1000)]
    formula, note = _lines(to_latex(sum(terms), max_terms=8))
    assert formula == r"t_{1} &= x_{0} + x_{1} + x_{2} + \cdots + x_{997} + x_{998} + x_{999}"
    assert note == r"&\text{(dots stand for 994 operands that are left out)}"
    assert _lines(to_latex(mean(terms), max_terms=8))[0].endswith("}{1000}")
    assert _lines(to_latex(dot(terms, terms), max_terms=8))[0] == r"t_{1} &= x_{0} x_{0} + \cdots + x_{999} x_{999}"


def test_long_graphs_are_abridged_with_a_note() -> None:
    _, end = chain(LONG)
    first, *lines = _lines(to_latex(end, max_lines=3))
    hidden = re.fullmatch(r"&\\text\{\((\d+) lines before these are left out\)\}", first)
    assert hidden
    assert int(hidden[1]) > 1000
    assert len(lines) == 3


def test_every_line_of_the_budget_fits_a_reader() -> None:
    _, end = chain(LONG)
    assert len(to_latex(end)) < 40 * 40 * 20


@pytest.mark.parametrize("budget", [{"max_terms": 5}, {"max_lines": 0}])
def test_budgets_too_small(budget: dict[str, int]) -> None:
    with pytest.raises(NotationError, match="max_terms must be at least 6 and max_lines at least 1"):
        to_latex(X, **budget)


def test_the_same_graph_gives_the_same_text() -> None:
    expression = Expression((0.5, -0.25), (Step(PRIMITIVES["mul"], (0, 1)), Step(PRIMITIVES["sum"], (2, 0, 2, 1))))
    assert {to_latex(expression.run([*map(Value, expression.inputs)])) for _ in range(3)} == {
        "\\begin{aligned}\nt_{1} &= x_{0} x_{1} \\\\\nt_{2} &= t_{1} + x_{0} + t_{1} + x_{1}\n\\end{aligned}"
    }
