"""Programs as data: a pickle runs in another process with the same bits, and reads the same."""

from __future__ import annotations

import copy
import pickle
import pickletools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff import (
    Value,
    compile,
    define_primitive,
    exp,
    grad,
    maximum,
    no_grad,
    relu,
    sigmoid,
    sqrt,
    tanh,
    where,
)
from autodiff.compilation.execute.executor import Executor
from autodiff.compilation.program.program import Program
from autodiff.errors import GraphFormatError
from nn import MLP

X = np.linspace(0.1, 2.0, 7)
Y = X[::-1].copy()
W = Value(2.0, label="w")

_EXECUTE = f"""
import pickle, sys
import {__name__}  # the primitives of a pickle are looked for in modules that are imported
from autodiff.compilation.execute.executor import Executor
program, given, records = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(pickle.dumps(Executor(program).run(given, records)))
"""


@define_primitive(partials=[lambda out, x: 3.0 * x * x])
def cubed(x):
    return x * x * x


@define_primitive(
    partials=[lambda out, x, y: y * exp(x * y), lambda out, x, y: x * exp(x * y)], array=lambda x, y: np.exp(x * y)
)
def exp_of_product(x, y):
    return float(np.exp(x * y))


@define_primitive(partials=lambda out, *xs: [2.0 * x for x in xs])
def sum_of_squares(*xs):
    return sum(x * x for x in xs)


def everything(x: Any, y: Any) -> Any:
    """Comparisons, what joins them, a detached part, a step, sums over records, and own primitives."""
    with no_grad():
        frozen = W * x
    chosen = where((x > y) & (y > 0.5) | (x == y), sqrt(x) * W, relu(y) * tanh(x))
    return chosen + frozen * y + maximum(x, 1.0) + cubed(y) * sigmoid(W * x) + sum_of_squares(x, y, W)


def _program() -> tuple[Any, list[np.ndarray]]:
    """A program of value and gradient, with what its first blocks are given."""
    compiled = compile(everything, batched=(0, 1))
    compiled.backward(X, Y)
    given = [np.array([W.data]), X[np.newaxis], Y[np.newaxis], np.array([1.0 / len(X)]), np.array([float(len(X))])]
    return compiled.program, given


def test_a_replay_is_what_ran() -> None:
    program, given = _program()
    before = W.grad
    value = compile(everything, batched=(0, 1)).backward(X, Y)
    (replayed,), (slope,) = Executor(program).run(given, len(X))
    assert (replayed, slope) == (value, pytest.approx(W.grad - before, rel=1e-12))


def test_in_another_process() -> None:
    program, given = _program()
    here = Executor(program).run(given, len(X))
    root = str(Path(__file__).parents[4])
    made = subprocess.run(
        [sys.executable, "-c", _EXECUTE],
        input=pickle.dumps((program, given, len(X))),
        stdout=subprocess.PIPE,
        check=True,
        cwd=root,
        timeout=60,
    )
    assert [array.tobytes() for array in pickle.loads(made.stdout)] == [array.tobytes() for array in here]


def test_a_pickle_reads_the_same() -> None:
    program, _ = _program()
    assert str(pickle.loads(pickle.dumps(program))) == str(program)


def test_a_pickle_of_another_version_is_refused() -> None:
    program, _ = _program()
    state = program.__getstate__()
    for other in (state | {"version": state["version"] + 1}, {**state, "version": None}, (1, 2)):
        with pytest.raises(GraphFormatError, match="this library reads version 2; compile the function again"):
            Program.__new__(Program).__setstate__(other)


def test_only_data_is_in_a_program() -> None:
    """No functions, and no module of the listing or of a back end, in what a pickle names."""
    program, _ = _program()
    named = {
        argument
        for opcode, argument, _ in pickletools.genops(pickle.dumps(program, protocol=2))
        if opcode.name == "GLOBAL"
    }
    assert {name.split(" ")[0] for name in named if "compilation" in name} <= {
        "autodiff.compilation.program.program",
        "autodiff.compilation.trace.stop_gradient",
        "autodiff.compilation.rewrite.batch_sums",
        "autodiff.compilation.rewrite.softmax_weights",
    }
    assert not any(callable(value) for value in program.__getstate__().values())


def test_a_program_runs_without_the_listing() -> None:
    script = (
        "import sys, autodiff; autodiff.compile(lambda x: x * x)([1.0]); print('listing' in str(sys.modules.keys()))"
    )
    root = str(Path(__file__).parents[4])
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=root, timeout=60)
    assert made.stdout.strip() == b"False"


@pytest.mark.parametrize("duplicate", [lambda made: pickle.loads(pickle.dumps(made)), copy.deepcopy])
def test_a_compiled_function_pickles_if_its_function_does(duplicate: Any) -> None:
    model = MLP(1, [3, 1], activation="tanh", rng=1)
    compiled = compile(model)
    features = X[:, np.newaxis]
    expected = compiled(features)
    twin = duplicate(compiled)
    np.testing.assert_array_equal(twin(features), expected)
    own = twin.parameters(features)
    assert not {*own} & {*model.parameters()}, "a model that is copied has parameters of its own"
    for parameter in model.parameters():
        parameter.data = 0.0
    np.testing.assert_array_equal(twin(features), expected)


def test_own_primitives() -> None:
    """Without an array version, with one, of any number of operands; in second derivatives as well."""
    values, slopes = compile(cubed).value_and_grad(X)
    np.testing.assert_allclose([values, slopes], [X**3, 3 * X**2], rtol=1e-15)
    values, (along_x, along_y) = compile(exp_of_product, batched=(0, 1)).value_and_grad(X, Y, argnums=(0, 1))
    np.testing.assert_allclose([values, along_x, along_y], np.exp(X * Y) * [np.ones(7), Y, X], rtol=1e-14)
    _, slopes = compile(lambda p: sum_of_squares(*p)).value_and_grad(np.stack([X, Y], axis=1))
    np.testing.assert_array_equal(slopes, 2 * np.stack([X, Y], axis=1))
    np.testing.assert_allclose(compile(grad(grad(cubed)))(X), 6 * X, rtol=1e-15)


@pytest.mark.parametrize("function", [sigmoid, tanh])
def test_slopes_take_their_exponential_from_one_place(function: Any) -> None:
    compiled = compile(function)
    compiled.value_and_grad(X)
    assert [step.primitive.name for step in compiled.program.steps].count("exp") == 1
