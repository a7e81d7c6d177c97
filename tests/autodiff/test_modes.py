"""Modes hold for their block and their thread, and end with it whatever happens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

import autodiff
from autodiff import Origin, Value, no_grad, scope, tanh, where


def _records() -> bool:
    return bool((Value(1.0) * 2.0).operands)


def _scope_of_a_node() -> tuple[str, ...]:
    origin = (Value(1.0) * 2.0).origin
    return () if origin is None else origin.scope


OPERATIONS: list[Callable[[Value], Value]] = [
    lambda x: x * x,
    lambda x: 2.0 - x,
    lambda x: x**2,
    lambda x: -x,
    abs,
    tanh,
    lambda x: autodiff.sum([x, x]),
    lambda x: where(x > 0, x, 0.0),
    lambda x: x / 0.0,
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_grad_remembers_no_parents(operation: Callable[[Value], Value]) -> None:
    x = Value(3.0)
    with no_grad():
        y = operation(x)
    assert (y.operands, y.primitive) == ((), None)
    assert y.data == operation(x).data
    (y * x).backward()
    assert x.grad == y.data


@pytest.mark.parametrize(
    ("mode", "probe", "outside", "inside"),
    [(no_grad, _records, True, False), (lambda: scope("layer"), _scope_of_a_node, (), ("layer",))],
    ids=["no_grad", "scope"],
)
class TestEveryMode:
    def test_ends_with_its_block(
        self, mode: Callable[[], AbstractContextManager[None]], probe: Callable[[], Any], outside: Any, inside: Any
    ) -> None:
        assert probe() == outside
        with mode():
            assert probe() == inside
        assert probe() == outside

    def test_ends_with_an_exception(
        self, mode: Callable[[], AbstractContextManager[None]], probe: Callable[[], Any], outside: Any, inside: Any
    ) -> None:
        seen = []

        def fail() -> None:
            with mode():
                seen.append(probe())
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert [*seen, probe()] == [inside, outside]

    def test_does_not_reach_other_threads(
        self, mode: Callable[[], AbstractContextManager[None]], probe: Callable[[], Any], outside: Any, inside: Any
    ) -> None:
        seen = []
        with mode():
            thread = threading.Thread(target=lambda: seen.append(probe()))
            thread.start()
            thread.join()
            assert probe() == inside
        assert seen == [outside]

    def test_does_not_reach_other_tasks(
        self, mode: Callable[[], AbstractContextManager[None]], probe: Callable[[], Any], outside: Any, inside: Any
    ) -> None:
        async def other(entered: asyncio.Event, seen: list[Any]) -> None:
            await entered.wait()
            seen.append(probe())

        async def main() -> list[Any]:
            entered, seen = asyncio.Event(), list[Any]()
            task = asyncio.create_task(other(entered, seen))
            with mode():
                entered.set()
                await task
                seen.append(probe())
            return seen

        assert asyncio.run(main()) == [outside, inside]


def test_no_grad_decorates() -> None:
    @no_grad()
    def predict(x: Value) -> Value:
        return x * 2.0

    assert predict(Value(1.0)).operands == ()
    assert predict(Value(1.0)).operands == ()  # a decorator is entered more than once
    assert _records()


def test_no_grad_nests() -> None:
    with no_grad():
        with no_grad():
            assert not _records()
        assert not _records()


def test_scopes_nest_from_the_outermost() -> None:
    with scope("layer 1"), scope("neuron 2"):
        assert _scope_of_a_node() == ("layer 1", "neuron 2")
    with scope("layer 1"):
        assert _scope_of_a_node() == ("layer 1",)


def test_scope_and_no_grad_keep_to_themselves() -> None:
    with scope("layer"), no_grad():
        node = Value(1.0) * 2.0
        assert node.origin == Origin(scope=("layer",))
        assert node.operands == ()
    with no_grad(), scope("layer"):
        assert not _records()


def test_equal_scopes_share_one_origin() -> None:
    """A drawing groups by it, and a network makes one for every neuron of every record."""
    origins = []
    for _ in range(2):
        with scope("layer"), scope("neuron"):
            origins.append((Value(1.0) * 2.0).origin)
    assert origins[0] is origins[1]


def test_a_leaf_carries_the_origin_it_is_given() -> None:
    origin = Origin(scope=("layer",), role="parameter")
    assert Value(1.0, origin=origin).origin == origin
    assert Value(1.0).origin is None
