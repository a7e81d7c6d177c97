"""What notebooks show of a Value and a Program: short, escaped, self-contained."""

from __future__ import annotations

import autodiff
from autodiff import Value, scope, tanh


def test_a_value_shows_how_it_was_made() -> None:
    x = Value(0.5, label="x")
    with scope("layer 1"):
        y = tanh(x)
    y.backward()
    shown = y._repr_html_()
    assert all(piece in shown for piece in ("0.462117", "tanh(x=0.5)", "layer 1", "gradient"))


def test_hostile_labels_are_escaped() -> None:
    shown = Value(1.0, label="<script>\x00")._repr_html_()
    assert "<script" not in shown
    assert "\x00" not in shown


def test_a_long_sum_is_short() -> None:
    assert len(autodiff.sum([Value(1.0)] * 5000)._repr_html_()) < 2000


def test_a_gradient_that_is_a_value() -> None:
    x = Value(3.0)
    (x * x).backward(create_graph=True)
    assert "6" in x._repr_html_()


def test_a_program_shows_its_page() -> None:
    function = autodiff.compile(lambda x: tanh(x) * 2.0)
    function([1.0, 2.0])
    program = function.program
    assert program is not None
    assert "tanh" in program._repr_html_()
    assert "<script" not in program._repr_html_()
