"""User text reaches Graphviz's picture of the DOT text as it was given, whatever it holds."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autodiff import Value, scope
from viz import draw, text

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from('\\"<>{}|&;\n\r\t lrnNGELTH\x00\u2028\u202e/')), max_size=40
)


def svg_of(label: str) -> ElementTree.Element:
    node = Value(1.0, label=label)
    node.backward()  # without gradients the picture has a note on them
    return ElementTree.fromstring(draw(node, legend=False).pipe("svg", engine="dot", encoding="utf-8"))


def written(tree: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in tree.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    "label",
    [
        '"', "\\", '\\"', "\\\\", "a\\nb", "\\N", "\\G", "\\L", "<b>bold</b>", "<", ">", "<>", "{a|b}", "|", "{", "}",
        "&amp;", "&lt;", "&#65;", "&", "]; evil [label=x", "// no comment", "/* none */", "# hash", "n0", "node",
        "σ × ∂", "日本語", "</script>", "</svg>", "%s {0}", "-", "+", "a;b",
    ],
)  # fmt: skip
def test_a_label_is_shown_literally(label):
    tree = svg_of(label)
    assert written(tree) == [label, "data 1", "grad 1"]


@pytest.mark.parametrize("label", ["", " ", "\n", "\r", "\t\n "])
def test_a_blank_label_is_none(label):
    assert written(svg_of(label)) == ["input", "data 1", "grad 1"]


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
@example("<\n>")
@example("\ud800")
@example("\\" * 25)
def test_any_label_gives_a_picture_of_one_node_that_says_it(label):
    tree = svg_of(label)
    assert len([group for group in tree.iter(f"{SVG}g") if group.get("class") == "node"]) == 1
    assert not [group for group in tree.iter(f"{SVG}g") if group.get("class") == "edge"]
    assert written(tree)[-2:] == ["data 1", "grad 1"]
    line = " ".join(label.split())
    if line and len(line) <= 24 and all(c.isprintable() for c in line):
        assert written(tree)[0] == line


def hovers(tree: ElementTree.Element) -> list[str]:
    return [element.get("{http://www.w3.org/1999/xlink}title") or "" for element in tree.iter(f"{SVG}a")]


@pytest.mark.parametrize(
    "label",
    [
        "\\Gamma", "C:\\New", "\\Node \\Edge \\Tail \\Head \\Label", "\\", "\\\\", "a\\", "\\x00", "\\r\\l\\n",
        "&amp; &#92;", '\\"', "a\\ b",
    ],
)  # fmt: skip
def test_hover_text_is_shown_literally(label):
    with scope(label):
        root = Value(1.0, label=label).sin()
    shown = hovers(ElementTree.fromstring(draw(root, legend=False).pipe("svg", engine="dot", encoding="utf-8")))
    assert any(hover.split("\n")[0] == label for hover in shown), shown  # the node's
    assert label in shown  # the frame's


@settings(max_examples=100, deadline=None)
@given(HOSTILE)
@example("\x00\\")
@example("\\\n\\N")
def test_any_label_is_whole_on_hover(label):
    [hover] = [hover for hover in hovers(svg_of(label)) if hover != "gradient graph"]
    lines = hover.split("\n")
    assert [line.strip() for line in lines[-2:]] == ["data 1.0", "grad 1.0"]
    if label.strip() and all(c.isprintable() for c in label):
        assert lines[0] == label


def test_a_long_label_is_shortened_and_whole_on_hover():
    label = "the " + "very " * 20 + "end"
    tree = svg_of(label)
    shown = written(tree)[0]
    assert len(shown) == 24
    assert shown.endswith("…")
    assert any(label in hover for hover in hovers(tree))


@pytest.mark.parametrize(
    ("number", "precision", "expected"),
    [
        (None, 4, "–"), (0.0, 4, "0"), (-0.0, 4, "-0"), (1 / 3, 4, "0.3333"), (-1234567.0, 4, "-1.235e+06"),
        (math.nan, 4, "nan"), (math.inf, 4, "inf"), (-math.inf, 4, "-inf"), (2.0, 0, "2"), (5e-324, 4, "4.941e-324"),
    ],
)  # fmt: skip
def test_numbers(number, precision, expected):
    assert text.shown_number(number, precision) == expected


@pytest.mark.parametrize(
    ("given_text", "length", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a\n b\tc", 9, "a b c"), ("", 3, "")],
)
def test_shortening(given_text, length, expected):
    assert text.shortened(given_text, length) == expected
