"""A row of the table is a whole operation: it works without its optional fields, and each of them adds what it says."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy

import autodiff
import viz
from autodiff import AnomalyError, Primitive, Value, check_gradients, detect_anomaly, grad, tanh, to_latex, to_sympy
from autodiff.rules import INNER, PRIMITIVES
from tests.structure.sources import ROOT

BARE = Primitive(
    "soft_cap",
    lambda x: math.tanh(x / 5.0) * 5.0,
    lambda x: np.tanh(x / 5.0) * 5.0,
    (lambda out, x: 1.0 - out**2 / 25,),
)
"""A new operation, by a row without an optional field."""
FULL = replace(
    BARE,
    symbol="⌒",
    latex=r"\operatorname{cap}",
    sympy=lambda sp, x: 5 * sp.tanh(x / 5),
    python=lambda x: x - x**3 / 75,
    hint="make its operand smaller",
    activation=True,
    limits=(1.0, -5.0, 5.0),
)

X = Value(0.75, label="x")

# Written with their own names: no notation is better known.
LATEX_BY_NAME = {
    *(
        "atan2",
        "erf",
        "erfc",
        "logistic_pdf",
        "mod",
        "pow_partial",
        "rint",
        "sinc",
        "softplus",
        "step",
        "trigamma",
        "where",
    ),
}
SATURATING = {"erf", "normal_cdf", "sigmoid", "tanh"}


def test_every_row_has_its_latex_or_is_written_by_name() -> None:
    assert {name for name, row in PRIMITIVES.items() if not row.latex} == LATEX_BY_NAME


def test_every_row_has_its_sympy() -> None:
    assert not [name for name, row in PRIMITIVES.items() if not row.sympy]
    assert not [row for row in PRIMITIVES.values() if isinstance(row.sympy, str) and not hasattr(sympy, row.sympy)]


def _not_finite(row: Primitive) -> bool:
    """Whether a row makes a number or a slope that is not finite, of numbers that are."""
    for point in itertools.product((-2000.0, -1.5, -1.0, 0.0, 1.0, 2000.0), repeat=row.arity or 2):
        node: Any = row(*map(Value, point))
        if not all(math.isfinite(number) for number in (node.data, *(autodiff.local_slopes(node)))):
            return True
    return False


@pytest.mark.parametrize("row", [row for row in PRIMITIVES.values() if row not in INNER and not row.chooses], ids=str)
def test_a_row_has_a_hint_where_it_makes_what_is_not_finite(row: Primitive) -> None:
    assert bool(row.hint) == _not_finite(row)


def test_limits_are_those_of_the_function() -> None:
    assert {name for name, row in PRIMITIVES.items() if row.limits} == SATURATING
    for row in (PRIMITIVES[name] for name in SATURATING):
        assert row.limits is not None
        steepest, low, high = row.limits
        assert (row(-50.0), row(50.0)) == pytest.approx((low, high))
        assert max(grad(row)(x) for x in np.linspace(-3.0, 3.0, 61)) == pytest.approx(steepest)
        assert row.activation


@pytest.mark.parametrize("row", [row for row in PRIMITIVES.values() if row.python], ids=str)
def test_python_computes_the_same(row: Primitive) -> None:
    assert row.python is not None
    operands = (1.5, 0.5, 2.25, 3.0)[: row.arity or 4]
    assert row.python(*operands) == pytest.approx(row(*operands), rel=1e-15)


# A new operation.


@pytest.mark.parametrize("row", [BARE, FULL], ids=["bare", "full"])
def test_a_new_row_is_evaluated_differentiated_and_compiled(row: Primitive) -> None:
    assert [row(0.75), row(np.array([0.75]))[0], row(X).data] == pytest.approx([0.744425] * 3, abs=1e-6)
    assert grad(row)(0.75) == pytest.approx(1.0 - math.tanh(0.15) ** 2)
    check_gradients(lambda x, y: row(x * y) * y, 0.75, -2.0)
    records = np.linspace(-3.0, 3.0, 7)
    assert autodiff.compile(row)(records) == pytest.approx(row(records))
    slopes = autodiff.compile(grad(row), batched=0)(records)
    assert slopes == pytest.approx([grad(row)(x) for x in records.tolist()])


def test_formulas_have_its_name_or_its_notation() -> None:
    assert to_latex(BARE(X)) == r"\operatorname{soft\_cap}\left(x\right)"
    assert to_latex(FULL(X)) == r"\operatorname{cap}\left(x\right)"
    x = sympy.Symbol("x", real=True)
    assert float(to_sympy(BARE(X)).subs(x, 0.75).evalf()) == pytest.approx(BARE(0.75))
    assert to_sympy(FULL(X)).diff(x) == 1 - sympy.tanh(x / 5) ** 2


def test_an_anomaly_has_its_hint_or_none() -> None:
    def message(row: Primitive) -> str:
        with pytest.raises(AnomalyError) as caught, detect_anomaly():
            row(Value(math.nan))
        return str(caught.value)

    assert "soft_cap(nan) is nan" in message(BARE)
    assert message(FULL) == message(BARE) + "; make its operand smaller"


def _neuron(activation: Callable[[Any], Any], size: float = 1.0) -> tuple[Value, Value]:
    """A weight, and a loss over one neuron."""
    w, b = Value(size, label="w"), Value(0.1, label="b")
    out = activation(w * Value(2.0, label="in") + b)
    return w, (out - 6.0) ** 2


def test_an_explanation_has_its_name_and_as_an_activation_its_factor() -> None:
    assert "soft_cap" in viz.explain(X, BARE(X) * 3.0).text
    assert "times 1, as there is no activation" in viz.explain(*_neuron(BARE)).text
    assert "the slope of tanh at a sum of 2.1" in viz.explain(*_neuron(tanh)).text
    assert "the slope of ⌒ at a sum of 2.1" in viz.explain(*_neuron(FULL)).text


def test_culprits_look_for_saturation_where_they_know_the_limits() -> None:
    def kinds(row: Primitive) -> set[str]:
        return {finding.kind for finding in viz.culprits(_neuron(row, size=-60.0)[1])}

    assert "saturated" in kinds(FULL)
    assert "saturated" not in kinds(BARE)


def test_a_picture_and_a_page_show_it() -> None:
    for row, text in ((BARE, "soft_cap"), (FULL, "⌒")):
        root = row(X)
        assert text in viz.draw(root).pipe(format="svg").decode()
        assert text in viz.page(root).html


# What the README says of it.


def test_the_readme_names_every_file_of_a_new_operation() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Adding an operation\n")[1].split("\n## ")[0]
    files = set(re.findall(r"`([\w./-]+/[\w.-]*)`", section))
    assert len(files) >= 8
    assert not [name for name in files if not (ROOT / name).exists()]
    for field in ("symbol", "latex", "sympy", "python", "hint", "activation", "limits", "composed"):
        assert f"`{field}" in section
