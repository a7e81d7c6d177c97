"""The admissions data tuned honestly: a network beside logistic regression, each cross-validated, its options chosen
within the folds.

    python -m pip install -e ".[examples,train]"
    python examples/admissions_tuned.py

What the data cannot give: 400 applicants, three columns that say little. Nothing gets far beyond saying no to all, and
the standard errors are as large as the differences.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from output_pictures import output_pictures
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nn.estimators import NetworkClassifier

CSV = Path(__file__).parent / "data" / "admissions.csv"


@final
@dataclass(frozen=True)
class Judgment:
    """How good a model is on applicants whom it was not trained on: means, and standard errors over the folds."""

    name: str
    accuracy: float
    accuracy_error: float
    loss: float
    loss_error: float


def records() -> tuple[pd.DataFrame, np.ndarray]:
    """Scores, and the rank as dummy columns; and who was admitted."""
    table = pd.read_csv(CSV)
    features = pd.get_dummies(table.drop(columns="admit"), columns=["rank"], dtype=float)
    return features, table["admit"].to_numpy()


def models(*, inner: int = 3) -> dict[str, Any]:
    """The rivals; what the last two leave open is searched within each training part."""
    network = NetworkClassifier((4,), "tanh", learning_rate_init=0.03, max_iter=150, tol=1e-3, random_state=0)
    return {
        "no to all": DummyClassifier(strategy="prior"),
        "logistic regression": GridSearchCV(
            make_pipeline(StandardScaler(), LogisticRegression()),
            {"logisticregression__C": [0.01, 0.1, 1.0]},
            scoring="neg_log_loss",
            cv=inner,
        ),
        "network": GridSearchCV(
            make_pipeline(StandardScaler(), network),
            {"networkclassifier__alpha": [1.0, 10.0], "networkclassifier__hidden_layer_sizes": [(2,), (6,)]},
            scoring="neg_log_loss",
            cv=inner,
        ),
    }


def judged(name: str, model: Any, *, folds: int = 5, repeats: int = 2) -> Judgment:
    """The model on folds that it never sees in training or in choosing its options."""
    features, admitted = records()
    parts = RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=0)
    found = cross_validate(model, features, admitted, cv=parts, scoring=("accuracy", "neg_log_loss"))
    accuracy, loss = found["test_accuracy"], -found["test_neg_log_loss"]
    root = folds**0.5  # repeats share the records, and add no independent ones
    return Judgment(name, accuracy.mean(), accuracy.std() / root, loss.mean(), loss.std() / root)


def draw(judgments: Sequence[Judgment], path: Path) -> None:
    """Draw the held-out loss of each model with its standard error."""
    figure, axes = plt.subplots(figsize=(6, 2.6))
    names = [judgment.name for judgment in judgments]
    axes.errorbar([judgment.loss for judgment in judgments], names, xerr=[j.loss_error for j in judgments], fmt="o")
    axes.set_xlabel("log loss on held-out applicants, with standard errors; less is better")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv: Sequence[str] | None = None) -> int:
    folder = output_pictures(argv, purpose="The admissions data, tuned and judged by cross-validation.")
    judgments = [judged(name, model) for name, model in models().items()]
    for found in judgments:
        print(
            f"    {found.name:20} accuracy {found.accuracy:.3f} ± {found.accuracy_error:.3f}, "
            f"log loss {found.loss:.3f} ± {found.loss_error:.3f}"
        )
    draw(judgments, folder / "admissions-tuned.png")
    print(f"drawn in {folder / 'admissions-tuned.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
