"""Paths from one weight through a network over many records: how long the account of its gradient takes."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

from benchmarks.comparison import seconds
from benchmarks.figure import Figure

ROUNDS = 7
LIMIT = 0.25
"""Seconds."""
RECORDS = 75


def paths_of_a_weight(progress: Callable[[int], Any]) -> float:
    """The time of `viz.paths` on 20,000 nodes, a median, over the limit."""
    import nn
    import viz

    model = nn.MLP(2, [40, 40, 1], activation="tanh", rng=0)
    loss = nn.mse([model([0.01 * place, 0.5]) for place in range(RECORDS)], [1.0] * RECORDS)
    weight, taken = model.parameters()[0], []
    for done in range(ROUNDS):
        taken.append(seconds(lambda: viz.paths(weight, loss), 1))
        progress(done + 1)
    return statistics.median(taken) / LIMIT


ROWS = (
    Figure(
        "paths",
        "250 ms",
        1.0,
        "viz.paths from a weight of a 2-40-40-1 network over 75 records, 20,000 nodes",
        paths_of_a_weight,
        rounds=ROUNDS,
    ),
)
