"""What a page knows of a choice: the branch that was recorded, and of a function the conditions as well."""

from __future__ import annotations

from typing import Any

import pytest

from autodiff import Value, define_primitive, tanh, where
from tests.viz.page.browser import settle
from viz.page import page
from viz.page.choices import choices_source
from viz.page.expression import Expression

WHAT_IF = "[aria-label='What if']"


def bent(x: Any, w: Any) -> Any:
    """Three pieces, by two conditions."""
    return where(x > 1.0, x * x * w, where((x > -1.0) & (w < 2.0), tanh(x), w))


@pytest.mark.parametrize(("x", "turned"), [(1.25, 0), (0.5, 1), (-2.0, 2)])
def test_what_if_says_which_conditions_turn_and_what_the_function_is(opened: Any, x: float, turned: int) -> None:
    tab, _ = opened(page(bent, 1.5, 0.5))
    assert "2 conditions of where: none turns at these numbers." in tab.locator(WHAT_IF).inner_text()
    tab.locator("input.exact").fill(str(x))
    tab.locator("input.exact").press("Enter")
    settle(tab)
    if turned:
        assert f"{turned} of 2 conditions of where would turn here" in tab.locator(WHAT_IF).inner_text()
        itself = bent(Value(x), Value(0.5))
        number = itself.data if isinstance(itself, Value) else itself
        assert float(tab.locator(".turned b").inner_text()) == pytest.approx(number, abs=5e-5)
    else:
        assert tab.locator(".turned").count() == 0


def test_a_graph_without_its_function_says_that_it_cannot_know(opened: Any) -> None:
    x = Value(1.5, label="x")
    tab, _ = opened(page(where(x > 1.0, x * x, x)))
    assert "cannot say whether this change would turn it" in tab.locator(WHAT_IF).inner_text()


def test_a_graph_without_a_choice_says_nothing_of_one(opened: Any) -> None:
    x = Value(1.5, label="x")
    tab, _ = opened(page(x * x))
    assert tab.evaluate("valuegraph.graph.rootName") == "result"
    assert "branch" not in tab.locator(WHAT_IF).inner_text()


def test_a_function_that_needs_numbers_is_not_called_on_expressions() -> None:
    @define_primitive(partials=[lambda out, x: 1.0])
    def opaque(x: float) -> float:
        return {0.5: 7.0}[x]

    x = [Expression("v[0]")]
    assert choices_source(lambda x: where(x > 0.0, x, 0.0) if x > 1.0 else x, x) is None
    assert choices_source(lambda x: where(x > 0.0, opaque(x), 0.0), x) is None
    assert choices_source(lambda x: x * x, x) is None
    assert choices_source(lambda x: where(x > 0.0, x, 0.0), x) == (
        "(v) => { const t0 = (v[0] > 0.0); const t1 = (t0 ? v[0] : 0.0); return [t1, t0]; }"
    )
