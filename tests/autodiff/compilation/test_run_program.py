"""Programs run by themselves: the same numbers as the compiled function gives, and refusals of what does not fit."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff import Value, compile, dot, run_program, tanh
from autodiff.errors import OptionError, ShapeError

POINTS = np.random.default_rng(3).normal(size=(5, 2))
SHARED = np.array([0.5, -1.5])

_ELSEWHERE = """
import pickle, sys
from autodiff import run_program
sys.stdout.buffer.write(pickle.dumps(run_program(*pickle.load(sys.stdin.buffer))))
"""


@pytest.fixture
def compiled() -> Any:
    weights = [Value(0.3), Value(-0.7)]
    return compile(lambda x, shared: tanh(dot(weights, x)) * shared[0] + x[0] * shared[1], batched=0)


def test_each_record(compiled: Any) -> None:
    expected = compiled(POINTS, SHARED)
    (made,) = run_program(compiled.program, [0.3, -0.7], [POINTS, SHARED])
    np.testing.assert_array_equal(made[:, 0], expected)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_reduction_and_its_gradient(compiled: Any, reduction: str) -> None:
    value = compiled.backward(POINTS, SHARED, reduction=reduction)
    gradient = [parameter.grad for parameter in compiled.parameters(POINTS, SHARED)]
    made = run_program(compiled.program, [0.3, -0.7], [POINTS, SHARED], reduction=reduction)
    np.testing.assert_array_equal(np.concatenate(made), [value, *gradient])


def test_in_another_process(compiled: Any) -> None:
    compiled.jacobian(POINTS, SHARED)
    task = (compiled.program, [0.3, -0.7], [POINTS, SHARED])
    ran = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE],
        input=pickle.dumps(task),
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path(__file__).parents[3],
        timeout=60,
    )
    for ours, theirs in zip(pickle.loads(ran.stdout), run_program(*task), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("given", "options", "error", "words"),
    [
        (([0.3], [POINTS, SHARED]), {}, ShapeError, "parameters holds 2 numbers, got 1"),
        (([0.3, 0.1], [POINTS]), {}, ShapeError, "takes 2 arguments, got 1"),
        (([0.3, 0.1], [POINTS[:, :1], SHARED]), {}, ShapeError, "argument 0 holds 2 numbers a record, got 1"),
        (([0.3, 0.1], [POINTS, SHARED]), {"reduction": "max"}, OptionError, "'mean' or 'sum', got 'max'"),
    ],
)
def test_what_does_not_fit(compiled: Any, given: Any, options: Any, error: type[Exception], words: str) -> None:
    compiled(POINTS, SHARED)
    with pytest.raises(error, match=words):
        run_program(compiled.program, *given, **options)


def test_unequal_numbers_of_records() -> None:
    product = compile(lambda x, y: x * y, batched=(0, 1))
    product([1.0], [2.0])
    with pytest.raises(ShapeError, match=r"one number of records, got \[1, 2\]"):
        run_program(product.program, [], [[1.0], [2.0, 3.0]])
