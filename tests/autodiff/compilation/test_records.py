"""Records: any number of them, in chunks, on threads, none at all; structures of one record, and new ones."""

from __future__ import annotations

import math
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from autodiff import Value, compile, detect_anomaly, dot, exp, log, norm, sigmoid, tanh
from autodiff import sum as total
from autodiff.errors import AnomalyError, CoercionError, OptionError, OptionTypeError, RangeError, ShapeError

MANY = 100_003
WEIGHTS = (0.3, -1.2)


class Pair(NamedTuple):
    left: Any
    right: Any


def _model() -> tuple[Any, list[Value]]:
    w = [*map(Value, WEIGHTS)]
    return lambda x: tanh(dot(w, x)) * x[0], w


def test_100_003_records_in_chunks() -> None:
    """Against the formula, written for arrays."""
    features = np.random.default_rng(0).normal(size=(MANY, 2))
    bent = np.tanh(features @ WEIGHTS)
    results = []
    for threads in (1, 2, 3):
        function, w = _model()
        compiled = compile(function, threads=threads)
        values, gradients = compiled.value_and_grad(features)
        np.testing.assert_allclose(values, bent * features[:, 0], rtol=1e-12, atol=1e-15)
        inner = (1 - bent**2) * features[:, 0]
        np.testing.assert_allclose(gradients[:, 0], bent + inner * WEIGHTS[0], rtol=1e-9, atol=1e-12)
        assert compiled.backward(features) == pytest.approx(np.mean(values), rel=1e-12)
        slopes = [parameter.grad for parameter in w]
        np.testing.assert_allclose(slopes, inner @ features / MANY, rtol=1e-10)
        results.append((values.tobytes(), gradients.tobytes(), slopes))
    assert results[0] == results[1] == results[2]


def test_a_new_number_of_records_takes_new_buffers_alone() -> None:
    traced = []

    def function(x: Any) -> Any:
        traced.append(x)
        return exp(x)

    compiled = compile(function)
    for records in (3, 1, 5, 3, 0, 700):
        np.testing.assert_allclose(compiled(np.arange(records) / 100), np.exp(np.arange(records) / 100))
    assert len(traced) == 1


# (function, arguments, result): structures in and out.
STRUCTURES: list[tuple[str, Any, Any, Any]] = [
    ("numbers", lambda x: 2 * x, [1.0, 2.0], [2.0, 4.0]),
    ("integers", lambda x: x / 2, np.array([1, 2]), [0.5, 1.0]),
    ("truths", lambda x: x / 2, np.array([True, False]), [0.5, 0.0]),
    ("nested lists", lambda x: x[0] * x[1], [[1.0, 2.0], [3.0, 4.0]], [2.0, 12.0]),
    ("a matrix a record", lambda x: x[0, 1] * x[1, 0], np.arange(8.0).reshape(2, 2, 2), [2.0, 30.0]),
    ("a tuple", lambda p: p[0] - p[1][0], ([5.0, 6.0], [[1.0], [2.0]]), [4.0, 4.0]),
    ("a dict", lambda p: p["a"] - p["b"], {"a": [5.0, 6.0], "b": [1.0, 2.0]}, [4.0, 4.0]),
    ("a named tuple", lambda p: p.left - p.right, Pair([5.0, 6.0], [1.0, 2.0]), [4.0, 4.0]),
    ("of no entries", lambda x: 3.0 + 0.0 * sum(x), np.zeros((2, 0)), [3.0, 3.0]),
]


@pytest.mark.parametrize(("function", "argument", "result"), [pytest.param(*row[1:], id=row[0]) for row in STRUCTURES])
def test_structures_of_a_record(function: Any, argument: Any, result: Any) -> None:
    np.testing.assert_array_equal(compile(function)(argument), result)


def test_structures_of_results() -> None:
    batch = np.array([[1.0, 2.0], [3.0, 4.0]])
    made = compile(lambda x: {"sum": x[0] + x[1], "pair": Pair(x[1], 7.0), "all": [np.array([[x[0], 0.0]]), (x[0],)]})(
        batch
    )
    assert list(made) == ["sum", "pair", "all"]
    assert isinstance(made["pair"], Pair)
    np.testing.assert_array_equal(made["sum"], [3.0, 7.0])
    np.testing.assert_array_equal(made["pair"].left, [2.0, 4.0])
    np.testing.assert_array_equal(made["pair"].right, [7.0, 7.0])
    np.testing.assert_array_equal(made["all"][0], [[[1.0, 0.0]], [[3.0, 0.0]]])
    np.testing.assert_array_equal(made["all"][1][0], [1.0, 3.0])


