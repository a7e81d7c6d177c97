"""Threads that record and sweep graphs of their own, in modes of their own, get the numbers that one alone gets."""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff
from autodiff import (
    AnomalyError,
    Value,
    detect_anomaly,
    enable_grad,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    log,
    no_grad,
    scope,
    sin,
    tanh,
    topological_order,
    vjp,
)
from autodiff.testing import Expression, expressions
from nn import MLP

Work = Callable[[], Any]
ROUNDS = 30


@pytest.fixture(autouse=True)
def frequent_switches() -> Iterator[None]:
    """A switch of threads after every few operations, instead of every 5 ms."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(*works: Work, rounds: int = ROUNDS) -> list[list[Any]]:
    """What each work returns in each round, all running at the same time from the same start."""
    start = threading.Barrier(len(works))

    def run(work: Work) -> list[Any]:
        start.wait()
        return [work() for _ in range(rounds)]

    with ThreadPoolExecutor(len(works)) as pool:
        return [running.result() for running in [pool.submit(run, work) for work in works]]


def check_together(*works: Work) -> None:
    alone = [work() for work in works]
    assert together(*works) == [[expected] * ROUNDS for expected in alone]


def _function(x: Any, y: Any) -> Any:
    return sin(x * y) * exp(x) + tanh(y - x * x) * x


def _swept() -> tuple[Any, ...]:
    x, y = Value(0.5), Value(-1.25)
    root = _function(x, y)
    root.backward()
    return root.data, x.grad, y.grad, len(topological_order(root))


def _unrecorded() -> tuple[Any, ...]:
    with no_grad():
        root = _function(Value(0.5), Value(-1.25))
        return root.data, root.operands, root.primitive


def _recorded_within_no_grad() -> tuple[Any, ...]:
    with no_grad(), enable_grad():
        return _swept()


def _scoped() -> tuple[Any, ...]:
    with scope("outer"):
        x = Value(0.5) * 2.0
        with scope("inner"):
            y = x * x
        z = y * x
    return tuple(node.origin.scope if node.origin else None for node in (x, y, z))


def _detecting() -> tuple[Any, ...]:
    with detect_anomaly():
        numbers = _swept()
        try:
            log(Value(0.0) * 2.0)
        except AnomalyError as error:
            return numbers, str(error)
    return numbers, "nothing was found"


def _infinite() -> tuple[Any, ...]:
    """What would raise if another thread's detection reached here."""
    x = Value(0.0)
    root = log(x * 2.0)
    root.backward()
    return root.data, x.grad


def _transformed() -> tuple[Any, ...]:
    point = (0.5, -1.25)
    return (
        grad(grad(_function))(*point),
        jvp(_function, point, (1.0, 2.0)),
        vjp(_function, *point)[1](2.0),
        hvp(_function, point, (1.0, 2.0)),
        jacobian(lambda x: [_function(x, y) for y in (0.5, 1.5)])(0.5),
        hessian(_function, argnums=(0, 1))(*point),
    )


def _of_third_order() -> tuple[Any, ...]:
    x = Value(0.5)
    slope = _function(x, 0.75)
    for _ in range(3):
        (slope,) = gradients(slope, [x], create_graph=True)
    return (slope.data,)


def _created_graph() -> tuple[Any, ...]:
    x = Value(0.5)
    _function(x, 0.75).backward(create_graph=True)
    slope, x.grad = x.grad, 0.0
    slope.backward()
    return slope.data, x.grad


def _network() -> tuple[Any, ...]:
    model = MLP(2, [3, 1], activation="tanh", rng=0)
    out = model([0.5, -1.0])
    out.backward()
    return out.data, [parameter.grad for parameter in model.parameters()]


def _step() -> tuple[Any, ...]:
    """Assigning data moves a clock that all threads share."""
    x = Value(1.0)
    for _ in range(10):
        x.grad = 0.0
        root = x * x * x
        root.backward()
        x.data -= 0.01 * x.grad
    return (x.data,)


WORKS = {
    work.__name__.strip("_"): work
    for work in (
        _swept,
        _unrecorded,
        _recorded_within_no_grad,
        _scoped,
        _detecting,
        _infinite,
        _transformed,
        _of_third_order,
        _created_graph,
        _network,
        _step,
    )
}


@pytest.mark.parametrize("name", WORKS)
def test_two_threads_of_one_kind(name: str) -> None:
    check_together(WORKS[name], WORKS[name])


@pytest.mark.parametrize("name", WORKS)
@pytest.mark.parametrize("other", ["unrecorded", "detecting", "scoped", "transformed"])
def test_two_threads_of_two_kinds(name: str, other: str) -> None:
    check_together(WORKS[name], WORKS[other])


def test_all_at_once() -> None:
    check_together(*WORKS.values())


def test_an_assignment_overtaken_by_another_thread_s_makes_nothing_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of assignments went backwards, and graphs recorded next seemed older than their leaves."""
    first, second = Value(1.0), Value(2.0)

    class Overtaken:
        """The clock, which another thread reads while one is between reading and setting it."""

        def __init__(self) -> None:
            self.ticks = itertools.count(next(autodiff.value._ticks))

        def __next__(self) -> int:
            tick = next(self.ticks)
            if not second.grad:
                second.grad = 1.0
                thread = threading.Thread(target=lambda: setattr(second, "data", 3.0))
                thread.start()
                thread.join()
            return tick

    monkeypatch.setattr("autodiff.value._ticks", Overtaken())
    monkeypatch.setattr("autodiff.value._now", autodiff.value._now)  # restored too, for the ticks go on from here
    first.data = 5.0
    assert second.data == 3.0
    assert gradients(second * second, [second]) == [6.0]


MODES: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "none": nullcontext,
    "no_grad": no_grad,
    "detect_anomaly": detect_anomaly,
    "scope": lambda: scope("elsewhere"),
}


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_entered_elsewhere_meanwhile_changes_nothing(mode: str) -> None:
    entered, done = threading.Event(), threading.Event()

    def hold() -> None:
        with MODES[mode]():
            entered.set()
            done.wait()

    expected = [WORKS[name]() for name in ("swept", "infinite", "scoped", "transformed")]
    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait()
    found = [WORKS[name]() for name in ("swept", "infinite", "scoped", "transformed")]
    done.set()
    holder.join()
    assert found == expected


def test_a_mode_of_the_main_thread_does_not_reach_a_new_one() -> None:
    with no_grad(), detect_anomaly(), scope("main"):
        assert together(_swept, _infinite, _scoped, rounds=1) == [
            [_alone(work)] for work in (_swept, _infinite, _scoped)
        ]


def _alone(work: Work) -> Any:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(expressions(), min_size=2, max_size=4))
def test_random_graphs(drawn: list[Expression]) -> None:
    def work(expression: Expression) -> Work:
        def sweep() -> tuple[Any, ...]:
            leaves = [*map(Value, expression.inputs)]
            root = expression(*leaves)
            root.backward()
            return root.data, [leaf.grad for leaf in leaves]

        return sweep

    works = [work(expression) for expression in drawn]
    assert together(*works, rounds=5) == [[expected] * 5 for expected in [each() for each in works]]


def test_two_threads_may_sweep_one_graph_of_shared_leaves() -> None:
    """Reading is safe: gradients() leaves nothing on the nodes."""
    x, y = Value(0.5), Value(-1.25)
    root = _function(x, y)
    check_together(lambda: gradients(root, [x, y]), lambda: gradients(root, [y, x]))
