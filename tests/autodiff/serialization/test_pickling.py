"""Pickles of graphs: nothing is lost, nothing is doubled, nothing recurses."""

from __future__ import annotations

import gc
import io
import json
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any, final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import GraphFormatError, Origin, StaleGraphError, Value, grad, topological_order
from autodiff.rules import PRIMITIVES
from tests.autodiff.serialization.graphs import LONG, VERY_LONG, chain, graphs
from tests.autodiff.serialization.portrait import portrait

QUICK = settings(max_examples=150, deadline=None, derandomize=True)

PICKLERS: dict[str, Callable[..., bytes]] = {
    "C": pickle.dumps,
    "Python": pickle._dumps,  # type: ignore[attr-defined]  # the one that subclasses build upon
}


def _again(given: Any) -> Any:
    return pickle.loads(pickle.dumps(given))


@QUICK
@given(graphs(), st.sampled_from([*PICKLERS]), st.integers(0, pickle.HIGHEST_PROTOCOL), st.randoms())
def test_pickles_hold_the_whole_graph(entries: list[Value], pickler: str, protocol: int, order: Any) -> None:
    order.shuffle(entries)
    again = pickle.loads(PICKLERS[pickler](entries, protocol=protocol))
    assert portrait(*again) == portrait(*entries)


def test_leaves_and_roots_stay_connected() -> None:
    x = Value(3.0)
    shared = x * x
    first, second = shared + 1.0, shared * x
    x_again, first_again, second_again = _again((x, first, second))
    assert first_again.operands[0] is second_again.operands[0]
    assert second_again.operands[1] is x_again
    second_again.backward()
    assert x_again.grad == 27.0


def test_gradients_that_are_nodes_lead_back_to_the_leaf() -> None:
    x = Value(3.0)
    (x * x * x).backward(create_graph=True)
    again = _again(x)
    gradient, again.grad = again.grad, 0.0
    gradient.backward()
    assert again.grad == 18.0


def test_many_leaves_with_recorded_gradients_stay_one_graph() -> None:
    weights = [Value(float(count)) for count in range(3000)]
    total = weights[0]
    for weight in weights[1:]:
        total = total + weight * weight
    total.backward(create_graph=True)
    assert portrait(*_again(weights)) == portrait(*weights)


def test_constants_that_derivatives_made_stay_constants() -> None:
    x = Value(3.0)
    (x * 2.0).backward(create_graph=True)
    assert _again(x).grad.is_constant == x.grad.is_constant
    assert _again(Value.constant(2.0)).is_constant


def test_origins_are_shared_within_a_pickle() -> None:
    origin = Origin(("layer 1",), "parameter")
    first, second = _again([Value(1.0, origin=origin), Value(2.0, origin=origin)])
    assert first.origin is second.origin
    assert first.origin == origin


# Staleness.


def test_an_unpickled_graph_goes_stale_when_its_data_changes() -> None:
    x = Value(3.0)
    x_again, y_again = _again((x, x * x))
    x_again.data = 4.0
    with pytest.raises(StaleGraphError):
        y_again.backward()


def test_a_stale_graph_stays_stale() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 4.0
    with pytest.raises(StaleGraphError):
        _again(y).backward()
    with pytest.raises(StaleGraphError):
        _again(y + 1.0).backward()


def test_another_process_reads_and_continues() -> None:
    x = Value(3.0, label="x")
    for _ in range(20):
        x.data = x.data  # this process is many ticks ahead of a fresh one
    program = """
import pickle, sys
from autodiff import StaleGraphError
x, y = pickle.load(sys.stdin.buffer)
y.backward()
print(x.grad, y.primitive)
x.data = 5.0
try:
    y.backward()
except StaleGraphError:
    print("stale")
"""
    run = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps((x, x * x)), capture_output=True, check=True
    )
    assert run.stdout.decode().split("\n") == ["6.0 <primitive mul>", "stale", ""]


# Scale.


@pytest.mark.parametrize("length", [LONG, pytest.param(VERY_LONG, marks=pytest.mark.slow)])
def test_long_chains(length: int) -> None:
    leaf, end = chain(length)
    written = pickle.dumps((leaf, end))
    assert len(written) < 60 * length
    leaf_again, end_again = pickle.loads(written)
    end_again.backward()
    assert leaf_again.grad == pytest.approx(1.0000001**length)


def test_python_pickler_does_not_recurse() -> None:
    _, end = chain(5000)
    assert pickle.loads(PICKLERS["Python"](end)).data == end.data


@pytest.mark.parametrize("backwards", [False, True])
def test_every_node_of_a_long_chain_in_linear_space(backwards: bool) -> None:
    _, end = chain(LONG)
    order = topological_order(end)
    written = pickle.dumps(order[::-1] if backwards else order)
    assert len(written) < 90 * LONG
    again = pickle.loads(written)
    assert portrait(*again) == portrait(*(order[::-1] if backwards else order))


# Picklers in the way of each other. Deep chains make a node that is asked out of turn show: it would recurse.


def test_one_pickler_for_several_dumps() -> None:
    leaf, end = chain(5000)
    file = io.BytesIO()
    pickler = pickle.Pickler(file)
    for written in (end, end * 2.0, leaf):
        pickler.dump(written)
    file.seek(0)
    unpickler = pickle.Unpickler(file)
    first, second, third = (unpickler.load() for _ in range(3))
    assert second.operands[0] is first
    assert topological_order(second)[0] is third


