"""The admissions network: 6-2-1 sigmoid units, 360 records, mean squared error, full-batch steps."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import dot, sigmoid
from benchmarks import torch_training
from benchmarks.agreement import agreeing
from benchmarks.comparison import Comparison, Work
from benchmarks.training import Descent, values
from nn import MLP, SGD, Layer, LossIncreaseWarning, fit

RECORDS, INPUTS, HIDDEN = 360, 6, 2
RATE = 0.0025
STEPS = 5000  # in one turn, so that what fit does before the first weighs little: to compile is a row of its own
LOOP_STEPS = 200  # of the loop over records, which takes milliseconds a step


def records() -> tuple[np.ndarray, np.ndarray]:
    """Standardized features and answers 0 or 1, as many and as wide as the listings' training set."""
    rng = np.random.default_rng(21)
    return rng.normal(size=(RECORDS, INPUTS)), (rng.random(RECORDS) < 0.3).astype(float)


def first_weights() -> list[np.ndarray]:
    """Shapes (2, 6) and (2,), scaled as in the listings; there are no biases."""
    rng = np.random.default_rng(21)
    scale = 1.0 / np.sqrt(INPUTS)
    return [rng.normal(scale=scale, size=(HIDDEN, INPUTS)), rng.normal(scale=scale, size=HIDDEN)]


def scalar_loss(weights: list[Any]) -> Callable[[Any, Any], Any]:
    """The squared error of one record, written on scalars."""
    hidden, out = weights

    def loss(features: Any, target: Any) -> Any:
        activations = [sigmoid(dot(row, features)) for row in hidden]
        return (sigmoid(dot(out, activations)) - target) ** 2

    return loss


def ours() -> Work:
    """Scalars, compiled, in a loop of our own."""
    weights = values(first_weights())
    descent = Descent(scalar_loss(weights), records(), RATE)

    def turn() -> Any:
        descent.steps(LOOP_STEPS)
        return lambda: descent.numbers_of(weights)

    return turn


def ours_in_fit() -> Work:
    """Scalars, compiled, inside `nn.fit`, which compiles anew in every turn."""
    hidden, out = first_weights()
    model = MLP.from_layers(Layer.from_matrix(matrix, activation="sigmoid") for matrix in (hidden.T, out))
    features, targets = records()

    def turn() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LossIncreaseWarning)
            fit(model, features, targets, optimizer=SGD(learning_rate=RATE), epochs=STEPS, loss="mse", progress=False)
        return lambda: [parameter.data for parameter in model.parameters()]

    return turn


def plain_numpy() -> Work:
    """Array code as one writes it down."""
    features, targets = records()
    hidden, out = first_weights()

    def step() -> None:
        nonlocal hidden, out
        activations = 1.0 / (1.0 + np.exp(-(features @ hidden.T)))
        predictions = 1.0 / (1.0 + np.exp(-(activations @ out)))
        delta = 2.0 / RECORDS * (predictions - targets) * predictions * (1.0 - predictions)
        inner = np.outer(delta, out) * activations * (1.0 - activations)
        out = out - RATE * (delta @ activations)
        hidden = hidden - RATE * (inner.T @ features)

    return _turn(step, lambda: [hidden, out])


def careful_numpy() -> Work:
    """Array code with every result in an array made before, features by column."""
    features, targets = records()
    columns = np.ascontiguousarray(features.T)
    hidden, out = first_weights()
    activations, slopes = np.empty((HIDDEN, RECORDS)), np.empty((HIDDEN, RECORDS))
    predictions, delta, slope = np.empty(RECORDS), np.empty(RECORDS), np.empty(RECORDS)
    along_hidden, along_out = np.empty_like(hidden), np.empty_like(out)

    def squash(array: np.ndarray) -> None:
        np.negative(array, array)
        np.exp(array, array)
        np.add(array, 1.0, array)
        np.reciprocal(array, array)

    def step() -> None:
        np.dot(hidden, columns, activations)
        squash(activations)
        np.dot(out, activations, predictions)
        squash(predictions)
        np.subtract(predictions, targets, delta)
        np.multiply(delta, 2.0 / RECORDS, delta)
        np.subtract(1.0, predictions, slope)
        np.multiply(slope, predictions, slope)
        np.multiply(delta, slope, delta)
        np.dot(activations, delta, along_out)
        np.subtract(1.0, activations, slopes)
        np.multiply(slopes, activations, slopes)
        np.multiply(slopes, delta, slopes)
        np.multiply(slopes, out[:, np.newaxis], slopes)
        np.dot(slopes, features, along_hidden)
        np.multiply(along_hidden, RATE, along_hidden)
        np.multiply(along_out, RATE, along_out)
        np.subtract(hidden, along_hidden, hidden)
        np.subtract(out, along_out, out)

    return _turn(step, lambda: [hidden, out])


