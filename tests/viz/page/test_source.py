"""Where operations were made: the marked text is the operation, a line lights its nodes, and no folder is told."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nn
from autodiff import Value, sigmoid, sources, tanh
from tests.viz.page.browser import settle
from tests.viz.page.fixtures import fixture_of
from viz.__main__ import main
from viz.page import page


def seeds(x1: Any, x2: Any, x3: Any, w1: Any, w2: Any, w3: Any, v1: Any, v2: Any, v3: Any, u1: Any, u2: Any) -> Any:
    """The seeds' 3-2-1 written by hand."""
    first = sigmoid(w1 * x1 + w2 * x2 + w3 * x3)
    second = sigmoid(v1 * x1 + v2 * x2 + v3 * x3)
    out = sigmoid(u1 * first + u2 * second)
    return (0.6 - out) ** 2


NUMBERS = (0.5, 0.1, -0.2, 0.4, -0.3, 0.2, 0.1, 0.6, -0.5, 0.7, -0.4)
NAMES = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Pow: "pow"}


def _payload(html: str) -> Any:
    found = re.search(r'id="payload">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def _operation(text: str) -> str:
    """What a text does last."""
    node = ast.parse(text.strip(), mode="eval").body
    if isinstance(node, ast.Call):
        return ast.unparse(node.func)
    assert isinstance(node, ast.BinOp)
    return NAMES[type(node.op)]


def _marked(graph: Any) -> list[tuple[str, str]]:
    """Each operation of the table, and the one that its marked text is."""
    place = graph["sources"]
    pairs = []
    for slot, number in enumerate(graph["op"]):
        if number >= 0:
            line, start, end = place["at"][str(slot)]
            pairs.append((graph["names"][number].split("/")[0], _operation(place["lines"][line][2][start:end])))
    return pairs


def test_the_marked_text_of_every_operation_is_that_operation() -> None:
    pairs = _marked(_payload(page(seeds, *NUMBERS).html)["graph"])
    assert len(pairs) == 18
    assert [made for made, _ in pairs] == [read for _, read in pairs]


def test_the_command_line_marks_its_expression(tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    assert main(["tanh(w*x + b)", "w=0.5", "x=2", "b=-1", "-o", str(path)]) == 0
    pairs = _marked(_payload(path.read_text(encoding="utf-8"))["graph"])
    assert pairs == [("mul", "mul"), ("add", "add"), ("tanh", "tanh")]


def test_no_folder_is_in_the_file() -> None:
    html = page(seeds, *NUMBERS).html
    assert "test_source.py" in html
    assert str(Path(__file__).parent) not in html


def test_graphs_without_noted_lines_have_none() -> None:
    assert _payload(page(Value(2.0) * Value(3.0)).html)["graph"]["sources"] is None


def test_an_operation_over_several_lines_is_not_marked() -> None:
    x = Value(2.0)
    with sources():
        out = (
            x
            * x
        )  # fmt: skip
    at = _payload(page(out).html)["graph"]["sources"]["at"]
    assert [place[1:] for place in at.values()] == [[0, 0]]


def test_a_line_lights_its_nodes_and_a_node_marks_its_columns(opened: Any) -> None:
    tab, _ = opened(page(seeds, *NUMBERS))
    line = tab.locator(".code-line").nth(3)
    line.scroll_into_view_if_needed()
    line.hover()
    settle(tab)
    assert tab.evaluate("[...valuegraph.lit].map((node) => valuegraph.graph.symbol(node)).length") == 2
    tab.mouse.move(5, 5)
    root = tab.evaluate("valuegraph.graph.tape.root")
    tab.locator(f"#drawing [data-node='{root}']").first.hover(force=True)
    settle(tab)
    assert tab.locator(".code-line mark").inner_text() == "(0.6 - out) ** 2"


def test_the_page_of_a_model_has_its_lines_within_sources(opened: Any) -> None:
    def model(record: Any) -> Any:
        return [tanh(weight * record[0] + bias)]

    weight, bias = Value(0.5, label="w"), Value(0.1, label="b")
    with sources():
        fixture = fixture_of(model, [[1.0], [2.0]], [0.0, 1.0], loss=nn.mse)
    tab, _ = opened(fixture)
    assert "return [tanh(weight * record[0] + bias)]" in tab.locator("[aria-label=Source]").inner_text()
    pairs = _marked(_payload(fixture.page.html)["graph"])
    assert [made for made, _ in pairs[:3]] == [read for _, read in pairs[:3]] == ["mul", "add", "tanh"]
