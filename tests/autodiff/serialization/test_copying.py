"""copy.copy and copy.deepcopy."""

from __future__ import annotations

import copy
import itertools

import pytest
from hypothesis import given, settings

from autodiff import Primitive, StaleGraphError, Value, exp, topological_order
from autodiff.rules import PRIMITIVES
from tests.autodiff.serialization.graphs import LONG, VERY_LONG, chain, graphs
from tests.autodiff.serialization.portrait import portrait

QUICK = settings(max_examples=100, deadline=None, derandomize=True)


@QUICK
@given(graphs())
def test_deepcopy_is_the_same_graph_on_new_nodes(entries: list[Value]) -> None:
    copies = copy.deepcopy(entries)
    assert portrait(*copies) == portrait(*entries)
    assert {*map(id, topological_order(*copies))}.isdisjoint(map(id, topological_order(*entries)))


@QUICK
@given(graphs())
def test_deepcopy_meets_nodes_in_any_order(entries: list[Value]) -> None:
    backwards = entries[::-1]
    assert portrait(*copy.deepcopy(backwards)) == portrait(*backwards)


def test_the_copy_of_an_output_depends_on_the_copy_of_its_input() -> None:
    x = Value(3.0)
    y = x * x
    x_copy, y_copy = copy.deepcopy((x, y))
    y_copy.backward()
    assert (x_copy.grad, x.grad) == (6.0, 0.0)


def test_deepcopy_keeps_gradients_that_lead_back_to_their_nodes() -> None:
    x = Value(3.0)
    (x * x * x).backward(create_graph=True)
    x_copy = copy.deepcopy(x)
    gradient = x_copy.grad
    x_copy.grad = 0.0
    gradient.backward()
    assert x_copy.grad == 18.0


def test_copy_reads_the_same_operands() -> None:
    x = Value(3.0, label="x")
    y = exp(x)
    y.label = "y"
    y.backward()
    y_copy = copy.copy(y)
    assert y_copy is not y
    assert y_copy.operands[0] is x
    assert portrait(y_copy) == portrait(y)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("row", PRIMITIVES.values(), ids=str)
def test_primitives_are_never_copied(copied: object, row: Primitive) -> None:
    assert copied(row) is row  # type: ignore[operator]  # one of two functions


def test_a_copied_graph_goes_stale_like_the_original() -> None:
    x = Value(3.0)
    x_copy, y_copy = copy.deepcopy((x, x * x))
    x_copy.data = 4.0
    with pytest.raises(StaleGraphError):
        y_copy.backward()


def test_copies_of_a_stale_graph_are_stale() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 4.0
    with pytest.raises(StaleGraphError):
        copy.deepcopy(y).backward()


def test_models_with_graphs_are_copied_once() -> None:
    weight = Value(2.0)
    model = {"weights": [weight], "loss": weight * 3.0}
    again = copy.deepcopy(model)
    assert again["loss"].operands[0] is again["weights"][0]  # type: ignore[attr-defined,index]  # Values by now


@pytest.mark.parametrize("length", [LONG, pytest.param(VERY_LONG, marks=pytest.mark.slow)])
def test_long_chains(length: int) -> None:
    leaf, end = chain(length)
    leaf_copy, end_copy = copy.deepcopy((leaf, end))
    end_copy.backward()
    assert leaf.grad == 0.0
    assert leaf_copy.grad == pytest.approx(1.0000001**length)


def test_every_node_of_a_long_chain_in_linear_time() -> None:
    _, end = chain(LONG)
    order = topological_order(end)
    copies = copy.deepcopy(order)
    assert all(after.operands[0] is before for before, after in itertools.pairwise(copies))
