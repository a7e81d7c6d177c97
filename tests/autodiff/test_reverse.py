"""The sweep: what it leaves on which nodes, when it refuses, and that depth and garbage are no matter."""

from __future__ import annotations

import gc
import pickle
import tracemalloc
from collections.abc import Callable

import pytest

import autodiff
from autodiff import AutodiffError, StaleGraphError, Value, dot, leaves, local_slopes, tanh, topological_order
from tests.autodiff.collection import no_cyclic_collector


def test_leaves_add_up_and_interior_nodes_are_set() -> None:
    x = Value(3.0)
    square = x * x
    y = square * 2.0
    y.backward()
    assert (x.grad, square.grad, y.grad) == (12.0, 2.0, 1.0)
    y.backward()
    assert (x.grad, square.grad, y.grad) == (24.0, 2.0, 1.0)


def test_two_roots_that_share_a_node_add_up() -> None:
    x = Value(3.0)
    shared = x * x
    (shared * 2.0).backward()
    (shared * 5.0).backward()
    assert x.grad == 2.0 * 6.0 + 5.0 * 6.0
    assert shared.grad == 5.0


def test_a_gradient_can_be_reset_between_sweeps() -> None:
    x = Value(3.0)
    y = x * x
    y.backward()
    x.grad = 0
    y.backward()
    assert x.grad == 6.0


def test_a_leaf_is_its_own_root() -> None:
    x = Value(3.0)
    x.backward()
    assert x.grad == 1.0


def test_the_gradient_of_a_root_is_one_also_where_it_feeds_another_node() -> None:
    x = Value(3.0)
    inner = x * 2.0
    outer = inner * 5.0
    outer.backward()
    inner.backward()
    assert (inner.grad, x.grad) == (1.0, 12.0)


def test_no_sweep_leaves_zero() -> None:
    assert (Value(3.0) * 2.0).grad == 0.0


def test_unused_leaves_keep_their_gradient() -> None:
    x, unused = Value(3.0), Value(4.0)
    unused.grad = 7.0
    (x * 2.0).backward()
    assert unused.grad == 7.0


def test_constants_have_no_slope() -> None:
    x = Value(3.0)
    assert local_slopes(2.0 * x) == [None, 2.0]
    assert local_slopes(x) == []
    assert list(local_slopes(dot([x, 2.0], [4.0, x]))) == [4.0, None, None, 2.0]


def test_slopes_are_floats_where_python_would_raise() -> None:
    slope = local_slopes(1.0 / Value(0.0))[1]
    assert type(slope) is float
    assert slope == -float("inf")


def test_data_assigned_before_the_sweep_raises() -> None:
    x = Value(3.0, label="x")
    y = x * x
    x.data = 4.0
    with pytest.raises(StaleGraphError, match=r"label='x'.*was assigned after.*mul") as caught:
        y.backward()
    assert isinstance(caught.value, RuntimeError)
    assert isinstance(caught.value, AutodiffError)
    assert (x.grad, y.grad) == (0.0, 0.0)


def test_data_of_an_interior_node_is_watched_too() -> None:
    x = Value(3.0)
    inner = x * x
    outer = inner * 2.0
    inner.data = 1.0
    with pytest.raises(StaleGraphError):
        outer.backward()


def test_data_may_change_between_graphs() -> None:
    x = Value(3.0)
    for _ in range(3):
        y = x * x
        x.grad = 0.0
        y.backward()
        x.data -= 0.5 * x.grad  # an optimizer's step
    assert x.data == 0.0


def test_a_value_assigned_before_its_first_use_is_fresh() -> None:
    other = Value(1.0)
    x = Value(3.0)
    x.data = 5.0
    y = x * other
    y.backward()
    assert (x.grad, other.grad) == (1.0, 5.0)


def test_assigning_data_elsewhere_does_not_make_a_graph_stale() -> None:
    x, elsewhere = Value(3.0), Value(1.0)
    y = x * x
    elsewhere.data = 2.0
    y.backward()
    assert x.grad == 6.0


def test_topological_order_of_several_roots() -> None:
    x, y = Value(1.0), Value(2.0)
    first, second = x * y, y + 1.0
    order = topological_order(first, second)
    place = {node: index for index, node in enumerate(order)}
    assert set(place) == {x, y, first, second}
    assert len(order) == 4
    assert max(place[x], place[y]) < place[first]
    assert place[y] < place[second]
    assert set(leaves(first, second)) == {x, y}
    assert leaves(first) == [x, y]
    assert leaves(x) == [x]


def _chain(length: int) -> tuple[Value, Value]:
    leaf = node = Value(1.0)
    for _ in range(length):
        node = node + 1.0
    return leaf, node


def _check_chain(length: int) -> None:
    leaf, root = _chain(length)
    root.backward()
    assert (leaf.grad, root.data) == (1.0, length + 1.0)
    assert len(topological_order(root)) == length + 1
    del root  # freed from the far end without recursion


def test_a_deep_chain() -> None:
    _check_chain(100_000)


@pytest.mark.slow
def test_a_chain_of_a_million() -> None:
    _check_chain(1_000_000)


def test_a_deep_graph_of_double_edges() -> None:
    leaf = node = Value(1.0)
    for _ in range(1000):
        node = node + node
    node.backward()
    assert leaf.grad == 2.0**1000


def test_a_wide_sum() -> None:
    terms = [Value(1.0) for _ in range(50_000)]
    total = autodiff.sum(terms)
    total.backward()
    assert (total.data, {term.grad for term in terms}) == (50_000.0, {1.0})


def _values_alive() -> int:
    return len([thing for thing in gc.get_objects() if type(thing) is Value])


def _plain(x: Value) -> Value:
    return tanh(x * x + 2.0) / (x - 5.0)


def _reduced(x: Value) -> Value:
    return dot([x, x * x], [2.0, x]) + autodiff.sum([x, 1.0, x])


def _through_an_error(x: Value) -> Value:
    with pytest.raises(TypeError):
        x + "text"
    return x * 2.0


@pytest.mark.parametrize("build", [_plain, _reduced, _through_an_error])
def test_a_dropped_graph_is_freed_at_once(build: Callable[[Value], Value]) -> None:
    x = Value(1.0)
    with no_cyclic_collector():
        alive = _values_alive()
        y = build(x)
        y.backward()
        assert _values_alive() > alive
        del y
        assert _values_alive() == alive


def test_memory_stays_flat_over_sweeps() -> None:
    x = Value(0.5)
    with no_cyclic_collector():
        _plain(x).backward()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(200):
            _plain(x).backward()
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert after - before < 20_000  # a leaked graph would cost 100,000


def test_a_leaf_can_be_pickled() -> None:
    x = pickle.loads(pickle.dumps(Value(3.0, label="w")))
    assert (x.data, x.label, x.grad) == (3.0, "w", 0.0)
