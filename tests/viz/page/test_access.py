"""Everyone can use the page: axe finds nothing, the keyboard reaches all, and preferences of the reader hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.viz.page.browser import settle

PICTURES = [("E", "", "light"), ("A", "#r=25", "dark"), ("M", "", "light"), ("A", "#v=tree", "dark")]
"""Each of them and each theme by default; every pair at length."""
AT_LENGTH = [
    ("E", "", "dark"), ("A", "#r=25", "light"), ("M", "", "dark"), ("A", "#v=tree", "light"),
    ("A", "#v=table", "light"), ("A", "#v=table", "dark"),
]  # fmt: skip


def _violations(tab: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(tab).response["violations"]
    return [f"{entry['id']}: {entry['nodes'][0]['html'][:200]}" for entry in found]


@pytest.mark.parametrize(
    ("name", "fragment", "theme"), [*PICTURES, *(pytest.param(*row, marks=pytest.mark.slow) for row in AT_LENGTH)]
)
def test_axe_finds_nothing(opened: Any, name: str, fragment: str, theme: str) -> None:
    tab, _ = opened(name, fragment, color_scheme=theme)
    assert _violations(tab) == []


@pytest.mark.parametrize(
    "section",
    ["Records", *(pytest.param(name, marks=pytest.mark.slow) for name in ("Why", "What if", "Findings", "Train"))],
)
def test_axe_finds_nothing_on_a_phone(opened: Any, section: str) -> None:
    tab, _ = opened("A", "#r=25", viewport={"width": 390, "height": 844})
    tab.get_by_role("button", name=section, exact=True).click()
    settle(tab)
    assert _violations(tab) == []


def test_arrows_follow_the_edges(opened: Any) -> None:
    tab, fixture = opened("A", "#r=25")
    weight = fixture.slot("w2", "layer 1", "neuron 2")
    tab.evaluate("(node) => { valuegraph.select(node); valuegraph.focusChosen(); }", weight)
    settle(tab)
    names = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"):
        tab.keyboard.press(key)
        settle(tab)
        names.append(tab.locator("h1").inner_text())
    assert names[:4] == ["Σ", "neuron 2", "Σ", "neuron 1"]
    tab.keyboard.press("ArrowLeft")
    settle(tab)
    tab.keyboard.press("ArrowUp")
    settle(tab)
    assert tab.evaluate("document.activeElement.closest('#drawing') !== null")


def test_the_keyboard_alone_does_everything(opened: Any) -> None:
    tab, _ = opened("A")
    tab.keyboard.press("/")
    tab.keyboard.type("w2 x2 neuron 2")
    settle(tab)
    tab.keyboard.press("Enter")
    settle(tab)
    assert tab.locator("h1").inner_text() == "w2 x2"
    for key, question, answer in (
        ("]", "valuegraph.state.record", 0),
        ("[", "valuegraph.state.record", -1),
        (",", "valuegraph.state.step", 15),
        (".", "valuegraph.state.step", None),
        ("t", "valuegraph.state.view", "table"),
        ("t", "valuegraph.state.view", "tree"),
        ("t", "valuegraph.state.view", "picture"),
        ("?", "valuegraph.help", True),
        ("Escape", "valuegraph.help", False),
    ):
        tab.keyboard.press(key)
        settle(tab)
        assert tab.evaluate(question) == answer, key


def test_every_control_can_be_reached_and_shows_its_focus(opened: Any) -> None:
    tab, _ = opened("A", "#r=25")
    seen = set()
    for _ in range(60):
        tab.keyboard.press("Tab")
        seen.add(
            tab.evaluate(
                "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()"
            )
        )
    assert {"previous record", "find a neuron, weight or input", "play", "Train", "rate", "fit", "table"} <= {
        name.removesuffix(" 0.1") for name in seen
    } | {"rate"}
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


@pytest.mark.parametrize(("name", "fragment"), [("A", "#r=25"), ("M", ""), ("E", "")])
def test_the_table_and_the_tree_hold_what_the_picture_holds(opened: Any, name: str, fragment: str) -> None:
    tab, _ = opened(name, fragment)
    in_picture = set(tab.evaluate("[...document.querySelectorAll('#drawing [data-node]')].map((e) => e.dataset.node)"))
    for view in ("table", "tree"):
        tab.evaluate("(view) => valuegraph.set({view})", view)
        settle(tab)
        listed = set(tab.evaluate("[...document.querySelectorAll('.scroll [data-node]')].map((e) => e.dataset.node)"))
        assert in_picture <= listed, view
    assert len(in_picture) >= {"A": 26, "M": 373, "E": 6}[name]


@pytest.mark.parametrize("options", [{"reduced_motion": "reduce"}, {"forced_colors": "active"}])
def test_preferences_hold(opened: Any, options: Any) -> None:
    tab, _ = opened("A", "#r=25", **options)
    if "reduced_motion" in options:
        moving = (
            "[...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s').length"
        )
        assert tab.evaluate(moving) == 0
    else:
        assert tab.locator("#drawing .node.chosen").count() == 1
    assert tab.locator("#drawing .row").count() > 10


def test_print_leaves_picture_and_ledger(opened: Any) -> None:
    tab, _ = opened("A", "#r=25")
    tab.emulate_media(media="print")
    seen = [tab.locator(part).is_visible() for part in ("[aria-label=Ledger]", "#drawing", ".scrubber")]
    tab.emulate_media(media="null")
    assert seen == [True, True, False]


def test_the_sentence_is_spoken(opened: Any) -> None:
    tab, fixture = opened("E")
    for label in ("x", "b"):
        tab.evaluate("(node) => valuegraph.select(node)", fixture.slot(label))
        settle(tab)
        assert f"along {label} is" in tab.locator("[aria-live]").text_content()
