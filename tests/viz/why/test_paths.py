"""Paths: against every path of a thousand random graphs, one by one."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from typing import Any

import pytest

import nn
import viz
from autodiff import StaleGraphError, Value, local_slopes, tanh, topological_order
from tests.viz.why.graphs import random_graph
from viz import OptionError, OptionTypeError

GRAPHS = 1000


def every_path(weight: Value, root: Value) -> Iterator[tuple[list[Value], list[float]]]:
    """Each path by itself, from the root down, by recursion."""
    if root is weight:
        yield [root], []
    for operand, slope in zip(root.operands, local_slopes(root), strict=True):
        if slope is not None and isinstance(operand, Value):
            for nodes, slopes in every_path(weight, operand):
                yield [*nodes, root], [*slopes, slope]


def test_a_thousand_random_graphs() -> None:
    seen = 0
    for seed in range(GRAPHS):
        leaves, root = random_graph(seed, operations=13)
        for weight in leaves:
            brute = [*every_path(weight, root)]
            seen += len(brute)
            products = sorted((math.prod(slopes) for _, slopes in brute), key=abs, reverse=True)
            found = viz.paths(weight, root, k=5)
            scale = math.fsum(map(abs, products))
            assert found.count == len(brute)
            assert found.gradient == pytest.approx(math.fsum(products), rel=1e-12, abs=1e-12 * scale)
            assert found.absolute == pytest.approx(scale, rel=1e-12)
            assert [abs(path.product) for path in found.strongest] == pytest.approx(
                [*map(abs, products[:5])], rel=1e-12
            )
            assert found.rest == pytest.approx(
                found.gradient - math.fsum(path.product for path in found.strongest), abs=1e-12 * (scale + 1.0)
            )
            assert found.rest_absolute == pytest.approx(math.fsum(map(abs, products[5:])), abs=1e-12 * (scale + 1.0))
            for path in found.strongest:
                assert any(path.nodes == tuple(nodes) and path.slopes == tuple(slopes) for nodes, slopes in brute)
                assert path.product == pytest.approx(math.prod(path.slopes), rel=1e-12)
    assert seen > 3 * GRAPHS


@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, GRAPHS), marks=pytest.mark.slow)], ids=len)
def test_shares_add_up_to_one_over_every_cut(seeds: range) -> None:
    """All prefixes of the topological order, and random sets that are closed under operands."""
    rng = random.Random(5)
    cuts = 0
    for seed in seeds:
        leaves, root = random_graph(seed, operations=14)
        order = topological_order(root)
        for weight in leaves:
            found = viz.paths(weight, root)
            if root is weight or not found.count or not found.cancellation > 1e-3:
                continue
            prefixes = [{*order[:end]} for end in range(order.index(weight) + 1, len(order))]
            for below in prefixes + [_random_cut(rng, order, weight) for _ in range(100)]:
                crossing = [edge.share for edge in found.edges if edge.tail in below and edge.head not in below]
                assert math.fsum(crossing) == pytest.approx(1.0, abs=1e-9)
                cuts += 1
    assert cuts > 1000


def _random_cut(rng: random.Random, order: list[Value], weight: Value) -> set[Value]:
    """A set that is closed under operands, with the weight and without the root."""
    below = {weight}
    for node in order[:-1]:
        if node is not weight and all(operand in below for operand in node.parents) and rng.random() < 0.6:
            below.add(node)
    return below


def test_more_paths_than_could_be_listed_are_counted() -> None:
    x = Value(1.0, label="x")
    y = x
    for _ in range(200):
        y = 0.5 * y + 0.5 * y
    found = viz.paths(x, y)
    assert found.count == 2**200
    assert (found.gradient, found.absolute, found.cancellation) == (1.0, 1.0, 1.0)
    assert len(found.strongest) == 10


def test_a_long_chain() -> None:
    x = Value(0.5)
    y = x
    for _ in range(20_000):
        y = y + 0.0
    (path,) = viz.paths(x, y).strongest
    assert (len(path.nodes), path.product) == (20_001, 1.0)


def test_cancellation() -> None:
    x = Value(1.0)
    found = viz.paths(x, 3.0 * x - 2.0 * x)
    assert (found.gradient, found.absolute, found.cancellation) == (1.0, 5.0, 0.2)


def test_a_nan_is_the_strongest() -> None:
    x = Value(1.0)
    found = viz.paths(x, 3.0 * x + math.nan * x + 5.0 * x, k=1)
    assert math.isnan(found.strongest[0].product)


def test_no_path() -> None:
    found = viz.paths(Value(1.0), Value(1.0) * 2.0)
    assert (found.count, found.strongest, found.gradient, found.rest, found.edges, found.groups) == (
        0,
        (),
        0.0,
        0.0,
        (),
        (),
    )
    assert math.isnan(found.cancellation)


def test_the_root_has_one_path_to_itself() -> None:
    x = Value(2.0)
    found = viz.paths(x, x)
    assert (found.count, found.strongest[0].product, found.strongest[0].nodes) == (1, 1.0, (x,))


def test_groups_of_a_network_are_its_neurons_and_records() -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=1)
    records = [[0.5, -1.0], [1.5, 0.25]]
    loss = nn.mse([model(record) for record in records], [1.0, 0.0])
    weight = model.layers[0].neurons[1].weights[0]
    found = viz.paths(weight, loss)
    by_layer = {
        layer: [group for group in found.groups if group.scope[:1] == (layer,)] for layer in ("layer 1", "layer 2")
    }
    for groups in by_layer.values():
        assert {group.record for group in groups} == {0, 1}
        assert math.fsum(group.gradient for group in groups) == pytest.approx(found.gradient, rel=1e-12)
        assert math.fsum(group.absolute for group in groups) == pytest.approx(found.absolute, rel=1e-12)
        assert sum(group.count for group in groups) == found.count
    assert {group.scope for group in by_layer["layer 1"]} == {("layer 1", "neuron 2")}
    rows = [row.contribution for row in viz.ledger(weight, loss)]
    assert sorted(group.gradient for group in by_layer["layer 1"]) == pytest.approx(sorted(rows))


def test_groups_split_a_layer_by_its_neurons() -> None:
    model = nn.MLP(1, [2, 3, 1], activation="tanh", rng=1)
    loss = nn.mse([model([0.5])], [1.0])
    found = viz.paths(model.layers[0].neurons[0].weights[0], loss)
    second = [group for group in found.groups if group.scope[:1] == ("layer 2",)]
    assert len(second) == 3
    assert math.fsum(group.gradient for group in second) == pytest.approx(found.gradient, rel=1e-12)


@pytest.mark.parametrize(("k", "error"), [(-1, OptionError), (1.5, OptionTypeError), (True, OptionTypeError)])
def test_a_wrong_number_of_paths_is_refused(k: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="k is a number of paths"):
        viz.paths(Value(1.0), Value(1.0), k=k)


def test_a_changed_number_is_refused() -> None:
    x = Value(3.0)
    y = tanh(x)
    x.data = 4.0
    with pytest.raises(StaleGraphError):
        viz.paths(x, y)


def test_it_prints_what_is_not_listed() -> None:
    x = Value(1.0, label="x")
    shown = str(viz.paths(x, sum((place * x for place in range(1, 6)), start=Value(0.0)), k=2))
    assert "all 3 others together" in shown
    assert "5 in all" in shown
    assert list(itertools.islice(shown.splitlines(), 1)) == ["Paths from x to + (5 in all, 0 % cancels)"]


def test_groups_of_a_model_have_the_names_of_its_records() -> None:
    class Frame:
        """The attributes of a data frame that are read."""

        columns, index = ("gre", "gpa"), ("ann", "bob", "eve")

        def to_numpy(self) -> list[list[float]]:
            return [[0.5, -1.0], [1.5, 0.25], [0.1, 0.2]]

    model = nn.MLP(2, [3, 1], activation="tanh", rng=1)
    weight, targets = model.layers[0].neurons[1].weights[0], [1.0, 0.0, 0.5]
    found = viz.paths(weight, model, data=(Frame(), targets), loss=nn.mse)
    first = {group.name: group for group in found.groups if group.scope[:1] == ("layer 1",)}
    assert set(first) == {"ann", "bob", "eve"}
    for place, (name, row) in enumerate(zip(Frame.index, Frame().to_numpy(), strict=True)):
        alone = (model(row) - targets[place]) ** 2 / 3.0
        assert first[name].gradient == pytest.approx(viz.paths(weight, alone).gradient, rel=1e-12)
        assert first[name].record == place
    assert "record bob" in repr(first["bob"])
    assert weight.grad == 0.0


def test_two_uses_in_one_record_are_one_group() -> None:
    w = Value(0.5, label="w")
    found = viz.paths(w, lambda row: w * (w * row[0]), data=([[2.0], [3.0]], [0.0, 0.0]), loss=nn.mse)
    assert {(group.name, group.count) for group in found.groups if group.record is not None} == {("1", 2), ("2", 2)}


def test_data_belongs_to_a_model() -> None:
    x = Value(1.0)
    with pytest.raises(OptionTypeError, match="a Value is a graph already"):
        viz.paths(x, x * x, data=([[1.0]],))
