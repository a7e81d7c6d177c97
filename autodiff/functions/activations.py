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
    """Logistic function 1/(1 + e⁻ˣ), without overflow. `expit` is the same function.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [0, 1].

    Notes
    -----
    The derivative is sigmoid(x)·sigmoid(-x), with full relative precision in both tails.

    Examples
    --------
    >>> from autodiff import grad, sigmoid
    >>> sigmoid(0.0), sigmoid(-1000.0), grad(sigmoid)(0.0)
    (0.5, 0.0, 0.25)
    """
    return rules.SIGMOID(x)


expit = sigmoid


def logit(x: Scalar) -> Scalar:
    """Log-odds ln(x/(1 - x)), the inverse of `sigmoid`.

    Parameters
    ----------
    x : float, Value or array
        A probability.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: -inf at 0, inf at 1, nan outside [0, 1].

    Notes
    -----
    The derivative is 1/(x·(1 - x)).

    Examples
    --------
    >>> from autodiff import grad, logit
    >>> logit(0.5), logit(0.0), grad(logit)(0.5)
    (0.0, -inf, 4.0)
    """
    return c.logit(x)  # type: ignore[no-any-return]  # of the kind of x


def log_sigmoid(x: Scalar) -> Scalar:
    """Logarithm of `sigmoid`, without underflow.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number ≤ 0.

    Notes
    -----
    The derivative is sigmoid(-x).

    Examples
    --------
    >>> from autodiff import grad, log_sigmoid
    >>> log_sigmoid(-1000.0), grad(log_sigmoid)(0.0)
    (-1000.0, 0.5)
    """
    return rules.LOG_SIGMOID(x)


def softplus(x: Scalar) -> Scalar:
    """Smooth form of `relu`: ln(1 + eˣ), without overflow.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number ≥ 0.

    Notes
    -----
    The derivative is sigmoid(x).

    Examples
    --------
    >>> from autodiff import grad, softplus
    >>> softplus(1000.0), grad(softplus)(0.0)
    (1000.0, 0.5)
    """
    return rules.SOFTPLUS(x)


def relu(x: Scalar) -> Scalar:
    """Rectified linear unit max(x, 0).

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: `x` above 0, else 0; nan at nan.

    Notes
    -----
    The derivative is 1 above 0 and 0 below. At 0 it is 0, the subgradient of least norm.

    Examples
    --------
    >>> from autodiff import grad, relu
    >>> relu(2.0), relu(-2.0), grad(relu)(0.0)
    (2.0, 0.0, 0.0)
    """
    return rules.RELU(x)


def leaky_relu(x: Scalar, negative_slope: Number = 0.01) -> Scalar:
    """Rectified linear unit that keeps a small slope below 0.

    Parameters
    ----------
    x : float, Value or array
    negative_slope : float or Value, optional
        Slope below 0.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: `x` above 0, else negative_slope·x.

    Notes
    -----
    The derivative along `x` is 1 above 0, else negative_slope, at 0 too. Along `negative_slope` it is min(x, 0).

    Examples
    --------
    >>> from autodiff import grad, leaky_relu
    >>> leaky_relu(2.0), leaky_relu(-2.0), grad(leaky_relu)(-2.0)
    (2.0, -0.02, 0.01)
    """
    return rules.LEAKY_RELU(x, negative_slope)


def elu(x: Scalar, alpha: Number = 1.0) -> Scalar:
    """Exponential linear unit.

    Parameters
    ----------
    x : float, Value or array
    alpha : float or Value, optional
        Minus the limit at -∞.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: `x` above 0, else alpha·(eˣ - 1).

    Notes
    -----
    The derivative along `x` is 1 above 0, else alpha·eˣ, at 0 too. Along `alpha` it is min(eˣ - 1, 0).

    References
    ----------
    Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by exponential linear units (2016).

    Examples
    --------
    >>> from autodiff import elu, grad
    >>> elu(2.0), elu(-1000.0), grad(elu)(0.0)
    (2.0, -1.0, 1.0)
    """
    return rules.ELU(x, alpha)


def silu(x: Scalar) -> Scalar:
    """Sigmoid linear unit x·sigmoid(x), also called swish.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number ≥ -0.279.

    Notes
    -----
    The derivative is sigmoid(x) + x·sigmoid(x)·sigmoid(-x).

    References
    ----------
    Elfwing, Uchibe and Doya, Sigmoid-weighted linear units for neural network function approximation in reinforcement
    learning (2018).

    Examples
    --------
    >>> from autodiff import grad, silu
    >>> silu(0.0), grad(silu)(0.0)
    (0.0, 0.5)
    """
    return rules.SILU(x)


