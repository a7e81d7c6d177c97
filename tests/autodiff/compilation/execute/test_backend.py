"""A second back end is an addition: one of Python floats, through every way that a compiled function has."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, final

import numpy as np
import pytest

import nn
from autodiff import OptionError, Value, compile, logsumexp, maximum, where
from autodiff.compilation.execute.backend import Backend
from autodiff.compilation.execute.numpy.backend import NUMPY
from autodiff.compilation.program.program import Rows, Step
from autodiff.compilation.rewrite.batch_sums import OVER_RECORDS
from autodiff.compilation.rewrite.rule import Rule
from autodiff.primitive import Primitive
from autodiff.rules import ADD, MUL, SIGMOID, SQUARE, TANH
from tests.autodiff.compilation.agreement import disagreements

Array = np.ndarray[Any, Any]


@final
@dataclass(frozen=True)
class ByHand:
    """Carries out steps number by number with the rows' own functions, and leaves those that it lacks to NumPy."""

    lacks: frozenset[Primitive] = frozenset()
    rules: tuple[Rule, ...] = (Rule("squares", lambda x: x**2.0, lambda x: SQUARE(x)),)
    least_chunk: int = 2
    chunk_bytes: int = 1
    carried_out: list[str] = field(default_factory=list)

    def calls(self, steps: Sequence[Step], arrays: Sequence[Array], dtype: np.dtype[Any]) -> list[Callable[[], Any]]:
        return [
            call
            for step in steps
            for call in (
                NUMPY.calls([step], arrays, dtype)
                if step.primitive in self.lacks
                else [partial(self._carry_out, step, arrays)]
            )
        ]

    def _carry_out(self, step: Step, arrays: Sequence[Array]) -> None:
        self.carried_out.append(step.primitive.name)
        out = arrays[step.out]
        places = np.ndindex(out.shape) if out.shape == step.grid else range(len(out))
        for member, place in enumerate(places):
            columns = [_numbers(read, arrays, member) for read in step.reads]
            records = list(zip(*np.broadcast_arrays(*columns), strict=True))
            if step.primitive in OVER_RECORDS:
                out[place] = math.fsum(math.prod(map(float, record)) for record in records)
            else:
                out[place] = np.reshape([step.primitive.compute(*map(float, x)) for x in records], out[place].shape)


def _numbers(read: Any, arrays: Sequence[Array], member: int) -> Array:
    """What a member reads: one number, or one for each record."""
    return np.atleast_1d(arrays[read.block][read.index[member]] if isinstance(read, Rows) else read[member])


MODEL = nn.MLP(3, [4, 2], activation="tanh", output_activation="sigmoid", rng=0)
X = np.random.default_rng(0).normal(size=(5, 3))


def _loss(features: Any, scale: Any) -> Any:
    a, b = MODEL(features)
    return logsumexp([a, b, 0.5]) * scale + where(a > b, maximum(a, features[0]), (b - 1.0) ** 2.0)


BACKENDS = {
    "all steps": ByHand,
    "some steps": lambda: ByHand(lacks=frozenset({ADD, MUL, TANH, SIGMOID})),
    "few at once": lambda: ByHand(least_chunk=1),
    "all at once": lambda: ByHand(least_chunk=10**6),
}


def _answers(backend: str | Backend) -> list[Any]:
    compiled = compile(_loss, batched=0, backend=backend)
    leaves = MODEL.parameters()
    for leaf in leaves:
        leaf.grad = 0.0
    bound = compiled.bind(X, 2.0, reduction="sum")
    answers = [
        compiled(X, 2.0),
        compiled.backward(X, 2.0),
        [leaf.grad for leaf in leaves],
        *compiled.value_and_grad(X, 2.0, argnums=(0, 1))[1],
        compiled.jacobian(X, 2.0),
        compiled.parameter_jacobian(X, 2.0),
        bound(),
        bound.gradient.copy(),
        bound.value(),
    ]
    assert str(compiled.program)
    return answers


@pytest.mark.parametrize("name", BACKENDS)
def test_gives_the_same_answers(name: str) -> None:
    backend = BACKENDS[name]()
    for computed, expected in zip(_answers(backend), _answers("numpy"), strict=True):
        assert not disagreements(computed, expected, ulps=64.0, scale=1.0)
    assert {"dot", "where", "square"} <= {*backend.carried_out}
    assert not backend.lacks & {*backend.carried_out}


def test_its_own_rules_make_its_programs() -> None:
    """It has a sigmoid and no rule for one, where NumPy has a rule."""
    compiled = compile(MODEL, backend=ByHand())
    compiled(X)
    assert "sigmoid(" in str(compiled.program)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("jax", r"backend must be 'numpy', or an object with rules, least_chunk, chunk_bytes, calls; got 'jax'$"),
        (None, "got None, which has no rules and no least_chunk and no chunk_bytes and no calls"),
    ],
)
def test_other_options_are_refused(given: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        compile(lambda x: x, backend=given)
    assert compile(lambda x: Value(2.0) * x, backend="numpy")([3.0]).tolist() == [6.0]
