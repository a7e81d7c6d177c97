"""Networks as cards: what is on them, that it is right, that it fits, and that lines end where they belong."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nn
from autodiff import Origin, Value, dot, mean, relu, scope
from tests.viz.graphs import network
from viz import draw
from viz.drawing.model import Box, Card, Drawing
from viz.drawing.network import read_network
from viz.drawing.numbers import text_width
from viz.errors import OptionError
from viz.subject import read_subject

RNG = np.random.default_rng(0)
XOR = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]


def _network(sizes: list[int], records: int = 1, **options: Any) -> Drawing:
    model = nn.MLP(sizes[0], sizes[1:], rng=0, **options)
    features = RNG.normal(size=(records, sizes[0]))
    targets = RNG.normal(size=records)
    return draw(model, features, targets, loss=nn.mse).drawing


CASES = {
    "one record": ([6, 2, 1], 1),
    "many records": ([6, 2, 1], 50),
    "dense": ([2, 16, 16, 1], 10),
    "tall": ([3, 40, 1], 3),
    "taller": ([3, 64, 1], 2),
    "deep": ([3, *[4] * 14, 1], 1),
    "many features": ([300, 3, 1], 2),
    "large": ([8, 40, 40, 10, 1], 20),
}


@pytest.fixture(params=CASES, scope="module")
def drawing(request: pytest.FixtureRequest) -> Drawing:
    sizes, records = CASES[request.param]
    return _network(sizes, records)


def _boxes(drawing: Drawing) -> Iterator[Box]:
    yield from (card.box for card in drawing.cards)
    yield from (vertex.box for vertex in drawing.vertices)


def test_it_fits_a_page(drawing: Drawing) -> None:
    assert drawing.width <= 1280
    assert drawing.height <= 850


def test_nothing_lies_on_another_or_outside(drawing: Drawing) -> None:
    for a, b in itertools.combinations(_boxes(drawing), 2):
        assert a.x + a.width <= b.x or b.x + b.width <= a.x or a.bottom <= b.y + 1e-6 or b.bottom <= a.y + 1e-6
    for box in _boxes(drawing):
        assert box.x >= 0 <= box.y
        assert box.x + box.width <= drawing.width
        assert box.bottom <= drawing.height


def test_rows_and_cells_lie_on_their_card(drawing: Drawing) -> None:
    for card in drawing.cards:
        cells = [row.cell for row in card.rows] + [*card.strip] + [card.total]
        for cell in filter(None, cells):
            assert card.box.x <= cell.box.x
            assert cell.box.x + cell.box.width <= card.box.x + card.box.width
            assert card.box.y <= cell.box.y
            assert cell.box.bottom <= card.box.bottom
        for x, y in card.curve.points if card.curve else ():
            assert card.box.x < x < card.box.x + card.box.width
            assert card.box.y < y < card.box.bottom


def test_lines_run_from_what_is_drawn_to_a_port(drawing: Drawing) -> None:
    cards = {card.key: card for card in drawing.cards}
    vertices = {vertex.key: vertex for vertex in drawing.vertices}
    for line in drawing.lines:
        head: Any = cards.get(line.head) or vertices[line.head]
        assert line.tail in cards or line.tail in vertices
        if isinstance(head, Card) and head.rows and line.row >= 0:
            assert line.path[-1] == head.rows[line.row].port
        elif line.tail != "target":
            assert line.path[-1] == head.box.left


def test_every_neuron_is_drawn_or_counted(drawing: Drawing, request: pytest.FixtureRequest) -> None:
    sizes, _ = CASES[request.node.callspec.params["drawing"]]
    assert sum(card.neurons for card in drawing.cards) == sum(sizes[1:])
    inputs = [vertex for vertex in drawing.vertices if vertex.key.startswith("x")]
    assert sum(vertex.nodes for vertex in inputs) == sizes[0]
    folded = sum(fold.nodes for fold in drawing.folds)
    shown = sum(card.neurons for card in drawing.cards if card.size == "fold")
    assert folded == shown + sum(vertex.nodes for vertex in inputs if vertex.role == "folded")


def test_it_is_plain_data(drawing: Drawing) -> None:
    data = json.loads(drawing.as_json())
    assert len(data["cards"]) == len(drawing.cards)
    assert data["cards"][0]["box"]["x"] == drawing.cards[0].box.x
    assert "dot" not in set(data)


def test_a_card_holds_the_values_and_gradients_of_its_neuron() -> None:
    model = nn.MLP(2, [2, 1], activation="sigmoid", rng=0)
    drawing = draw(model, *XOR, loss=nn.mse).drawing
    nn.mse([model(row) for row in XOR[0]], XOR[1]).backward()
    cards = [card for card in drawing.cards if card.scope[0] == "layer 1"]
    for card, neuron in zip(cards, model.layers[0].neurons, strict=True):
        rows = [row for row in card.rows if row.role in ("weight", "bias")]
        assert [row.number for row in rows] == [parameter.data for parameter in neuron.parameters()]
        grads = [row.cell.number for row in rows if row.cell]
        assert grads == pytest.approx([parameter.grad for parameter in neuron.parameters()], rel=1e-12)
        assert [row.name for row in rows] == ["x1", "x2", "bias"]
        assert card.records == 4


def test_a_card_of_one_record_has_its_operating_point() -> None:
    model = nn.MLP(1, [1, 1], activation="tanh", rng=1)
    drawing = draw(model, [[0.7]], [0.0], loss=nn.mse).drawing
    card = next(card for card in drawing.cards if card.scope[0] == "layer 1")
    total = next(row.number for row in card.rows if row.role == "total")
    output = next(row.number for row in card.rows if row.role == "output")
    assert total is not None
    assert output == pytest.approx(math.tanh(total))
    assert card.curve is not None
    assert card.curve.slopes == pytest.approx([1 - math.tanh(total) ** 2])
    assert card.curve.tangent is not None
    assert len(card.curve.dots) == 1


def test_the_root_takes_no_part_in_the_scale() -> None:
    model = nn.MLP(2, [2, 1], rng=0)
    for parameter in model.parameters():
        parameter.data *= 1e-3
    drawing = draw(model, [[1e-3, 1e-3]], [1e-6], loss=nn.mse).drawing
    assert drawing.legend is not None
    assert drawing.legend.largest < 0.1
    assert any("left out" in sentence for sentence, _ in drawing.legend.sentences)
    assert any("decades" in sentence for sentence, _ in drawing.legend.sentences)


def test_a_line_from_data_shows_the_gradient_of_the_weight() -> None:
    model = nn.MLP(2, [2, 1], rng=3)
    drawing = draw(model, [[0.0, 2.0]], [1.0], loss=nn.mse).drawing
    for line in drawing.lines:
        if line.tail == "x0":  # the feature is 0, and so is the gradient of what it is multiplied by
            assert line.contribution == 0.0
            assert line.paint.dash
    for card in drawing.cards:
        for line in drawing.lines:
            if line.head == card.key and line.tail.startswith("x"):
                cell = card.rows[line.row].cell
                assert cell is not None
                assert line.contribution == cell.number


def test_dense_layers_show_the_lines_that_carry_half_of_the_flow() -> None:
    drawing = _network([2, 16, 16, 1], 10)
    assert "of 256 lines carry at least half of each layer's flow" in drawing.description
    hairlines = [line for line in drawing.lines if line.paint.width == 0.6]
    assert 0 < len(hairlines) < 256


def test_a_dead_neuron_is_dashed_and_named() -> None:
    model = nn.MLP(2, [4, 1], rng=3)
    model.layers[0].neurons[1].bias.data = -50.0
    drawing = draw(model, RNG.normal(size=(10, 2)), RNG.normal(size=10), loss=nn.mse).drawing
    (dead,) = [card for card in drawing.cards if card.note == "dead"]
    assert dead.title.endswith("2")
    assert dead.paint.dash


def test_the_card_where_a_nan_starts_looks_otherwise_than_what_it_reached() -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    model.layers[0].neurons[1].weights[0].data = math.nan
    cards = draw(model, [[1.0, 2.0]], [1.0], loss=nn.mse).drawing.cards
    assert [card.note for card in cards] == ["", "starts here", "", ""]
    assert len({cards[place].paint.fill for place in (0, 1, 3)}) == 3


def test_a_residual_stands_between_its_layers() -> None:
    first, last = nn.Layer(2, 2, rng=0), nn.Layer(2, 1, rng=1)
    first.place(("block",))
    last.place(("head",))

    def model(record: list[Value]) -> Value:
        with scope("block"):
            inner = first.forward(record)
        with scope("head"):
            out: Value = last.forward([a + b for a, b in zip(inner, record, strict=True)])[0]
        return out

    drawing = draw(model, [[1.0, 2.0], [3.0, 1.0]], [1.0, 2.0], loss=nn.mse).drawing
    assert len(drawing.cards) == 3
    assert sum(vertex.role == "operation" for vertex in drawing.vertices if vertex.key != "loss") == 2


@pytest.mark.slow
def test_a_graph_of_20_000_nodes_fits_a_page() -> None:
    drawing = _network([8, 40, 40, 10, 1], 62)
    assert drawing.nodes >= 19_900
    assert drawing.width <= 1280
    assert drawing.height <= 850


def test_records_of_a_recorded_loss_are_merged_as_well() -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    root = nn.mse([model(row) for row in XOR[0]], XOR[1])
    root.backward()
    drawing = draw(root).drawing
    inputs = [vertex for vertex in drawing.vertices if vertex.key.startswith("x")]
    assert [(vertex.title, vertex.records) for vertex in inputs] == [("x1", 4), ("x2", 4)]
    assert {card.records for card in drawing.cards} == {4}


def test_neurons_written_as_products_and_a_sum_are_cards_too() -> None:
    drawing = draw(network([2, 3, 1], records=2)).drawing
    assert len(drawing.cards) == 4
    assert all(card.activation == "tanh" for card in drawing.cards)


def test_neurons_stand_in_the_order_of_their_numbers() -> None:
    drawing = _network([2, 12, 1], 2)
    column = [card for card in drawing.cards if card.scope[0] == "layer 1"]
    assert [card.title.removeprefix("neuron ") for card in column] == [str(number) for number in range(1, 13)]
    assert [card.box.y for card in column] == sorted(card.box.y for card in column)


def test_neurons_without_numbers_stand_as_they_were_met() -> None:
    x, y = Value(1.0, label="x"), Value(2.0, label="y")
    outputs = []
    for name in ("upper", "lower"):
        weights = [Value(w, origin=Origin((name,), "parameter")) for w in (0.5, -0.25)]
        with scope(name):
            outputs.append(relu(dot(weights, [x, y])))
    drawing = draw(outputs[0] + outputs[1]).drawing
    assert [card.title for card in drawing.cards] == ["upper", "lower"]


def test_no_parameter_is_hidden_in_the_loss() -> None:
    model = nn.MLP(2, [3, 1], rng=0)
    temperature = Value(2.0, label="temperature", origin=Origin(role="parameter"))
    root = model([1.0, 2.0]) / temperature
    root.backward()
    assert read_network(read_subject(root)) is None


def test_parameters_that_no_card_can_hold_are_drawn_as_vertices() -> None:
    model = nn.Sequential(nn.Layer(2, 3, rng=0), nn.LayerNorm(3), nn.Layer(3, 1, rng=1))
    drawing = draw(model, [[0.5, -1.0]], [1.0], loss=nn.mse).drawing
    assert not drawing.cards
    assert sum(vertex.nodes for vertex in drawing.vertices) == drawing.nodes


def test_a_scope_without_a_weighted_sum_is_no_card() -> None:
    x = Value(2.0, label="x")
    root = relu(x) * mean([x, x])
    assert read_network(read_subject(root)) is None


def test_a_program_is_drawn_as_data() -> None:
    import autodiff

    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    compiled = autodiff.compile(lambda features, target: (model(features) - target) ** 2, batched=(0, 1))
    compiled.backward(np.ones((3, 2)), np.zeros(3))
    drawing = draw(compiled).drawing
    assert sum(vertex.result for vertex in drawing.vertices) == 2
    assert len(drawing.vertices) > 10
    assert json.loads(drawing.as_json())["vertices"][0]["lines"]


REFUSED = {
    "direction": ({"direction": "TB"}, "left to right.*max_nodes"),
    "contributions": ({"contributions": True}, "no room.*max_nodes.*ledger"),
    "constants": ({"constants": "separate"}, "hold the constants.*max_nodes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_options_that_cards_cannot_follow_are_refused(name: str) -> None:
    options, message = REFUSED[name]
    model = nn.MLP(2, [2, 1], rng=0)
    with pytest.raises(OptionError, match=message):
        draw(model, *XOR, loss=nn.mse, **options)
    assert not draw(model, *XOR, loss=nn.mse, max_nodes=1500, **options).drawing.cards


TALL = [30, 4, 2, 1]


@pytest.mark.parametrize("sizes", [[3, 2, 1], TALL, [2, 16, 1]], ids=["rows", "figures", "strips"])
@pytest.mark.parametrize("option", ["values", "gradients", "slopes"])
def test_what_is_not_asked_for_is_not_written_on_cards(sizes: list[int], option: str) -> None:
    model = nn.MLP(sizes[0], sizes[1:], activation="tanh", rng=0)
    record, target = RNG.normal(size=(1, sizes[0])), [1.0]
    whole = draw(model, record, target, loss=nn.mse).drawing
    less = draw(model, record, target, loss=nn.mse, **{option: False}).drawing
    written = {
        "values": lambda d: [row.text for card in d.cards for row in card.rows] + [d.vertices[0].text],
        "gradients": lambda d: [c.total for c in d.cards] + [r.cell for c in d.cards for r in c.rows] + [d.legend.bar],
        "slopes": lambda d: [card.slope_text for card in d.cards if card.slope_at or card.rows],
    }[option]
    assert any(written(whole)) or (option == "slopes" and sizes == [2, 16, 1])
    assert not any(written(less))
    assert draw(model, record, target, loss=nn.mse, **{option: False}).pipe("svg")


@pytest.mark.parametrize("precision", [0, 2, 9, 17])
@pytest.mark.parametrize("sizes", [[3, 2, 1], TALL, [2, 16, 16, 1]], ids=["rows", "figures", "strips"])
def test_precision_sets_the_decimals_of_cards_and_they_fit(sizes: list[int], precision: int) -> None:
    model = nn.MLP(sizes[0], sizes[1:], activation="tanh", rng=0)
    drawing = draw(model, RNG.normal(size=(1, sizes[0])), [1.0], loss=nn.mse, precision=precision).drawing
    assert drawing.width <= 1280
    row = drawing.vertices[0]
    assert len(row.text.partition(".")[2]) == precision
    for card in drawing.cards:
        for cell in filter(None, [card.total, *(row.cell for row in card.rows)]):
            assert text_width(cell.text, 11.5) <= cell.box.width


def test_a_warning_does_not_push_a_picture_off_its_page() -> None:
    model = nn.MLP(2, [16, 16, 1], rng=1)
    features = RNG.normal(size=(10, 2))
    loss = nn.mse([model(list(row)) for row in features], np.sign(features[:, 0]))
    loss.backward()
    loss.backward()
    drawing = draw(loss).drawing
    assert drawing.cards
    assert drawing.notes
    assert drawing.height <= 850


def test_up_to_four_neurons_without_room_for_rows_show_slope_and_gradient_in_figures() -> None:
    model = nn.MLP(TALL[0], TALL[1:], activation="tanh", rng=0)
    drawing = draw(model, RNG.normal(size=(1, TALL[0])), [1.0], loss=nn.mse).drawing
    first = [card for card in drawing.cards if card.scope[0] == "layer 1"]
    assert [card.size for card in first] == ["M"] * 4
    for card in first:
        assert card.slope_at
        assert float(card.slope_text) == pytest.approx(card.curve.slopes[0], abs=1e-4)
        assert card.box.height == 74
        assert float(card.total.text.replace("−", "-")) == pytest.approx(card.total.number, abs=1e-4)


def test_a_batch_has_its_numbers_record_by_record() -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    rows, targets = [[0.5, -1.0], [1.0, 2.0], [-1.0, 0.3], [0.2, 0.1]], [0.0, 1.0, 1.0, 0.0]
    drawing = draw(model, rows, targets, loss=nn.mse).drawing
    plain = json.loads(drawing.as_json())
    assert plain["records"] == ["1", "2", "3", "4"]
    inputs = [vertex for vertex in plain["vertices"] if vertex["role"] == "input"]
    assert [vertex["numbers"] for vertex in inputs] == [[*column] for column in zip(*rows, strict=True)]
    for card, neuron in zip(plain["cards"], model.layers[0].neurons, strict=False):
        assert card["outputs"] == [neuron(row).data for row in rows]
        assert card["outputs"] == pytest.approx([math.tanh(total) for total in card["totals"]])
    last = plain["cards"][-1]
    outputs = [model(row).data for row in rows]
    assert last["outputs"] == outputs
    assert last["gradients"] == pytest.approx([2 * (o - t) / 4 for o, t in zip(outputs, targets, strict=True)])
    (loss,) = (vertex for vertex in plain["vertices"] if vertex["result"])
    assert loss["numbers"] == pytest.approx([(o - t) ** 2 for o, t in zip(outputs, targets, strict=True)])