def gelu(x: Scalar) -> Scalar:
    """Gaussian error linear unit x·Φ(x), where Φ is `normal_cdf`.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number ≥ -0.17.

    Notes
    -----
    The derivative is Φ(x) + x·φ(x), where φ is `normal_pdf`. This is the exact form, not the one with tanh.

    References
    ----------
    Hendrycks and Gimpel, Gaussian error linear units (2016).

    Examples
    --------
    >>> from autodiff import gelu, grad
    >>> gelu(0.0), gelu(100.0), grad(gelu)(0.0)
    (0.0, 100.0, 0.5)
    """
    return rules.GELU(x)


def erf(x: Scalar) -> Scalar:
    """Error function 2/√π·∫₀ˣ exp(-t²) dt.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [-1, 1].

    Notes
    -----
    The derivative is 2/√π·exp(-x²). Numbers and Values use the C library; arrays and compiled functions use an
    approximation within 4 ulp.

    References
    ----------
    Near 0, fdlibm 5.3 (1993), s_erf.c. Elsewhere
    Shepherd and Laframboise, Chebyshev approximation of (1 + 2x)·exp(x²)·erfc(x) in 0 ≤ x < ∞ (1981).

    Examples
    --------
    >>> from autodiff import erf, grad
    >>> erf(0.0), erf(10.0), round(grad(erf)(0.0), 4)
    (0.0, 1.0, 1.1284)
    """
    return rules.ERF(x)


def erfc(x: Scalar) -> Scalar:
    """Complementary error function 1 - erf(x), with full relative precision where it is small.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [0, 2].

    Notes
    -----
    The derivative is -2/√π·exp(-x²). Numbers and Values use the C library; arrays and compiled functions use an
    approximation within 4 ulp.

    References
    ----------
    Shepherd and Laframboise, Chebyshev approximation of (1 + 2x)·exp(x²)·erfc(x) in 0 ≤ x < ∞ (1981).

    Examples
    --------
    >>> from autodiff import erfc, grad
    >>> erfc(0.0), f"{erfc(10.0):.3e}", round(grad(erfc)(0.0), 4)
    (1.0, '2.088e-45', -1.1284)
    """
    return rules.ERFC(x)


def gaussian(x: Scalar) -> Scalar:
    """Bell curve exp(-x²), with full relative precision in the tails.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [0, 1].

    Notes
    -----
    The derivative is -2x·exp(-x²). Rounding x² first would lose x² ulp, so `x` is split into two halves whose squares
    are exact.

    References
    ----------
    Dekker, A floating-point technique for extending the available precision (1971): the split.

    Examples
    --------
    >>> from autodiff import gaussian, grad
    >>> gaussian(0.0), round(gaussian(1.0), 4), round(grad(gaussian)(1.0), 4)
    (1.0, 0.3679, -0.7358)
    """
    return rules.GAUSSIAN(x)


def normal_pdf(x: Scalar) -> Scalar:
    """Density φ(x) of the standard normal distribution.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [0, 0.4).

    Notes
    -----
    φ(x) = exp(-x²/2)/√(2π), and its derivative is -x·φ(x).

    Examples
    --------
    >>> from autodiff import grad, normal_pdf
    >>> round(normal_pdf(0.0), 4), round(grad(normal_pdf)(1.0), 4)
    (0.3989, -0.242)
    """
    return rules.NORMAL_PDF(x)


def normal_cdf(x: Scalar) -> Scalar:
    """Distribution function Φ(x) of the standard normal distribution.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a probability.

    Notes
    -----
    Φ(x) = erfc(-x/√2)/2, with full relative precision in the lower tail. The derivative is φ(x), `normal_pdf`.

    References
    ----------
    For arrays and compiled functions,
    Shepherd and Laframboise, Chebyshev approximation of (1 + 2x)·exp(x²)·erfc(x) in 0 ≤ x < ∞ (1981).

    Examples
    --------
    >>> from autodiff import grad, normal_cdf
    >>> normal_cdf(0.0), f"{normal_cdf(-10.0):.3e}", round(grad(normal_cdf)(0.0), 4)
    (0.5, '7.620e-24', 0.3989)
    """
    return rules.NORMAL_CDF(x)
