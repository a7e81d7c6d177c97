"""The class: making arrays, indices and slices, writing into them, copies, and what is refused."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff
from autodiff import CoercionError, GraphCutError, ShapeError, TraceError, UnknownUfuncError, Value, ValueArray


def test_numbers_become_leaves() -> None:
    x = autodiff.array([[1, 2.5], [np.float32(0.5), True]])
    assert isinstance(x, ValueArray)
    assert all(isinstance(entry, Value) and not entry.operands for entry in x.ravel())
    assert x.data.tolist() == [[1.0, 2.5], [0.5, 1.0]]


def test_values_stay_and_numbers_beside_them_are_constants() -> None:
    v = Value(2.0)
    x = autodiff.array([v, 1.0])
    assert x[0] is v
    assert x[1] == 1.0
    assert type(x[1]) is float
    assert autodiff.grad(lambda u: np.prod(autodiff.array([u, 3.0])))(2.0) == 3.0


def test_zeros_and_ones_are_constants() -> None:
    assert {*map(type, [*autodiff.zeros((2, 2)).ravel(), *autodiff.ones(3)])} == {float}
    assert isinstance(np.zeros_like(autodiff.array([1.0])), ValueArray)
    assert autodiff.ones((2, 3)).sum() == 6.0


def test_an_index_gives_the_entry_and_a_slice_a_view() -> None:
    x = autodiff.array([[1.0, 2.0], [3.0, 4.0]])
    assert isinstance(x[0, 1], Value)
    assert isinstance(x[0], ValueArray)
    x[0][1] = 5.0 * x[1, 1]
    assert x.data.tolist() == [[1.0, 20.0], [3.0, 4.0]]
    assert [type(row) for row in x] == [ValueArray, ValueArray]
    assert x[x > 3.0].data.tolist() == [20.0, 4.0]


def test_writing_rebinds_entries_and_keeps_the_graph() -> None:
    x = autodiff.array([1.0, 2.0, 3.0])
    out = autodiff.zeros(3)
    out[0] = x[0] * x[0]
    out[1:] += 2.0 * x[1:]
    out *= x
    out[x > 2.5] = 0.0
    out.sum().backward()
    assert out.data.tolist() == [1.0, 8.0, 0.0]
    assert x.grad.tolist() == [3.0, 8.0, 0.0]


def test_writing_while_compiling() -> None:
    def function(x: Any) -> Any:
        out = autodiff.zeros(2)
        out[0] = x[0]
        out += x
        out[1:] *= x[1:]
        return out

    assert autodiff.compile(function)(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == [[2.0, 4.0], [6.0, 16.0]]


def test_reductions_of_all_give_a_value_and_arrays_of_no_dimension_too() -> None:
    x = autodiff.array([2.0])
    for out in (x.sum(), x.max(), np.mean(x), x @ x, x.reshape(()) + 1.0, np.exp(x.reshape(()))):
        assert isinstance(out, Value)
    assert x.sum(keepdims=True).shape == (1,)


def test_one_node_for_a_sum_and_one_for_each_entry() -> None:
    x = autodiff.array([1.0, 2.0, 3.0])
    assert len(autodiff.topological_order(x.sum())) == 4
    assert len(autodiff.topological_order(*np.exp(x).tolist())) == 6
    assert len(autodiff.topological_order(*(np.ones((2, 3)) @ x).tolist())) == 5


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies(copied: Callable[[ValueArray], ValueArray]) -> None:
    x = autodiff.array([1.0, 2.0]) * 3.0
    other = copied(x)
    assert isinstance(other, ValueArray)
    assert other.data.tolist() == [3.0, 6.0]
    other.sum().backward()
    assert len(autodiff.topological_order(*other.tolist())) == 4


def test_repr_is_short() -> None:
    assert repr(autodiff.array([1.0, -2.5])) == "ValueArray([ 1. , -2.5])"
    assert len(repr(autodiff.zeros(10_000))) < 100
    shown = []
    autodiff.compile(lambda x: shown.append(repr(x)) or x)(np.ones((2, 3)))
    assert shown == ["ValueArray(shape=(3,))"]


def test_asarray_gives_a_plain_array_of_the_same_entries() -> None:
    x = autodiff.array([1.0])
    assert type(np.asarray(x)) is np.ndarray
    assert np.asarray(x)[0] is x[0]
    assert autodiff.array(np.asarray(x))[0] is x[0]


@pytest.mark.parametrize(
    "make", [lambda v, a: v * a, lambda v, a: a * v, lambda v, a: np.hypot(a, v), lambda v, a: autodiff.maximum(a, v)]
)
def test_a_value_with_an_array_of_floats_gives_one(make: Callable[[Any, Any], Any]) -> None:
    out = make(Value(2.0), np.array([1.0, 3.0]))
    assert isinstance(out, ValueArray)
    assert np.maximum(out, 2.5).shape == (2,)


def test_transforms_hand_one_to_the_function() -> None:
    seen: list[type] = []

    def function(x: Any) -> Any:
        seen.append(type(x))
        return np.sum(np.maximum(x, 0.0) ** 2)

    x = np.array([1.0, -2.0])
    assert autodiff.grad(function)(x).tolist() == [2.0, 0.0]
    assert autodiff.jvp(function, (x,), (x,))[1] == 2.0
    assert autodiff.vjp(function, x)[1](1.0)[0].tolist() == [2.0, 0.0]
    assert autodiff.hessian(function)(x).tolist() == [[2.0, 0.0], [0.0, 0.0]]
    assert autodiff.hvp(function, (x,), (np.ones(2),)).tolist() == [2.0, 0.0]
    assert autodiff.compile(function)(x[np.newaxis]).tolist() == [1.0]
    assert {*seen} == {ValueArray}


def test_gradients_that_are_values_come_in_one() -> None:
    inner = autodiff.grad(lambda u: np.sum(u**3))
    assert autodiff.grad(lambda v: np.max(inner(v)))(np.array([1.0, 2.0])).tolist() == [0.0, 12.0]
    x = autodiff.array([1.0, 2.0])
    np.sum(x**2).backward(create_graph=True)
    assert isinstance(x.grad, ValueArray)


REFUSED: dict[str, tuple[Callable[[Any], Any], type[Exception], str]] = {
    "an unknown function": (
        lambda x: np.fft.fft(x), UnknownUfuncError, r"np\.fft\.fft is not known .*known are .*concatenate.*where",
    ),
    "an unknown ufunc": (lambda x: np.spacing(x), UnknownUfuncError, "np.spacing has no primitive"),
    "an entry of a float array": (lambda x: np.zeros(2).__setitem__(0, x[0]), GraphCutError, r"autodiff\.zeros\(n\)"),
    "a slice of a float array": (
        lambda x: np.zeros(2).__setitem__(slice(2), x), GraphCutError, r"autodiff\.zeros\(n\)",
    ),
    "+= of a float array": (lambda x: np.zeros(2).__iadd__(x), UnknownUfuncError, r"autodiff\.zeros\(shape\)"),
    "out of floats": (lambda x: np.exp(x, out=np.zeros(2)), UnknownUfuncError, r"autodiff\.zeros\(shape\)"),
    "out of another shape": (
        lambda x: np.sum(x, axis=0, out=autodiff.zeros(3)), UnknownUfuncError, r"gives shape \(\)",
    ),
    "where=": (lambda x: np.exp(x, where=[True, False]), UnknownUfuncError, r"np\.exp with where="),
    "where= of a reduction": (lambda x: np.sum(x, where=[True, False]), UnknownUfuncError, "choose first"),
    "dtype=": (lambda x: np.sum(x, dtype=np.float32), UnknownUfuncError, "a Value is a float64"),
    "initial=": (lambda x: np.max(x, initial=1.0), UnknownUfuncError, "initial="),
    "ufunc.at": (lambda x: np.add.at(x, [0], 1.0), UnknownUfuncError, r"np\.add\.at"),
    "where of one argument": (lambda x: np.where(x), UnknownUfuncError, "two branches"),
    "astype": (lambda x: x.astype(np.float32), GraphCutError, "cut the graph"),
    "singular values": (lambda x: np.linalg.norm(np.outer(x, x), 2), UnknownUfuncError, "fro"),
    "rows of different lengths": (lambda x: autodiff.array([[1.0], [1.0, 2.0]]), ShapeError, "one shape"),
    "text": (lambda x: autodiff.array(["a"]), CoercionError, "real number"),
    "shapes that do not fit": (lambda x: x @ np.ones(3), ShapeError, r"\(2,\) and \(3,\)"),
    "einsum of other sizes": (lambda x: np.einsum("i,i", x, np.ones(3)), ShapeError, "axis 'i'"),
    "no entries": (lambda x: np.max(x[:0]), ShapeError, "at least one entry"),
    "a matrix that is not square": (lambda x: np.linalg.det(x[np.newaxis]), ShapeError, "square"),
    "a singular matrix": (lambda x: np.linalg.inv(np.outer(x, [1.0, 1.0])), np.linalg.LinAlgError, "Singular"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(call: Callable[[Any], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(autodiff.array([1.0, 2.0]))


WHILE_COMPILING: dict[str, tuple[Callable[[Any], Any], tuple[int, ...], str]] = {
    "a branch on all": (lambda x: x if np.all(x > 0) else -x, (2,), "where"),
    "argmax": (lambda x: x[np.argmax(x)], (2,), "np.argmax"),
    "an unknown function": (lambda x: np.fft.fft(x), (2,), "np.fft.fft is not known"),
    "det of nine rows": (lambda x: np.linalg.det(x), (9, 9), "batched="),
    "sort of many": (lambda x: np.sort(x), (65,), "at most 64"),
    "a float array": (lambda x: np.zeros(2).__setitem__(0, x[0]), (2,), r"autodiff\.zeros\(n\)"),
    "data": (lambda x: x.data, (2,), "data"),
}


@pytest.mark.parametrize(("call", "shape", "message"), WHILE_COMPILING.values(), ids=WHILE_COMPILING)
def test_refusals_while_compiling(call: Callable[[Any], Any], shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(TraceError, match=message):
        autodiff.compile(call)(np.ones((2, *shape)))


def test_out_of_ours_is_written() -> None:
    x, out = autodiff.array([1.0, 2.0]), autodiff.zeros(2)
    assert np.add(x, 1.0, out=out) is out
    assert np.cumsum(x, out=out) is out
    assert out.data.tolist() == [1.0, 3.0]


def test_sorting_in_place() -> None:
    x = autodiff.array([2.0, 1.0])
    x.sort()
    assert x.data.tolist() == [1.0, 2.0]


def test_values_are_float64() -> None:
    x = autodiff.array([2.0, 1.0])
    assert x.astype(float)[0] is x[0]
    assert x.real[0] is x[0]
    assert np.imag(x).tolist() == [0.0, 0.0]
    assert np.conj(x).data.tolist() == [2.0, 1.0]


SCALARS: dict[str, Callable[[Any], Any]] = {
    "where": lambda x: np.where(x > 0.0, x, 0.5 * x),
    "clip": lambda x: np.clip(x, -1.0, 1.0),
    "select": lambda x: np.select([x > 1.0, x > 0.0], [x, x * x], -x),
    "linspace": lambda x: np.linspace(x, 3.0, 4)[1],
    "nan_to_num": lambda x: np.nan_to_num(x),
    "stack": lambda x: np.maximum(np.stack([x, 2.0 * x]), 0.0).sum(),
    "max": lambda x: np.max(x),
}


@pytest.mark.parametrize("function", SCALARS.values(), ids=SCALARS)
def test_functions_on_scalars(function: Callable[[Any], Any]) -> None:
    numbers = np.array([0.75, -2.0, 1.5])
    values, slopes = autodiff.compile(function).value_and_grad(numbers)
    for number, value, slope in zip(numbers, values, slopes, strict=True):
        x = Value(number)
        out = function(x)
        assert isinstance(out, Value)
        out.backward()
        assert (out.data, x.grad) == (value, slope)
        assert value == float(function(number))


def test_a_ufunc_that_numpy_makes_of_a_function_calls_it_on_the_entries() -> None:
    a = autodiff.array([1.0, 2.0])
    made = np.vectorize(lambda x: x * x)(a)
    made.sum().backward()
    slopes = np.vectorize(lambda x: x.grad, otypes=[float])(a)
    assert type(made) is ValueArray
    assert type(slopes) is np.ndarray
    assert slopes.tolist() == [2.0, 4.0]
    numbers, doubled = np.frompyfunc(lambda x: (x.data, 2.0 * x), 1, 2)(a)
    assert numbers.tolist() == [1.0, 2.0]
    assert type(doubled) is ValueArray
    assert autodiff.compile(lambda row: np.vectorize(lambda x: 3.0 * x)(row))([[1.0, 2.0]]).tolist() == [[3.0, 6.0]]


def test_what_is_written_into_copies_of_numbers_is_refused() -> None:
    x = autodiff.array([1.0, 2.0])
    np.sum(x * x).backward()
    for copied in (x.data, x.grad):
        with pytest.raises(ValueError, match="read-only"):
            copied[:] = 0.0
    assert (x.data.tolist(), x.grad.tolist()) == ([1.0, 2.0], [2.0, 4.0])


def test_clip_without_bounds_is_a_copy() -> None:
    x = autodiff.array([1.0, 2.0])
    np.clip(x, None, None)[0] = 5.0
    assert x.data.tolist() == [1.0, 2.0]
