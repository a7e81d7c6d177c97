"""Random programs: compiled they give what they give on Values, record by record, and on JAX."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest

from autodiff import Value, compile, local_slopes, run_program, topological_order
from tests.autodiff.compilation.random_programs import FUNCTIONS, Writer, compiled_text, on_values

pytestmark = pytest.mark.filterwarnings("ignore:.* encountered in:RuntimeWarning")  # NumPy, on arrays of Values
RECORDS = 4
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 0.5, 2.0, math.inf, -math.inf, math.nan, 1e-300]
PARAMETERS = (0.7, -1.3)
A_TEST = 50
PERIODIC = {"sin", "cos", "tan"}
FAR = 1e12


def _data(seed: int, *, smooth: bool) -> tuple[Any, Any, Any]:
    """Numbers, rows and dicts for all records; where it is not smooth, with edges and ties among them."""
    draw = np.random.default_rng(seed)
    numbers = draw.normal(size=(RECORDS, 7))
    if not smooth:
        numbers = np.where(draw.random(numbers.shape) < 0.4, draw.choice(EDGES, numbers.shape), numbers)
    return numbers[:, 0], numbers[:, 1:4], {"a": numbers[:, 4], "b": (numbers[:, 5], numbers[:, 6])}


def _flat(given: tuple[Any, Any, Any]) -> np.ndarray:
    x, row, d = given
    return np.column_stack([x, row, d["a"], *d["b"]])


def _records(numbers: Iterable[Any]) -> tuple[Any, Any, Any]:
    """A record in the form in which it is passed."""
    x, *rest = numbers
    return x, np.array(rest[:3]), {"a": rest[3], "b": (rest[4], rest[5])}


def _on_values(text: str, records: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of every record the value with its derivatives, of the sum those along the parameters, and what rounding is
    measured against."""
    w, b = map(Value, PARAMETERS)
    program = on_values(text, w, b)
    rows, scales = [], []
    for numbers in records.tolist():
        leaves = [*map(Value, numbers)]
        out = program(*_records(leaves))
        out = out if isinstance(out, Value) else Value(out) * 1.0
        out.backward()
        rows.append([out.data, *[leaf.grad for leaf in leaves]])
        scales.append(_scale(topological_order(out)))
    return np.array(rows), np.array([w.grad, b.grad]), np.array(scales)


def _scale(nodes: Sequence[Value]) -> float:
    """The largest finite number, gradient, product of both or term of a gradient, at least 1.

    Infinite where a period of sin, cos or tan is within the rounding of its argument: any result is then as good as
    another.
    """
    if any(
        node.primitive and node.primitive.name in PERIODIC and FAR < abs(node.parents[0].data) < math.inf
        for node in nodes
    ):
        return math.inf
    found = [abs(x) for node in nodes for x in (node.data, node.grad, node.data * node.grad)]
    found += [abs(slope * node.grad) for node in nodes for slope in local_slopes(node) if slope is not None]
    return max([1.0, *[x for x in found if x < math.inf]])


def _compiled(seed: int, text: str, given: tuple[Any, Any, Any], dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    """The same from a compiled function; some on threads, some from a pickled program."""
    w, b = map(Value, PARAMETERS)
    function = compile(on_values(text, w, b), batched=(0, 1, 2), dtype=dtype, threads=1 + (seed % 5 == 0))
    value, (x, row, d) = function.value_and_grad(*given, argnums=(0, 1, 2))
    called = function(*given)
    np.testing.assert_allclose(called, value, rtol=1e-6 if dtype is np.float32 else 1e-12)
    if seed % 4 == 1:
        parameters = [leaf.data for leaf in function.parameters(*given)]
        blocks = [given[0], given[1], _flat(given)[:, 4:]]
        (again,) = run_program(pickle.loads(pickle.dumps(function.program)), parameters, blocks)
        np.testing.assert_allclose(np.ravel(again), called, rtol=1e-12)
    function.backward(*given, reduction="sum")
    return np.column_stack([value, x, row, d["a"], *d["b"]]), np.array([w.grad, b.grad])


def _differ(made: np.ndarray, expected: np.ndarray, scale: Any, tolerance: float) -> bool:
    with np.errstate(invalid="ignore"):
        near = np.abs(made - expected) <= tolerance * np.maximum(scale, np.abs(expected))
    return not (near | (made == expected) | (np.isnan(made) & np.isnan(expected))).all()


def _check(seed: int) -> None:
    smooth = seed % 2 == 0
    text = Writer(seed, smooth=smooth).text()
    given = _data(seed, smooth=smooth)
    dtype = np.float32 if seed % 16 == 2 else np.float64
    expected, along, scales = _on_values(text, _flat(given))
    rows, parameters = _compiled(seed, text, given, dtype)
    tolerance = 1e-3 if dtype is np.float32 else 1e-11
    message = f"seed {seed}\n{text}\n{_flat(given)}\ncompiled\n{rows} {parameters}\non Values\n{expected} {along}"
    assert not _differ(rows, expected, scales[:, np.newaxis], tolerance), message
    assert not _differ(parameters, along, scales.sum(), tolerance), message


@pytest.mark.parametrize("batch", range(4))
def test_compiled_as_on_values(batch: int) -> None:
    for seed in range(batch * A_TEST, (batch + 1) * A_TEST):
        _check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(4, 204))
def test_ten_thousand_compiled_as_on_values(batch: int) -> None:
    test_compiled_as_on_values(batch)


@pytest.mark.peers
@pytest.mark.parametrize("batch", range(4))
def test_compiled_as_on_jax(batch: int) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    jnp, nn = jax.numpy, jax.nn
    names = {name: getattr(jnp, name, None) or getattr(nn, name) for name in FUNCTIONS if name != "atan"}
    names |= {name: getattr(jnp, name) for name in ("array", "stack", "outer", "dot", "mean", "where", "maximum")}
    names |= {"atan": jnp.arctan, "grad": jax.grad, "w": PARAMETERS[0], "b": PARAMETERS[1]}
    for seed in range(batch * 10, batch * 10 + 10):
        text = Writer(2 * seed, smooth=True).text()
        given = _data(2 * seed, smooth=True)
        program = compiled_text(text, names)
        peer = jax.value_and_grad(lambda numbers, of=program: jnp.asarray(of(*_jax_record(numbers)), float))
        values, slopes = jax.vmap(peer)(jnp.asarray(_flat(given)))
        rows, _ = _compiled(2 * seed, text, given, np.float64)
        np.testing.assert_allclose(rows, np.column_stack([values, slopes]), rtol=1e-8, atol=1e-10, err_msg=text)


def _jax_record(numbers: Any) -> tuple[Any, Any, Any]:
    return numbers[0], numbers[1:4], {"a": numbers[4], "b": (numbers[5], numbers[6])}
