"""Size and memory of graphs: a million nodes, bytes a node, and nothing left behind. Times are for benchmarks/."""

from __future__ import annotations

import contextlib
import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import autodiff
from autodiff import StaleGraphError, Value, dot, grad, gradients, hessian, jvp, no_grad, relu, tanh, topological_order
from nn import MLP
from tests.autodiff.collection import no_cyclic_collector

MILLION = 1_000_000
IN_FREE_LISTS = 200_000  # bytes that the interpreter keeps for its next tuples; a leaked graph a round costs more


def _chain(length: int) -> tuple[Value, Value]:
    leaf = node = Value(0.5)
    for _ in range(length):
        node = node * 1.0000001
    return leaf, node


@contextmanager
def _traced() -> Iterator[Callable[[], int]]:
    """How many bytes have been taken since the start and not given back."""
    tracemalloc.start()
    try:
        start, _ = tracemalloc.get_traced_memory()
        yield lambda: tracemalloc.get_traced_memory()[0] - start
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_a_million_nodes_are_built_swept_and_freed() -> None:
    with no_cyclic_collector(), _traced() as taken:
        leaf, root = _chain(MILLION)
        assert len(topological_order(root)) == MILLION + 1
        root.backward()
        assert leaf.grad == pytest.approx(1.0000001**MILLION, rel=1e-9)
        assert taken() > 100 * MILLION
        del leaf, root
        assert taken() < IN_FREE_LISTS


@pytest.mark.slow
def test_a_million_nodes_are_differentiated_by_every_transform() -> None:
    length = 200_000
    with no_grad():
        expected = 1.0000001**length

    def chain(x: Value) -> Value:
        for _ in range(length):
            x = x * 1.0000001
        return x * x

    assert grad(chain)(1.0) == pytest.approx(2.0 * expected**2, rel=1e-9)
    assert jvp(chain, (1.0,), (1.0,))[1] == pytest.approx(2.0 * expected**2, rel=1e-9)
    assert hessian(chain)(1.0) == pytest.approx(2.0 * expected**2, rel=1e-9)


@pytest.mark.slow
def test_a_wide_graph_of_a_million_nodes() -> None:
    leaf = Value(2.0)
    root = autodiff.sum([leaf * float(place) for place in range(MILLION)])
    root.backward()
    assert leaf.grad == MILLION * (MILLION - 1) / 2


def test_a_long_chain_is_recorded_twice() -> None:
    leaf, root = _chain(20_000)
    (slope,) = gradients(root * root, [leaf], create_graph=True)
    assert gradients(slope, [leaf])[0] == pytest.approx(2.0 * 1.0000001**40_000, rel=1e-9)


def _of_constants(length: int) -> Value:
    return _chain(length)[1]


def _of_two_operands(length: int) -> Value:
    previous, node = Value(0.5), Value(0.25)
    for _ in range(length):
        previous, node = node, tanh(previous) if length % 7 == 0 else previous - node
    return node


def _of_neurons(length: int) -> Value:
    signals = [Value(0.5), Value(-0.25)]
    weights = [Value(0.1), Value(0.2)]
    for _ in range(length // 4):
        signals = [relu(dot(weights, signals)), tanh(dot(signals, weights))]
    return autodiff.sum(signals)


@pytest.mark.parametrize("build", [_of_constants, _of_two_operands, _of_neurons])
def test_a_node_takes_200_bytes_at_most(build: Callable[[int], Value]) -> None:
    length = 50_000
    with _traced() as taken:
        root = build(length)
        root.backward()
        count = len(topological_order(root))
        assert count > length // 2
        assert 50 * count < taken() <= 200 * count


def _plain_round(x: Value) -> None:
    (tanh(x * x + 2.0) / (x - 5.0)).backward()


def _recorded_round(x: Value) -> None:
    (slope,) = gradients(tanh(x * x), [x], create_graph=True)
    slope.backward()


def _transformed_round(x: Value) -> None:
    grad(grad(lambda y: tanh(y * x)))(x)


def _failing_round(x: Value) -> None:
    y = x * x
    x.data = 0.5
    with contextlib.suppress(StaleGraphError):
        y.backward()


_MODEL = MLP(2, [3, 1], rng=0)


def _network_round(x: Value) -> None:
    _MODEL([x, 0.5]).backward()
    _MODEL.zero_grad()


@pytest.mark.parametrize("rounds", [500, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "play",
    [_plain_round, _recorded_round, _transformed_round, _failing_round, _network_round],
    ids=lambda f: f.__name__,
)
def test_memory_is_flat_without_the_cyclic_collector(play: Callable[[Value], None], rounds: int) -> None:
    x = Value(0.5)
    with no_cyclic_collector():
        for _ in range(50):
            play(x)
        with _traced() as taken:
            for _ in range(rounds):
                play(x)
                x.grad = 0.0
            assert taken() < IN_FREE_LISTS


def test_the_measurement_sees_a_leak() -> None:
    with no_cyclic_collector(), _traced() as taken:
        for _ in range(1500):
            node = Value(0.5) * 2.0
            node.grad = node  # a cycle, made on purpose
        assert taken() > IN_FREE_LISTS
    gc.collect()