def test_gradients_have_the_structure_of_arguments() -> None:
    def function(p: Any, x: Any) -> Any:
        return p["a"] * x[0] * x[1] + p["b"].left * p["b"].right

    given = {"a": 2.0, "b": Pair(3.0, 5.0)}, np.array([[1.0, 2.0], [3.0, 4.0]])
    value, (along_p, along_x) = compile(function, batched=1).value_and_grad(*given, argnums=(0, 1), reduction="sum")
    assert value == 2 * 14.0 + 30.0
    assert along_p == {"a": 14.0, "b": Pair(10.0, 6.0)}
    np.testing.assert_array_equal(along_x, [[4.0, 2.0], [8.0, 6.0]])
    _, per_record = compile(function, batched=1).value_and_grad(*given)
    np.testing.assert_array_equal(per_record["a"], [2.0, 12.0])
    np.testing.assert_array_equal(per_record["b"].left, [5.0, 5.0])


def test_a_jacobian_has_both_structures() -> None:
    compiled = compile(lambda p, x: {"u": [p["a"] * x, p["b"]], "v": p["a"] * p["b"]}, batched=1)
    entries = compiled.jacobian({"a": 2.0, "b": 3.0}, [5.0, 7.0])
    np.testing.assert_array_equal(entries["u"][0]["a"], [5.0, 7.0])
    np.testing.assert_array_equal(entries["u"][1]["b"], [1.0, 1.0])
    np.testing.assert_array_equal(entries["v"]["a"], [3.0, 3.0])
    np.testing.assert_array_equal(compile(lambda x: x * x[0]).jacobian(np.ones((3, 2)))[1], [[2.0, 0.0], [1.0, 1.0]])


def test_results_and_their_jacobian_from_one_pass() -> None:
    def function(p: Any, x: Any) -> Any:
        return {"u": [exp(p["a"] * x), p["b"]], "v": exp(p["a"] * x) * p["b"]}

    given = {"a": 2.0, "b": 3.0}, [0.5, 0.25]
    compiled = compile(function, batched=1)
    for argnums in (0, 1, (1, 0)):
        results, entries = compiled.value_and_jacobian(*given, argnums=argnums)
        assert [step.primitive.name for step in compiled.program.steps].count("exp") == 1
        np.testing.assert_array_equal(_numbers(results), _numbers(compiled(*given)))
        np.testing.assert_allclose(_numbers(entries), _numbers(compiled.jacobian(*given, argnums=argnums)), rtol=1e-15)
    matrix = compile(lambda x: x * x, batched=()).value_and_jacobian(np.array([2.0, 3.0]))
    np.testing.assert_array_equal(matrix[0], [4.0, 9.0])
    np.testing.assert_array_equal(matrix[1], np.diag([4.0, 6.0]))


def _numbers(tree: Any) -> np.ndarray:
    parts = tree.values() if isinstance(tree, dict) else tree
    return np.concatenate([_numbers(part) if isinstance(part, (dict, list, tuple)) else part for part in parts])


def test_what_looks_different_is_traced_anew() -> None:
    """Keys, their order, and kinds of containers are seen by the function, and so tell calls apart."""
    named = compile(lambda d, x: d["a"] * x if "a" in d else -x, batched=1)
    assert [named(d, [1.0])[0] for d in ({"a": 2.0, "b": 3.0}, {"b": 3.0, "a": 2.0}, {"b": 2.0})] == [2.0, 2.0, -1.0]
    kinds = compile(lambda p, x: p[0] * x if isinstance(p, list) else -p[0] * x, batched=1)
    assert [kinds(p, [1.0])[0] for p in ([2.0], (2.0,), np.array([2.0]))] == [2.0, -2.0, -2.0]
    shapes = compile(lambda x: sum(np.ravel(x)))
    assert [shapes(x)[0] for x in (np.ones((1, 2)), np.ones((1, 3)), np.ones((1, 3, 1)), np.ones(1))] == [2, 3, 3, 1]


def test_without_records() -> None:
    compiled = compile(lambda x, y: x * y, batched=())
    assert compiled(2.0, 3.0) == 6.0
    assert compiled.value_and_grad(2.0, 3.0, argnums=(0, 1), reduction="mean") == (6.0, (3.0, 2.0))
    np.testing.assert_array_equal(compile(lambda x: x * x, batched=()).jacobian(np.array([2.0, 3.0])), np.diag([4, 6]))
    assert compile(lambda: 4.0, batched=())() == 4.0


