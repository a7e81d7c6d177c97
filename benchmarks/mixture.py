"""The log-likelihood of a Gaussian mixture and its gradient, as in ADBench: 2 dimensions, 5 components, 1,000 points.

A component has a weight alpha, a mean, and the factor Q of its inverse covariance Q'Q, a lower triangle
given by the logarithms of its diagonal and the entries below. The prior, which no point enters, is left out.
Source: F. Šrajer, Z. Kukelova, A. Fitzgibbon, "A Benchmark of Selected Algorithmic Differentiation Tools", 2018.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff
from autodiff import exp, logsumexp
from benchmarks.agreement import agreeing
from benchmarks.comparison import Comparison, Work

COMPONENTS, POINTS = 5, 1000


def point_rows() -> np.ndarray:
    """Points of shape (1000, 2)."""
    return np.random.default_rng(3).normal(size=(POINTS, 2))


def parameters() -> list[np.ndarray]:
    """Weights (5,), means (5, 2), and factors (5, 3): two logarithms, and the entry below the diagonal."""
    rng = np.random.default_rng(4)
    return [rng.normal(size=COMPONENTS), rng.random((COMPONENTS, 2)), rng.normal(size=(COMPONENTS, 3))]


def scalar_log_likelihood(point: Any, alphas: Any, means: Any, factors: Any) -> Any:
    """Of one point, a scalar."""
    x, y = point
    terms = []
    for alpha, (mean_x, mean_y), (log_a, log_b, below) in zip(alphas, means, factors, strict=True):
        first = exp(log_a) * (x - mean_x)
        second = below * (x - mean_x) + exp(log_b) * (y - mean_y)
        terms.append(alpha + (log_a + log_b) - 0.5 * (first**2 + second**2))
    return logsumexp(terms) - logsumexp(alphas) - math.log(2.0 * math.pi)


def ours() -> Work:
    """Scalars, compiled: the gradient along all parameters."""
    points = np.asfortranarray(point_rows())
    given = parameters()
    compiled = autodiff.compile(scalar_log_likelihood, batched=0)

    def turn() -> Any:
        value, gradients = compiled.value_and_grad(points, *given, argnums=(1, 2, 3), reduction="sum")
        return [value, *gradients]

    return turn


def array_log_likelihood(library: Any, points: Any, alphas: Any, means: Any, factors: Any, logsumexp_of: Any) -> Any:
    """Of all points, on arrays of `library`."""
    scales = library.exp(factors[:, :2])
    centered = points[:, None, :] - means
    first = scales[:, 0] * centered[..., 0]
    second = factors[:, 2] * centered[..., 0] + scales[:, 1] * centered[..., 1]
    terms = alphas + factors[:, :2].sum(1) - 0.5 * (first**2 + second**2)
    return logsumexp_of(terms, 1).sum() - len(points) * (logsumexp_of(alphas, 0) + math.log(2.0 * math.pi))


def jax() -> Work:
    """JAX: a jitted gradient."""
    import jax
    import jax.numpy as jnp

    points, given = jnp.asarray(point_rows()), [*map(jnp.asarray, parameters())]

    def total(alphas: Any, means: Any, factors: Any) -> Any:
        return array_log_likelihood(jnp, points, alphas, means, factors, jax.scipy.special.logsumexp)

    gradient = jax.jit(jax.value_and_grad(total, argnums=(0, 1, 2)))

    def turn() -> Any:
        value, gradients = jax.block_until_ready(gradient(*given))
        return [value, *gradients]

    return turn


def torch() -> Work:
    """PyTorch: forward and backward."""
    import torch

    torch.set_num_threads(1)
    points = torch.from_numpy(point_rows())
    given = [torch.from_numpy(array).requires_grad_() for array in parameters()]

    def turn() -> Any:
        for parameter in given:
            parameter.grad = None
        value = array_log_likelihood(torch, points, *given, torch.logsumexp)
        value.backward()
        return [value.detach().numpy(), *(parameter.grad.numpy() for parameter in given)]

    return turn


def _row(peer: str, target: float, theirs: Callable[[], Work]) -> Comparison:
    about = f"log-likelihood gradient, d=2 K=5, {POINTS} points: {theirs.__doc__}"
    return Comparison(f"mixture-{peer}", peer, target, about, lambda: agreeing(ours(), theirs()), 21, repeats=20)


ROWS = (_row("jax", 1.0, jax), _row("torch", 0.5, torch))
