"""Every rule against PyTorch's, over 200 steps: side by side where it is installed, else its recorded figures."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.nn.optimizers.descent import START, descend, slope, value
from tests.nn.optimizers.rules import OF_ALL_ENTRIES, RULES

STEPS = 200
EVERY_RULE = RULES | OF_ALL_ENTRIES
RECORDED = json.loads((Path(__file__).parent / "trajectories.json").read_text(encoding="utf-8"))
"""PyTorch's positions after some of the steps, from `record` below."""

PEERS = {
    "sgd": ("SGD", {"lr": 0.1}),
    "sgd with weight decay": ("SGD", {"lr": 0.1, "weight_decay": 0.05}),
    "sgd with momentum": ("SGD", {"lr": 0.1, "momentum": 0.8}),
    "sgd with nesterov": ("SGD", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05}),
    "adam": ("Adam", {"lr": 0.1}),
    "adam with weight decay": ("Adam", {"lr": 0.02, "betas": (0.8, 0.9), "eps": 0.1, "weight_decay": 0.05}),
    "adamw": ("AdamW", {"lr": 0.1, "weight_decay": 0.05}),
    "rmsprop": ("RMSprop", {"lr": 0.01}),
    "rmsprop with weight decay": ("RMSprop", {"lr": 0.005, "alpha": 0.9, "eps": 0.1, "weight_decay": 0.05}),
    "rmsprop with momentum, centered": ("RMSprop", {"lr": 0.01, "momentum": 0.7, "centered": True}),
    "adagrad": ("Adagrad", {"lr": 0.1}),
    "adagrad with decay": (
        "Adagrad",
        {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.05, "initial_accumulator_value": 0.1, "eps": 1e-4},
    ),
    "clipped by value": ("SGD", {"lr": 0.1, "momentum": 0.8}),
    "clipped by norm": ("Adam", {"lr": 0.1}),
}
"""Classes of `torch.optim` and their options."""


def of_pytorch(name):
    """PyTorch's positions after each step, from the slopes by hand."""
    torch = pytest.importorskip("torch")
    made, options = PEERS[name]
    x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer, positions = getattr(torch.optim, made)([x], **options), []
    for _ in range(STEPS):
        x.grad = torch.tensor(slope(x.detach().numpy()))
        if name == "clipped by value":
            torch.nn.utils.clip_grad_value_([x], 0.3)
        if name == "clipped by norm":
            torch.nn.utils.clip_grad_norm_([x], 0.5)
        optimizer.step()
        positions.append(x.detach().numpy().copy())
    return np.array(positions)


def record():
    """Write the table: `python -c "from tests.nn.optimizers.test_trajectories import record; record()"`."""
    table = {name: {str(k): of_pytorch(name)[k - 1].tolist() for k in (1, 2, 10, 50, 200)} for name in PEERS}
    (Path(__file__).parent / "trajectories.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def test_the_tables_are_complete():
    assert PEERS.keys() == EVERY_RULE.keys() == RECORDED.keys()


def test_the_slope_by_hand_is_that_of_the_value():
    x, step = np.array(START), 1e-6
    differences = [(value(x + step * e) - value(x - step * e)) / (2 * step) for e in np.eye(4)]
    np.testing.assert_allclose(slope(x), differences, rtol=1e-8)


@pytest.mark.parametrize("name", EVERY_RULE)
def test_recorded_figures(name):
    positions = descend(EVERY_RULE[name](), STEPS)
    for k, expected in RECORDED[name].items():
        np.testing.assert_allclose(positions[int(k) - 1], expected, rtol=1e-10, atol=1e-13)


@pytest.mark.peers
@pytest.mark.parametrize("name", EVERY_RULE)
def test_the_trajectory_of_pytorch(name):
    np.testing.assert_allclose(descend(EVERY_RULE[name](), STEPS), of_pytorch(name), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", EVERY_RULE)
def test_a_rule_descends(name):
    positions = descend(EVERY_RULE[name](), STEPS)
    assert value(positions[-1]) < 0.5 * value(START)
