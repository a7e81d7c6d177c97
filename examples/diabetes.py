"""A regression on real data that scikit-learn ships: diabetes after a year, from ten measurements of 442 people.

    python -m pip install -e ".[examples,train]"
    python examples/diabetes.py

A network of a few neurons beside ridge regression, both cross-validated on the same folds. With so few people and so
much noise the line is hard to beat, and the example says by how much it is or is not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from output_pictures import output_pictures
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nn.estimators import NetworkRegressor


def network(*, max_iter: int = 300) -> Any:
    """Standardized measurements, five tanh neurons and a strong penalty, for a standardized target."""
    model = NetworkRegressor(
        (5,), "tanh", learning_rate_init=0.01, alpha=30.0, max_iter=max_iter, tol=1e-4, random_state=0
    )
    return TransformedTargetRegressor(make_pipeline(StandardScaler(), model), transformer=StandardScaler())


def line() -> Any:
    """Ridge regression, its strength chosen within each fold."""
    return make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 3, 20)))


def scores(model: Any, features: np.ndarray, targets: np.ndarray, *, folds: int = 5) -> np.ndarray:
    """The share of variance explained in each fold that was held out."""
    parts = KFold(folds, shuffle=True, random_state=0)
    return np.asarray(cross_val_score(model, features, targets, cv=parts, scoring="r2"))


def draw(features: np.ndarray, targets: np.ndarray, path: Path) -> None:
    """Draw what each model says of people whom it was not trained on, against what happened."""
    figure, places = plt.subplots(1, 2, figsize=(8, 4), sharex=True, sharey=True)
    for axes, (name, model) in zip(places, {"network": network(), "ridge": line()}.items(), strict=True):
        said = cross_val_predict(model, features, targets, cv=KFold(5, shuffle=True, random_state=0))
        axes.scatter(targets, said, s=8)
        axes.axline((150.0, 150.0), slope=1.0, color="gray", linewidth=1)
        axes.set_title(name)
        axes.set_xlabel("progression after a year")
    places[0].set_ylabel("predicted, held out")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv: Sequence[str] | None = None) -> int:
    folder = output_pictures(argv, purpose="Diabetes progression by a network and by ridge regression.")
    features, targets = load_diabetes(return_X_y=True)
    for name, model in {"network": network(), "ridge regression": line()}.items():
        found = scores(model, features, targets)
        print(f"    {name:17} explains {found.mean():.3f} of the variance, ± {found.std():.3f} over the folds")
    draw(features, targets, folder / "diabetes.png")
    print(f"drawn in {folder / 'diabetes.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
