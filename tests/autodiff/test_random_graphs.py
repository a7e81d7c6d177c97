"""Random expressions and shared graphs: the sweep against 50-digit derivatives, and what must hold of any graph."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from mpmath import mp

from autodiff import Primitive, Value, local_slopes, topological_order
from autodiff.rules import PRIMITIVES
from autodiff.testing import Expression, Step, expressions
from tests.autodiff.domains import DOMAINS

QUICK = settings(max_examples=150, deadline=None, derandomize=True)
LONG = settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _expression(inputs: Sequence[float], *steps: tuple[str, tuple[int, ...]]) -> Expression:
    return Expression(tuple(inputs), tuple(Step(PRIMITIVES[name], places) for name, places in steps))


DOUBLE_EDGE = _expression([3.0], ("mul", (0, 0)))
DIAMOND = _expression([0.5], ("exp", (0,)), ("sin", (0,)), ("mul", (1, 2)), ("add", (3, 1)))
N_ARY_REPEATS = _expression([0.5, -1.5], ("dot", (0, 1, 0, 0)), ("sum", (2, 0, 2, 2)), ("prod", (2, 3, 3)))


def _check_gradient(expression: Expression) -> None:
    leaves = [*map(Value, expression.inputs)]
    root = expression.run(leaves)
    root.backward()
    definitions = [float(slope) for slope in _exact_gradient(expression)]
    tolerance = 1e-12 * sum(_reach(root).values()) ** 2
    assert [leaf.grad for leaf in leaves] == pytest.approx(definitions, rel=1e-9, abs=tolerance), expression


def _reach(root: Value) -> dict[Value, float]:
    """The sum over all paths down to each node of the product of the slopes' magnitudes."""
    order = topological_order(root)
    reach = dict.fromkeys(order, 0.0) | {root: 1.0}
    for node in reversed(order):
        for operand, slope in zip(node.operands, local_slopes(node), strict=True):
            if isinstance(operand, Value):
                reach[operand] += reach[node] * abs(slope or 0.0)
    return reach


def _exact_gradient(expression: Expression) -> list[Any]:
    with mp.workdps(60):
        step = mp.mpf(10) ** -20
        center = [*map(mp.mpf, expression.inputs)]
        slopes = []
        for place in range(len(center)):
            above, below = list(center), list(center)
            above[place] += step
            below[place] -= step
            slopes.append((expression.run(above, _define) - expression.run(below, _define)) / (2 * step))
        return slopes


def _define(primitive: Primitive, *operands: Any) -> Any:
    return mp.mpf(DOMAINS[primitive.name].reference(*operands))


@QUICK
@example(DOUBLE_EDGE)
@example(DIAMOND)
@example(N_ARY_REPEATS)
@given(expressions())
def test_gradient_is_the_derivative(expression: Expression) -> None:
    _check_gradient(expression)


@pytest.mark.slow
@LONG
@given(expressions(max_inputs=5, max_steps=25, max_operands=6))
def test_gradient_is_the_derivative_of_larger_graphs(expression: Expression) -> None:
    _check_gradient(expression)


@QUICK
@example(DOUBLE_EDGE)
@given(expressions())
def test_values_do_not_depend_on_recording(expression: Expression) -> None:
    recorded = expression.run([*map(Value, expression.inputs)])
    assert recorded.data == expression.run(expression.inputs)


@QUICK
@given(expressions())
def test_arrays_go_through_the_same_rows(expression: Expression) -> None:
    columns = [np.full(3, number) for number in expression.inputs]
    numbers = [*map(Value, expression.inputs)]
    recorded = expression.run(numbers)
    assert np.broadcast_to(expression.run(columns), 3) == pytest.approx(recorded.data, rel=1e-9, abs=1e-9)


@QUICK
@example(DIAMOND)
@given(expressions())
def test_every_node_comes_once_and_after_its_parents(expression: Expression) -> None:
    order = topological_order(expression.run([*map(Value, expression.inputs)]))
    place = {node: index for index, node in enumerate(order)}
    assert len(place) == len(order)
    assert all(place[parent] < place[node] for node in order for parent in node.parents)


@QUICK
@example(DOUBLE_EDGE)
@given(expressions())
def test_a_second_sweep_doubles_the_leaves_alone(expression: Expression) -> None:
    entries = expression.entries([*map(Value, expression.inputs)])
    root = entries[-1]
    root.backward()
    first = [node.grad for node in entries]
    root.backward()
    assert [node.grad for node in entries] == [
        before if node.operands else 2 * before for node, before in zip(entries, first, strict=True)
    ]


@QUICK
@example(DIAMOND)
@given(expressions())
def test_two_roots_of_a_shared_graph_add_up(expression: Expression) -> None:
    entries = expression.entries([*map(Value, expression.inputs)])
    together = expression.entries([*map(Value, expression.inputs)])
    for root in entries[-2:]:
        root.backward()
    operator.add(*together[-2:]).backward()
    leaves = slice(len(expression.inputs))
    reach = sum(sum(_reach(root).values()) for root in entries[-2:])
    assert [leaf.grad for leaf in entries[leaves]] == pytest.approx(
        [leaf.grad for leaf in together[leaves]], rel=1e-12, abs=1e-14 * (1.0 + reach)
    )


@QUICK
@given(expressions())
def test_two_runs_of_one_program_agree_to_the_last_bit(expression: Expression) -> None:
    runs = [expression.entries([*map(Value, expression.inputs)]) for _ in range(2)]
    for entries in runs:
        entries[-1].backward()
    places = [{node: place for place, node in enumerate(entries)} for entries in runs]
    first, second = (
        [place[node] for node in topological_order(run[-1])] for place, run in zip(places, runs, strict=True)
    )
    assert first == second
    assert [node.grad.hex() for node in runs[0]] == [node.grad.hex() for node in runs[1]]
