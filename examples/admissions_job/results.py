"""What a trained network is worth, and the file that says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from data_preparation import Preparation
from numpy.typing import ArrayLike

from admissions_job.networks import Training
from nn import predict


@final
@dataclass(frozen=True)
class Confusion:
    """How many records were admitted or not, and predicted to be admitted or not."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def accuracy(self) -> float:
        """The share of records predicted rightly."""
        right = self.true_positives + self.true_negatives
        return right / (right + self.false_positives + self.false_negatives)


def confusion(outputs: ArrayLike, targets: ArrayLike) -> Confusion:
    """Count records; an output above 0.5 predicts admission, as in the listings."""
    predicted, admitted = np.asarray(outputs) > 0.5, np.asarray(targets) == 1.0
    counts = (predicted & admitted, predicted & ~admitted, ~predicted & admitted, ~predicted & ~admitted)
    return Confusion(*(int(count.sum()) for count in counts))


@final
@dataclass(frozen=True)
class Result:
    """A training and its confusion on the test records."""

    training: Training
    test: Confusion

    def as_json(self) -> dict[str, Any]:
        """The entry of results.json."""
        recipe, history = self.training.recipe, self.training.history
        return {
            "name": recipe.name,
            "epochs": history.epochs,
            "learning_rate": recipe.learning_rate,
            "printed": [{"epoch": epoch, "mse": mse} for epoch, mse in history.checks],
            "final_train_mse": history.final_loss,
            "test_accuracy": self.test.accuracy,
            "weights": self.training.weights(),
            "seconds": self.training.seconds,
        }


def evaluate(training: Training, data: Preparation) -> Result:
    """Compare the network's outputs on the test records with their targets."""
    outputs = predict(training.model, data.features[data.test])
    return Result(training, confusion(outputs, data.targets[data.test]))


@final
@dataclass(frozen=True)
class Baseline:
    """What one can say without looking at any feature."""

    constant_train_mse: float
    """Of predicting the training records' share of admissions for each of them."""
    majority_admitted: bool
    """Whether most of the training records were admitted."""
    majority_test_accuracy: float
    """Of predicting that majority for each test record."""


def baseline(data: Preparation) -> Baseline:
    """The baseline of a split; a tie counts as a majority of rejections."""
    share = float(data.targets[data.training].mean())
    majority = share > 0.5
    return Baseline(share * (1 - share), majority, float((data.targets[data.test] == majority).mean()))


def write_results(path: Path, results: Sequence[Result]) -> None:
    """Write a JSON list with an entry for each network."""
    path.write_text(json.dumps([result.as_json() for result in results], indent=2) + "\n", encoding="utf-8")
