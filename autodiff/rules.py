"""THE table: one row an operation, with its evaluation, its slopes, and its choice at a kink.

The rule at points where libraries disagree: the gradient where it is defined; the subgradient of
least norm at a convex kink; the limit, infinity allowed, otherwise; nan outside the domain.

A slope is differentiated in its turn, so its form matters as much as its number. Four rules:

- Where a slope is nan, it is the result itself or made of operands: a constant nan would have slope 0.
- A guard replaces a slope by a constant only where the slope is flat. `x / y` at x = 0 keeps its x.
- `x + 0.0` takes the sign from a zero: next to the edge of a domain -0.0 is 0.0, whose slope is the limit.
- A sum that cancels in a derivative is a row of its own, whose slope is one product: `leg`, `logistic_pdf`.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import numerics as n
from autodiff.approximations import (
    GRID,
    digamma_between,
    digamma_beyond,
    erf_near_zero,
    lgamma_above_one,
    lgamma_beyond,
    scaled_erfc,
    sinc_near_zero,
    sinc_slope_near_zero,
    split_exponent,
    tetragamma_above,
    trigamma_above,
)
from autodiff.choice import WHERE, both, chosen
from autodiff.notation import latex_forms as tex
from autodiff.notation import sympy_forms as sym
from autodiff.primitive import Primitive

LN2, LN10, LOG_PI = math.log(2.0), math.log(10.0), math.log(math.pi)
TWO_OVER_ROOT_PI, ROOT_TWO_PI, ROOT_HALF = 2.0 / math.sqrt(math.pi), math.sqrt(2.0 * math.pi), math.sqrt(0.5)

_DIVISOR = "keep the divisor away from 0, or choose with where(...) before dividing"
_OVERFLOW = "it overflows beyond 709: make its operand smaller"
_GAMMA = "it has poles at 0 and at negative whole numbers: keep its operand above 0"
_LOGARITHM = "keep its operand above 0: use log1p, log_sigmoid, logsumexp or xlogy where it may vanish"


def _or_nan(out: Any, slope: Any) -> Any:
    """The slope; where the result is nan, the result itself, whose slope is nan to every order."""
    return chosen(out == out, slope, out)


# Steps: flat wherever they have a slope; 0 at the jump too, so that second derivatives rest.

_FLAT = (lambda out, x: _or_nan(out, 0.0),)
SIGN = Primitive("sign", n.sign, np.sign, _FLAT, latex=r"\operatorname{sgn}", sympy="sign")
FLOOR = Primitive("floor", n.floor, np.floor, _FLAT, methods=("__floor__",), latex=tex.FLOOR, sympy="floor")
CEIL = Primitive("ceil", n.ceil, np.ceil, _FLAT, methods=("__ceil__",), latex=tex.CEILING, sympy="ceiling")
# To the nearest integer, halves to the even one: flat, and 0 at the jumps.
RINT = Primitive("rint", n.rint, np.rint, _FLAT, sympy=sym.nearest)
# 1 above 0, 0 at and below it, nan at nan: the slope of relu.
STEP = Primitive("step", n.step, n.step_array, _FLAT, sympy=lambda sp, x: sp.Piecewise((1, x > 0), (0, True)))

# Arithmetic.

ADD = Primitive(
    "add",
    operator.add,
    np.add,
    (1.0, 1.0),
    "+",
    methods=("__add__",),
    reflected="__radd__",
    latex=tex.SUM,
    sympy="Add",
    python=operator.add,
)
SUB = Primitive(
    "sub",
    operator.sub,
    np.subtract,
    (1.0, -1.0),
    "−",
    methods=("__sub__",),
    reflected="__rsub__",
    latex=tex.DIFFERENCE,
    sympy=lambda sp, a, b: a - b,
    python=operator.sub,
)
MUL = Primitive(
    "mul",
    operator.mul,
    np.multiply,
    (lambda out, a, b: b, lambda out, a, b: a),
    "×",
    methods=("__mul__",),
    reflected="__rmul__",
    latex=tex.PRODUCT,
    sympy="Mul",
    python=operator.mul,
)
# One division, and not a product with a reciprocal: 49 / 49 is 1.
DIV = Primitive(
    "div",
    operator.truediv,
    np.divide,
    (lambda out, a, b: 1.0 / b, lambda out, a, b: -out / b),
    "÷",
    methods=("__truediv__",),
    reflected="__rtruediv__",
    latex=tex.FRACTION,
    sympy=lambda sp, a, b: a / b,
    python=operator.truediv,
    hint=_DIVISOR,
)
# Flat along both, and 0 at the jumps. Python raises for a divisor of 0; NumPy has the infinity or nan of x / y.
FLOOR_DIVIDE: Primitive = Primitive(
    "floor_divide",
    operator.floordiv,
    np.floor_divide,
    (lambda out, x, y: _or_nan(out, 0.0), lambda out, x, y: _or_nan(out, 0.0)),
    "⌊÷⌋",
    methods=("__floordiv__",),
    reflected="__rfloordiv__",
    latex=tex.FLOOR_OF_FRACTION,
    sympy=lambda sp, x, y: sp.floor(x / y),
    python=operator.floordiv,
    hint=_DIVISOR,
)
# x - y·⌊x/y⌋, exact, with the sign of y. Where it jumps, at multiples of y, the slopes are those of the branch that the
# result, 0, belongs to.
MOD = Primitive(
    "mod",
    operator.mod,
    np.remainder,
    (lambda out, x, y: _or_nan(out, 1.0), lambda out, x, y: _or_nan(out, -FLOOR_DIVIDE(x, y))),
    "mod",
    methods=("__mod__",),
    reflected="__rmod__",
    sympy="Mod",
    python=operator.mod,
    hint=_DIVISOR,
)
STAIRCASES = (SIGN, FLOOR, CEIL, RINT, STEP, FLOOR_DIVIDE, MOD)
"""What moves in steps, so that differences over several of them say nothing of a slope."""

# A copy: transforms differentiate along a copy of each input, so that an outer derivative sees past it.
IDENTITY = Primitive(
    "identity", operator.pos, np.positive, (1.0,), "=", latex=tex.ITSELF, sympy=lambda sp, x: x, python=operator.pos
)
NEG = Primitive(
    "neg",
    operator.neg,
    np.negative,
    (-1.0,),
    "−",
    methods=("__neg__",),
    latex=tex.NEGATIVE,
    sympy=lambda sp, x: -x,
    python=operator.neg,
)
# |x + h| ≈ |x| + sign(x)·h; at 0 the subgradient of least norm is 0, so descent rests at the minimum.
ABS = Primitive(
    "abs",
    abs,
    np.abs,
    (lambda out, x: SIGN(x),),
    "|x|",
    methods=("__abs__", "fabs"),
    latex=tex.SIZE,
    sympy="Abs",
    python=abs,
)
SQUARE = Primitive(
    "square",
    lambda x: x * x,
    np.square,
    (lambda out, x: 2.0 * x,),
    "x²",
    latex=tex.SQUARE,
    sympy=lambda sp, x: x**2,
    python=lambda x: x * x,
)
RECIPROCAL = Primitive(
    "reciprocal",
    lambda x: 1.0 / x,
    np.reciprocal,
    (lambda out, x: -out * out,),
    "1/x",
    latex=tex.RECIPROCAL,
    sympy=lambda sp, x: 1 / x,
    python=lambda x: 1.0 / x,
    hint=_DIVISOR,
)


def _along_base(out: Any, x: Any, y: Any) -> Any:
    """y·x^(y-1); as y·x^y / x where rounding y - 1 would cost |ln x| ulp, or 1/x overflow at y = 0."""
    quotient = both(((y - 1.0) + 1.0 != y) + (y == 0.0), lambda: (x != 0.0) * (ABS(x) != math.inf))
    return chosen(quotient, lambda: y * out / x, lambda: y * POW(x, y - 1.0))


def _pow_along_base(out: Any, x: Any, y: Any) -> Any:
    if isinstance(y, float) and math.isfinite(y):  # a number is not differentiated along
        return chosen(both(y == 0.0, lambda: x == 0.0), 0.0, lambda: _along_base(out, x, y))
    return chosen(x == 0.0, lambda: POW_PARTIAL(x, y, 1.0, 0.0), lambda: _along_base(out, x, y))


def _pow_along_exponent(out: Any, x: Any, y: Any) -> Any:
    if isinstance(x, float):
        return chosen(both(x == 0.0, y >= 0.0), 0.0, lambda: out * LOG(x))
    return chosen(x == 0.0, lambda: POW_PARTIAL(x, y, 0.0, 1.0), lambda: out * LOG(x))


# d(x^y) = y·x^(y-1)·dx + x^y·ln(x)·dy. Where x is 0 the products 0·inf have the limit 0: x⁰ is flat
# at 0, and so is 0^y for y ≥ 0. A negative base has no slope along y: nan, and never complex.
# NumPy's float_power is its power but for exponents of 0.5, where power takes sqrt, of -inf too.
POW: Primitive = Primitive(
    "pow",
    math.pow,
    np.float_power,
    (_pow_along_base, _pow_along_exponent),
    "^",
    methods=("__pow__",),
    reflected="__rpow__",
    latex=tex.POWER,
    sympy="Pow",
    python=operator.pow,
    hint="keep the base above 0: a negative one has no real power of a fraction, and 0 none of a negative number",
)
# The derivative of x^y, i times along x and j times along y. Where x is 0 its terms are infinities of both
# signs, so that no sum of products has the limit; here every order of differentiation makes the same node.
POW_PARTIAL: Primitive = Primitive(
    "pow_partial",
    n.pow_partial,
    n.pow_partial_array,
    (
        lambda out, x, y, i, j: POW_PARTIAL(x, y, i + 1.0, j),
        lambda out, x, y, i, j: POW_PARTIAL(x, y, i, j + 1.0),
        0.0,
        0.0,
    ),
    sympy=sym.pow_partial,
)
SQRT = Primitive(
    "sqrt",
    math.sqrt,
    np.sqrt,
    (lambda out, x: 0.5 / (out + 0.0),),
    "√",
    latex=tex.ROOT,
    sympy="sqrt",
    hint="keep its operand above 0, where its slope is finite; abs, hypot and norm have a slope at 0",
)
CBRT = Primitive(
    "cbrt",
    n.cbrt,
    n.cbrt_array,
    (lambda out, x: 1.0 / (3.0 * SQUARE(out)),),
    "∛",
    latex=tex.CUBE_ROOT,
    sympy=sym.cube_root,
    hint="keep its operand away from 0, where its slope is infinite",
)
# √(a² - b²): its slope along b is one quotient, where that of (a - b)·(a + b) is a sum that cancels near
# b = 0 and is inf·0 at b = a.
LEG = Primitive(
    "leg",
    n.leg,
    n.leg_array,
    (lambda out, a, b: a / out, lambda out, a, b: -b / out),
    latex=tex.LEG,
    sympy=lambda sp, a, b: sp.sqrt(a**2 - b**2),
)

# Exponentials and logarithms.

EXP = Primitive(
    "exp",
    math.exp,
    np.exp,
    (lambda out, x: out,),
    latex=tex.EXPONENTIAL,
    sympy="exp",
    hint="it overflows beyond 709: stay in logarithms with logsumexp, softplus or log_sigmoid",
)
EXPM1 = Primitive(
    "expm1",
    math.expm1,
    np.expm1,
    (lambda out, x: EXP(x),),
    latex=tex.EXPONENTIAL_LESS_ONE,
    sympy=lambda sp, x: sp.exp(x) - 1,
    hint=_OVERFLOW,
)
EXP2 = Primitive(
    "exp2",
    math.exp2,
    np.exp2,
    (lambda out, x: LN2 * out,),
    latex=tex.POWER_OF_TWO,
    sympy=lambda sp, x: sp.Integer(2) ** x,
    hint="it overflows from 1024 on: make its operand smaller",
)
LOG: Primitive = Primitive(
    "log",
    math.log,
    np.log,
    (lambda out, x: chosen(x >= 0.0, lambda: 1.0 / (x + 0.0), out),),
    latex=r"\ln",
    sympy="log",
    hint=_LOGARITHM,
)
LOG1P = Primitive(
    "log1p",
    math.log1p,
    np.log1p,
    (lambda out, x: chosen(x >= -1.0, lambda: 1.0 / (1.0 + x), out),),
    latex=tex.LOG_OF_SUM,
    sympy=lambda sp, x: sp.log(1 + x),
    hint="keep its operand above -1",
)
LOG2 = Primitive(
    "log2",
    math.log2,
    np.log2,
    (lambda out, x: chosen(x >= 0.0, lambda: 1.0 / (LN2 * (x + 0.0)), out),),
    latex=r"\log_{2}",
    sympy=lambda sp, x: sp.log(x) / sp.log(2),
    hint=_LOGARITHM,
)
LOG10 = Primitive(
    "log10",
    math.log10,
    np.log10,
    (lambda out, x: chosen(x >= 0.0, lambda: 1.0 / (LN10 * (x + 0.0)), out),),
    latex=r"\log_{10}",
    sympy=lambda sp, x: sp.log(x) / sp.log(10),
    hint=_LOGARITHM,
)
# x·y, and 0 where x is 0, whatever y: along a direction of 0 nothing changes.
XMULY = Primitive(
    "xmuly",
    n.xmuly,
    n.xmuly_array,
    (lambda out, x, y: y, lambda out, x, y: x),
    latex=tex.PRODUCT,
    sympy=lambda sp, x, y: x * y,
)
# x/y, and 0 where both are 0.
XDIVY: Primitive = Primitive(
    "xdivy",
    n.xdivy,
    n.xdivy_array,
    (lambda out, x, y: 1.0 / y, lambda out, x, y: -XDIVY(out, y)),
    latex=tex.FRACTION,
    sympy=lambda sp, x, y: x / y,
)
# x·log(y), and 0 where x is 0: the limit that entropies need. At (0, 0) its slopes are (-inf, 0), whose
# sum along x = y is the limit of log(x) + 1. Below y = 0 both are nan.
XLOGY = Primitive(
    "xlogy",
    n.xlogy,
    n.xlogy_array,
    (lambda out, x, y: LOG(y), lambda out, x, y: chosen(y >= 0.0, lambda: XDIVY(x, y + 0.0), lambda: x * LOG(y))),
    latex=tex.PRODUCT_WITH_LOG,
    sympy=lambda sp, x, y: x * sp.log(y),
    hint="keep its second operand above 0",
)

# Trigonometric and hyperbolic functions, and their inverses.

SIN = Primitive("sin", math.sin, np.sin, (lambda out, x: COS(x),), latex=r"\sin", sympy="sin")
COS: Primitive = Primitive("cos", math.cos, np.cos, (lambda out, x: -SIN(x),), latex=r"\cos", sympy="cos")
TAN = Primitive("tan", math.tan, np.tan, (lambda out, x: 1.0 + SQUARE(out),), latex=r"\tan", sympy="tan")
ASIN = Primitive(
    "asin",
    math.asin,
    np.arcsin,
    (lambda out, x: 1.0 / LEG(1.0, x),),
    latex=r"\arcsin",
    sympy="asin",
    hint="keep its operand between -1 and 1, where its slope is finite",
)
ACOS = Primitive(
    "acos",
    math.acos,
    np.arccos,
    (lambda out, x: -1.0 / LEG(1.0, x),),
    latex=r"\arccos",
    sympy="acos",
    hint="keep its operand between -1 and 1, where its slope is finite",
)
ATAN = Primitive(
    "atan", math.atan, np.arctan, (lambda out, x: SQUARE(1.0 / HYPOT(1.0, x)),), latex=r"\arctan", sympy="atan"
)


def _over_square(out: Any, part: Any, whole: Any) -> Any:
    """part / whole², divided twice so that the square cannot overflow; 0 at infinity."""
    return chosen(whole == math.inf, lambda: 0.0 * out, lambda: part / whole / whole)


# The angle of (x, y): slopes x/r² and -y/r².
ATAN2 = Primitive(
    "atan2",
    math.atan2,
    np.arctan2,
    (lambda out, y, x: _over_square(out, x, HYPOT(x, y)), lambda out, y, x: _over_square(out, -y, HYPOT(x, y))),
    sympy="atan2",
    hint="it has no slope where both operands are 0: keep one away from it",
)
SINH = Primitive("sinh", math.sinh, np.sinh, (lambda out, x: COSH(x),), latex=r"\sinh", sympy="sinh", hint=_OVERFLOW)
COSH: Primitive = Primitive(
    "cosh", math.cosh, np.cosh, (lambda out, x: SINH(x),), latex=r"\cosh", sympy="cosh", hint=_OVERFLOW
)
# 1 - tanh², exact in the tails, and bounded at every order.
TANH = Primitive(
    "tanh",
    math.tanh,
    np.tanh,
    (lambda out, x: 4.0 * LOGISTIC_PDF(2.0 * x),),
    latex=r"\tanh",
    sympy="tanh",
    activation=True,
    limits=(1.0, -1.0, 1.0),
)
ASINH = Primitive(
    "asinh",
    math.asinh,
    np.arcsinh,
    (lambda out, x: 1.0 / HYPOT(1.0, x),),
    latex=r"\operatorname{arsinh}",
    sympy="asinh",
)
# 1/√(x² - 1) as a product whose derivatives, of any order, are sums of terms of one sign: nothing cancels at x = 1.
ACOSH = Primitive(
    "acosh",
    math.acosh,
    np.arccosh,
    (lambda out, x: chosen(x >= 1.0, lambda: (1.0 / SQRT(x - 1.0)) * (1.0 / SQRT(x + 1.0)), out),),
    latex=r"\operatorname{arcosh}",
    sympy="acosh",
    hint="keep its operand above 1, where its slope is finite",
)
ATANH = Primitive(
    "atanh",
    math.atanh,
    np.arctanh,
    (lambda out, x: SQUARE(1.0 / LEG(1.0, x)),),
    latex=r"\operatorname{artanh}",
    sympy="atanh",
    hint="keep its operand between -1 and 1, where its slope is finite",
)

# Activations and what they are made of.

SIGMOID: Primitive = Primitive(
    "sigmoid",
    n.sigmoid,
    n.sigmoid_array,
    (lambda out, x: LOGISTIC_PDF(x),),
    "σ",
    latex=r"\sigma",
    sympy=sym.sigmoid,
    activation=True,
    limits=(0.25, 0.0, 1.0),
)
# sigmoid(x)·sigmoid(-x): the density of the logistic distribution.
LOGISTIC_PDF: Primitive = Primitive(
    "logistic_pdf",
    n.logistic_pdf,
    n.logistic_pdf_array,
    (lambda out, x: -out * TANH(0.5 * x),),
    sympy=lambda sp, x: sym.sigmoid(sp, x) * sym.sigmoid(sp, -x),
)
LOG_SIGMOID = Primitive(
    "log_sigmoid",
    lambda x: -n.softplus(-x),
    lambda x: -n.softplus_array(-x),
    (lambda out, x: SIGMOID(-x),),
    "log σ",
    latex=tex.LOG_SIGMOID,
    sympy=lambda sp, x: -sp.log(1 + sp.exp(-x)),
    activation=True,
)
SOFTPLUS = Primitive(
    "softplus",
    n.softplus,
    n.softplus_array,
    (lambda out, x: SIGMOID(x),),
    sympy=lambda sp, x: sp.log(1 + sp.exp(x)),
    activation=True,
)
# max(x, 0): at 0 the subgradient of least norm, 0.
RELU = Primitive(
    "relu",
    n.relu,
    n.relu_array,
    (lambda out, x: STEP(x),),
    latex=r"\operatorname{ReLU}",
    sympy=lambda sp, x: sp.Max(x, 0),
    activation=True,
)
# At 0 the smaller of the two one-sided slopes is a; descent takes the left one, as for relu.
LEAKY_RELU = Primitive(
    "leaky_relu",
    n.leaky_relu,
    n.leaky_relu_array,
    (
        lambda out, x, a: chosen(x == x, chosen(x > 0.0, 1.0, a), out),
        lambda out, x, a: chosen(x == x, chosen(x > 0.0, 0.0, x), out),
    ),
    latex=r"\operatorname{LeakyReLU}",
    sympy=lambda sp, x, a: sp.Piecewise((x, x > 0), (a * x, True)),
    activation=True,
)
# a·(exp(x) - 1) below 0; at 0 the left slope, a.
ELU = Primitive(
    "elu",
    n.elu,
    n.elu_array,
    (
        lambda out, x, a: chosen(x > 0.0, 1.0, lambda: a * EXP(x)),
        lambda out, x, a: chosen(x > 0.0, 0.0, lambda: EXPM1(x)),
    ),
    latex=r"\operatorname{ELU}",
    sympy=lambda sp, x, a: sp.Piecewise((x, x > 0), (a * (sp.exp(x) - 1), True)),
    activation=True,
)


def _damped(x: Any, decay: Any) -> Any:
    """x·decay, and its limit 0 where the decay has underflowed, at infinite x too; so are its derivatives."""
    return chosen(decay == 0.0, 0.0, lambda: x * decay)


SILU = Primitive(
    "silu",
    n.silu,
    n.silu_array,
    (lambda out, x: SIGMOID(x) + _damped(x, LOGISTIC_PDF(x)),),
    latex=r"\operatorname{SiLU}",
    sympy=lambda sp, x: x * sym.sigmoid(sp, x),
    activation=True,
)
# exp(-x²) and the normal density are rows of their own because their arguments must not be rounded. Floats take the
# error function of the C library, arrays an approximation of it, which back ends trace.


def _split_exponent(x: Any, rate: float) -> tuple[Any, Any]:
    return split_exponent(x, RINT(x * (1.0 / GRID)) * GRID, rate)


def _gaussian(x: Any) -> Any:
    exponent, rest = _split_exponent(MINIMUM(ABS(x), 40.0), 1.0)  # beyond 28 the result is 0
    return _corrected(EXP(exponent), rest)


def _normal_pdf(x: Any) -> Any:
    exponent, rest = _split_exponent(MINIMUM(ABS(x), 40.0), 0.5)  # beyond 39 the result is 0
    return _corrected(EXP(exponent), rest) / ROOT_TWO_PI


def _corrected(number: Any, rest: Any) -> Any:
    return number + number * rest


def _erf(x: Any) -> Any:
    size = MINIMUM(ABS(x), 40.0)
    away = 1.0 - EXP(-size * size) * scaled_erfc(size)[0]
    return WHERE(size <= 0.84375, erf_near_zero(x), WHERE(x < 0.0, -away, away))


def _erfc(x: Any) -> Any:
    size = MINIMUM(ABS(x), 40.0)
    tail = _upper_tail(size, 1.0, size)
    return WHERE(size <= 0.3, 1.0 - erf_near_zero(x), WHERE(x < 0.0, 2.0 - tail, tail))


def _normal_cdf(x: Any) -> Any:
    """Through e^(z²)·erfc(z) at z = |x|/√2, whose rounding costs no more than an ulp there."""
    size = MINIMUM(ABS(x), 40.0)
    tail = 0.5 * _upper_tail(size, 0.5, ROOT_HALF * size)
    return WHERE(size <= 0.3, 0.5 + 0.5 * erf_near_zero(ROOT_HALF * x), WHERE(x > 0.0, 1.0 - tail, tail))


def _upper_tail(x: Any, rate: float, z: Any) -> Any:
    """exp(-rate·x²)·(exp(z²)·erfc(z)), for x from 0 on."""
    (exponent, rest), (scaled, more) = _split_exponent(x, rate), scaled_erfc(z)
    return _corrected(EXP(exponent) * scaled, rest + more)


def _gelu(x: Any) -> Any:
    return MAXIMUM(x, -40.0) * NORMAL_CDF(x)  # Φ is 0 there, and -inf times 0 would be nan


GAUSSIAN = Primitive(
    "gaussian",
    n.gaussian,
    _gaussian,
    (lambda out, x: -2.0 * _damped(x, out),),
    "exp(−x²)",
    composed=True,
    latex=tex.BELL,
    sympy=lambda sp, x: sp.exp(-(x**2)),
    activation=True,
)
NORMAL_PDF = Primitive(
    "normal_pdf",
    n.normal_pdf,
    _normal_pdf,
    (lambda out, x: -_damped(x, out),),
    "φ",
    composed=True,
    latex=r"\varphi",
    sympy=lambda sp, x: sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi),
)
NORMAL_CDF: Primitive = Primitive(
    "normal_cdf",
    n.normal_cdf,
    _normal_cdf,
    (lambda out, x: NORMAL_PDF(x),),
    "Φ",
    composed=True,
    latex=r"\Phi",
    sympy=sym.normal_cdf,
    activation=True,
    limits=(1.0 / ROOT_TWO_PI, 0.0, 1.0),
)
ERF = Primitive(
    "erf",
    math.erf,
    _erf,
    (lambda out, x: TWO_OVER_ROOT_PI * GAUSSIAN(x),),
    composed=True,
    sympy="erf",
    activation=True,
    limits=(TWO_OVER_ROOT_PI, -1.0, 1.0),
)
ERFC = Primitive(
    "erfc", math.erfc, _erfc, (lambda out, x: -TWO_OVER_ROOT_PI * GAUSSIAN(x),), composed=True, sympy="erfc"
)
GELU = Primitive(
    "gelu",
    n.gelu,
    _gelu,
    (lambda out, x: NORMAL_CDF(x) + _damped(x, NORMAL_PDF(x)),),
    composed=True,
    latex=r"\operatorname{GELU}",
    sympy=lambda sp, x: x * sym.normal_cdf(sp, x),
    activation=True,
)

# Gamma functions. Floats and arrays take the same approximations: those of C libraries lose digits near 1 and 2.


def _steps_to_one(y: Any) -> tuple[Any, Any]:
    """For 1 ≤ y < 8 the number of 1 ≤ start < 2 that is whole steps below, and how many steps."""
    steps = FLOOR(y) - 1.0
    return y - steps, steps


def _lgamma_below_8(y: Any) -> Any:
    start, steps = _steps_to_one(MAXIMUM(y, 1.0))
    factors = [chosen(steps > float(k), start + float(k), 1.0) for k in range(6)]
    logarithm = LOG(chosen(y < 1.0, y, functools.reduce(operator.mul, factors)))
    more = chosen(y < 1.0, y, start - 1.0)
    return lgamma_above_one(more) + chosen(y < 1.0, -logarithm, logarithm)


def _digamma_below_8(y: Any) -> Any:
    start, steps = _steps_to_one(MAXIMUM(y, 1.0))
    parts = [chosen(steps > float(k), lambda k=k: 1.0 / (start + float(k)), 0.0) for k in range(6)]
    more = chosen(y < 1.0, lambda: -1.0 / y, lambda: functools.reduce(operator.add, parts))
    return digamma_between(chosen(y < 1.0, y + 1.0, start)) + more


def _below_or_beyond_8(below: Callable[[Any], Any], beyond: Callable[[Any, Any], Any], y: Any) -> Any:
    def far() -> Any:
        distant = MAXIMUM(y, 8.0)
        return beyond(distant, LOG(distant))

    return chosen(y < 8.0, lambda: below(MINIMUM(y, 8.0)), far)


def _lgamma(x: Any) -> Any:
    """Below 0 by the reflection lgamma(x) = log(π/|sin(πx)|) - lgamma(1 - x); infinity at the poles."""
    upward = _below_or_beyond_8(_lgamma_below_8, lgamma_beyond, chosen(x > 0.0, x, 1.0 - x))
    rest = x - RINT(x)
    pole = (rest == 0.0) + (x == -math.inf)

    def downward() -> Any:
        return chosen(pole, math.inf, lambda: LOG_PI - LOG(ABS(SIN(math.pi * rest))) - upward)

    return chosen(x > 0.0, upward, downward)


def _digamma(x: Any) -> Any:
    """Below 0 by the reflection digamma(x) = digamma(1 - x) - π/tan(πx); nan at its poles, infinity at 0."""
    upward = _below_or_beyond_8(_digamma_below_8, digamma_beyond, chosen(x > 0.0, x, 1.0 - x))
    rest = x - RINT(x)

    def reflected() -> Any:
        return chosen(rest == 0.0, math.nan, lambda: upward - math.pi / TAN(math.pi * rest))

    return chosen(x > 0.0, upward, lambda: chosen(x == 0.0, lambda: -1.0 / x, reflected))


def _trigamma(x: Any) -> Any:
    upward = trigamma_above(chosen(x > 0.0, x, 1.0 - x))
    return chosen(x > 0.0, upward, lambda: math.pi**2 / SQUARE(SIN(math.pi * (x - RINT(x)))) - upward)


def _tetragamma(x: Any) -> Any:
    upward = tetragamma_above(chosen(x > 0.0, x, 1.0 - x))

    def reflected() -> Any:
        angle = math.pi * (x - RINT(x))
        part = math.pi / SIN(angle)
        return upward - 2.0 * part * part * part * COS(angle)

    return chosen(x > 0.0, upward, reflected)


LGAMMA = Primitive(
    "lgamma",
    _lgamma,
    _lgamma,
    (lambda out, x: DIGAMMA(x),),
    composed=True,
    latex=r"\ln\Gamma",
    sympy="loggamma",
    hint=_GAMMA,
)
DIGAMMA: Primitive = Primitive(
    "digamma",
    _digamma,
    _digamma,
    (lambda out, x: _or_nan(out, TRIGAMMA(x)),),
    "ψ",
    composed=True,
    latex=r"\psi",
    sympy="digamma",
    hint=_GAMMA,
)
# Derivatives beyond this one come from the approximation of its slope.
TRIGAMMA: Primitive = Primitive(
    "trigamma",
    _trigamma,
    _trigamma,
    (lambda out, x: _tetragamma(x),),
    "ψ′",
    composed=True,
    sympy="trigamma",
)


def _alternating(x: Any) -> tuple[Any, Any]:
    """How far x lies from the nearest whole number, and 1 where that is even, -1 where it is odd."""
    nearest = RINT(x)
    return x - nearest, 1.0 - 2.0 * MOD(nearest, 2.0)


def _near_or_away(x: Any, near: Callable[[Any], Any], away: Callable[[], Any]) -> Any:
    """`near(x)` up to a distance of 1/2 from 0, 0 at infinity, and `away()` between."""
    return chosen(ABS(x) <= 0.5, lambda: near(x), lambda: chosen(ABS(x) == math.inf, 0.0, away))


def _sinc(x: Any) -> Any:
    def away() -> Any:
        rest, sign = _alternating(x)
        return sign * SIN(math.pi * rest) / (math.pi * x)

    return _near_or_away(x, sinc_near_zero, away)


def _sinc_slope(out: Any, x: Any) -> Any:
    def away() -> Any:
        rest, sign = _alternating(x)
        return (sign * COS(math.pi * rest) - out) / x

    return _near_or_away(x, sinc_slope_near_zero, away)


# sin(πx)/(πx), as NumPy has it: 1 at 0, and 0 at every other whole number.
SINC = Primitive("sinc", _sinc, _sinc, (_sinc_slope,), composed=True, sympy=lambda sp, x: sp.sinc(sp.pi * x))

# Extremes. At a tie the subgradient of least norm, over all operands, constants included: 1/k each of k. So a
# slope depends on the numbers alone, and not on what is differentiated. A nan operand makes every slope nan.

MAXIMUM = Primitive(
    "maximum",
    n.maximum,
    np.maximum,
    (
        lambda out, a, b: _or_nan(out, (a > b) + 0.5 * (a == b)),
        lambda out, a, b: _or_nan(out, (b > a) + 0.5 * (a == b)),
    ),
    "max",
    latex=r"\max",
    sympy="Max",
)
MINIMUM = Primitive(
    "minimum",
    n.minimum,
    np.minimum,
    (
        lambda out, a, b: _or_nan(out, (a < b) + 0.5 * (a == b)),
        lambda out, a, b: _or_nan(out, (b < a) + 0.5 * (a == b)),
    ),
    "min",
    latex=r"\min",
    sympy="Min",
)


def _tie_shares(out: Any, *terms: Any) -> list[Any]:
    """1/k for each of the k terms that are the result, and 0 for the others."""
    largest = [1.0 * (term == out) for term in terms]
    return [chosen(out == out, lambda share=share: share / SUM(*largest), out) for share in largest]


LARGEST = Primitive("largest", n.largest, n.largest_array, _tie_shares, "max", latex=r"\max", sympy="Max")

# Functions of any number of operands.


def _gap(a: Any, b: Any) -> Any:
    """a - b, and 0 between equal infinities, so that exp of it is the share of one in the other."""
    return chosen(both(a == b, ABS(a) == math.inf), 0.0, lambda: a - b)


def _products_of_others(out: Any, *factors: Any) -> list[Any]:
    """For each factor the product of all others, without a division: zeros are allowed."""
    before = itertools.accumulate(factors[:-1], operator.mul, initial=1.0)
    after = [*itertools.accumulate(reversed(factors[1:]), operator.mul, initial=1.0)]
    return [left * right for left, right in zip(before, reversed(after), strict=True)]


def _exp_of_gap(a: Any, b: Any) -> Any:
    """exp(a - b) with the rounding of the difference taken back, which would cost |a - b| ulp.

    Source of the rounding: Knuth's two-sum.
    """
    gap = _gap(a, b)
    kept = gap - a
    rounding = (a - (gap - kept)) - (b + kept)
    return EXP(gap) * chosen(rounding == rounding, 1.0 + rounding, 1.0)  # nan next to infinity


def _shares(out: Any, *terms: Any) -> list[Any]:
    """exp(x - logsumexp), over their sum: that takes back the rounding of the logarithm."""
    weights = [_exp_of_gap(term, out) for term in terms]
    total = SUM(*weights)
    return [weight / total for weight in weights]


def _unit_vector(out: Any, *components: Any) -> list[Any]:
    """x / ‖x‖; 0 at the origin, the subgradient of least norm, and the limit where one component is infinite."""
    alone = both(out == math.inf, lambda: SUM(*map(_infinite, components)) == 1.0)
    return [chosen(out == 0.0, 0.0, lambda x=x: _direction(out, x, alone)) for x in components]


def _infinite(x: Any) -> Any:
    """1 where x is infinite, 0 where it is not, nan at nan."""
    return chosen(ABS(x) == math.inf, 1.0, lambda: 0.0 * x)


def _direction(out: Any, part: Any, alone: Any) -> Any:
    """part / out; the sign of the part that alone is infinite."""
    return chosen(both(alone, lambda: ABS(part) == math.inf), lambda: SIGN(part), lambda: part / out)


def _unit_of_two(out: Any, part: Any, other: Any) -> Any:
    return chosen(out == 0.0, 0.0, lambda: _direction(out, part, ABS(other) < math.inf))


HYPOT: Primitive = Primitive(
    "hypot",
    math.hypot,
    np.hypot,
    (lambda out, a, b: _unit_of_two(out, a, b), lambda out, a, b: _unit_of_two(out, b, a)),
    latex=tex.LENGTH,
    sympy=sym.norm,
)
NORM = Primitive("norm", math.hypot, n.norm_array, _unit_vector, "‖x‖", latex=tex.LENGTH, sympy=sym.norm)
SUM = Primitive(
    "sum",
    n.sum_all,
    n.sum_array,
    lambda out, *terms: (1.0,) * len(terms),
    "Σ",
    latex=tex.SUM,
    sympy="Add",
    python=lambda *terms: functools.reduce(operator.add, terms),
)
MEAN = Primitive(
    "mean",
    n.mean,
    n.mean_array,
    lambda out, *terms: (1.0 / len(terms),) * len(terms),
    latex=tex.MEAN,
    sympy=lambda sp, *terms: sp.Add(*terms) / len(terms),
    python=lambda *terms: functools.reduce(operator.add, terms) / len(terms),
)
PROD = Primitive(
    "prod",
    lambda *factors: math.prod(factors),
    n.prod_array,
    _products_of_others,
    "Π",
    latex=tex.PRODUCT,
    sympy="Mul",
    python=lambda *factors: functools.reduce(operator.mul, factors),
)
# The operands are the first vector and then the second: each half is the other's slope.
DOT = Primitive(
    "dot",
    n.dot,
    n.dot_array,
    lambda out, *xs: xs[len(xs) // 2 :] + xs[: len(xs) // 2],
    latex=tex.DOT,
    sympy=sym.dot,
    python=lambda *xs: functools.reduce(operator.add, map(operator.mul, xs[: len(xs) // 2], xs[len(xs) // 2 :])),
)
LOGADDEXP = Primitive(
    "logaddexp",
    n.logaddexp,
    np.logaddexp,
    (lambda out, a, b: _shares(out, a, b)[0], lambda out, a, b: _shares(out, a, b)[1]),
    latex=tex.LOG_SUM_EXP,
    sympy=sym.log_sum_exp,
)
LOGSUMEXP = Primitive(
    "logsumexp", n.logsumexp, n.logsumexp_array, _shares, latex=tex.LOG_SUM_EXP, sympy=sym.log_sum_exp
)

PRIMITIVES = {row.name: row for row in [WHERE, *globals().values()] if isinstance(row, Primitive)}
"""Every row by its name."""

INNER = frozenset({LARGEST, LEG, LOGISTIC_PDF, POW_PARTIAL, TRIGAMMA, XDIVY, XMULY})
"""The rows that slopes, sweeps and functions are written with, and that no function records by itself."""
