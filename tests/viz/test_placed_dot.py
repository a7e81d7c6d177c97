"""What Graphviz paints of a drawing: the same words and boxes as SVG, at the same places."""

from __future__ import annotations

import html
import json
import shutil
from xml.etree import ElementTree

import pytest

import nn
from autodiff import Value, scope, sin
from tests.viz.graphs import square
from viz import Picture, draw
from viz.layout import lay_out
from viz.writers.dot.placed import ENGINE, placed_dot
from viz.writers.picture import shapes
from viz.writers.shapes import Group, Rectangle, Words

SVG = "{http://www.w3.org/2000/svg}"
has_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="the dot executable is not installed")
HOSTILE = [
    "\\l",
    "<b>x</b>",
    '"',
    "\\",
    "a\nb",
    "&amp;",
    "\x00",
    "\u202ex",
    "{|}",
    "%d",
    "\\N",
    "\\G",
    "x\\",
    "]];",
    "ü 中",
]


def _network(records: int = 1, title: str = "x1") -> Picture:
    model = nn.MLP(2, [3, 1], activation="relu", rng=0)
    rows = [[Value(0.5 + row, label=title), Value(2.0, label="x2")] for row in range(records)]
    return draw(model, rows, [1.0] * records, loss=nn.mse)


def _flat(found):
    for shape in found:
        yield from _flat(shape.content) if isinstance(shape, Group) else [shape]


def _laid_out(picture: Picture) -> dict[str, object]:
    text = lay_out(placed_dot(picture.drawing), format="json0", engine=ENGINE, time_limit=60.0, kept="")
    read: dict[str, object] = json.loads(text)
    return read


@pytest.mark.parametrize("picture", [_network(), _network(4), draw(square())], ids=["network", "records", "vertices"])
def test_every_word_and_box_is_painted_where_svg_has_it(picture: Picture) -> None:
    drawing, painted = picture.drawing, _laid_out(picture)
    nodes = painted["objects"]
    assert isinstance(nodes, list)
    labels = [html.unescape(node["label"]).removesuffix("\\l").removesuffix("\\r") for node in nodes if node["label"]]
    shown = [*_flat(shapes(drawing))]
    assert labels == [shape.text for shape in shown if isinstance(shape, Words) and shape.text]
    boxes = {
        (round(float(x)), round(drawing.height - float(y)))
        for node in nodes
        for x, y in [node["pos"].split(",")]
        if node["shape"] == "box"
    }
    for shape in shown:
        if isinstance(shape, Rectangle):
            middle = shape.box.x + shape.box.width / 2, shape.box.y + shape.box.height / 2
            assert any(abs(middle[0] - x) <= 1 and abs(middle[1] - y) <= 1 for x, y in boxes)


def test_lines_are_curves_of_a_tail_and_every_arrow_has_a_head_of_its_own() -> None:
    drawing = draw(square()).drawing
    edges = _laid_out(draw(square()))["edges"]
    assert isinstance(edges, list)
    assert sum(edge.get("arrowhead") == "normal" for edge in edges) == len(drawing.lines) == 2


@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_is_painted_as_it_is(label: str) -> None:
    with scope(label):
        root = sin(Value(1.0, label=label))
    for picture in (draw(root), _network(title=label)):
        text = lay_out(placed_dot(picture.drawing), format="svg", engine=ENGINE, time_limit=60.0, kept="")
        written = [element.text for element in ElementTree.fromstring(text).iter(f"{SVG}text")]
        words = [shape for shape in _flat(shapes(picture.drawing)) if isinstance(shape, Words) and shape.text]
        assert len(written) == len(words)


@has_dot
@pytest.mark.parametrize(("format", "begins"), [("pdf", b"%PDF"), ("eps", b"%!PS"), ("jpg", b"\xff\xd8")])
def test_pictures_of_a_network_show_its_cards(format, begins, monkeypatch) -> None:  # noqa: A002 - graphviz's name
    asked = []

    def spy(text: str, **options: object) -> bytes:
        asked.append(text)
        return lay_out(text, **options)

    monkeypatch.setattr("viz.render.lay_out", spy)
    assert _network().pipe(format).startswith(begins)
    assert "neuron 3" in asked[-1]
    assert "Σ" in asked[-1]


@has_dot
def test_a_page_is_as_large_as_its_drawing() -> None:
    drawing, box = _network().drawing, _laid_out(_network())["bb"]
    assert isinstance(box, str)
    left, low, right, top = map(float, box.split(","))
    assert right - left == pytest.approx(drawing.width, abs=2.0)
    assert top - low == pytest.approx(drawing.height, abs=2.0)
