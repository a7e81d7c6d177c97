"""Bundle adjustment as in ADBench: residuals of observations, and their 2×15 Jacobians.

A camera has 11 numbers: rotation vector (3), center (3), focal length, principal point (2), radial
distortion (2). An observation has one camera, one point (3), a weight, and the pixel measured (2).
Source: F. Šrajer, Z. Kukelova, A. Fitzgibbon, "A Benchmark of Selected Algorithmic Differentiation Tools", 2018;
the rotation is Rodrigues' formula.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff
from benchmarks.agreement import agreeing
from benchmarks.comparison import Comparison, Work

OBSERVATIONS = 10_000


def observations() -> list[np.ndarray]:
    """Cameras (n, 11), points (n, 3), weights (n,) and pixels (n, 2); every point is before its camera."""
    rng = np.random.default_rng(5)
    cameras = rng.normal(scale=0.1, size=(OBSERVATIONS, 11))
    cameras[:, 5] -= 5.0  # along the axis
    cameras[:, 6] += 2.0  # focal length
    return [cameras, rng.normal(size=(OBSERVATIONS, 3)), rng.random(OBSERVATIONS), rng.normal(size=(OBSERVATIONS, 2))]


def residual(camera: Any, point: Any, weight: Any, pixel: Any, library: Any) -> list[Any]:
    """weight · (projection - pixel), two numbers; `library` has sqrt, sin and cos."""
    x, y, z = (point[k] - camera[3 + k] for k in range(3))
    x, y, z = _rotated((camera[0], camera[1], camera[2]), (x, y, z), library)
    x, y = x / z, y / z
    squared = x * x + y * y
    stretch = 1.0 + camera[9] * squared + camera[10] * squared * squared
    return [
        weight * (camera[6] * stretch * x + camera[7] - pixel[0]),
        weight * (camera[6] * stretch * y + camera[8] - pixel[1]),
    ]


def _rotated(rotation: Any, vector: Any, library: Any) -> tuple[Any, Any, Any]:
    """The vector turned about the direction of `rotation` by its length, in radians."""
    angle = library.sqrt(rotation[0] * rotation[0] + rotation[1] * rotation[1] + rotation[2] * rotation[2])
    a, b, c = (part / angle for part in rotation)
    x, y, z = vector
    cosine, sine = library.cos(angle), library.sin(angle)
    along = (a * x + b * y + c * z) * (1.0 - cosine)
    return (
        x * cosine + (b * z - c * y) * sine + a * along,
        y * cosine + (c * x - a * z) * sine + b * along,
        z * cosine + (a * y - b * x) * sine + c * along,
    )


def ours() -> Work:
    """Scalars, compiled: residuals, and their derivatives along camera, point and weight."""
    given = [np.asfortranarray(array) for array in observations()]
    compiled = autodiff.compile(lambda *args: residual(*args, autodiff), batched=(0, 1, 2, 3))

    def turn() -> Any:
        residuals, jacobians = compiled.value_and_jacobian(*given, argnums=(0, 1, 2))
        return lambda: [*residuals, *(np.column_stack(row) for row in jacobians)]

    return turn


def jax() -> Work:
    """JAX: jitted, vectorized over observations, reverse mode."""
    import jax
    import jax.numpy as jnp

    def one(inputs: Any, pixel: Any) -> Any:
        out = jnp.stack(residual(inputs[:11], inputs[11:14], inputs[14], pixel, jnp))
        return out, out

    both = jax.jit(jax.vmap(jax.jacrev(one, has_aux=True)))
    cameras, points, weights, pixels = map(jnp.asarray, observations())
    inputs = jnp.concatenate([cameras, points, weights[:, None]], axis=1)

    def turn() -> Any:
        jacobians, residuals = jax.block_until_ready(both(inputs, pixels))
        return lambda: [*residuals.T, jacobians[:, 0], jacobians[:, 1]]

    return turn


def casadi() -> Work:
    """CasADi: its Function of residual and Jacobian, mapped over observations."""
    import casadi

    inputs, pixel = casadi.SX.sym("inputs", 15), casadi.SX.sym("pixel", 2)
    out = casadi.vertcat(*residual(*casadi.vertsplit(inputs, [0, 11, 14, 15]), pixel, casadi))
    both = casadi.Function("both", [inputs, pixel], [out, casadi.densify(casadi.jacobian(out, inputs))])
    mapped = both.map(OBSERVATIONS)
    cameras, points, weights, pixels = observations()
    given = [casadi.DM(np.column_stack([cameras, points, weights]).T), casadi.DM(pixels.T)]

    def turn() -> Any:
        residuals, jacobians = mapped(*given)
        return lambda: [*np.asarray(residuals), *np.asarray(jacobians).reshape(2, OBSERVATIONS, 15)]

    return turn


def _row(peer: str, target: float, theirs: Callable[[], Work]) -> Comparison:
    about = f"residual and 2×15 Jacobian of {OBSERVATIONS} observations: {theirs.__doc__}"
    return Comparison(f"bundle-{peer}", peer, target, about, lambda: agreeing(ours(), theirs()), 11)


ROWS = (_row("jax", 0.6, jax), _row("casadi", 0.35, casadi))
