"""The engine of the page against Python's: values, gradients of every record, what-if, reset and training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autodiff import Value, exp, log, sqrt, tanh, topological_order, where
from tests.viz.page.browser import ANSWER, answers
from viz.page.optimizer import Descent, rule_payload
from viz.page.payload import graph_payload
from viz.page.script_source import ENGINE, joined
from viz.page.tape import tape_of
from viz.subject import read_subject

START = "const network = new Network(given, OPERATIONS);"


def _run(blank: Any, payload: tuple[Any, ...], body: str, update: str | None = None) -> Any:
    data, sources = payload
    return answers(blank, f"{joined((*ENGINE, 'training'), sources, update)}\n{START}\n{body}\n{ANSWER}", data)


def _records(count: int, inputs: int, seed: int = 0) -> tuple[list[list[float]], list[float]]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, inputs)).tolist(), rng.integers(0, 2, size=count).astype(float).tolist()


MODELS = {
    "A": lambda: nn.MLP(6, [2, 1], activation="sigmoid", output_activation="sigmoid", bias=False, rng=0),
    "S": lambda: nn.MLP(3, [2, 1], activation="tanh", rng=0),
    "M": lambda: nn.MLP(2, [16, 16, 1], rng=0),
}


def _subject(name: str, count: int, loss: Any = nn.mse) -> Any:
    model = MODELS[name]()
    return read_subject(model, *_records(count, model.inputs), loss=loss)


@pytest.mark.parametrize(
    "loss", [nn.mse, nn.sse, lambda p, t: nn.log_loss(p, t, from_logits=True)], ids=["mse", "sse", "log_loss"]
)
@pytest.mark.parametrize(("name", "count"), [("A", 24), ("S", 1), ("M", 10)])
def test_records_share_one_tape_and_agree_with_python(blank: Any, name: str, count: int, loss: Any) -> None:
    subject = _subject(name, count, loss)
    tape = tape_of(subject)
    assert len(tape.rows) == count
    assert len(tape.values) < 3 * len(subject.order) / count + 40
    found = _run(
        blank,
        graph_payload(subject, tape),
        """const out = {loss: network.loss, values: [...network.values], gradients: [...network.gradients],
          batch: network.parameters.map((p) => network.gradient(p)), weight: network.weight};""",
    )
    assert found["loss"] == pytest.approx(subject.root.data, rel=1e-12)
    expected = {slot: subject.gradients[node] for node, slot in tape.slot_of.items() if node.label and node.origin}
    slots = graph_payload(subject, tape)[0]["parameters"]
    assert found["batch"] == pytest.approx([expected[slot] for slot in slots], rel=1e-12, abs=1e-12)
    for node, slot in tape.slot_of.items():  # the first record: its part of the batch's gradient, exactly
        assert found["values"][slot] == pytest.approx(node.data, rel=1e-12)
        if node in subject.record_of and node is not subject.root:
            assert found["weight"] * found["gradients"][slot] == pytest.approx(
                subject.gradients[node], rel=1e-12, abs=1e-15
            )


def _expression(w: Any, x: Any, b: Any) -> Any:
    inner = tanh(w * x + b) ** 2 + exp(-x) / (1.0 + w * w)
    return log(1.0 + inner) * sqrt(b + 2.0) - x / w + w * 3.0


def test_what_if_equals_python_and_reset_is_bit_identical(blank: Any) -> None:
    leaves = [Value(-0.5, label="w"), Value(2.0, label="x"), Value(0.3, label="b")]
    subject = read_subject(_expression(*leaves))
    tape = tape_of(subject)
    found = _run(
        blank,
        graph_payload(subject, tape),
        f"""const out = {{before: [...network.values, ...network.gradients]}};
        network.assign({tape.slot_of[leaves[0]]}, 0, 1.25);
        out.loss = network.loss; out.gradients = [...network.gradients];
        out.guess = network.lossIf({tape.slot_of[leaves[1]]}, 0, 0.25, false);
        network.reset();
        out.after = [...network.values, ...network.gradients];""",
    )
    assert found["after"] == found["before"]
    other = [Value(1.25), Value(2.0), Value(0.3)]
    root = _expression(*other)
    root.backward()
    assert found["loss"] == pytest.approx(root.data, rel=1e-12)
    nodes = topological_order(root)
    mine = [found["gradients"][tape.slot_of[node]] for node in topological_order(subject.root)]
    assert mine == pytest.approx([node.grad for node in nodes], rel=1e-12)
    assert found["guess"] == pytest.approx(_expression(Value(1.25), Value(0.25), Value(0.3)).data, rel=1e-12)


def test_a_choice_has_no_edge_to_what_it_did_not_take(blank: Any) -> None:
    x = Value(-1.0, label="x")
    subject = read_subject(where(x > 0, sqrt(x), 0.0) + x)
    found = _run(blank, graph_payload(subject, tape_of(subject)), "const out = [...network.gradients];")
    assert found[tape_of(subject).slot_of[x]] == 1.0


def test_tangents_paths_and_flow(blank: Any) -> None:
    subject = _subject("S", 1)
    tape = tape_of(subject)
    found = _run(
        blank,
        graph_payload(subject, tape),
        """const v = network.valuesOf(0), g = network.gradientsOf(0), t = network.tape;
        const out = network.parameters.map((p) => {
          const all = t.paths(v, p, 10000);
          const sum = all.reduce((s, path) => s + path.product, 0);
          const size = all.reduce((s, path) => s + Math.abs(path.product), 0);
          return [g[p], t.tangents(v, p)[t.root], sum, t.absolute(v)[p], size, all.length, t.countPaths()[p],
            t.ledger(v, g, p).reduce((s, row) => s + row.contribution, 0)];
        });""",
    )
    for gradient, tangent, product, absolute, size, number, count, ledger in found:
        assert [tangent, product, ledger] == pytest.approx([gradient] * 3, rel=1e-12)
        assert absolute == pytest.approx(size, rel=1e-12)
        assert number == count


RULES = (
    nn.SGD(learning_rate=0.1, momentum=0.9),
    nn.SGD(learning_rate=0.1, momentum=0.9, nesterov=True),
    nn.RMSprop(learning_rate=0.005),
    nn.RMSprop(learning_rate=0.005, momentum=0.5, centered=True),
    nn.Adagrad(learning_rate=0.05),
    nn.Adam(learning_rate=0.005),
    nn.AdamW(learning_rate=0.005),
)


def _optimizers() -> list[Any]:
    """Pairs of the rule that the page traces and the one that trains in Python."""
    return [(Descent(0.5), nn.SGD(learning_rate=0.5)), *((rule, rule) for rule in RULES)]


@pytest.mark.filterwarnings("ignore::nn.errors.LossIncreaseWarning")  # both must take the same steps, good or bad
@pytest.mark.parametrize(("rule", "optimizer"), _optimizers(), ids=repr)
@pytest.mark.parametrize("name", ["A", pytest.param("M", marks=pytest.mark.slow)])
def test_ten_steps_are_those_of_fit(blank: Any, name: str, rule: Any, optimizer: Any) -> None:
    model = MODELS[name]()
    features, targets = _records(24, model.inputs, seed=3)
    subject = read_subject(model, features, targets, loss=nn.mse)
    tape = tape_of(subject)
    payload = graph_payload(subject, tape)
    parameters: Any = [tape.values[slot] for slot in payload[0]["parameters"]]
    traced = rule_payload(rule, parameters)
    assert traced is not None
    found = _run(
        blank,
        payload,
        f"""const trainer = new Trainer(network, {traced[0]!r}, UPDATE);
        for (let k = 0; k < 10; k++) trainer.runEpoch();
        const out = {{numbers: network.parameters.map((p) => network.leaves[p]), losses: trainer.losses}};""",
        traced[1],
    )
    history = nn.fit(model, features, targets, optimizer=optimizer, epochs=10, progress=False)
    assert found["losses"] == pytest.approx(history.losses, rel=1e-12)
    assert found["numbers"] == pytest.approx([parameter.data for parameter in parameters], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("optimizer", [nn.SGD(learning_rate=0.1, momentum=0.9), nn.Adam(learning_rate=0.005)], ids=repr)
def test_mini_batches_are_those_of_fit_on_the_same_records(blank: Any, optimizer: Any) -> None:
    model = MODELS["A"]()
    features, targets = _records(20, model.inputs, seed=4)
    tape = tape_of(read_subject(model, features, targets, loss=nn.mse))
    payload = graph_payload(read_subject(model, features, targets, loss=nn.mse), tape)
    parameters: Any = [tape.values[slot] for slot in payload[0]["parameters"]]
    traced = rule_payload(optimizer, parameters)
    assert traced is not None
    found = _run(
        blank,
        payload,
        f"""const trainer = new Trainer(network, {traced[0]!r}, UPDATE);
        trainer.batch = 6;
        const batches = [];
        const step = trainer.step.bind(trainer);
        trainer.step = (rows) => {{ batches.push(rows); return step(rows); }};
        for (let k = 0; k < 3; k++) trainer.runEpoch();
        const out = {{batches, numbers: network.parameters.map((p) => network.leaves[p])}};""",
        traced[1],
    )
    batches = found["batches"]
    assert [len(rows) for rows in batches] == [6, 6, 6, 2] * 3
    assert all(sorted(row for rows in batches[k : k + 4] for row in rows) == [*range(20)] for k in (0, 4, 8))
    assert batches[:4] != batches[4:8]
    pairs = [([features[row] for row in rows], [targets[row] for row in rows]) for rows in batches]
    nn.fit(model, nn.BatchStream(pairs), optimizer=optimizer, epochs=1, progress=False)
    assert found["numbers"] == pytest.approx([parameter.data for parameter in parameters], rel=1e-12, abs=1e-12)


def test_the_default_rule_is_descent() -> None:
    rule = rule_payload(Descent(), [])
    assert rule is not None
    assert "p[k]" in rule[1]