def test_picklers_that_take_turns() -> None:
    leaf, end = chain(5000)
    other = topological_order(end)[2500] + leaf
    files = [io.BytesIO(), io.BytesIO()]
    picklers = [pickle.Pickler(file) for file in files]
    turns = [(0, end), (1, other), (0, other * 2.0), (1, end), (1, other * 3.0), (0, leaf)]
    for place, node in turns:
        picklers[place].dump(node)
    for place, file in enumerate(files):
        file.seek(0)
        unpickler = pickle.Unpickler(file)
        dumped = [node for turn, node in turns if turn == place]
        assert portrait(*(unpickler.load() for _ in dumped)) == portrait(*dumped)


@final
class _Refusing(str):
    def __reduce_ex__(self, protocol: Any) -> Any:
        raise RuntimeError("refused")


@pytest.mark.parametrize("place", [0, 1, 2500, 4999])
def test_a_failed_dump_leaves_no_trace(place: int) -> None:
    _, end = chain(5000)
    label = topological_order(end)[place]
    pickler = pickle.Pickler(io.BytesIO())
    label.label = _Refusing("refused")
    with pytest.raises(RuntimeError, match="refused"):
        pickler.dump(end)
    label.label = None
    assert _again(end).data == end.data  # while the pickler that failed is still alive
    pickler.dump(end)


def test_threads_do_not_see_each_other() -> None:
    found: list[Any] = []

    def pickled() -> None:
        leaf, end = chain(5000)
        found.append(portrait(*_again((leaf, end))) == portrait(leaf, end))

    threads = [threading.Thread(target=pickled) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


@final
class _Watched(str):
    """A label that can be watched by a weak reference, as Values cannot."""


@pytest.mark.parametrize("dumps", PICKLERS.values(), ids=PICKLERS)
def test_pickling_keeps_nothing_alive(dumps: Callable[..., bytes]) -> None:
    gc.disable()
    try:
        label = _Watched("x")
        node = Value(1.0, label=label) * 2.0
        watch = weakref.ref(label)
        dumps(node)
        del label, node
        assert watch() is None
    finally:
        gc.enable()


def test_functions_of_values_survive() -> None:
    slope = partial(grad(_cube), Value(2.0))
    assert _again(partial(_cube, Value(2.0)))().data == 8.0
    assert slope().data == 12.0


def _cube(x: Value) -> Value:
    return x * x * x


def _with_state(state: Any) -> Value:
    node = Value.__new__(Value)
    node.__setstate__(state)
    return node


def test_pickles_of_version_0_1_load() -> None:
    assert _with_state((2.0, 1.0, "x", None, (), None, False)).data == 2.0


@pytest.mark.parametrize("state", [(2.0, 1.0, "x", None, (), None, False, 2), (1.0,) * 9, (), None, "text"])
def test_another_version_is_refused(state: Any) -> None:
    with pytest.raises(GraphFormatError, match=r"the pickle (is of version|holds no state)"):
        _with_state(state)


WHOLE = (2.0, 1.0, "x", None, (), None, False, 1)
DAMAGED = {
    "a number that is none": (0, "2.0"),
    "an integer for a number": (0, 2),
    "a label that is no text": (2, 3),
    "an operation without operands": (3, PRIMITIVES["exp"]),
    "operands without an operation": (4, (1.0,)),
    "operands that are no tuple": (4, [1.0]),
    "an operand that is nothing": (4, (None,)),
    "an operand that has no state": (4, (Value.__new__(Value),)),
    "an origin that is none": (5, "layer 1"),
    "a mark that is none": (6, 0),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_state_is_refused(case: str) -> None:
    place, entry = DAMAGED[case]
    with pytest.raises(GraphFormatError, match="the pickle is damaged"):
        _with_state((*WHOLE[:place], entry, *WHOLE[place + 1 :]))


@pytest.mark.parametrize("operands", [(1.0,), (1.0, 2.0, 3.0)])
def test_a_wrong_number_of_operands_is_refused(operands: tuple[float, ...]) -> None:
    with pytest.raises(GraphFormatError, match=r"the pickle is damaged.*operation <primitive add> of \d operands"):
        _with_state((*WHOLE[:3], PRIMITIVES["add"], operands, *WHOLE[5:]))


def test_a_state_is_set_once() -> None:
    x = _with_state(WHOLE)
    y = x * 2.0
    with pytest.raises(GraphFormatError, match="state of a node that has one"):
        x.__setstate__((2.0, 0.0, None, PRIMITIVES["exp"], (y,), None, False, 1))  # it would be a cycle


@pytest.mark.parametrize(
    ("first", "count"), [(0, 200), *(pytest.param(k, 350, marks=pytest.mark.slow) for k in range(200, 3000, 350))]
)
def test_damaged_pickles_never_load_as_something_wrong(first: int, count: int) -> None:
    command = [sys.executable, "-m", "tests.autodiff.serialization.mutations", str(first), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    found = json.loads(done.stdout)
    assert sum(found["outcomes"].values()) == count
    assert found["outcomes"]["UnpicklingError"] > 0
    assert (found["wrong"], found["foreign"]) == ([], [])
