"""The page in a browser: what each capability shows is what Python computes."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

import nn
from autodiff import Value, log
from tests.viz.page.browser import settle
from tests.viz.page.fixtures import fixture_of, neuron
from viz import culprits, explain, paths
from viz.page import page

LEDGERS = """(nodes) => nodes.map((node) => {
  valuegraph.state.selected = node;
  valuegraph.draw();
  const rows = [...document.querySelectorAll('[aria-label=Ledger] [data-contribution]')];
  return rows.reduce((sum, row) => sum + Number(row.dataset.contribution), 0);
})"""

TOLD = """(nodes) => nodes.map((node) => {
  valuegraph.state.selected = node;
  valuegraph.draw();
  return {explanation: valuegraph.explanation, words: document.querySelector('[data-explanation]').textContent,
    count: valuegraph.pathCount(node), absolute: valuegraph.view.absolute(node),
    strongest: valuegraph.strongestPaths(node, 5).map((path) => path.product)};
})"""


def _choose(tab: Any, node: int, record: int | None = None) -> None:
    tab.evaluate("([node, record]) => { valuegraph.select(node, record ?? undefined); }", [node, record])
    settle(tab)


@pytest.mark.parametrize("name", ["E", "S", "A", pytest.param("M", marks=pytest.mark.slow)])
def test_every_ledger_adds_up_to_the_gradient(opened: Any, name: str) -> None:
    tab, fixture = opened(name)
    expected = {slot: gradient for slot, gradient in fixture.batch_gradients().items() if slot != fixture.tape.root}
    sums = tab.evaluate(LEDGERS, list(expected))
    assert sums == pytest.approx([*expected.values()], abs=1e-12, rel=1e-12)


def test_a_weight_is_explained_after_three_inputs(opened: Any) -> None:
    """Open the page, choose a record by its dot, choose the weight in the picture, follow its row."""
    tab, fixture = opened("A")
    tab.locator("[aria-label='next record']").click()
    weight = fixture.slot("w2", "layer 1", "neuron 2")
    tab.locator(f"#drawing [data-node='{weight}']").click()
    assert tab.locator("h1").inner_text() == "w2 x2"
    assert tab.locator("[aria-label=factors] .factor").count() == 3
    tab.locator("[aria-label=Ledger] tbody button").click()
    settle(tab)
    assert "layer 1" in tab.locator(".crumbs").inner_text()


@pytest.mark.parametrize("name", ["E", "S"])
def test_paths_and_words_are_those_of_python(opened: Any, name: str) -> None:
    tab, fixture = opened(name)
    told = dict(zip(fixture.tape.slot_of.values(), tab.evaluate(TOLD, [*fixture.tape.slot_of.values()]), strict=True))
    for node, slot in fixture.tape.slot_of.items():
        shown = told[slot]
        assert shown["explanation"] == shown["words"] == explain(node, fixture.subject.root).text
        if slot == fixture.tape.root:
            continue
        found = paths(node, fixture.subject.root, k=5)
        assert shown["count"] == found.count
        assert shown["absolute"] == pytest.approx(found.absolute, rel=1e-12)
        assert shown["strongest"] == pytest.approx([path.product for path in found.strongest], rel=1e-12)


def test_the_words_for_all_records_are_those_of_the_whole_graph(opened: Any) -> None:
    tab, fixture = opened("M")
    weights = [slot for node, slot in fixture.tape.slot_of.items() if node.origin and node.origin.role == "parameter"][
        ::40
    ]
    nodes = {slot: node for node, slot in fixture.tape.slot_of.items()}
    for slot, shown in zip(weights, tab.evaluate(TOLD, weights), strict=True):
        assert shown["absolute"] == pytest.approx(paths(nodes[slot], fixture.subject.root).absolute, rel=1e-12)
        if fixture.subject.gradients[nodes[slot]]:
            assert shown["explanation"] == explain(nodes[slot], fixture.subject.root).text


def test_bundles_by_neuron_and_by_record_are_those_of_python(opened: Any) -> None:
    """A weight of the first layer: its paths by the neuron of layer 2 that they enter, and by the record."""
    tab, fixture = opened("M")
    slot = fixture.slot("w1", "layer 1", "neuron 4")
    _choose(tab, slot)
    groups = paths(_node(fixture, slot), fixture.subject.root).groups
    bundles = tab.evaluate(
        """valuegraph.bundles(valuegraph.state.selected).map(({neuron, gradient, absolute}) =>
          [valuegraph.graph.layers[neuron.layer], neuron.title, gradient, absolute])"""
    )
    assert len(bundles) == 16
    for layer, title, gradient, absolute in bundles:
        own = [group for group in groups if group.scope == (layer, title)]
        assert gradient == pytest.approx(math.fsum(group.gradient for group in own), rel=1e-12, abs=1e-15)
        assert absolute == pytest.approx(math.fsum(group.absolute for group in own), rel=1e-12, abs=1e-15)
    shown = tab.locator("[data-bundle]").evaluate_all("(rows) => rows.map((row) => Number(row.dataset.bundle))")
    assert shown == [bundle[2] for bundle in bundles[:4]]
    by_record = dict(
        tab.evaluate("valuegraph.view.ledger(valuegraph.state.selected).map((r) => [r.record, r.contribution])")
    )
    expected = {group.record: group.gradient for group in groups if group.scope == ("layer 3", "neuron 1")}
    assert by_record == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_records_that_add_nothing_are_counted_and_a_factor_of_0_is_named(opened: Any) -> None:
    tab, fixture = opened("M")
    weight = fixture.slot("w2", "layer 3", "neuron 1")
    _choose(tab, weight)
    still = tab.evaluate("(node) => valuegraph.view.perRecord(node).filter((g) => g === 0).length", weight)
    assert still > 5
    assert f"{still} of its 10 records add exactly 0" in tab.locator(".sentence").inner_text()
    output = tab.evaluate("valuegraph.graph.neurons.find((neuron) => valuegraph.view.isFlat(neuron)).output")
    _choose(tab, output)
    assert "relu is flat here in every record, so that its weights get 0" in tab.locator(".sentence").inner_text()
    handed = tab.locator("[aria-label='What it hands on']").inner_text()
    assert "10 others together, absolute 0" in handed
    tab, fixture = opened("A", "#r=25")
    _choose(tab, fixture.slot("w6", "layer 1", "neuron 1"))
    assert tab.locator(".sentence").inner_text() == "0, because one of its factors is: what comes in, x6."


def test_what_if_predicts_and_says_what_was(opened: Any) -> None:
    tab, fixture = opened("E")
    w = fixture.slot("w")
    _choose(tab, w)
    before = tab.evaluate("[...valuegraph.graph.network.values, ...valuegraph.graph.network.gradients]")
    tab.locator("input.exact").fill("0.25")
    tab.locator("input.exact").press("Enter")
    settle(tab)
    outcome = tab.locator(".outcome")
    root, other = neuron(Value(-0.5), Value(2.0), Value(0.3)), neuron(Value(0.25), Value(2.0), Value(0.3))
    assert float(outcome.get_attribute("data-predicted")) == pytest.approx(
        fixture.subject.one_sweep[_node(fixture, w)] * 0.75, rel=1e-12
    )
    assert float(outcome.get_attribute("data-actual")) == pytest.approx(other.data - root.data, rel=1e-12)
    assert re.fullmatch(r"The gradient predicts \+0\.9521, it was \+1\.2684\.", outcome.inner_text())
    assert "w=" in _address(tab)
    tab.get_by_role("button", name="reset", exact=True).click()
    settle(tab)
    assert tab.evaluate("[...valuegraph.graph.network.values, ...valuegraph.graph.network.gradients]") == before


def _address(tab: Any) -> str:
    """The address once it follows the page: it changes four times a second at most."""
    tab.wait_for_timeout(300)
    return str(tab.evaluate("location.hash"))


def _node(fixture: Any, slot: int) -> Value:
    return next(node for node, place in fixture.tape.slot_of.items() if place == slot)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("w1 layer 2 neuron 5", "w1 of layer 2 neuron 5"),
        ("w1 x1 neuron 2", "w1 x1 of layer 1 neuron 2"),
        ("layer 2 neuron 10", "layer 2 neuron 10"),
    ],
)
def test_search_takes_whole_words_in_their_order_first(opened: Any, asked: str, found: str) -> None:
    tab, _ = opened("M")
    assert tab.evaluate("(asked) => valuegraph.graph.fullName(valuegraph.search(asked)[0])", asked) == found


def test_a_dead_neuron_of_all_records_says_why(opened: Any) -> None:
    tab, fixture = opened("M")
    _choose(tab, fixture.slot("b", "layer 2", "neuron 5"))
    assert "in every record each path passes a slope of 0; in the first relu" in tab.locator(".sentence").inner_text()
    assert "10 other uses together" in tab.locator("[aria-label=Ledger]").inner_text()


def test_a_link_shows_what_was_seen(opened: Any) -> None:
    tab, _ = opened("A", "#n=3&r=25&o=layer%201%2Fneuron%202&s=9&v=table")
    state = tab.evaluate(
        """() => { const {selected, record, open, step, view} = valuegraph.state;
        return {n: selected, r: record, o: open, s: step, v: view}; }"""
    )
    assert state == {"n": 3, "r": 24, "o": "layer 1/neuron 2", "s": 9, "v": "table"}
    wrong, _ = opened("A", "#n=999999&r=-4&o=%E0%A4%A&s=x&w=1:2:3:4,,nan&v=%3Cb%3E")
    assert wrong.locator("h1").count() == 1


@pytest.mark.parametrize("name", ["E", "A"])
def test_each_step_is_pythons_partial_sum(opened: Any, name: str) -> None:
    """A jump to a step gives the state of stepping there, and both what a sweep has added up by then."""
    tab, _ = opened(name, "" if name == "E" else "#r=3")
    steps = tab.evaluate("valuegraph.view.steps")
    walked = tab.evaluate(
        """(steps) => Array.from({length: steps + 1}, (_, step) => {
          valuegraph.state.step = step;
          valuegraph.draw();
          const {view} = valuegraph;
          const rows = [...document.querySelectorAll('[aria-label=Ledger] [data-contribution]')];
          return [view.step, [...view.gradients], document.querySelector('.step-words').textContent,
            rows.reduce((sum, row) => sum + Number(row.dataset.contribution), 0)];
        })""",
        steps,
    )
    chosen = tab.evaluate("valuegraph.state.selected")
    assert [row[3] for row in walked] == pytest.approx([row[1][chosen] for row in walked], rel=1e-12)
    assert [row[0] for row in walked] == [*range(steps + 1)]
    assert all(row[2] for row in walked)
    expected = _prefixes(tab, steps)
    for row, gradients in zip(walked, expected, strict=True):
        assert row[1] == pytest.approx(gradients, rel=1e-12, abs=1e-15)


def _prefixes(tab: Any, steps: int) -> list[list[float]]:
    """The gradients after each step, added up here from the slopes of each operation."""
    tape = tab.evaluate(
        """() => { const t = valuegraph.graph.tape, {values, operations} = valuegraph.view;
        const edge = (i) => (tail, k) => [tail, t.slope(values, i, k), t.flows(i, t.start[i] + k)];
        const rows = operations.map((i) => [...t.args.subarray(t.start[i], t.start[i + 1])].map(edge(i)));
        return {root: t.root, size: t.size, operations, rows}; }"""
    )
    table = [0.0] * tape["size"]
    found = [[0.0] * tape["size"]] * (steps // 2 + 1)
    table[tape["root"]] = 1.0
    for node, rows in reversed([*zip(tape["operations"], tape["rows"], strict=True)]):
        for tail, slope, flows in rows:
            table[tail] += table[node] * slope if flows else 0.0
        found.append([*table])
    return found


def test_records_follow_a_what_if_and_their_mean_is_the_batch_gradient(opened: Any) -> None:
    tab, fixture = opened("A")
    slot = fixture.slot("w2", "layer 1", "neuron 2")
    _choose(tab, slot)
    each = tab.evaluate("(node) => valuegraph.view.perRecord(node)", slot)
    assert len(each) == 360
    assert math.fsum(each) / 360 == pytest.approx(fixture.subject.gradients[_node(fixture, slot)], abs=1e-12)
    assert tab.locator("[data-record]").count() == sum(gradient != 0 for gradient in each) + sum(
        gradient == 0 for gradient in each[:1]
    )
    tab.evaluate("(node) => valuegraph.assign(node, 0, 0.75)", slot)
    after = tab.evaluate("(node) => valuegraph.view.perRecord(node)", slot)
    assert after != each
    tab.locator("[data-record='41']").dispatch_event("click")
    settle(tab)
    assert tab.locator(".which").inner_text() == "record 42 of 360"


def test_a_neuron_opens_and_the_others_keep_their_order(opened: Any) -> None:
    tab, _ = opened("M")
    order = """() => { const cards = [...document.querySelectorAll('#drawing [role=group]')];
      const names = cards.map((card) => card.getAttribute('aria-label'));
      return valuegraph.graph.layers.map((_, k) => names.filter((name) => name.startsWith(`layer ${k + 1} `))); }"""
    before = tab.evaluate(order)
    assert [len(layer) for layer in before] == [16, 16, 1]
    tab.evaluate("valuegraph.toggle('layer 2/neuron 10')")
    settle(tab)
    assert tab.evaluate(order) == before
    assert tab.locator("#drawing [aria-label='layer 2 neuron 10'] .row").count() == 16
    tab.get_by_text("× close").click()
    settle(tab)
    assert tab.evaluate(order) == before


@pytest.mark.parametrize("name", ["A", "M", "L"])
def test_the_picture_fits_and_its_text_can_be_read(opened: Any, name: str) -> None:
    tab, _ = opened(name)
    sizes = tab.evaluate(
        """() => { const svg = document.getElementById('drawing');
        const [scale, frame] = [svg.getScreenCTM().a, svg.getBoundingClientRect()];
        const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent);
        const leaves = ({right, left}) => right > frame.right + 1 || left < frame.left - 1;
        return {least: Math.min(...texts.map((text) => scale * parseFloat(getComputedStyle(text).fontSize))),
          outside: texts.filter((text) => leaves(text.getBoundingClientRect())).map((text) => text.textContent),
          elements: document.querySelectorAll('*').length}; }"""
    )
    assert sizes["least"] >= 9.0
    assert sizes["outside"] == []
    assert sizes["elements"] <= 2500


def test_a_large_layer_folds_and_says_how_many(opened: Any) -> None:
    model = nn.MLP(2, [90, 1], rng=0)
    tab, _ = opened(page(model, [[0.5, 1.0], [1.0, 0.0]], [1.0, -1.0], loss=nn.mse))
    shown = tab.locator("#drawing [role=group][aria-label^='layer 1 ']").count()
    folded = int(re.search(r"… (\d+) more", tab.locator(".fold").text_content()).group(1))  # type: ignore[union-attr]
    assert shown + folded == 90
    assert tab.evaluate("document.querySelectorAll('*').length") <= 2500


def test_training_in_the_page(opened: Any) -> None:
    tab, fixture = opened("A")
    start = tab.evaluate("valuegraph.graph.network.loss")
    for _ in range(3):
        tab.get_by_role("button", name="1 epoch").click()
        settle(tab)
    model: Any = fixture.subject.model
    before = [parameter.data for parameter in model.parameters()]
    records = fixture.subject.records
    features = [[leaf.data for leaf in record.inputs] for record in records]
    nn.fit(
        model,
        features,
        [record.target for record in records],
        optimizer=nn.SGD(learning_rate=0.1),
        epochs=3,
        progress=False,
    )
    trained = {
        slot: node.data
        for node, slot in fixture.tape.slot_of.items()
        if node.origin and node.origin.role == "parameter"
    }
    for parameter, number in zip(model.parameters(), before, strict=True):
        parameter.data = number
    shown = tab.evaluate("(slots) => slots.map((slot) => valuegraph.graph.network.leaves[slot])", list(trained))
    assert shown == pytest.approx([*trained.values()], rel=1e-12)
    tab.get_by_role("button", name="back to the start").click()
    settle(tab)
    assert tab.evaluate("valuegraph.graph.network.loss") == start


def test_a_step_that_is_too_large_is_refused_in_a_sentence(opened: Any) -> None:
    tab, _ = opened("A")
    tab.evaluate("() => { valuegraph.trainer.batch = 200000; valuegraph.update(); }")
    settle(tab)
    assert "2,000,000" in tab.locator(".refusal").inner_text()


def _dead() -> Any:
    model = nn.MLP(2, [3, 1], rng=0)
    model.layers[0].neurons[1].bias.data = -50.0
    return model, "w1", ("layer 1", "neuron 2")


def _saturated() -> Any:
    model = nn.MLP(2, [2, 1], activation="sigmoid", rng=0)
    for neuron_ in model.layers[0].neurons:
        for weight in neuron_.weights:
            weight.data = 300.0
    return model, "w1", ("layer 1", "neuron 1")


def _scaled(by: float) -> Any:
    model = nn.MLP(2, [4, 4, 4, 4, 4, 1], activation="tanh" if by < 1 else "relu", rng=3)
    for parameter in model.parameters():
        parameter.data *= by
    return model, "w1", ("layer 1", "neuron 1")


TRIED = {
    "dead ReLU": _dead,
    "saturated": _saturated,
    "exploding": lambda: _scaled(30.0),
    "vanishing": lambda: _scaled(0.05),
}


@pytest.mark.parametrize("kind", TRIED)
def test_findings_are_viz_culprits_and_can_be_tried(opened: Any, kind: str) -> None:
    model, label, scope = TRIED[kind]()
    data = [[0.5, 1.0], [1.0, 0.0], [0.2, -0.4]], [1.0, -1.0, 0.0]
    fixture = fixture_of(model, *data, loss=nn.mse)
    tab, _ = opened(fixture)
    found = culprits(model, *data, loss=nn.mse)
    assert [row["kind"] for row in tab.evaluate("valuegraph.payload.findings")] == [finding.kind for finding in found]
    row = tab.locator(f"[data-finding='{kind}']").first
    assert next(finding for finding in found if finding.kind == kind).message in row.inner_text()
    weight = fixture.slot(label, *scope)
    before = tab.evaluate("(node) => Math.abs(valuegraph.graph.network.gradient(node))", weight)
    row.get_by_text("try it").click()
    settle(tab)
    after = tab.evaluate("(node) => Math.abs(valuegraph.graph.network.gradient(node))", weight)
    assert after < before / 1000 if kind == "exploding" else after > 1000 * before
    row.locator("button").first.click()
    settle(tab)
    assert tab.locator(".crumbs").inner_text().startswith("layer")
    tab.get_by_text("reset", exact=False).first.click()
    settle(tab)
    assert tab.evaluate("(node) => Math.abs(valuegraph.graph.network.gradient(node))", weight) == before


@pytest.mark.parametrize(("given", "kind", "text"), [(-1.0, "nan", "x = 1"), (math.nan, "nan", "x = 0")])
def test_a_number_that_is_not_finite_can_be_replaced(opened: Any, given: float, kind: str, text: str) -> None:
    x = Value(given, label="x")
    fixture = fixture_of((log(x) if given < 0 else x) * 2.0)
    tab, _ = opened(fixture)
    row = tab.locator(f"[data-finding='{kind}']")
    row.get_by_text(f"try it: {text}").click()
    settle(tab)
    assert tab.evaluate("Number.isFinite(valuegraph.graph.network.loss)")


def test_what_numbers_cannot_mend_is_not_tried(opened: Any) -> None:
    x = Value(2.0, label="x")
    out = x * x
    out.backward()
    out.backward()
    tab, _ = opened(fixture_of(out))
    assert tab.locator("[data-finding='accumulated']").count() == 1
    assert tab.get_by_text("try it").count() == 0