def seeds_loop() -> Work:
    """The listings' loop over records, one step a pass."""
    features, targets = records()
    hidden, out = first_weights()[0].T, first_weights()[1]

    def step() -> None:
        nonlocal hidden, out
        along_hidden, along_out = np.zeros(hidden.shape), np.zeros(out.shape)
        for x, y in zip(features, targets, strict=True):
            activations = 1 / (1 + np.exp(-np.dot(x, hidden)))
            prediction = 1 / (1 + np.exp(-np.dot(activations, out)))
            delta = (prediction - y) * prediction * (1 - prediction)
            inner = np.dot(delta, out) * activations * (1 - activations)
            along_out += delta * activations
            along_hidden += inner * x[:, None]
        hidden = hidden - RATE * 2 * along_hidden / RECORDS
        out = out - RATE * 2 * along_out / RECORDS

    return _turn(step, lambda: [hidden.T, out], LOOP_STEPS)


def torch() -> Work:
    """PyTorch: a module, an optimizer loop."""
    hidden, out = first_weights()
    network = torch_training.network([hidden, out[np.newaxis]], [None, None], "Sigmoid", last="Sigmoid")
    features, targets = records()
    steps = torch_training.descent(network, "MSELoss", features, targets[:, np.newaxis], RATE)

    def turn() -> list[np.ndarray]:
        steps(STEPS)
        return [parameter.detach().numpy() for parameter in network.parameters()]

    return turn


def _jax_step() -> tuple[Callable[..., Any], Any]:
    import jax
    import jax.numpy as jnp

    features, targets = map(jnp.asarray, records())

    def loss(weights: Any) -> Any:
        hidden, out = weights
        return jnp.mean((jax.nn.sigmoid(jax.nn.sigmoid(features @ hidden.T) @ out) - targets) ** 2)

    def step(weights: Any) -> Any:
        return jax.tree.map(lambda w, d: w - RATE * d, weights, jax.grad(loss)(weights))

    return step, [*map(jnp.asarray, first_weights())]


def jax_steps() -> Work:
    """JAX: a jitted step, called step by step."""
    import jax

    step, weights = _jax_step()
    jitted = jax.jit(step)

    def turn() -> Any:
        nonlocal weights
        for _ in range(STEPS):
            weights = jitted(weights)
        return jax.block_until_ready(weights)

    return turn


def jax_loop() -> Work:
    """JAX: the whole training inside one jitted `fori_loop`."""
    import jax

    step, weights = _jax_step()
    looped = jax.jit(lambda start: jax.lax.fori_loop(0, STEPS, lambda _, now: step(now), start))

    def turn() -> Any:
        nonlocal weights
        weights = jax.block_until_ready(looped(weights))
        return weights

    return turn


def _turn(step: Callable[[], None], weights: Callable[[], list[np.ndarray]], steps: int = STEPS) -> Work:
    def turn() -> list[np.ndarray]:
        for _ in range(steps):
            step()
        return weights()

    return turn


def _row(name: str, peer: str, target: float, theirs: Callable[[], Work], side: Callable[[], Work]) -> Comparison:
    about = f"6-2-1, 360 records, {LOOP_STEPS if side is ours else STEPS} full-batch steps: {theirs.__doc__}"
    return Comparison(f"admissions-{name}", peer, target, about, lambda: agreeing(side(), theirs()), 5)


ROWS = (
    _row("plain", "numpy", 0.5, plain_numpy, ours_in_fit),
    _row("out", "numpy", 1.0, careful_numpy, ours_in_fit),
    _row("loop", "numpy", 0.005, seeds_loop, ours),
    _row("torch", "torch", 0.15, torch, ours_in_fit),
    _row("jax", "jax", 1.0, jax_steps, ours_in_fit),
    _row("fori", "jax", 1.0, jax_loop, ours_in_fit),
)
