"""One file that asks for nothing and runs nothing but its own script, whatever a label says; and its size."""

from __future__ import annotations

import html
from typing import Any

import pytest

import nn
from autodiff import Value, define_primitive, scope, sources
from tests.viz.page.browser import settle
from tests.viz.page.fixtures import MAKERS, fixture
from viz.page import page
from viz.page.script_source import Needs, page_script

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--<script>",
    "javascript:alert(1)",
    "\u2028\u2029\x00\x1b[31m",
    "&lt;b&gt;",
    "${alert(1)}",
    "]]><svg onload=alert(1)>",
    "a" * 3000,
    "עברית \u202e drawkcab",
)


def _hostile(label: str) -> Any:
    with scope(label):
        x, w = Value(2.0, label=label), Value(-0.5, label=label)
        out = x * w + x
    out.label = label
    return page(out, title=label)


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_runs_from_a_label(opened: Any, label: str) -> None:
    tab, _ = opened(_hostile(label))
    for view in ("picture", "table", "tree"):
        tab.evaluate("(view) => valuegraph.set({view})", view)
        settle(tab)
    assert opened.complaints == []
    assert tab.locator("script").count() == 2
    assert tab.locator("img").count() == 0
    assert tab.evaluate("valuegraph.payload.title") == label


def test_a_frame_in_a_notebook_has_no_access_and_works(opened: Any) -> None:
    """`srcdoc` without `allow-same-origin`, where history and storage throw."""
    made = fixture("E").page
    tab = opened.show(f"<!DOCTYPE html><body>{made._repr_html_()}</body>")
    frame = tab.frames[1]
    assert frame.evaluate("(() => { try { localStorage; return false; } catch { return true; } })()")
    frame.locator("input.exact").fill("0.25")
    frame.locator("input.exact").press("Enter")
    frame.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    assert "it was" in frame.locator(".outcome").inner_text()
    frame.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    assert "w=" in frame.evaluate("location.hash")


@pytest.mark.slow
def test_a_page_survives_nbconvert_and_works_in_its_frame(opened: Any) -> None:
    """In the HTML of an exported notebook, as its reader opens it."""
    nbconvert = pytest.importorskip("nbconvert")
    nbformat = pytest.importorskip("nbformat")
    made = fixture("E").page
    output = nbformat.v4.new_output("display_data", data={"text/plain": repr(made), "text/html": made._repr_html_()})
    cell = nbformat.v4.new_code_cell("viz.page(y)", outputs=[output])
    exporter = nbconvert.HTMLExporter(mathjax_url="", require_js_url="")
    html, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    tab = opened.show(html)
    tab.wait_for_timeout(300)
    frame = tab.frames[1]
    frame.locator("input.exact").fill("0.25")
    frame.locator("input.exact").press("Enter")
    frame.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    assert "The gradient predicts +0.9521, it was +1.2684." in frame.locator(".outcome").inner_text()


def test_the_frame_holds_the_whole_page() -> None:
    made = fixture("E").page
    assert html.escape(made.html) in made._repr_html_()
    assert "allow-same-origin" not in made._repr_html_()


LIMITS = {"E": 200_000, "S": 250_000, "A": 250_000, "M": 250_000, "M of one record": 250_000, "L": 1_500_000}


@pytest.mark.parametrize("name", LIMITS)
def test_pages_are_small(name: str) -> None:
    html = fixture(name).page.html
    assert len(html.encode()) <= LIMITS[name]
    assert len(_script(html).encode()) <= 120_000


def test_a_page_with_its_lines_is_small() -> None:
    with sources():
        html = MAKERS["A"]().page.html
    assert "code-line" in _script(html)
    assert len(_script(html).encode()) <= 120_000


def _script(html: str) -> str:
    """All that stands in the script of a page, what was traced for its graph as well."""
    return html[html.rindex("<script>") + len("<script>") : html.rindex("</script>")]


@pytest.mark.parametrize(
    "needs", [{"network": True, "records": True}, {"network": True, "film": True, "records": True}, {}]
)
@pytest.mark.parametrize("more", [{}, {"sources": True}])
def test_the_parts_of_the_script_are_small(needs: Any, more: Any) -> None:
    assert len(page_script({}, None, Needs(**needs, **more)).encode()) <= 120_000


def test_a_primitive_in_python_alone_is_shown_and_what_if_says_why_not(opened: Any) -> None:
    @define_primitive(partials=[lambda out, x: 3.0])
    def opaque(x: float) -> float:
        return {0.5: 7.0}[x]

    x = Value(0.5, label="x")
    tab, _ = opened(page(opaque(x) * x))
    assert tab.evaluate("[...valuegraph.graph.network.gradients]") == [3.0 * 0.5 + 7.0, 0.5, 1.0]
    assert "opaque runs in Python alone" in tab.locator("[aria-label='What if']").inner_text()


def test_pages_of_the_same_graph_are_the_same_bytes() -> None:
    model = nn.MLP(2, [2, 1], rng=0)
    texts = {page(model, [[0.1, 0.2], [0.3, 0.4]], [0.0, 1.0], loss=nn.mse).html for _ in range(2)}
    assert len(texts) == 1
