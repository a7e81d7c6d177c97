"""Ledgers: their rows add up to the gradient of one sweep, whatever `.grad` holds."""

from __future__ import annotations

import math
from typing import Any

import pytest

import viz
from autodiff import StaleGraphError, Value, log, topological_order
from autodiff.errors import CoercionError
from tests.viz.why.graphs import random_graph
from viz import LedgerRow


@pytest.mark.parametrize("seed", range(60))
def test_rows_add_up_to_the_gradient_of_a_sweep(seed: int) -> None:
    leaves, root = random_graph(seed)
    rows = {node: viz.ledger(node, root) for node in {*topological_order(root), *leaves}}
    root.backward()
    for node, ledger in rows.items():
        magnitude = math.fsum(abs(row.contribution) for row in ledger) or 1.0
        assert abs(ledger.total - node.grad) <= 1e-12 * magnitude
        assert all(row.contribution == row.slope * row.upstream for row in ledger)
        assert all(row.node.operands[row.operand_index] is node for row in ledger)


def test_a_square_of_a_node_has_two_rows() -> None:
    x = Value(3.0)
    y = x * x
    assert [*viz.ledger(x, y)] == [LedgerRow(y, 0, 3.0, 1.0, 3.0), LedgerRow(y, 1, 3.0, 1.0, 3.0)]


def test_gradients_that_were_accumulated_are_not_read() -> None:
    x = Value(3.0)
    y = x * x * 2.0
    y.backward()
    y.backward()
    assert (x.grad, viz.ledger(x, y).total) == (24.0, 12.0)
    assert (x.grad, y.grad) == (24.0, 1.0)


def test_the_root_has_no_rows_and_a_gradient_of_one() -> None:
    x = Value(3.0)
    assert ([*viz.ledger(x, x)], viz.ledger(x, x).total) == ([], 1.0)


def test_a_node_out_of_reach_has_no_rows() -> None:
    ledger = viz.ledger(Value(1.0), Value(2.0) * 2.0)
    assert (len(ledger), ledger.total) == (0, 0.0)


def test_infinities_go_into_the_total() -> None:
    x = Value(0.0)
    assert viz.ledger(x, log(x)).total == math.inf


def test_a_changed_number_is_refused() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 4.0
    with pytest.raises(StaleGraphError, match="record the graph again"):
        viz.ledger(x, y)


@pytest.mark.parametrize(("node", "root"), [(1.0, Value(1.0)), (Value(1.0), None)])
def test_what_is_no_value_is_refused(node: Any, root: Any) -> None:
    with pytest.raises(CoercionError, match="must be a Value"):
        viz.ledger(node, root)


def test_it_prints_as_a_table() -> None:
    x = Value(3.0, label="x")
    y = x * -2.0
    y.label = "y"
    assert str(viz.ledger(x, y)).splitlines() == [
        "Ledger of x (value 3, gradient of y)",
        "read by  slope  × upstream  = adds",
        "y [0]       -2           1      -2",
        "sum                             -2",
    ]
    assert repr(viz.ledger(x, y)) == "<Ledger of x: 1 use, total -2>"
    assert repr(viz.ledger(x, y)[0]) == "LedgerRow(y[0]: -2 × 1 = -2)"
