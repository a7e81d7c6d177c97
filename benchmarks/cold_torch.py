"""The two-layer job of examples/admissions.py in PyTorch: the same records, weights, steps and printed loss."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

from admissions_job.records import DEFAULT_CSV, read_records
from data_preparation import prepare

EPOCHS, RATE, SEED, HIDDEN = 1000, 0.005, 21, 2


def main() -> None:
    torch.set_num_threads(1)
    data = prepare(read_records(DEFAULT_CSV))
    features = torch.from_numpy(data.features[data.training])
    targets = torch.from_numpy(data.targets[data.training])[:, None]
    network = _network(features.shape[1])
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE / 2)
    criterion = torch.nn.MSELoss()
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        criterion(network(features), targets).backward()
        optimizer.step()
    print(f"final {criterion(network(features), targets).item():.6f}")


def _network(inputs: int) -> torch.nn.Sequential:
    rng = np.random.RandomState(SEED)
    shapes = [(inputs, HIDDEN), (HIDDEN, 1)]
    layers = [torch.nn.Linear(*shape, bias=False, dtype=torch.float64) for shape in shapes]
    with torch.no_grad():
        for layer, shape in zip(layers, shapes, strict=True):
            layer.weight.copy_(torch.from_numpy(rng.normal(scale=inputs**-0.5, size=shape).T))
    return torch.nn.Sequential(layers[0], torch.nn.Sigmoid(), layers[1], torch.nn.Sigmoid())


if __name__ == "__main__":
    main()
