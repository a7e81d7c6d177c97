"""A damped pendulum fitted to noisy angles by least squares, with an exact Jacobian and uncertainties.

    python -m pip install -e ".[examples,train]"
    python examples/pendulum.py

The angle follows θ'' = -γ θ' - ω² sin θ. The solution is computed step by step (Runge-Kutta of order 4), and the
derivative of every angle along θ(0), θ'(0), γ and ω² goes through all the steps: no formula for it, no differences.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from output_pictures import output_pictures

import autodiff
from autodiff import Value, sin
from nn import LevenbergMarquardt, Uncertainty, fit, uncertainty

NAMES = ("θ(0)", "θ'(0)", "γ", "ω²")
TRUTH = np.array([2.0, 0.0, 0.25, 9.0])
NOISE = 0.05
STEP, SAMPLES, STEPS_PER_SAMPLE = 0.05, 60, 2


def motion(parameters: Any) -> list[Any]:
    """The angle at the times of the samples, from the four parameters."""
    angle, speed, damping, stiffness = parameters

    def slope(angle: Any, speed: Any) -> tuple[Any, Any]:
        return speed, -damping * speed - stiffness * sin(angle)

    angles = []
    for _ in range(SAMPLES):
        for _ in range(STEPS_PER_SAMPLE):
            a1, s1 = slope(angle, speed)
            a2, s2 = slope(angle + 0.5 * STEP * a1, speed + 0.5 * STEP * s1)
            a3, s3 = slope(angle + 0.5 * STEP * a2, speed + 0.5 * STEP * s2)
            a4, s4 = slope(angle + STEP * a3, speed + STEP * s3)
            angle = angle + STEP / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
            speed = speed + STEP / 6.0 * (s1 + 2.0 * s2 + 2.0 * s3 + s4)
        angles.append(angle)
    return angles


def times() -> np.ndarray:
    """The times of the samples."""
    return STEP * STEPS_PER_SAMPLE * np.arange(1, SAMPLES + 1)


def measured(*, seed: int = 0) -> np.ndarray:
    """The true motion with Gaussian noise."""
    return np.array(motion(TRUTH)) + np.random.default_rng(seed).normal(0.0, NOISE, SAMPLES)


def jacobian(parameters: np.ndarray) -> np.ndarray:
    """The derivatives of every angle along the parameters, exact, of shape (samples, 4)."""
    return np.array(autodiff.jacobian(lambda p: np.array(motion(p), dtype=object))(parameters))


def estimate(angles: np.ndarray, start: Sequence[float] = (1.5, 0.5, 0.1, 8.0)) -> Uncertainty:
    """Fit the motion to the angles by the method of Levenberg and Marquardt."""
    values = [Value(number, label=name) for number, name in zip(start, NAMES, strict=True)]
    # One record, the experiment, with an output for each sample; it has no features of its own.
    data = {"model": lambda _: motion(values), "features": [[0.0]], "targets": [angles]}
    fit(**data, parameters=values, optimizer=LevenbergMarquardt(), epochs=100, progress=False)
    return uncertainty(**data, parameters=values)


def draw(angles: np.ndarray, fitted: Uncertainty, path: Path) -> None:
    """Draw the samples, the fitted motion and the band of its uncertainty."""
    slopes = jacobian(fitted.parameters)
    band = 2.0 * np.sqrt(np.einsum("ij,jk,ik->i", slopes, fitted.covariance, slopes))
    line = np.array(motion(fitted.parameters))
    figure, axes = plt.subplots(figsize=(8, 3.6))
    axes.fill_between(times(), line - band, line + band, alpha=0.4, label="fit, 2 standard errors")
    axes.plot(times(), line)
    axes.plot(times(), angles, "k.", label="measured")
    axes.set_xlabel("time in s")
    axes.set_ylabel("angle")
    axes.legend()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv: Sequence[str] | None = None) -> int:
    folder = output_pictures(argv, purpose="A damped pendulum fitted by least squares.")
    angles = measured()
    fitted = estimate(angles)
    for name, found, error, truth in zip(NAMES, fitted.parameters, fitted.errors, TRUTH, strict=True):
        print(f"    {name:5} {found:7.4f} ± {error:.4f}   true {truth:g}")
    print(f"    left over {fitted.spread:.4f}, noise {NOISE:g}")
    draw(angles, fitted, folder / "pendulum.png")
    print(f"drawn in {folder / 'pendulum.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
