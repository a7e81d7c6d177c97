"""The graphs whose pages are tested: an expression E, the seeds' network S, the admissions network A, moons M and L."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, final

import numpy as np

import nn
from autodiff import Value, tanh
from viz.page import Page, page
from viz.page.tape import Tape, _parts, tape_of
from viz.subject import Subject, read_subject

FEATURES = ("gre", "gpa", "rank 1", "rank 2", "rank 3", "rank 4")


@final
@dataclass(frozen=True, eq=False)
class Fixture:
    """A page with what Python knows of its graph."""

    page: Page
    subject: Subject
    tape: Tape

    def batch_gradients(self) -> dict[int, float]:
        """For each slot the gradient of the loss of all records, summed over the records that have such a node."""
        if len(self.tape.rows) < 2:
            return {slot: self.subject.one_sweep[node] for node, slot in self.tape.slot_of.items()}
        found: dict[int, float] = {}
        parts = _parts(self.subject)
        for place, node in enumerate(parts[0]):
            slot = self.tape.slot_of[node]
            if slot != self.tape.root:
                found[slot] = sum(self.subject.gradients[part[place]] for part in parts)
        for node, slot in self.tape.slot_of.items():
            if node not in self.subject.record_of and slot != self.tape.root:
                found[slot] = self.subject.gradients[node]
        return found

    def slot(self, label: str, *scope: str) -> int:
        """The slot of the leaf of that name."""
        return next(
            slot
            for node, slot in self.tape.slot_of.items()
            if node.label == label and (node.origin.scope if node.origin else ()) == scope
        )


def neuron(w: Any, x: Any, b: Any) -> Any:
    """The expression E."""
    return tanh(w * x + b)


def expression() -> Fixture:
    leaves = [Value(-0.5, label="w"), Value(2.0, label="x"), Value(0.3, label="b")]
    return fixture_of(neuron(*leaves), title="tanh(w*x + b)")


def seeds() -> Fixture:
    model = nn.MLP(3, [2, 1], activation="sigmoid", output_activation="sigmoid", rng=1)
    return fixture_of(model, [[0.5, 0.1, -0.2]], [0.6], loss=nn.mse)


def admissions(records: int = 360) -> Fixture:
    """The shape of the admissions job, with numbers drawn at random, ranks one-hot."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(records, 2))
    ranks = np.eye(4)[rng.integers(0, 4, size=records)]
    targets = (scores[:, 1] + rng.normal(size=records) > 0.5).astype(float)
    model = nn.MLP(6, [2, 1], activation="sigmoid", output_activation="sigmoid", bias=False, rng=0)
    return fixture_of(
        model, np.hstack([scores, ranks]).tolist(), targets.tolist(), loss=nn.mse, title="admissions 6-2-1"
    )


def moons(records: int = 10) -> Fixture:
    rng = np.random.default_rng(0)
    angle, half = rng.uniform(0, np.pi, records), np.arange(records) % 2
    features = np.stack(
        [np.where(half, 1 - np.cos(angle), np.cos(angle)), np.where(half, 0.5 - np.sin(angle), np.sin(angle))], 1
    )
    return fixture_of(
        nn.MLP(2, [16, 16, 1], rng=0),
        features.tolist(),
        (2.0 * half - 1).tolist(),
        loss=nn.mse,
        title="moons 2-16-16-1",
    )


MAKERS = {
    "E": expression,
    "S": seeds,
    "A": admissions,
    "M": moons,
    "M of one record": lambda: moons(1),
    "L": lambda: moons(30),
}


@cache
def fixture(name: str) -> Fixture:
    """The fixture of that name, made once a worker."""
    return MAKERS[name]()


def fixture_of(subject: Any, *data: Sequence[Any], loss: Any = None, title: str | None = None) -> Fixture:
    """The page of a subject."""
    made = page(subject, *data, loss=loss, title=title)
    seen = read_subject(subject, *data, loss=loss)
    return Fixture(made, seen, tape_of(seen))
