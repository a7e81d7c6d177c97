"""What a traced function cannot ask for: each is refused with the user's line and what to do instead, and none
silently leaves the number of one record in the program."""

from __future__ import annotations

import array
import contextlib
import copy
import functools
import math
import pickle
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autodiff
from autodiff import Value, compile, define_primitive, exp, gradients, jacobian, local_slopes, where
from autodiff.errors import TraceError

W = Value(2.0, label="w")
SQUARE = W * W


def _match(x: Any) -> float:
    match x:
        case 1.0:
            return 5.0
        case _:
            return 6.0


# Of a symbol: what needs its number.
NUMBERS: dict[str, Callable[[Any], Any]] = {
    "data": lambda x: x.data * 1.0,
    "item": lambda x: x.item(),
    "grad": lambda x: x.grad,
    "backward": lambda x: (x * x).backward(),
    "float": float,
    "int": int,
    "complex": complex,
    "index": lambda x: [1.0, 2.0][x],
    "range": lambda x: sum(range(x)),
    "math.sin": math.sin,
    "math.hypot": lambda x: math.hypot(x, x),
    "math.fsum": lambda x: math.fsum([x, x]),
    "math.isnan": lambda x: math.isnan(x) * x,
    "math.isclose": lambda x: math.isclose(x, 1.0) * x,
    "fmean": lambda x: statistics.fmean([x, x]),
    "format": lambda x: float(f"{x:.2f}"),
    "plain format": lambda x: len(f"{x}") * x,
    "str": lambda x: len(str(x)) * x,
    "percent": lambda x: float("%.2f" % x),  # noqa: UP031 - the old way asks for a float
    "array.array": lambda x: array.array("d", [x])[0],
    "np.float64": np.float64,
    "np.array of floats": lambda x: np.array([x], dtype=float)[0],
    "astype": lambda x: np.array([x, x]).astype(float)[0],
    "np.interp": lambda x: np.interp(x, [0, 1], [0, 1]),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
    "local_slopes": lambda x: local_slopes(x * x)[0],
}
# Of a symbol: what branches on it.
BRANCHES: dict[str, Callable[[Any], Any]] = {
    "if": lambda x: 1.0 if x > 0 else 0.0,
    "if a number": lambda x: 1.0 if x else 0.0,
    "and": lambda x: (x > 0) and x,
    "or": lambda x: (x > 0) or x,
    "not": lambda x: not x,
    "chained": lambda x: 0 < x < 1,
    "in": lambda x: 1.0 if x in [1.0, 2.0] else 0.0,
    "index of": lambda x: [x * 2, x].index(x) * x,
    "count": lambda x: [x, 2 * x].count(x) * x,
    "match": _match,
    "sorted": lambda x: sorted([x, x * 2])[0],
    "max": lambda x: max(x, x * x),
    "min": lambda x: min(x, 0.0),
    "any": lambda x: any([x > 0]) * x,
    "np.max": lambda x: np.max(np.array([x, x * x])),
    "np.sort": lambda x: np.sort(np.array([x, x * x]))[0],
    "np.argmax": lambda x: np.argmax(np.array([x, x * x])) * x,
    "np.median": lambda x: np.median(np.array([x, x * 2, x * 3])),
    "np.unique": lambda x: len(np.unique(np.array([x, x * 2]))) * x,
    "np.nonzero": lambda x: len(np.nonzero(np.array([x, x]))[0]) * x,
    "np.any": lambda x: np.any(np.array([x])) * x,
    "np.allclose": lambda x: np.allclose(np.array([x]), 1.0) * x,
    "np.searchsorted": lambda x: np.searchsorted(np.array([0.0, 1.0]), x) * x,
    "a mask": lambda x: np.array([x, x * 2])[np.array([x, x * 2]) > 0].sum(),
    "a comparison of arrays": lambda x: where(np.array([x]) > 0, x, 0.0)[0],
}
# Of a Value that is closed over: its number may be another at the next call.
OF_VALUES: dict[str, Callable[[Any], Any]] = {
    "data": lambda x: x * W.data,
    "item": lambda x: x * W.item(),
    "bool": lambda x: x if W else -x,
    "if": lambda x: x if W > 0 else -x,
    "if equal": lambda x: x if W == 2.0 else -x,
    "in": lambda x: x * (W in [2.0]),
    "max": lambda x: x * max(W, 1.0),
    "np.max": lambda x: x * np.max(np.array([W, W])),
    "np.sort": lambda x: x * np.sort(np.array([W, W * 2]))[0],
    "astype(bool)": lambda x: x * np.array([W]).astype(bool)[0],
    "format": lambda x: x * float(f"{W:.2f}"),
    "plain format": lambda x: x * len(f"{W}"),
    "str": lambda x: x * float(str(W).split("data=")[1].split(",")[0]),
    "pickle": lambda x: x * len(pickle.dumps(W)),
    "pickle of a graph": lambda x: x * len(pickle.dumps(SQUARE)),
    "assignment": lambda x: (setattr(W, "data", 3.0), x)[1],
    "copy": lambda x: x * copy.copy(W),
    "deepcopy": lambda x: x * copy.deepcopy(SQUARE),
    "a sweep": lambda x: (SQUARE.backward(), x)[1],
    "gradients": lambda x: x * gradients(SQUARE, [W])[0],
    "gradients of symbols": lambda x: x * gradients(W * x, [W])[0],
}
# Of a symbol: what looks it up by its hash.
LOOKUPS: dict[str, Callable[[Any], Any]] = {
    "get": lambda x: {1.0: 5.0}.get(x, 0.0) * x,
    "a key": lambda x: {x: 3.0}[x] * x,
    "in a set": lambda x: x * (x in {1.0}),
    "in a dict": lambda x: x * (x in {1.0: 2.0}),
    "a set": lambda x: len({x, x * 1.0}) * x,
    "set()": lambda x: len(set([x, x])) * x,  # noqa: C405 - a call is what is tested
    "frozenset()": lambda x: len(frozenset([x])) * x,
    "dict.fromkeys": lambda x: len(dict.fromkeys([x, x])) * x,
    "Counter": lambda x: Counter([x, x])[x] * x,
    "hash()": lambda x: hash(x) * 0.0 + x,
    "a tuple as a key": lambda x: {(1.0, x): 3.0}[1.0, x] * x,
    "a frozen dataclass as a key": lambda x: len({Point(x)}) * x,
    "lru_cache": lambda x: doubled(x),
    "called for by the library": lambda x: autodiff.sum(map({1.0}.__contains__, [x, x])) * x,
    "lru_cache inside grad": lambda x: autodiff.grad(doubled)(x),
}
# Of a symbol: what compares it with a number that no float is.
COMPARED: dict[str, Callable[[Any], Any]] = {
    "Decimal": lambda x: x if x == Decimal(1) else 2 * x,
    "complex": lambda x: x if x == 1 + 0j else 2 * x,
    "a fraction": lambda x: where(x == Fraction(1, 3), 1.0, x),
    "a large integer": lambda x: where(x < 2**53 + 1, 1.0, x),
    "a huge integer": lambda x: where(x < 10**400, 1.0, x),
    "Decimal of a Value": lambda x: x if Decimal(2) == W else 2 * x,
}


