"""The two networks of the seed listings: how they start, and how they are trained."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
import pandas as pd
from data_preparation import FEATURES, Preparation
from numpy.typing import NDArray

import viz
from nn import MLP, SGD, History, Layer, LossIncreaseWarning, fit, mse


@final
@dataclass(frozen=True)
class Recipe:
    """A network and its training, as a listing gives them."""

    name: str
    epochs: int
    learning_rate: float
    """For a step along minus half the gradient of the mean squared error, as the listings step."""
    seed: int
    """Of the legacy random stream that draws the weights."""
    hidden: int | None = None
    """The number of hidden units, or None for a single unit that reads the features."""

    def changed(
        self, *, epochs: int | None, learning_rate: float | None, seed: int | None, hidden: int | None
    ) -> Recipe:
        """This recipe with the options that are not None; `hidden` only where there is a hidden layer."""
        given = {"epochs": epochs, "learning_rate": learning_rate, "seed": seed}
        if self.hidden is not None:
            given["hidden"] = hidden
        return replace(self, **{name: option for name, option in given.items() if option is not None})  # type: ignore[arg-type]  # each option has its field's type

    def first_weights(self, rng: np.random.RandomState) -> list[NDArray[np.float64]]:
        """The weights of each layer in the listings' shapes and order of drawing.

        The scale is 1/sqrt(features) for both layers: the two-layer listing does not use the number of
        hidden units for its second layer.
        """
        features = len(FEATURES)
        shapes = [(features,)] if self.hidden is None else [(features, self.hidden), (self.hidden,)]
        return [rng.normal(scale=1 / features**0.5, size=shape) for shape in shapes]

    @property
    def sizes(self) -> str:
        """The number of units in each layer, such as 6-2-1."""
        return "-".join(map(str, [len(FEATURES), *([] if self.hidden is None else [self.hidden]), 1]))


RECIPES = {
    "one-layer": Recipe("one-layer", epochs=1000, learning_rate=0.5, seed=42),
    "two-layer": Recipe("two-layer", epochs=900, learning_rate=0.005, seed=21, hidden=2),
}


@final
@dataclass(frozen=True)
class Training:
    """A trained network, and what happened on the way."""

    recipe: Recipe
    model: MLP
    history: History
    seconds: float
    film: viz.Film | None = None
    """The run epoch by epoch, for a page."""

    def weights(self) -> list[Any]:
        """The weights of each layer as nested lists in the listings' shapes: (6,), or (6, hidden) and (hidden,)."""
        *inner, last = [layer.weight_matrix() for layer in self.model.layers]
        return [*(matrix.tolist() for matrix in inner), last[:, 0].tolist()]


def sigmoid_network(weights: list[NDArray[np.float64]]) -> MLP:
    """Layers of sigmoid units without biases, as in the listings."""
    return MLP.from_layers(Layer.from_matrix(matrix, activation="sigmoid") for matrix in weights)


def train(
    recipe: Recipe,
    data: Preparation,
    *,
    batch_size: int | None = None,
    callback: Callable[[MLP, int, History], None] | None = None,
    progress: bool = True,
    compiled: bool = True,
    filmed: bool = False,
) -> Training:
    """Train the recipe's network; `callback` is called with the model after each epoch. `filmed` keeps a film of it.

    The derivatives come from traversing the graph of the loss: once, to compile it, or anew in each step.
    """
    rng = np.random.RandomState(recipe.seed)
    model = sigmoid_network(recipe.first_weights(rng))
    film = viz.film(model, *training_frame(data), loss=mse) if filmed else None
    callbacks: list[Any] = [] if film is None else [film]
    if callback is not None:
        callbacks.append(lambda epoch, history: callback(model, epoch, history))
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossIncreaseWarning)  # the printed table marks a rise where it happens
        history = fit(
            model,
            data.features[data.training],
            data.targets[data.training],
            # The gradient of the whole mean squared error is twice the listings', so the rate is half theirs.
            optimizer=SGD(learning_rate=recipe.learning_rate / 2),
            epochs=recipe.epochs,
            batch_size=batch_size,
            rng=rng,
            callbacks=callbacks,
            progress=progress,
            compiled=compiled,
        )
    return Training(recipe, model, history, time.perf_counter() - started, film)


def training_frame(data: Preparation) -> tuple[pd.DataFrame, Any]:
    """The training records with the names of their features and their numbers in the data, and their targets."""
    rows = data.training
    return pd.DataFrame(data.features[rows], columns=FEATURES, index=rows), data.targets[rows]
