"""Trace: the operations of one record on symbols, which come to what the function gives for floats."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from typing import Any

import pytest

from autodiff import Value, detect_anomaly, exp, maximum, no_grad, scope, where
from autodiff import sum as total
from autodiff.anomaly import is_detecting_anomaly
from autodiff.compilation.trace.stop_gradient import DETACH
from autodiff.compilation.trace.symbol import Symbol, lifted
from autodiff.compilation.trace.tracer import Trace, trace, tracing
from autodiff.errors import CoercionError, TraceError
from autodiff.modes import Origin, current_tracer
from autodiff.structure import Atom, Container
from tests.autodiff.compilation.by_hand import evaluated

NUMBER = Atom(None)
PAIR = Atom((2,))


def _traced(function: Callable[..., Any], *structures: Any, batched: bool = True) -> Trace:
    sizes = [structure.size for structure in structures]
    return trace(function, structures, [batched] * len(structures), sizes)


def _come_to(made: Trace, *numbers: float) -> list[float]:
    """The outputs of a trace for the numbers of one record, and what the parameters hold."""
    scalars = [symbol for symbols in made.arguments for symbol in symbols]
    columns = {symbol: [number] for symbol, number in zip(scalars, numbers, strict=True)}
    columns |= {symbol: [value.data] for value, symbol in made.parameters.items()}
    return [column[0] for column in evaluated(made.outputs, columns)]


# (function of a number and a pair, its result for 3 and (5, 7))
FUNCTIONS: list[tuple[Callable[..., Any], list[float]]] = [
    (lambda x, p: x - p[1], [-4.0]),
    (lambda x, p: 2 / x, [2 / 3]),
    (lambda x, p: (p[0], 1.5, p * x), [5.0, 1.5, 15.0, 21.0]),
    (lambda x, p: where(p[0] > p[1], x, -x), [-3.0]),
    (lambda x, p: maximum(x, 4.0), [4.0]),
    (lambda x, p: total([x, *p, 1]), [16.0]),
    (lambda x, p: exp(x).detach() * 0 + x**2, [9.0]),
]


@pytest.mark.parametrize(("function", "expected"), FUNCTIONS)
def test_it_comes_to_what_the_function_gives(function: Callable[..., Any], expected: list[float]) -> None:
    assert _come_to(_traced(function, NUMBER, PAIR), 3.0, 5.0, 7.0) == expected


def test_symbols_stand_for_the_scalars_of_arguments() -> None:
    made = trace(lambda x, p: [x * p[0], p[0] + p[1], x, 2.0 * x], [NUMBER, PAIR], [True, False], [1, 2])
    assert [[symbol.source for symbol in symbols] for symbols in made.arguments] == [[(0, 0)], [(1, 0), (1, 1)]]
    assert [[symbol.batched for symbol in symbols] for symbols in made.arguments] == [[True], [False, False]]
    assert [out.batched for out in made.outputs if isinstance(out, Symbol)] == [True, False, True, True]
    assert [[symbol.label for symbol in symbols] for symbols in made.arguments] == [["x"], ["p", "p"]]
    assert made.outputs[2] is made.arguments[0][0]
    assert made.output_structure == Container(list, (NUMBER,) * 4)


def test_parameters_in_the_order_in_which_they_are_met() -> None:
    a = Value(2.0, label="a", origin=Origin(("layer 1",), "parameter"))
    b, c, unused = Value(3.0, label="b"), Value(4.0, label="c"), Value(5.0)
    made = _traced(lambda x: [c * x, b * c, a, (unused, c * x)[1]], NUMBER)
    assert [*made.parameters] == [c, b, a]
    assert [symbol.label for symbol in made.parameters.values()] == ["c", "b", "a"]
    assert [symbol.source for symbol in made.parameters.values()] == [c, b, a]
    assert made.parameters[a].origin == Origin(("layer 1",), "parameter")
    assert made.outputs[2] is made.parameters[a]
    leaves = [*made.parameters.values(), *made.arguments[0]]
    assert [(symbol.primitive, symbol.operands, symbol.batched) for symbol in leaves] == [
        (None, (), False),
        (None, (), False),
        (None, (), False),
        (None, (), True),
    ]
    assert _come_to(made, 7.0) == [28.0, 12.0, 2.0, 28.0]


def test_what_is_made_of_leaves_is_made_anew() -> None:
    """Of their numbers as they are when the program runs, along a path of any length."""
    w, v = Value(1.0), Value(10.0)
    long = w
    for _ in range(3000):
        long = long + v
    made = _traced(lambda x: [2.0 - w, long * x, long, w - 2.0 * v], NUMBER)
    half = w * 0.5
    assert [*made.parameters] == [w, v]
    w.data, v.data = 3.0, 1.0
    assert _come_to(made, 2.0) == [-1.0, 6006.0, 3003.0, 1.0]
    assert _come_to(_traced(lambda x: x * half, NUMBER), 2.0) == [3.0]


@pytest.mark.parametrize("mode", [tracing, no_grad, detect_anomaly, lambda: scope("outside")])
def test_the_mode_around_it_does_not_count(mode: Callable[[], Any]) -> None:
    def function(x: Any) -> Any:
        assert not is_detecting_anomaly()
        with no_grad():
            cut = x * x
        return cut, x * x

    with mode():
        made = _traced(function, NUMBER)
    cut, kept = made.outputs
    assert isinstance(cut, Symbol)
    assert isinstance(kept, Symbol)
    assert cut.primitive is DETACH
    assert kept.primitive is not DETACH
    assert kept.origin is None


def _fails(x: Any) -> Any:
    assert not gc.isenabled()
    raise ZeroDivisionError("by the function")


@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        (_fails, ZeroDivisionError, "by the function"),
        (lambda x: x if x > 0 else -x, TraceError, "use autodiff.where"),
        (lambda x: math.exp(x), TraceError, "keep to the functions of autodiff"),
        (lambda x: {"loss": "none"}, CoercionError, "the result of the function: .*'none'"),
    ],
)
def test_an_error_leaves_nothing_behind(function: Callable[..., Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        _traced(function, NUMBER)
    assert (current_tracer(), lifted.get(None), gc.isenabled()) == (None, None, True)
    assert _come_to(_traced(lambda x: x + 1, NUMBER), 1.0) == [2.0]
