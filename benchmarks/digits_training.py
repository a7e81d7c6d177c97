"""The digits learned by `fit` and by the estimator against scikit-learn's MLPClassifier and PyTorch, and predictions.

Same architecture, batch, optimizer and epochs on every side; each must tell 97 % of the images that were kept apart.
Every side runs once before it is timed, so that ours has the program of an earlier model; `fit-start` has none.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from time import process_time
from typing import Any

import numpy as np

from benchmarks.comparison import Comparison, Work
from benchmarks.figure import Figure

EPOCHS, BATCH, RATE, ENOUGH = 40, 64, 0.005, 0.97
SIZES = (64, 64, 10)


def data() -> tuple[np.ndarray, ...]:
    """Images and labels to learn from, and those kept apart."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    images, labels = load_digits(return_X_y=True)
    first, second, known, asked = train_test_split(
        images / 16.0, labels, test_size=0.25, random_state=0, stratify=labels
    )
    return first, known, second, asked


def by_fit() -> np.ndarray:
    """What `nn.fit` and `nn.predict` say of the images kept apart."""
    import nn

    images, labels, others, _ = data()
    model = nn.MLP(SIZES[0], SIZES[1:], initializer=nn.glorot_uniform, rng=0)
    options = {"loss": "cross_entropy", "batch_size": BATCH, "rng": 0, "progress": False}
    nn.fit(model, images, labels, optimizer=nn.Adam(learning_rate=RATE), epochs=EPOCHS, **options)  # type: ignore[arg-type]  # mixed
    return nn.predict(model, others).argmax(axis=1)


def by_estimator() -> np.ndarray:
    """What NetworkClassifier says."""
    from nn.estimators import NetworkClassifier

    return _by(NetworkClassifier)


def by_scikit_learn() -> np.ndarray:
    """What MLPClassifier says."""
    from sklearn.neural_network import MLPClassifier

    return _by(MLPClassifier)


def _by(kind: Callable[..., Any]) -> np.ndarray:
    images, labels, others, _ = data()
    model = kind(
        SIZES[1:-1], alpha=0.0, batch_size=BATCH, learning_rate_init=RATE, max_iter=EPOCHS, tol=0.0,
        n_iter_no_change=EPOCHS, random_state=0,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that all epochs were used
        return np.asarray(model.fit(images, labels).predict(others))


def by_torch() -> np.ndarray:
    """What PyTorch says, after a plain loop over shuffled batches, with its fastest Adam for one core."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    images, labels, others, _ = (torch.tensor(array) for array in data())
    first, second = torch.nn.Linear(*SIZES[:2]), torch.nn.Linear(*SIZES[1:])
    model = torch.nn.Sequential(first, torch.nn.ReLU(), second).double()
    optimizer, loss = torch.optim.Adam(model.parameters(), lr=RATE, fused=True), torch.nn.CrossEntropyLoss()
    for _ in range(EPOCHS):
        order = torch.randperm(len(images))
        for rows in order.split(BATCH):
            optimizer.zero_grad()
            loss(model(images[rows]), labels[rows]).backward()
            optimizer.step()
    with torch.no_grad():
        return np.asarray(model(others).argmax(dim=1))


def both(ours: Callable[[], np.ndarray], theirs: Callable[[], np.ndarray]) -> tuple[Work, Work]:
    """Both sides, after a check that each learns enough."""
    asked = data()[3]
    for side in (ours, theirs):
        share = float(np.mean(side() == asked))
        if share < ENOUGH:
            raise ArithmeticError(f"{side.__name__} reaches {share:.1%} of the images kept apart")
    return ours, theirs


def predictions() -> tuple[Work, Work]:
    """`predict` of 10,000 records, and the same written by hand in NumPy."""
    import nn

    features = np.random.default_rng(0).normal(size=(10_000, 64))
    model = nn.MLP(64, [32, 10], rng=0)
    matrices, biases = zip(*((layer.weight_matrix(), layer.bias_vector()) for layer in model.layers), strict=True)

    def by_hand() -> Any:
        return np.maximum(features @ matrices[0] + biases[0], 0.0) @ matrices[1] + biases[1]

    if not np.allclose(nn.predict(model, features), by_hand(), rtol=1e-10):
        raise ArithmeticError("the two sides disagree")
    return partial(nn.predict, model, features), by_hand


SOON = 0.05
"""Seconds of one core that the start of `fit` and the first `predict` of a model may take, compilation and all."""

_MODELS = 11


def first_prediction(progress: Callable[[int], Any]) -> float:
    """The median CPU time of the first `predict` of 10,000 records over `SOON`."""
    import nn

    features = np.random.default_rng(0).normal(size=(10_000, 64))
    return _median(lambda model: nn.predict(model, features), progress) / SOON


def start_of_fit(progress: Callable[[int], Any]) -> float:
    """The median CPU time of the first `fit` of a model, without an epoch, on the digits, over `SOON`."""
    import nn

    images, labels, *_ = data()
    options = {"loss": "cross_entropy", "batch_size": BATCH, "progress": False}

    def started(model: Any) -> Any:
        return nn.fit(model, images, labels, optimizer=nn.Adam(), epochs=0, **options)  # type: ignore[arg-type]  # mixed

    return _median(started, progress) / SOON


def _median(work: Callable[[Any], Any], progress: Callable[[int], Any]) -> float:
    """The median CPU time of the work on models that share no program, each having an attribute of its own."""
    import nn

    times = []
    for done in range(_MODELS):
        model: Any = nn.MLP(64, [32, 10], rng=done)
        model.number = done
        started = process_time()
        work(model)
        times.append(process_time() - started)
        progress(done + 1)
    return float(np.median(times))


_ABOUT = f"digits to 97 %, {'-'.join(map(str, SIZES))}, Adam, batch {BATCH}, {EPOCHS} epochs: "

ROWS = (
    Comparison("digits-97-sklearn", "sklearn", 0.9, _ABOUT + "fit", partial(both, by_fit, by_scikit_learn), rounds=5),
    Comparison("digits-97-torch", "torch", 0.4, _ABOUT + "fit", partial(both, by_fit, by_torch), rounds=5),
    Comparison(
        "estimator-fit", "sklearn", 1.2, _ABOUT + "estimator / fit", partial(both, by_estimator, by_fit), rounds=5
    ),
    Comparison("predict-10000", "numpy", 2.0, "predict of 10,000 records, 64-32-10, by hand", predictions, rounds=21),
    Figure("predict-first", "50 ms", 1.0, "the first predict of a model, 64-32-10", first_prediction, rounds=_MODELS),
    Figure("fit-start", "50 ms", 1.0, "fit of 64-32-10 on digits without an epoch", start_of_fit, rounds=_MODELS),
)
