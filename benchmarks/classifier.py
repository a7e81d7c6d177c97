"""Softmax networks of one hidden layer of rectifiers, trained on batches of 64 with cross-entropy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff import dot, logsumexp, relu
from benchmarks import torch_training
from benchmarks.agreement import agreeing
from benchmarks.comparison import Work
from benchmarks.training import Descent, values

BATCH = 64
RATE = 0.1


@final
@dataclass(frozen=True)
class Classifier:
    """The work: one batch, the sizes of the layers, and how many steps on it make one timed turn."""

    features: np.ndarray
    labels: np.ndarray
    """Whole numbers, one a record."""
    sizes: tuple[int, int, int]
    steps: int

    def first_weights(self) -> list[np.ndarray]:
        """A matrix of shape (outputs, inputs) and a vector of biases for each layer."""
        rng = np.random.default_rng(0)
        inputs, hidden, outputs = self.sizes
        first = rng.normal(scale=np.sqrt(2.0 / inputs), size=(hidden, inputs))
        second = rng.normal(scale=np.sqrt(2.0 / hidden), size=(outputs, hidden))
        return [first, np.zeros(hidden), second, np.zeros(outputs)]

    def one_hot(self) -> np.ndarray:
        """The labels as rows with a single 1."""
        return np.eye(self.sizes[-1])[self.labels]

    def ours(self) -> Work:
        """Scalars, compiled."""
        weights = values(self.first_weights())
        descent = Descent(scalar_loss(weights), [self.features, self.one_hot()], RATE)

        def turn() -> Any:
            descent.steps(self.steps)
            return lambda: descent.numbers_of(weights)

        return turn

    def torch(self) -> Work:
        """PyTorch: a module, an optimizer loop."""
        first, first_bias, second, second_bias = self.first_weights()
        network = torch_training.network([first, second], [first_bias, second_bias], "ReLU")
        steps = torch_training.descent(network, "CrossEntropyLoss", self.features, self.labels, RATE)

        def turn() -> list[np.ndarray]:
            steps(self.steps)
            return [parameter.detach().numpy() for parameter in network.parameters()]

        return turn

    def jax(self) -> Work:
        """JAX: a jitted step, called step by step."""
        import jax
        import jax.numpy as jnp

        features, labels = jnp.asarray(self.features), jnp.asarray(self.labels)

        def loss(weights: Any) -> Any:
            first, first_bias, second, second_bias = weights
            logits = jax.nn.relu(features @ first.T + first_bias) @ second.T + second_bias
            return -jnp.mean(jax.nn.log_softmax(logits)[jnp.arange(len(labels)), labels])

        @jax.jit
        def step(weights: Any) -> Any:
            return jax.tree.map(lambda w, d: w - RATE * d, weights, jax.grad(loss)(weights))

        weights = [*map(jnp.asarray, self.first_weights())]

        def turn() -> Any:
            nonlocal weights
            for _ in range(self.steps):
                weights = step(weights)
            return jax.block_until_ready(weights)

        return turn

    def against(self, theirs: Callable[[], Work]) -> tuple[Work, Work]:
        """Our training and theirs, after a check that they reach the same weights."""
        return agreeing(self.ours(), theirs())


def scalar_loss(weights: list[Any]) -> Callable[[Any, Any], Any]:
    """The cross-entropy of one record, written on scalars."""
    first, first_bias, second, second_bias = weights

    def loss(features: Any, target: Any) -> Any:
        hidden = [relu(dot(row, features) + bias) for row, bias in zip(first, first_bias, strict=True)]
        logits = [dot(row, hidden) + bias for row, bias in zip(second, second_bias, strict=True)]
        return logsumexp(logits) - dot(target, logits)

    return loss
