"""The seed listings once more, in plain NumPy with deltas written by hand: the truth that the examples are held to.

Nothing here uses the project. The legacy global random stream is seeded as the listings seed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@dataclass
class Data:
    features: np.ndarray
    targets: np.ndarray
    features_test: np.ndarray
    targets_test: np.ndarray


@dataclass
class Run:
    weights: list[np.ndarray]
    printed: list[tuple[int, float]] = field(default_factory=list)
    last_record_losses: list[float] = field(default_factory=list)
    final: float = 0.0
    accuracy: float = 0.0


def prepare(csv: Path, *, split_seed: int) -> Data:
    """data_prep.py, with the three lines changed that today's pandas refuses."""
    admissions = pd.read_csv(csv).astype(float)
    data = pd.concat([admissions, pd.get_dummies(admissions["rank"], prefix="rank", dtype=float)], axis=1)
    data = data.drop("rank", axis=1)
    for name in ["gre", "gpa"]:
        data[name] = (data[name] - data[name].mean()) / data[name].std()
    np.random.seed(split_seed)
    sample = np.random.choice(data.index, size=int(len(data) * 0.9), replace=False)
    train, test = data.loc[sample], data.drop(sample)
    return Data(*(part for rows in (train, test) for part in (rows.drop("admit", axis=1).values, rows["admit"].values)))


def one_layer(data: Data, *, seed: int, epochs: int, rate: float) -> Run:
    """gradient.py: one sigmoid unit, the error term error * output * (1 - output)."""
    np.random.seed(seed)
    records, inputs = data.features.shape
    w = np.random.normal(scale=1 / inputs**0.5, size=inputs)
    run = Run([w])

    def out(x):
        return sigmoid(x @ w)

    for epoch in range(epochs):
        y = out(data.features)
        w += rate * ((data.targets - y) * y * (1 - y)) @ data.features / records
        if epoch % (epochs / 10) == 0:
            run.printed.append((epoch, np.mean((out(data.features) - data.targets) ** 2)))
    return _finish(run, data, out)


def two_layer(data: Data, *, seed: int, epochs: int, rate: float, hidden: int = 2) -> Run:
    """backprop.py: sigmoid hidden units, with the loss of all records beside the one that it prints."""
    np.random.seed(seed)
    records, inputs = data.features.shape
    w = np.random.normal(scale=1 / inputs**0.5, size=(inputs, hidden))
    v = np.random.normal(scale=1 / inputs**0.5, size=hidden)
    run = Run([w, v])

    def out(x):
        return sigmoid(sigmoid(x @ w) @ v)

    for epoch in range(epochs):
        h = sigmoid(data.features @ w)
        y = sigmoid(h @ v)
        output_term = (data.targets - y) * y * (1 - y)
        hidden_term = np.outer(output_term, v) * h * (1 - h)
        w += rate * data.features.T @ hidden_term / records
        v += rate * output_term @ h / records
        if epoch % (epochs / 10) == 0:
            run.printed.append((epoch, np.mean((out(data.features) - data.targets) ** 2)))
            run.last_record_losses.append(np.mean((out(data.features[-1]) - data.targets) ** 2))
    return _finish(run, data, out)


def one_layer_in_batches(data: Data, *, seed: int, epochs: int, rate: float, size: int) -> Run:
    """gradient.py with a step for each batch, the records shuffled by the stream that drew the weights."""
    rng = np.random.RandomState(seed)
    w = rng.normal(scale=1 / data.features.shape[1] ** 0.5, size=data.features.shape[1])
    for _ in range(epochs):
        order = rng.permutation(len(data.targets))
        for start in range(0, len(order), size):
            x, t = data.features[order[start : start + size]], data.targets[order[start : start + size]]
            y = sigmoid(x @ w)
            w += rate * ((t - y) * y * (1 - y)) @ x / len(t)
    return _finish(Run([w]), data, lambda x: sigmoid(x @ w))


def _finish(run: Run, data: Data, out) -> Run:
    run.final = np.mean((out(data.features) - data.targets) ** 2)
    run.accuracy = np.mean((out(data.features_test) > 0.5) == data.targets_test)
    return run
