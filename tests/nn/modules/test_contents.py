import math

import pytest

import autodiff
import nn
from nn.modules.contents import contents_of, runs_own_code_only


class Own(nn.Module):
    """A user's own part."""

    def __init__(self):
        self.inner = nn.MLP(2, [1], rng=0)

    def __call__(self, inputs):
        return self.inner(inputs)


def patched():
    model = nn.MLP(2, [1], rng=0)
    model.forward = lambda entries: entries
    return model


MODELS = [
    (lambda: nn.MLP(2, [3, 1], rng=0), True),
    (lambda: nn.MLP(2, [3, 2], activation=autodiff.tanh, output_activation="softmax", rng=0), True),
    (lambda: nn.Sequential(nn.Linear(2, 3, rng=0), nn.LayerNorm(3), nn.Dropout(0.5), autodiff.relu), True),
    (lambda: nn.MLP(2, [3, 1], activation=lambda x: x * x, rng=0), False),
    (lambda: nn.Sequential(nn.Linear(2, 3, rng=0), math.exp), False),
    (Own, False),
    (patched, False),
]


@pytest.mark.parametrize(("make", "expected"), MODELS)
def test_whether_a_model_runs_other_code(make, expected):
    assert runs_own_code_only(contents_of(make())) is expected
