"""Bound gradients: value and gradient for what the arrays hold now, computed where they belong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autodiff.compilation.execute import bound as bound_module
from autodiff.compilation.execute.bound import BoundGradient
from autodiff.compilation.execute.numpy.backend import NumpyBackend
from autodiff.compilation.execute.numpy.outputs import copies_into
from autodiff.compilation.program.assembly import program_of
from autodiff.compilation.program.program import Program
from autodiff.compilation.rewrite.batch_sums import BATCH_DOT, BATCH_SUM
from autodiff.compilation.trace.symbol import Symbol
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DIV, DOT, LOG, MUL, NEG, SQUARE, SUB
from tests.autodiff.compilation.by_hand import interpreted, leaf, leaves, node

RECORDS = 5
SMALL_CHUNKS = NumpyBackend(least_chunk=2, chunk_bytes=1)
Maker = Callable[..., list[Any]]


def _sum(primitive: Primitive, *operands: Symbol) -> Symbol:
    return Symbol(primitive, operands, batched=False)


def _linear(w: Sequence[Symbol], x: Sequence[Symbol], weight: Symbol, count: Symbol) -> list[Any]:
    """The mean of (w·x)², and its gradient: one product over records for all entries."""
    out = node(DOT, *w, *x)
    doubled = node(MUL, 2.0, weight)
    slopes = [node(MUL, doubled, _sum(BATCH_DOT, out, entry)) for entry in x]
    return [node(MUL, weight, _sum(BATCH_DOT, out, out)), *slopes]


def _two_layers(w: Sequence[Symbol], x: Sequence[Symbol], weight: Symbol, count: Symbol) -> list[Any]:
    """Parameters of several kinds in turn, some of whose slopes are in a grid, and one that is a constant."""
    hidden = [node(SUB, node(MUL, w[0], entry), w[1]) for entry in x[:2]]
    out = node(MUL, weight, _sum(BATCH_DOT, *hidden))
    grid = [_sum(BATCH_DOT, entry, other) for entry in hidden for other in (x[0], x[2])]
    return [out, grid[0], grid[1], node(MUL, count, w[0]), 7.0, grid[3]]


def _in_a_grid(w: Sequence[Symbol], x: Sequence[Symbol], weight: Symbol, count: Symbol) -> list[Any]:
    out = node(MUL, weight, _sum(BATCH_SUM, node(MUL, w[0], x[0])))
    others = [node(NEG, entry) for entry in x[1:3]]
    grid = [_sum(BATCH_DOT, entry, other) for entry in x[:2] for other in others]
    return [out, *grid[:2], node(NEG, w[0]), *grid[2:]]


def _read_by_each_other(w: Sequence[Symbol], x: Sequence[Symbol], weight: Symbol, count: Symbol) -> list[Any]:
    """The value is an entry of the gradient, and entries are made of others."""
    value = _sum(BATCH_SUM, node(ADD, x[0], w[3]))
    slope = node(MUL, value, w[1])
    return [value, slope, value, node(SQUARE, slope), slope, w[0]]


def _in_uneven_places(w: Sequence[Symbol], x: Sequence[Symbol], weight: Symbol, count: Symbol) -> list[Any]:
    value = node(MUL, weight, _sum(BATCH_SUM, x[1]))
    return [value, node(NEG, w[0]), node(NEG, w[2]), node(SQUARE, w[1]), node(NEG, w[3]), node(SQUARE, w[4])]


def _without_records(w: Sequence[Symbol], x: Sequence[Symbol], weight: Symbol, count: Symbol) -> list[Any]:
    value = node(SQUARE, w[0])
    return [value, node(DIV, count, weight), w[1], node(SQUARE, w[2]), 0.0, -0.5]


PROGRAMS: dict[str, Maker] = {
    "one product": _linear,
    "of several kinds": _two_layers,
    "in a grid": _in_a_grid,
    "in uneven places": _in_uneven_places,
    "read by each other": _read_by_each_other,
    "without records": _without_records,
}
EVERY = pytest.mark.parametrize("name", PROGRAMS)


def _program(maker: Maker) -> Program:
    w, x = leaves("abcde", batched=False), leaves("fghij")
    weight, count = leaf("weight", batched=False), leaf("count", batched=False)
    value, *gradient = maker(w, x, weight, count)
    blocks = [("parameters", w), ("argument 0", x), ("weight", [weight]), ("count", [count])]
    return program_of({"value": [value], "gradient": gradient}, blocks)


def _given(records: int = RECORDS, seed: int = 0, dtype: Any = np.float64) -> list[np.ndarray]:
    """Small integers and powers of two, so that sums are exact in any order."""
    numbers = np.random.default_rng(seed)
    arrays = [numbers.integers(-9, 9, 5), numbers.integers(-9, 9, (5, records)), [0.5], [float(records)]]
    return [np.array(array, dtype) for array in arrays]


def _bound(program: Program, given: Sequence[np.ndarray], kind: str) -> BoundGradient:
    records = given[1].shape[1]
    if kind == "at once":
        return BoundGradient(program, given, records)
    threads = 2 if kind == "on threads" else 1
    return BoundGradient(program, given, records, threads=threads, backend=SMALL_CHUNKS)


@pytest.fixture(params=["at once", "in chunks", "on threads"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@EVERY
@pytest.mark.parametrize("records", [1, 2, RECORDS])
def test_value_and_gradient_of_what_the_arrays_hold_now(name: str, kind: str, records: int) -> None:
    program, given = _program(PROGRAMS[name]), _given(records)
    bound = _bound(program, given, kind)
    gradient = bound.gradient
    for seed in (0, 1, 2):
        bound.numbers[:], given[1][...] = _given(records, seed)[:2]
        (value,), slopes = interpreted(program, given, records)
        for _ in range(2):
            assert bound() == value
            np.testing.assert_array_equal(gradient, slopes)
        assert bound.value() == value
    assert bound.gradient is gradient
    assert bound.numbers is given[0]


@EVERY
def test_the_value_alone_leaves_the_gradient(name: str, kind: str) -> None:
    program, given = _program(PROGRAMS[name]), _given()
    bound = _bound(program, given, kind)
    bound()
    before = bound.gradient.copy()
    bound.numbers[:] = _given(seed=3)[0]
    (value,), slopes = interpreted(program, given, RECORDS)
    assert bound.value() == value
    np.testing.assert_array_equal(bound.gradient, before)
    assert bound() == value
    np.testing.assert_array_equal(bound.gradient, slopes)


@EVERY
def test_what_is_given_stays_as_it_is(name: str, kind: str) -> None:
    given = _given()
    bound = _bound(_program(PROGRAMS[name]), given, kind)
    bound.value()
    bound()
    for array, expected in zip(given, _given(), strict=True):
        np.testing.assert_array_equal(array, expected)


@EVERY
def test_in_single_precision(name: str, kind: str) -> None:
    program, given = _program(PROGRAMS[name]), _given(dtype=np.float32)
    bound = _bound(program, given, kind)
    (value,), slopes = interpreted(program, given, RECORDS)
    assert bound() == np.float32(value)
    np.testing.assert_array_equal(bound.gradient, slopes.astype(np.float32), strict=True)


@pytest.mark.parametrize(
    ("name", "copies"), [("one product", [0, 0]), ("in a grid", [0, 0]), ("in uneven places", [0, 4])]
)
def test_no_copies_where_it_is_computed_in_its_place(
    name: str, copies: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(*args: Any) -> list[Any]:
        calls = copies_into(*args)
        made.append(len(calls))
        return calls

    monkeypatch.setattr(bound_module, "copies_into", counted)
    BoundGradient(_program(PROGRAMS[name]), _given(), RECORDS)
    assert made == copies


def test_nothing_is_said_of_nan_and_infinity(kind: str) -> None:
    """Where what never changes is computed, and later."""

    def maker(w: Any, x: Any, weight: Any, count: Any) -> list[Any]:
        value = _sum(BATCH_SUM, node(DIV, x[0], w[0]))
        return [value, node(LOG, node(SUB, weight, count)), node(LOG, value), 0.0, 0.0, 0.0]

    given = _given()
    given[0][0], given[1][0] = 0.0, -1.0
    bound = _bound(_program(maker), given, kind)
    before = np.geterr()
    assert bound() == -np.inf
    assert np.isnan(bound.gradient[:2]).all()
    assert np.geterr() == before


def test_what_never_changes_is_computed_once() -> None:
    """What is made of the weight and the number of records alone; the value alone takes fewer steps."""
    calls: list[str] = []

    def counted(name: str) -> Primitive:
        def copied(x: np.ndarray) -> np.ndarray:
            calls.append(name)
            return x.copy()

        return Primitive(name, float, copied, (1.0,))

    fixed, leading, swept = map(counted, ("fixed", "leading", "swept"))

    def maker(w: Any, x: Any, weight: Any, count: Any) -> list[Any]:
        value = node(MUL, node(fixed, node(MUL, weight, count)), node(leading, w[0]))
        return [value, node(swept, w[1]), node(swept, value), 0.0, 0.0, 0.0]

    bound = BoundGradient(_program(maker), _given(), RECORDS)
    assert calls == ["fixed"]
    bound.value()
    assert calls == ["fixed", "leading"]
    bound()
    assert sorted(calls) == ["fixed", "leading", "leading", "swept", "swept"]
