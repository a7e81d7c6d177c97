"""The pictures of the main job: the gradient graph of one record, the loss curves, and the pages for a browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from data_preparation import FEATURES, Preparation
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import viz
from admissions_job.networks import Training, training_frame
from nn import MLP, SGD, mse

COLORS = {"one-layer": "#542788", "two-layer": "#b35806"}
GRAY = "#6b6b6b"


def squared_error(predictions: Sequence[Any], targets: Sequence[float]) -> Any:
    """The squared error of one record."""
    ((prediction,), (target,)) = predictions, targets
    out = (prediction - target).square()
    out.label = "squared error"
    return out


def record_picture(model: MLP, data: Preparation, record: int) -> viz.Picture:
    """One record through the network, with the gradients of its squared error; the model keeps its own."""
    features = pd.DataFrame([data.features[record]], columns=FEATURES, index=[record])
    return viz.draw(model, features, [data.targets[record]], loss=squared_error)


def write_pages(folder: Path, training: Training, data: Preparation) -> None:
    """The trained network with all its records (graph.html), and how it came to be (training.html)."""
    sizes = "-".join(map(str, [training.model.inputs, *(layer.outputs for layer in training.model.layers)]))
    rule = SGD(learning_rate=training.recipe.learning_rate / 2)
    title = f"admissions {sizes}"
    viz.page(
        training.model, *training_frame(data), loss=mse, optimizer=rule, title=title, filename=folder / "graph.html"
    )
    if training.film is not None:
        viz.page(training.film, title=title, filename=folder / "training.html")


def loss_curves(trainings: Sequence[Training], *, constant_mse: float) -> Figure:
    """Training MSE over epochs, a line a network, against the constant predictor."""
    figure = Figure(figsize=(8.0, 4.6), layout="constrained")
    axes = figure.add_subplot()
    axes.axhline(constant_mse, color=GRAY, linewidth=1.2, linestyle="--", zorder=1)
    axes.annotate(
        f"always predicting the mean: {constant_mse:.4f}",
        (1.0, constant_mse), xycoords=("axes fraction", "data"), xytext=(-2, 4), textcoords="offset points",
        color=GRAY, fontsize=9, horizontalalignment="right",
    )  # fmt: skip
    for training in trainings:
        _curve(axes, training)
    axes.set(xlabel="epochs", ylabel="mean squared error of the training records", xlim=(0, None))
    axes.set_title("The admissions networks, trained by graph traversal", loc="left")
    axes.margins(y=0.08)
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _curve(axes: Axes, training: Training) -> None:
    """One network's line, its printed points, and its name at the end."""
    history, recipe = training.history, training.recipe
    color = COLORS[recipe.name]
    losses = [*history.losses, history.final_loss]
    axes.plot(range(len(losses)), losses, color=color, linewidth=2)
    axes.plot(
        [epoch + 1 for epoch, _ in history.checks], [mse for _, mse in history.checks],
        color=color, linestyle="none", marker="o", markersize=5,
    )  # fmt: skip
    axes.annotate(
        f"{recipe.name} {recipe.sizes}\nrate {recipe.learning_rate:g}: {history.final_loss:.4f}",
        (len(losses) - 1, history.final_loss), xytext=(8, 0), textcoords="offset points",
        color=color, fontsize=10, verticalalignment="center", annotation_clip=False,
    )  # fmt: skip
