"""Activations of networks, and the error function and normal distribution they draw on."""

from __future__ import annotations

from autodiff import compositions as c
from autodiff import rules
from autodiff.functions.scalar import Number, Scalar

__all__ = [
    "elu",
    "erf",
    "erfc",
    "expit",
    "gaussian",
    "gelu",
    "leaky_relu",
    "log_sigmoid",
    "logit",
    "normal_cdf",
    "normal_pdf",
    "relu",
    "sigmoid",
    "silu",
    "softplus",
]


def sigmoid(x: Scalar) -> Scalar:
    """1/(1 + e⁻ˣ), without overflow. Slope sigmoid(x)·sigmoid(-x), exact in the tails."""
    return rules.SIGMOID(x)


expit = sigmoid


def logit(x: Scalar) -> Scalar:
    """ln(x/(1 - x)), the inverse of sigmoid; ∓inf at 0 and 1, nan outside. Slope 1/(x·(1 - x))."""
    return c.logit(x)  # type: ignore[no-any-return]  # of the kind of x


def log_sigmoid(x: Scalar) -> Scalar:
    """ln sigmoid(x), without underflow. Slope sigmoid(-x)."""
    return rules.LOG_SIGMOID(x)


def softplus(x: Scalar) -> Scalar:
    """ln(1 + eˣ), without overflow. Slope sigmoid(x)."""
    return rules.SOFTPLUS(x)


def relu(x: Scalar) -> Scalar:
    """max(x, 0). Slope 0 or 1; 0 at 0, the subgradient of least norm."""
    return rules.RELU(x)


def leaky_relu(x: Scalar, negative_slope: Number = 0.01) -> Scalar:
    """x above 0, negative_slope·x below. Slope negative_slope at 0."""
    return rules.LEAKY_RELU(x, negative_slope)


def elu(x: Scalar, alpha: Number = 1.0) -> Scalar:
    """x above 0, alpha·(eˣ - 1) below. Slope alpha at 0. Source: Clevert et al. (2016)."""
    return rules.ELU(x, alpha)


def silu(x: Scalar) -> Scalar:
    """x·sigmoid(x), also called swish. Source: Elfwing et al. (2018)."""
    return rules.SILU(x)


def gelu(x: Scalar) -> Scalar:
    """x·Φ(x), with the exact normal distribution Φ. Source: Hendrycks and Gimpel (2016)."""
    return rules.GELU(x)


def erf(x: Scalar) -> Scalar:
    """The error function. Slope 2/√π·exp(-x²)."""
    return rules.ERF(x)


def erfc(x: Scalar) -> Scalar:
    """1 - erf(x), exact in the upper tail. Slope -2/√π·exp(-x²)."""
    return rules.ERFC(x)


def gaussian(x: Scalar) -> Scalar:
    """exp(-x²), to full precision in the tails. Slope -2x·exp(-x²)."""
    return rules.GAUSSIAN(x)


def normal_pdf(x: Scalar) -> Scalar:
    """φ(x), the density of the standard normal distribution. Slope -x·φ(x)."""
    return rules.NORMAL_PDF(x)


def normal_cdf(x: Scalar) -> Scalar:
    """Φ(x), the standard normal distribution, to full precision in the lower tail. Slope φ(x)."""
    return rules.NORMAL_CDF(x)
