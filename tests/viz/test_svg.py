"""SVG of drawings: well-formed, harmless, readable, and the same places from every layout program."""

from __future__ import annotations

import re
import shutil
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import nn
import viz
from autodiff import Value, log, scope, sin
from tests.viz.graphs import chain, network, square
from viz import draw
from viz.drawing.model import Drawing

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from('\\"<>{}|&;\n\r\t lrnNGELTH\x00\u2028\u202e/')), max_size=40
)


def _tree(svg: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def _written(tree: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in tree.iter(f"{SVG}text")]


def _cards(title: str = "x1") -> viz.Picture:
    model = nn.MLP(2, [2, 1], activation="sigmoid", rng=0)
    return draw(model, [Value(0.5, label=title), Value(2.0, label="x2")], 1.0, loss=nn.mse)


@pytest.mark.parametrize("picture", [_cards(), draw(square()), draw(network([2, 16, 1], records=3))])
def test_a_reader_who_does_not_see_it_is_told(picture: viz.Picture) -> None:
    tree = _tree(picture.pipe("svg"))
    assert tree.get("role") == "img"
    title, description = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert tree.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text
    assert description.text
    assert "max-width:100%" in (tree.get("style") or "")
    assert tree.get("viewBox") == f"0 0 {tree.get('width')} {tree.get('height')}"


@pytest.mark.parametrize(
    "picture", [_cards(), draw(square()), draw(network([4, 40, 30, 1], records=2)), draw(chain(9))]
)
def test_no_text_is_smaller_than_9_and_all_contrasts(picture: viz.Picture) -> None:
    from viz.drawing.scale import contrast

    for element in _tree(picture.pipe("svg")).iter(f"{SVG}text"):
        assert float(element.get("font-size") or 0) >= 9.0
        assert (
            max(contrast(element.get("fill") or "", "#ffffff"), contrast(element.get("fill") or "", "#000000")) >= 4.5
        )


@settings(max_examples=60, deadline=None)
@given(HOSTILE)
@example("</text><script>alert(1)</script>")
@example("]]>&#0;\ud800")
def test_any_label_gives_harmless_xml(label: str) -> None:
    with scope(label or "scope"):
        root = sin(Value(1.0, label=label))
    root.label = label
    for picture in (draw(root), _cards(label)):
        tree = _tree(picture.pipe("svg"))
        assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
            "svg", "title", "desc", "g", "rect", "path", "polyline", "circle", "text", "defs", "marker",
            "linearGradient", "stop",
        }  # fmt: skip
        assert not [
            name for element in tree.iter() for name in element.attrib if name.startswith("on") or "href" in name
        ]


def test_a_vertex_says_its_numbers() -> None:
    written = _written(_tree(draw(square(-0.5)).pipe("svg")))
    assert {"x", "−0.5", "−1", "×", "0.25", "gradient"} <= {*written}


def test_both_edges_of_a_square_are_drawn() -> None:
    drawing = draw(square()).drawing
    assert [(line.tail, line.head) for line in drawing.lines] == [("n0", "n1")] * 2
    assert drawing.lines[0].path != drawing.lines[1].path


def test_contributions_are_written_with_their_sum() -> None:
    x = Value(3.0, label="x")
    root = x * x * 2.0
    root.backward()
    written = _written(_tree(draw(root, contributions=True).pipe("svg")))
    assert written.count("3 × 2 = 6") == 2
    assert "= 6 + 6" in written


@pytest.mark.parametrize(("constants", "count"), [("shared", 1), ("separate", 2), ("hidden", 0)])
def test_constants(constants: str, count: int) -> None:
    x = Value(3.0, label="x")
    drawing = draw((x + 2.0) * 2.0, constants=constants).drawing
    assert sum(vertex.role == "constant" for vertex in drawing.vertices) == count


def test_what_does_not_belong_together_says_so() -> None:
    x = Value(3.0, label="x")
    y = x * x
    assert "No sweep has run" in draw(y).drawing.notes[0]
    y.backward()
    assert draw(y).drawing.notes == ()
    y.backward()
    assert "Accumulated gradients: x holds 12, one sweep gives 6" in draw(y).drawing.notes[0]
    x.data = 4.0
    assert "Numbers changed since: x was assigned" in draw(y).drawing.notes[0]


def test_gradients_of_another_root_say_so() -> None:
    x = Value(3.0, label="x")
    inner = x * x
    first, second = inner * 2.0, inner * 5.0
    first.backward()
    x.grad = 0.0
    second.backward()
    assert "Gradients of several sweeps" in draw(first).drawing.notes[0]


def test_the_origin_of_a_nan_looks_otherwise_than_what_it_reached() -> None:
    a, c = Value(-1.0, label="a"), Value(2.0, label="c")
    root = log(a) * c + c
    root.backward()
    vertices = {vertex.title: vertex for vertex in draw(root).drawing.vertices}
    assert vertices["log"].note == "starts here"
    assert vertices["log"].paint.fill != vertices["×"].paint.fill
    assert vertices["×"].paint.dash


def test_an_exact_zero_is_a_dash() -> None:
    x = Value(-1.0, label="x")
    root = viz_relu(x) + 1.0
    root.backward()
    line = next(line for line in draw(root).drawing.lines if line.tail == "n0")
    assert line.paint.dash
    assert line.label == "0"


def viz_relu(x: Value) -> Value:
    return x.relu()  # type: ignore[attr-defined, no-any-return]  # methods are added to Value from the table


def _order(drawing: Drawing) -> list[tuple[int, str]]:
    """The vertices from left to right, and from top to bottom."""
    return sorted((round(vertex.box.x / 20), f"{vertex.box.y:09.2f}{vertex.key}") for vertex in drawing.vertices)


@pytest.mark.skipif(shutil.which("dot") is None, reason="the dot executable is not installed")
def test_the_wasm_build_gives_the_order_of_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    def expression() -> Value:
        w, x, b = Value(-0.5, label="w"), Value(2.0, label="x"), Value(0.3, label="b")
        return sin(w * x + b) * w

    def keys(drawing: Drawing) -> list[str]:
        return [re.sub(r"^[\d.]+", "", key) for _, key in _order(drawing)]

    first = keys(draw(expression()).drawing)
    monkeypatch.setenv("PATH", "")
    assert keys(draw(expression()).drawing) == first


def test_a_chain_too_long_for_a_page_is_folded_and_counted() -> None:
    drawing = draw(chain(3000)).drawing
    assert drawing.width <= 1280
    assert drawing.height <= 850
    assert "of 3,001 nodes are folded" in drawing.remarks[0]
    assert sum(vertex.nodes for vertex in drawing.vertices) == 3001


def test_a_changed_digraph_is_no_longer_the_drawing() -> None:
    picture = draw(square())
    picture.node("mine", "a node of my own")
    assert b"a node of my own" in picture.pipe("svg")


def test_png_is_the_same_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resvg_py")
    monkeypatch.setenv("PATH", "")
    assert bytes(_cards().pipe("png")).startswith(b"\x89PNG")