def test_no_records() -> None:
    compiled = compile(lambda x: {"s": sigmoid(x[0]), "c": 1.0})
    empty = np.zeros((0, 2))
    assert {name: made.shape for name, made in compiled(empty).items()} == {"s": (0,), "c": (0,)}
    assert compiled.jacobian(empty)["s"].shape == (0, 2)
    value, along = compile(lambda x: x[0] * x[1]).value_and_grad(empty)
    assert (value.shape, along.shape) == ((0,), (0, 2))
    assert compiled(np.zeros((1, 2)))["s"].tolist() == [0.5]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_reduction_needs_a_record(reduction: str) -> None:
    compiled = compile(lambda x: x * x)
    for refused in (compiled.backward, compiled.value_and_grad, compiled.bind):
        with pytest.raises(ShapeError, match=f"a {reduction} over records needs at least one, got none"):
            refused([], reduction=reduction)


# (what, arguments of compile, arguments of the call, error, words of its message)
REFUSED: list[tuple[str, dict[str, Any], Any, type[Exception], str]] = [
    ("unequal records", {"batched": (0, 1)}, ([1.0, 2.0], [1.0]), ShapeError, "argument 0 has 2, argument 1 has 1"),
    ("unequal within", {}, (([1.0, 2.0], [1.0]), 0.0), ShapeError, r"argument 0 holds arrays of \[1, 2\] records"),
    ("a number", {}, (3.0, 0.0), ShapeError, "argument 0 is batched and needs a first axis of records"),
    ("nothing", {}, ((), 0.0), ShapeError, "argument 0 is batched and needs a first axis"),
    ("text", {}, (["1", "2"], 0.0), CoercionError, "argument 0 must hold real numbers"),
    ("complex", {}, (np.array([1j]), 0.0), CoercionError, "entries of type complex128"),
    ("ragged", {}, ([[1.0], [1.0, 2.0]], 0.0), CoercionError, "argument 0 must hold real numbers"),
    ("shared Values", {}, ([1.0], [Value(1.0)]), CoercionError, "argument 1 holds Value.*close over it"),
    ("None among numbers", {}, ([1.0, None], 0.0), CoercionError, "argument 0: .*got None"),
    ("text among numbers", {}, ([1.0, "3"], 0.0), CoercionError, "argument 0"),
    ("an integer beyond floats", {}, ([10**400], 0.0), RangeError, "within the range"),
    ("Values", {}, ([Value(1.0)], 0.0), CoercionError, r"use \.data"),
    ("shared text", {}, ([1.0], "relu"), CoercionError, "argument 1: .*close over anything but numbers"),
    ("shared None", {}, ([1.0], None), CoercionError, "argument 1: "),
    ("one too many", {"batched": 2}, ([1.0], 0.0), OptionError, "batched names argument 2, but the call has 2"),
    ("from the end", {"batched": -1}, ([1.0], 0.0), OptionError, "batched names argument -1"),
]


