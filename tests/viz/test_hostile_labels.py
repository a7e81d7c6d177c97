"""Labels that could be taken for something else: each writer shows them as text, and no other label changes."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

import autodiff
from autodiff import Value
from viz import draw
from viz.layout import lay_out
from viz.text import printable
from viz.writers.dot.placed import placed_dot
from viz.writers.tree import tree

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>", "</text><rect/>", "<![CDATA[x]]>", "]]>", "<!-- x -->", "<?xml?>", "&amp;",
    "&lt;b&gt;",
    "&#0;", "&nbsp;", "&undefined;", '"', "'", '" onload="alert(1)', "javascript:alert(1)", "\\", "\\\\",
    "\\n", "\\l\\r",
    "\\N \\G \\E", "a\\", "<b>bold</b>", "{a|b}", "<f0> x", "digraph {", "};", "n0 -> n1", "#comment", "//x", "/* x */",
    "\x00", "\x1b[31m", "\ud800", "\u202eabc", "\u2028", "\ufeff", "a\nb", "\t", " ", "ü é 中 🙂", "%s %d", "${x}",
    "$x$",
    "url(#a)", "x" * 5000,
)  # fmt: skip


@pytest.fixture(scope="module")
def picture():
    leaves = [Value(1.0 + place, label=label) for place, label in enumerate(HOSTILE)]
    leaves.append(Value(0.5, label="harmless"))
    root = autodiff.sum(leaves)
    root.label = "total"
    root.backward()
    return draw(root, max_nodes=1500)


def test_there_are_enough() -> None:
    assert len(set(HOSTILE)) > 40


def test_svg(picture) -> None:
    written = [element.text or "" for element in ElementTree.fromstring(picture.pipe("svg")).iter(f"{SVG}text")]
    assert "harmless" in written
    for short in (label for label in HOSTILE if label.isprintable() and len(label) < 5 and label.strip()):
        assert short in written
    assert len(picture.drawing.vertices) == len(HOSTILE) + 2


def test_dot_text_keeps_every_node_and_label(picture) -> None:
    text = lay_out(picture.source, format="json0", engine="dot", time_limit=60.0, kept="")
    nodes = {entry["name"]: entry for entry in json.loads(text)["objects"] if entry["name"].startswith("n")}
    assert len(nodes) == len(HOSTILE) + 2
    for place, number in enumerate(range(len(HOSTILE))):
        assert f"data {number + 1}" in nodes[f"n{place}"]["label"]
    assert "harmless" in nodes[f"n{len(HOSTILE)}"]["label"]


def test_what_is_painted_has_as_many_words(picture) -> None:
    text = lay_out(placed_dot(picture.drawing), format="svg", engine="nop2", time_limit=60.0, kept="")
    painted = [element.text or "" for element in ElementTree.fromstring(text).iter(f"{SVG}text")]
    plain = [element.text or "" for element in ElementTree.fromstring(picture.pipe("svg")).iter(f"{SVG}text")]
    assert len(painted) == len([word for word in plain if word])
    assert "harmless" in painted


def test_a_tree_has_a_printable_line_for_each(picture) -> None:
    lines = tree(picture.drawing).split("\n")
    assert len(lines) == len(HOSTILE) + 2
    assert all(line.isprintable() for line in lines)
    for line, label in zip(lines[1:], HOSTILE, strict=False):
        if label.strip() and len(label) < 20:
            assert printable(" ".join(label.split())) in line
