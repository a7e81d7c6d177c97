"""Functions without a row: NumPy's numbers, eagerly and compiled, and the slopes at the points where they choose."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import autodiff
from autodiff import Value, grad, gradients
from tests.autodiff import exact

inf, nan = math.inf, math.nan
POINTS = (-inf, -7.5, -2.5, -2.0, -0.5, -0.3, -0.0, 0.0, 0.5, 0.7, 1.5, 2.0, 1e300, inf, nan)

# Ours, and NumPy's on floats.
OF_ONE: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "rint": (autodiff.rint, np.rint),
    "round": (round, np.round),
    "round to one": (lambda x: round(x, 1), lambda x: np.round(x, 1)),
    "round to tens": (lambda x: autodiff.round(x, -1), lambda x: np.round(x, -1)),
    "trunc": (autodiff.trunc, np.trunc),
    "math.trunc": (math.trunc, np.trunc),
    "deg2rad": (autodiff.deg2rad, np.deg2rad),
    "degrees": (autodiff.degrees, np.degrees),
    "isnan": (autodiff.isnan, np.isnan),
    "isinf": (autodiff.isinf, np.isinf),
    "isfinite": (autodiff.isfinite, np.isfinite),
    "np.isnan": (np.isnan, np.isnan),
    "np.signbit": (np.signbit, np.signbit),
    "np.trunc": (np.trunc, np.trunc),
    "np.conjugate": (np.conjugate, np.conjugate),
    "real": (lambda x: x.real, lambda x: x.real),
    "imag": (lambda x: x.imag, lambda x: x.imag),
}
OF_TWO: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "%": (lambda x, y: x % y, np.mod),
    "//": (lambda x, y: x // y, np.floor_divide),
    "divmod": (lambda x, y: sum(divmod(x, y)), lambda x, y: np.floor_divide(x, y) + np.mod(x, y)),
    "np.remainder": (np.remainder, np.remainder),
    "np.divmod": (lambda x, y: np.divmod(x, y)[1], np.mod),
    "fmod": (autodiff.fmod, np.fmod),
    "copysign": (autodiff.copysign, np.copysign),
    "heaviside": (autodiff.heaviside, np.heaviside),
    "maximum of three": (lambda x, y: autodiff.maximum(x, y, 1.0), lambda x, y: np.maximum(np.maximum(x, y), 1.0)),
    "minimum of three": (lambda x, y: autodiff.minimum(x, y, 1.0), lambda x, y: np.minimum(np.minimum(x, y), 1.0)),
    "hypot of three": (lambda x, y: autodiff.hypot(x, y, 1.0), lambda x, y: np.hypot(np.hypot(x, y), 1.0)),
}
PAIRS = [(x, y) for x in POINTS for y in (-inf, -3.0, -0.0, 0.0, 0.5, 2.0, nan)]
COPIES_THE_SIGN_OF_NAN = {"copysign"}  # as |x|, because a nan has no order


def _number(made: Any) -> float:
    return float(made.data if isinstance(made, Value) else made)


@pytest.mark.parametrize("name", OF_ONE)
def test_of_one_operand_is_what_numpy_has(name: str) -> None:
    ours, numpys = OF_ONE[name]
    with np.errstate(all="ignore"):
        expected = [float(numpys(np.float64(x))) for x in POINTS]
    np.testing.assert_array_max_ulp(np.array([_number(ours(Value(x))) for x in POINTS]), np.array(expected), 1)
    compiled = autodiff.compile(
        lambda x: autodiff.where(ours(x), 1.0, 0.0) if "is" in name or "bit" in name else ours(x)
    )
    np.testing.assert_array_max_ulp(compiled(np.array(POINTS)), np.array(expected), 1)


@pytest.mark.parametrize("name", OF_TWO)
def test_of_two_operands_is_what_numpy_has(name: str) -> None:
    ours, numpys = OF_TWO[name]
    pairs = [pair for pair in PAIRS if not (name in COPIES_THE_SIGN_OF_NAN and math.isnan(pair[1]))]
    first, second = np.transpose(pairs)
    with np.errstate(all="ignore"):
        expected = numpys(first, second)
    made = np.array([_number(ours(Value(x), Value(y))) for x, y in pairs])
    np.testing.assert_array_max_ulp(made, expected, 1)
    compiled = autodiff.compile(ours, batched=(0, 1))
    np.testing.assert_array_max_ulp(compiled(first, second), expected, 1)


# Function, point, slopes.
SLOPES: list[tuple[str, Callable[..., Any], tuple[float, ...], tuple[float, ...]]] = [
    ("rint at a half", autodiff.rint, (2.5,), (0.0,)),
    ("round to one", lambda x: round(x, 1), (0.25,), (0.0,)),
    ("trunc at 0", autodiff.trunc, (0.0,), (0.0,)),
    ("mod", autodiff.mod, (7.5, 2.0), (1.0, -3.0)),
    ("mod of a negative", autodiff.mod, (-7.5, 2.0), (1.0, 4.0)),
    ("mod at a multiple", autodiff.mod, (6.0, 2.0), (1.0, -3.0)),
    ("mod by 0", autodiff.mod, (6.0, 0.0), (nan, nan)),
    ("fmod of a negative", autodiff.fmod, (-7.5, 2.0), (1.0, 3.0)),
    ("fmod by a negative", autodiff.fmod, (7.5, -2.0), (1.0, 3.0)),
    ("floor_divide", autodiff.floor_divide, (7.5, 2.0), (0.0, 0.0)),
    ("copysign", autodiff.copysign, (2.0, -3.0), (-1.0, 0.0)),
    ("copysign at 0", autodiff.copysign, (0.0, -3.0), (-0.0, 0.0)),
    ("heaviside", autodiff.heaviside, (2.0, 0.5), (0.0, 0.0)),
    ("heaviside at 0", autodiff.heaviside, (0.0, 0.5), (0.0, 1.0)),
    ("logit at 0", autodiff.logit, (0.0,), (inf,)),
    ("logit at 1/2", autodiff.logit, (0.5,), (4.0,)),
    ("logit at 1", autodiff.logit, (1.0,), (inf,)),
    ("logit outside", autodiff.logit, (1.5,), (nan,)),
    ("maximum, a tie of three", autodiff.maximum, (2.0, 2.0, 2.0), (1 / 3,) * 3),
    ("minimum, a tie of two of three", autodiff.minimum, (2.0, 3.0, 2.0), (0.5, 0.0, 0.5)),
    ("hypot of three at the origin", autodiff.hypot, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    ("deg2rad", autodiff.deg2rad, (90.0,), (math.pi / 180.0,)),
]


@pytest.mark.parametrize(("function", "point", "slopes"), [row[1:] for row in SLOPES], ids=[row[0] for row in SLOPES])
def test_slopes(function: Callable[..., Any], point: tuple[float, ...], slopes: tuple[float, ...]) -> None:
    values = [*map(Value, point)]
    np.testing.assert_allclose(gradients(function(*values), values), slopes, rtol=4e-16)
    places = tuple(range(len(point)))
    np.testing.assert_allclose(grad(function, places)(*point), slopes, rtol=4e-16)
    compiled = autodiff.compile(function, batched=places)
    made = compiled.jacobian(*([x] for x in point), argnums=places)
    np.testing.assert_allclose([each[0] for each in made], slopes, rtol=4e-16)


@pytest.mark.parametrize("x", [1e-300, 1e-9, 0.2, 0.25, 0.4999999, 0.5, 0.500001, 0.75, 0.9, 1.0 - 2**-40])
def test_logit_to_50_digits(x: float) -> None:
    def reference(p: Any) -> Any:
        return mp.log(p / (1 - p))

    assert exact.ulps(autodiff.logit(x), exact.value(reference, (x,))) <= 4.0
    assert exact.ulps(grad(autodiff.logit)(x), exact.slope(reference, (x,), 0)) <= 4.0
    assert exact.ulps(float(autodiff.compile(autodiff.logit)([x])[0]), exact.value(reference, (x,))) <= 8.0


def test_second_derivatives_of_remainders_are_flat() -> None:
    assert autodiff.hessian(lambda p: autodiff.mod(p[0], p[1]))([7.5, 2.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert grad(grad(lambda x: autodiff.fmod(x * x, 2.0)))(-1.7) == 2.0


@pytest.mark.parametrize("given", ["a", None, [1.0], 1j])
@pytest.mark.parametrize(
    "function",
    [
        autodiff.trunc,
        autodiff.logit,
        autodiff.isnan,
        lambda x: autodiff.fmod(x, 2.0),
        lambda x: autodiff.copysign(1.0, x),
        lambda x: autodiff.heaviside(0.5, x),  # also where it is not chosen
    ],
)
def test_anything_but_numbers_is_refused(function: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(autodiff.CoercionError, match="expected one real number, got"):
        function(given)