@pytest.mark.parametrize(("options", "args", "error", "words"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED])
def test_arguments_that_do_not_fit(options: Any, args: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        compile(lambda x, y: 1.0, **({"batched": 0} | options))(*args)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batched": 0.5}, "batched takes the number of an argument, or several, got 0.5"),
        ({"batched": "0"}, "batched takes the number"),
        ({"threads": 0}, "threads must be a whole number from 1 on, got 0"),
        ({"threads": -1}, "threads must be"),
        ({"threads": True}, "threads must be"),
        ({"threads": 2.0}, "threads must be"),
        ({"dtype": int}, "dtype must be float64 or float32"),
        ({"dtype": np.float16}, "dtype must be float64 or float32"),
        ({"dtype": "number"}, "dtype must be float64 or float32"),
    ],
)
def test_options_that_do_not_exist(options: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        compile(lambda x: x, **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"argnums": 2}, "argnums names argument 2, but the call has 2"),
        ({"argnums": -3}, "argnums names argument -3"),
        ({"argnums": (0, -2)}, "names one of 2 arguments twice"),
        ({"argnums": "0"}, "argnums takes the number of an argument"),
        ({"reduction": "max"}, "reduction must be 'mean' or 'sum', got 'max'"),
    ],
)
def test_requests_that_do_not_exist(options: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        compile(lambda x, y: x * y, batched=0).value_and_grad([1.0], 2.0, **options)


def test_a_gradient_needs_one_number() -> None:
    compiled = compile(lambda x: (x, x))
    for refused in (compiled.backward, compiled.value_and_grad, compiled.bind):
        with pytest.raises(ShapeError, match="scalar result a record, got 2 numbers; use the method jacobian"):
            refused([1.0])


def test_only_functions_compile() -> None:
    with pytest.raises(OptionTypeError, match="compile takes a function, got 3; pass the function itself"):
        compile(3)  # type: ignore[arg-type]


def test_there_is_no_program_before_the_first_call() -> None:
    with pytest.raises(OptionError, match="no program yet: call the function once"):
        compile(exp).program  # noqa: B018 - reading it is what is refused


@pytest.mark.parametrize("argnums", [np.int64(1), -1, 1])
def test_argnums_are_integers_of_any_kind(argnums: Any) -> None:
    _, along = compile(lambda x, y: x * y, batched=0).value_and_grad([5.0], 2.0, argnums=argnums)
    np.testing.assert_array_equal(along, [5.0])


def test_a_record_of_lists_is_lists() -> None:
    """A list grows by +, an array is added to; a record is what the plain function would be given."""
    compiled = compile(lambda x, shared: total(x + [1.0] + shared), batched=0)  # noqa: RUF005  # what a list does
    np.testing.assert_array_equal(compiled([[1.0, 2.0], [3.0, 4.0]], [5.0]), [9.0, 13.0])
    along = compiled.value_and_grad([[1.0, 2.0], [3.0, 4.0]], [5.0])[1]
    np.testing.assert_array_equal(along, np.ones((2, 2)))
    np.testing.assert_array_equal(compile(lambda x: total(x + [1.0]))(np.ones((3, 2))), [4.0] * 3)  # noqa: RUF005  # what an array does
    np.testing.assert_array_equal(compile(lambda x: x[0][1] + x[1][0])([[[1.0, 2.0], [3.0, 4.0]]]), [5.0])


def test_masked_entries_are_nan() -> None:
    made = compile(lambda x: 2.0 * x)(np.ma.masked_array([1.0, 2.0], mask=[False, True]))
    np.testing.assert_array_equal(made, [2.0, math.nan])


@pytest.mark.parametrize("batched", [0, 1])
def test_data_frames_columns_are_arrays(batched: int) -> None:
    column = pd.Series([1.0, 2.0])
    made = compile(lambda x, y: x * y if batched == 1 else x * y[1], batched=0)(column, 2.0 if batched else column)
    np.testing.assert_array_equal(made, [2.0, 4.0])


def test_calls_from_several_threads_at_once() -> None:
    compiled = compile(lambda x: tanh(dot(WEIGHTS, x)))
    batches = [np.random.default_rng(k).normal(size=(2000, 2)) for k in range(4)]
    expected = [compiled.value_and_grad(batch)[1] for batch in batches]

    def mistakes(k: int) -> int:
        return sum(not np.array_equal(compiled.value_and_grad(batches[k])[1], expected[k]) for _ in range(40))

    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(mistakes, range(4))] == [0] * 4


def test_buffers_of_a_few_numbers_of_records_are_kept() -> None:
    compiled = compile(lambda x: tanh(dot(WEIGHTS, x)))
    compiled(np.ones((1, 2)))
    tracemalloc.start()
    try:
        for records in range(2000, 2100):
            compiled(np.ones((records, 2)))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000  # a hundred would be 10 MB


def test_nan_is_an_anomaly_that_the_plain_function_explains() -> None:
    compiled = compile(lambda x: log(x))
    assert np.isnan(compiled([-1.0])[0])
    with detect_anomaly():
        assert compiled([1.0]) == [0.0]
        with pytest.raises(AnomalyError, match="the plain function"):
            compiled([-1.0])


def test_records_of_arrays_and_tuples_keep_their_form() -> None:
    """A sum of arrays adds, one of lists joins: a record is what the plain function would be given."""
    arrays = [[np.array([1.0, 2.0]), np.array([2.0, 2.0])], [np.array([0.0, 1.0]), np.array([0.0, -1.0])]]
    np.testing.assert_array_equal(compile(lambda r: norm(r[0] + r[1]))(arrays), [5.0, 0.0])
    pairs = [(1.0, 2.0), (3.0, 4.0)]
    np.testing.assert_array_equal(compile(lambda r: total(r + (1.0,)))(pairs), [4.0, 8.0])  # noqa: RUF005 - as above
    np.testing.assert_array_equal(compile(lambda r: r["a"] - r["b"])([{"a": 3.0, "b": 1.0}] * 2), [2.0, 2.0])
    with pytest.raises(ShapeError, match=r"argument 0\[1\] differs in structure from argument 0\[0\]"):
        compile(lambda r: r[0])([(1.0, 2.0), (1.0, 2.0, 3.0)])


def test_several_arguments_need_batched() -> None:
    """Where each of three records was multiplied with the sum of all targets, nobody was told."""
    compiled = compile(lambda x, y: x * y)
    with pytest.raises(OptionError, match=r"batched=\(0, 1\)\) if each .* or batched=0 if only the first"):
        compiled([1.0, 2.0], [3.0, 4.0])
    np.testing.assert_array_equal(compile(lambda x, y: x * y, batched=0)([1.0, 2.0], 3.0), [3.0, 6.0])
    for truth in (True, [False], (0, True)):
        with pytest.raises(OptionError, match="batched takes the number of an argument"):
            compile(lambda x: x, batched=truth)
