"""NumPy's ufuncs on Values: each goes to the primitive whose row names it."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autodiff import compositions as c
from autodiff.arrays.value_array import of_arrays
from autodiff.choice import WHERE
from autodiff.conditions import COMPARISONS
from autodiff.errors import UnknownUfuncError
from autodiff.primitive import map_elements
from autodiff.rules import (
    ABS,
    CBRT,
    DIGAMMA,
    DIV,
    LGAMMA,
    LN2,
    LOG_SIGMOID,
    LOGADDEXP,
    MAXIMUM,
    MINIMUM,
    MUL,
    NORMAL_CDF,
    POW,
    PRIMITIVES,
    SIGMOID,
)

PRIMITIVE_OF = {row.array: row for row in PRIMITIVES.values() if isinstance(row.array, np.ufunc)}
PRIMITIVE_OF |= {np.fabs: ABS, np.power: POW, np.cbrt: CBRT}

OPERATOR_OF = {row.array: getattr(operator, row.methods[0]) for row in COMPARISONS}
"""Comparisons: Python's operator for NumPy's ufunc."""


def _larger_known(a: Any, b: Any) -> Any:
    """The larger; where one is nan, the other."""
    return WHERE(a == a, WHERE(b == b, MAXIMUM(a, b), a), b)


def _smaller_known(a: Any, b: Any) -> Any:
    return WHERE(a == a, WHERE(b == b, MINIMUM(a, b), a), b)


COMPOSED: dict[np.ufunc, Callable[..., Any]] = {
    np.fmax: _larger_known,
    np.fmin: _smaller_known,
    np.logaddexp2: lambda a, b: DIV(LOGADDEXP(MUL(a, LN2), MUL(b, LN2)), LN2),
    np.conjugate: operator.pos,
    np.trunc: c.trunc,
    np.fmod: c.fmod,
    np.divmod: c.divided,
    np.copysign: c.copysign,
    np.heaviside: c.heaviside,
    np.deg2rad: c.deg2rad,
    np.radians: c.deg2rad,
    np.rad2deg: c.rad2deg,
    np.degrees: c.rad2deg,
    np.isnan: c.isnan,
    np.isinf: c.isinf,
    np.isfinite: c.isfinite,
    np.signbit: c.signbit,
}
"""Made of several operations."""

SCIPY: dict[str, Callable[..., Any]] = {
    **{name: PRIMITIVES[name] for name in ("cbrt", "erf", "erfc", "exp2", "expm1", "log1p", "xlogy")},
    "expit": SIGMOID,
    "gammaln": LGAMMA,
    "log_expit": LOG_SIGMOID,
    "logit": c.logit,
    "ndtr": NORMAL_CDF,
    "psi": DIGAMMA,
}
"""Functions of `scipy.special`, which may not be installed, by the names of its ufuncs."""


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """The result of `ufunc(*inputs)` if an input is a Value: a Value, or an array of them.

    Raises UnknownUfuncError (a TypeError) for a ufunc without a primitive, for `out=` and other
    options, and for `reduce` and its like.
    """
    if any(isinstance(operand, np.ndarray) and operand.ndim for operand in inputs):
        return of_arrays(ufunc, method, inputs, options)
    name = ufunc.__name__
    if method != "__call__" or options:
        how = f"np.{name}.{method}" if method != "__call__" else f"np.{name} with {', '.join(options)}="
        raise UnknownUfuncError(
            f"{how} cannot record on Values; call np.{name}(...) plainly on Values or arrays of Values"
        )
    if ufunc in PRIMITIVE_OF:
        return map_elements(PRIMITIVE_OF[ufunc], inputs)
    if ufunc in COMPOSED:
        return COMPOSED[ufunc](*inputs)
    if ufunc in OPERATOR_OF:
        return map_elements(OPERATOR_OF[ufunc], inputs)
    if _is_of_scipy(ufunc) and ufunc.__name__ in SCIPY:
        return map_elements(SCIPY[ufunc.__name__], inputs)
    raise UnknownUfuncError(_unknown(ufunc))


def _is_of_scipy(ufunc: np.ufunc) -> bool:
    return getattr(sys.modules.get("scipy.special"), ufunc.__name__, None) is ufunc


def _unknown(ufunc: np.ufunc) -> str:
    """What is known instead, by the names that the libraries give."""
    known = ", ".join(sorted(known.__name__ for known in [*PRIMITIVE_OF, *COMPOSED]))
    return (
        f"{_full_name(ufunc)} has no primitive, so it cannot record; known are NumPy's {known}, SciPy's "
        f"{', '.join(sorted(SCIPY))}, and autodiff.define_primitive makes others"
    )


def _full_name(ufunc: np.ufunc) -> str:
    """How its library spells it; ufuncs do not say where they are from."""
    name = ufunc.__name__
    if getattr(np, name, None) is ufunc:
        return f"np.{name}"
    return f"scipy.special.{name}" if _is_of_scipy(ufunc) else f"the ufunc {name}, which is not NumPy's,"
