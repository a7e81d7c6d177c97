"""Differences of two graphs of one structure."""

from __future__ import annotations

import copy

import pytest

import nn
import viz
from autodiff import StaleGraphError, Value
from viz import OptionError


def test_a_step_of_training_shows_what_it_moved() -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    records, targets = [[0.5, -1.0], [1.0, 2.0]], [0.0, 1.0]
    before = nn.mse([model(record) for record in records], targets)
    kept = copy.deepcopy(before)
    weight = model.parameters()[0]
    weight.data += 0.5
    after = nn.mse([model(record) for record in records], targets)
    changes = viz.difference(kept, after)
    assert [change.size for change in changes] == sorted((change.size for change in changes), reverse=True)
    (own,) = [change for change in changes if change.after is weight]
    assert own.value_change == 0.5
    assert own.gradient_change == viz.ledger(weight, after).total - own.gradient_before
    assert len(changes) + changes.unchanged == len({*_nodes(after)})
    assert all(change.value_change or change.gradient_change for change in changes)


def _nodes(root: Value) -> list[Value]:
    import autodiff

    return autodiff.topological_order(root)


def test_equal_graphs_have_no_difference() -> None:
    x = Value(2.0)
    assert len(viz.difference(x * x, x * x)) == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lambda x: x * x, lambda x: x + x),
        (lambda x: x * x, lambda x: x * 2.0),
        (lambda x: x * x, lambda x: x * x * x),
        (lambda x: x - 2.0 * x, lambda x: 2.0 * x - x),
    ],
)
def test_other_structures_are_refused(before: object, after: object) -> None:
    with pytest.raises(OptionError, match="difference needs"):
        viz.difference(before(Value(3.0)), after(Value(3.0)))  # type: ignore[operator]  # functions of a table


def test_a_stale_graph_is_refused() -> None:
    x = Value(2.0)
    before = x * x
    x.data = 3.0
    with pytest.raises(StaleGraphError):
        viz.difference(before, x * x)


def test_its_face() -> None:
    changes = viz.difference(Value(2.0, label="<b>") * 1.0, Value(3.0, label="<b>") * 1.0)
    assert repr(changes) == "<Difference: 2 changed, 0 unchanged>"
    assert "&lt;b&gt;" in changes._repr_html_()
    assert "value before" in str(changes)