@dataclass(frozen=True)
class Point:
    """A key that hashes what it holds."""

    x: Any


@functools.lru_cache
def doubled(x: Any) -> Any:
    return 2.0 * x


def _or(function: Callable[[Any], Any], remedy: Any) -> Callable[[Any], Any]:
    def suppressing(x: Any) -> Any:
        with contextlib.suppress(TypeError):
            return function(x)
        return remedy

    return suppressing


def _finally(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def returning(x: Any) -> Any:
        try:
            return function(x)
        finally:
            return x  # noqa: B012, SIM107 - what is tested

    return returning


def _broad(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def catching(x: Any) -> Any:
        try:
            return function(x)
        except Exception:  # noqa: BLE001 - what is tested
            return x

    return catching


SWALLOWED = {"suppress": lambda f: _or(f, 0.0), "return in finally": _finally, "except Exception": _broad}


# What needs no number while compiling: operations of the table.
RECORDED: dict[str, Callable[[Any], Any]] = {
    "round": lambda x: round(x),
    "round to decimals": lambda x: round(x, 1),
    "trunc": math.trunc,
    "floor": math.floor,
    "%": lambda x: x % 0.3,
    "//": lambda x: x // 0.3,
    "divmod": lambda x: divmod(x, 0.3)[1],
    "% of a number": lambda x: 2.0 % x,
    "np.round": np.round,
    "np.isnan": lambda x: np.isnan(x) * x,
    "np.isposinf": lambda x: np.isposinf(x) * 1.0,
    "round of a Value": lambda x: x * round(W),
}


# What is refused alike outside a trace, by another TypeError.
ELSEWHERE: dict[str, Callable[[Any], Any]] = {
    "float of a Value": lambda x: x * float(W),
    "math.sin of a Value": lambda x: x * math.sin(W),
    "an array of floats of a Value": lambda x: x * np.array([W], dtype=float)[0],
    "times a list": lambda x: [1.0] * x,
    "Value of it": Value,
    "np.isnan of an array": lambda x: np.isnan(np.array([x]))[0] * x,
    "np.linalg.det": lambda x: np.linalg.det(np.array([[x, 0.0], [0.0, x]])),
    "& of numbers": lambda x: (x > 0) & x,
    "< None": lambda x: x < None,
}


def _is_refused(function: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(TraceError, match=words) as raised:
        compile(function)([0.5, 1.0])
    assert isinstance(raised.value, TypeError)


def _names_this_file(function: Callable[[Any], Any]) -> None:
    with pytest.raises(TraceError) as raised:
        compile(function)([0.5, 1.0])
    assert f"at {__file__}:" in str(raised.value)


@pytest.mark.parametrize("case", NUMBERS)
def test_numbers(case: str) -> None:
    _is_refused(NUMBERS[case], "is not known while compiling, at .*; ")


@pytest.mark.parametrize("case", BRANCHES)
def test_branches(case: str) -> None:
    asked = r"(the condition of a branch or of `in`|what np\.\w+ decides by)"
    _is_refused(BRANCHES[case], rf"{asked} is not known while compiling, at .*; use autodiff.where")


@pytest.mark.parametrize("case", OF_VALUES)
def test_numbers_of_closed_over_values(case: str) -> None:
    before = W.data
    _is_refused(OF_VALUES[case], "while compiling, at .*[;:] ")
    assert (W.data, W.grad) == (before, 0.0)


@pytest.mark.parametrize("case", ELSEWHERE)
def test_what_values_refuse_too(case: str) -> None:
    for run in (lambda: compile(ELSEWHERE[case])([0.5, 1.0]), lambda: ELSEWHERE[case](Value(0.5))):
        with pytest.raises(TypeError):
            run()


@pytest.mark.parametrize("case", RECORDED)
def test_what_is_recorded_is_as_on_values(case: str) -> None:
    given = [0.5, 1.0, -1.25, 2.5]
    function = RECORDED[case]
    assert compile(function)(given).tolist() == [(function(Value(x)) + Value(0.0)).data for x in given]


@pytest.mark.parametrize("case", LOOKUPS)
def test_lookups(case: str) -> None:
    _is_refused(LOOKUPS[case], "the hash of a value is not known while compiling, at .*; choose by autodiff.where")


@pytest.mark.parametrize("case", COMPARED)
def test_comparisons_with_numbers_that_no_float_is(case: str) -> None:
    _is_refused(COMPARED[case], "while compiling, at .*[;:] ")


@pytest.mark.parametrize("case", ["data", "float", "if", "in a set", "math.isnan", "pickle", "data of a Value"])
@pytest.mark.parametrize("way", SWALLOWED)
def test_a_refusal_that_the_function_catches_is_not_forgotten(way: str, case: str) -> None:
    function = (NUMBERS | BRANCHES | LOOKUPS | {"data of a Value": OF_VALUES["data"]})[case]
    swallowing = SWALLOWED[way](function)
    _is_refused(swallowing, "while compiling, at .*[;:] ")
    if case != "pickle":
        _names_this_file(swallowing)
    assert compile(lambda x: 2.0 * x)([1.0]).tolist() == [2.0]  # and the next trace begins anew


def test_a_refusal_inside_a_slope_is_not_forgotten() -> None:
    bent = define_primitive(partials=[lambda out, x: _broad(lambda y: y if y > 0 else 2.0 * y)(x)])(lambda x: x * x)
    assert compile(bent)([3.0]).tolist() == [9.0]
    with pytest.raises(TraceError, match="condition of a branch or of `in` is not known while compiling"):
        compile(bent).value_and_grad([3.0])


def test_a_refusal_inside_an_iterable_is_the_error() -> None:
    """And not taken for an answer to the question whether it is one."""
    for call in (
        lambda x: autodiff.sum(y.data for y in [x, x]),
        lambda x: autodiff.dot((y if y > 0 else -y for y in [x, x]), [1.0, 2.0]),
        lambda x: autodiff.softmax(float(y) for y in [x])[0],
    ):
        _is_refused(call, "is not known while compiling, at .*; ")
    with pytest.raises(TypeError, match="of the user"):
        autodiff.sum(_failing())
    with pytest.raises(autodiff.errors.ShapeError, match=r"write \[x\] for one entry"):
        autodiff.sum(3.0)  # type: ignore[arg-type]  # what is tested


def _failing() -> Any:
    yield 1.0
    raise TypeError("of the user")


def test_unknown_ufuncs() -> None:
    with pytest.raises(TraceError, match=rf"np\.spacing has no primitive.* autodiff\.define_primitive.*at {__file__}"):
        compile(lambda x: np.spacing(x))([1.0])


def test_the_line_is_the_users() -> None:
    def branching(x: Any) -> Any:
        if x > 0:  # the line that is named
            return x
        return -x

    with pytest.raises(TraceError) as raised:
        compile(branching)([1.0])
    line = branching.__code__.co_firstlineno + 1
    assert f"at {__file__}:{line} in branching: if x > 0:  # the line that is named; use autodiff.where(" in str(
        raised.value
    )


@pytest.mark.parametrize("case", ["data", "math.sin", "format", "grad", "math.isnan"])
def test_the_line_is_the_users_through_other_code(case: str) -> None:
    _names_this_file(NUMBERS[case])


def test_the_line_is_the_users_through_a_transform() -> None:
    _names_this_file(jacobian(lambda x: [x, abs(x) if x > 0 else x]))


def test_a_refusal_leaves_no_trace_behind() -> None:
    with pytest.raises(TraceError):
        compile(lambda x: x.data)([1.0])
    x = Value(3.0)
    assert (x * x).data == 9.0
    assert (x > 1.0) is True


def test_repr_is_harmless_and_shows_no_number() -> None:
    """Debuggers and messages show what they come across: of a symbol, of a Value in a trace, and in containers."""
    shown: list[str] = []

    def showing(x: Any) -> Any:
        shown.extend(map(repr, (x, x * 2.0, x > 0.0, W, SQUARE, autodiff.grad(lambda y: W * y)(x))))
        shown.append(f"{[x, W]} {x!r} {W!r}")
        return x * W

    assert compile(showing)([0.25, 0.5]).tolist() == [0.5, 1.0]
    assert shown[:5] == [
        "Symbol('x')",
        "Symbol(mul of 2)",
        "Symbol(greater of 2)",
        "Value(label='w')",
        "Value(op=mul)",
    ]
    assert not any(word in text for text in shown for word in ("data", "0.", "2."))


def test_the_number_has_one_public_name() -> None:
    public = {name for name in dir(W) if not name.startswith("_") and getattr(W, name) is W.data}
    assert public == {"data"}


def test_a_compiled_function_within_another() -> None:
    inner = compile(lambda x: x * W)
    for called in (lambda x: x * inner([1.0])[0], lambda x: x * inner.backward([1.0])):
        _is_refused(called, r"a compiled function was called while compiling another, at .*; call the plain function")


def test_what_a_function_keeps_is_refused_at_the_next_trace() -> None:
    kept: list[Any] = []

    def keeping(x: Any) -> Any:
        kept.append(x)
        return kept[0] * 2.0

    compiled = compile(keeping)
    assert compiled([1.0]).tolist() == [2.0]
    with pytest.raises(TraceError, match="belongs to another call"):
        compiled([[1.0]])
    for use in (lambda: kept[0] * W, lambda: kept[0] + 1.0, lambda: exp(kept[0])):
        with pytest.raises(TraceError, match=r"used after its trace.* kept one of its values"):
            use()


def test_a_slope_that_reads_a_value() -> None:
    scaled = define_primitive(partials=[lambda out, x: W * x])(lambda x: x * x)
    with pytest.raises(TraceError, match=r"the slope of a primitive reads .* make the Value an operand"):
        compile(scaled).value_and_grad([1.0])


def test_data_cannot_be_assigned() -> None:
    _is_refused(lambda x: setattr(x, "data", 1.0), r"\.data of a value is not known")


def test_a_node_is_no_number_to_make_a_value_of() -> None:
    for make in (lambda: Value(W), lambda: compile(lambda x: Value(x))([1.0])):
        with pytest.raises(autodiff.errors.CoercionError, match="already; use it as it is"):
            make()


def test_not_a_number_is_unequal_and_asks_for_nothing() -> None:
    """`is None`, and `== None` as well, are about Python and not about numbers."""
    found = compile(lambda x: x if x == None or W == None or x in [None, "text"] else 2 * x)([1.0])  # noqa: E711  # == is what is tested
    assert found.tolist() == [2.0]


def test_results_that_are_not_numbers() -> None:
    for result in (None, "text", object()):
        with pytest.raises(autodiff.errors.CoercionError, match=r"the result of the function: .*return numbers"):
            compile(lambda x, result=result: result)([1.0])


# What works though it looks as if it could not: the number is never asked for.
ALLOWED: dict[str, Callable[[Any], Any]] = {
    "builtin sum": lambda x: sum([x, 2 * x]),
    "math.prod": lambda x: math.prod([x, x]),
    "math.floor": lambda x: math.floor(x) + math.ceil(x),
    "abs and pow": lambda x: pow(abs(x), 2),
    "+x": lambda x: +x,
    "np.clip": lambda x: np.clip(x, 0.0, 1.0),
    "np.linalg.norm": lambda x: np.linalg.norm(np.array([x, 2.0 * x])),
    "np.sum and mean": lambda x: np.sum(np.array([x, x])) + np.mean(np.array([x, 2.0])),
    "np.dot and @": lambda x: np.dot(np.array([x, x]), [1.0, 2.0]) + np.array([x]) @ np.array([W]),
    "np.fabs": lambda x: np.fabs(np.array([x]))[0],
    "np.cumsum": lambda x: np.cumsum(np.array([x, x]))[1],
    "np.polyval": lambda x: np.polyval([1.0, 2.0, 3.0], x),
    "a set of parameters": lambda x: x * len({W, W, SQUARE}) + {W: x}[W],
    "a dict by id": lambda x: {id(x): 3.0}[id(x)] * x,
    "a derivative": lambda x: autodiff.grad(lambda y: y * y * W)(x),
    "a Jacobian": lambda x: autodiff.jacobian(lambda y: [y * y, y])(x)[0],
    "a product with a Hessian": lambda x: autodiff.hvp(lambda y: y**3, (x,), (1.0,)),
    "== a fraction that is a float": lambda x: where(x == Fraction(1, 2), 1.0, x),
    "conditions": lambda x: where((x > 0) & (x < 2) | (x > W), x, 0.0),
    "np.logical_and": lambda x: where(np.logical_and(x > 0, x < 2), x, 0.0),
    "a condition and a bool": lambda x: where((x > 0) & True | False, x, 0.0),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_what_needs_no_number(case: str) -> None:
    points = [0.7, 1.0, -2.3, 5.0]
    expected = [ALLOWED[case](Value(point)).data for point in points]
    np.testing.assert_allclose(compile(ALLOWED[case])(points), expected, rtol=1e-15)
