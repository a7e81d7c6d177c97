"""Scalars that record what happens to them, and the walk that differentiates it."""

import importlib
import sys
import typing

from autodiff.anomaly import detect_anomaly, is_detecting_anomaly
from autodiff.errors import (
    AnomalyError,
    AutodiffError,
    CoercionError,
    DefinitionError,
    GraphCutError,
    GraphFormatError,
    MissingExtraError,
    NotationError,
    OptionError,
    OptionTypeError,
    PrimitivePicklingError,
    RangeError,
    ShapeError,
    StaleGraphError,
    TraceError,
    UnknownPrimitiveError,
    UnknownUfuncError,
)
from autodiff.functions.activations import *
from autodiff.functions.exponential import *
from autodiff.functions.gamma import *
from autodiff.functions.reductions import *
from autodiff.functions.reductions import sum as sum
from autodiff.functions.rounding import *
from autodiff.functions.rounding import round as round
from autodiff.functions.selection import *
from autodiff.functions.selection import abs as abs
from autodiff.functions.trigonometric import *
from autodiff.graph import leaves, topological_order
from autodiff.modes import Origin, enable_grad, no_grad, scope
from autodiff.primitive import Primitive
from autodiff.slopes import local_slopes
from autodiff.sources import sources
from autodiff.value import Value

if typing.TYPE_CHECKING:
    from autodiff.arrays.creation import array, ones, zeros
    from autodiff.arrays.value_array import ValueArray
    from autodiff.compilation.compiled import CompiledFunction
    from autodiff.compilation.compiled import compile as compile
    from autodiff.compilation.program.program import Program
    from autodiff.compilation.run_program import run_program
    from autodiff.custom import define_primitive
    from autodiff.derivatives import gradients
    from autodiff.gradcheck import GradientMismatchError, UnresolvedGradientError, check_gradients
    from autodiff.jacobians import hessian, jacobian
    from autodiff.notation.latex import to_latex
    from autodiff.notation.sympy_form import to_sympy
    from autodiff.serialization.json_form import from_json, to_json
    from autodiff.transforms import grad, hvp, jvp, value_and_grad, vjp

# The names of builtins are here, as autodiff.sum, but no part of `from autodiff import *`.
__all__ = [
    "AnomalyError",
    "AutodiffError",
    "CoercionError",
    "CompiledFunction",
    "DefinitionError",
    "GradientMismatchError",
    "GraphCutError",
    "GraphFormatError",
    "MissingExtraError",
    "NotationError",
    "OptionError",
    "OptionTypeError",
    "Origin",
    "Primitive",
    "PrimitivePicklingError",
    "Program",
    "RangeError",
    "ShapeError",
    "StaleGraphError",
    "TraceError",
    "UnknownPrimitiveError",
    "UnknownUfuncError",
    "UnresolvedGradientError",
    "Value",
    "ValueArray",
    "acos",
    "acosh",
    "array",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "ceil",
    "check_gradients",
    "clip",
    "copysign",
    "cos",
    "cosh",
    "define_primitive",
    "deg2rad",
    "degrees",
    "detect_anomaly",
    "digamma",
    "dot",
    "elu",
    "enable_grad",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expit",
    "expm1",
    "floor",
    "floor_divide",
    "fmod",
    "from_json",
    "gaussian",
    "gelu",
    "grad",
    "gradients",
    "heaviside",
    "hessian",
    "hvp",
    "hypot",
    "is_detecting_anomaly",
    "isfinite",
    "isinf",
    "isnan",
    "jacobian",
    "jvp",
    "leaky_relu",
    "leaves",
    "lgamma",
    "local_slopes",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_sigmoid",
    "log_softmax",
    "logaddexp",
    "logit",
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "mod",
    "no_grad",
    "norm",
    "normal_cdf",
    "normal_pdf",
    "ones",
    "prod",
    "rad2deg",
    "radians",
    "reciprocal",
    "relu",
    "remainder",
    "rint",
    "run_program",
    "scope",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinc",
    "sinh",
    "softmax",
    "softplus",
    "sources",
    "sqrt",
    "square",
    "step",
    "tan",
    "tanh",
    "to_json",
    "to_latex",
    "to_sympy",
    "topological_order",
    "trunc",
    "value_and_grad",
    "vjp",
    "where",
    "xlogy",
    "zeros",
]

# What a program of Values alone does not need is imported when it is first asked for, to start quickly.
_HOME = {
    "CompiledFunction": "autodiff.compilation.compiled",
    "GradientMismatchError": "autodiff.gradcheck",
    "Program": "autodiff.compilation.program.program",
    "UnresolvedGradientError": "autodiff.gradcheck",
    "ValueArray": "autodiff.arrays.value_array",
    "array": "autodiff.arrays.creation",
    "check_gradients": "autodiff.gradcheck",
    "compile": "autodiff.compilation.compiled",
    "define_primitive": "autodiff.custom",
    "from_json": "autodiff.serialization.json_form",
    "grad": "autodiff.transforms",
    "gradients": "autodiff.derivatives",
    "hessian": "autodiff.jacobians",
    "hvp": "autodiff.transforms",
    "jacobian": "autodiff.jacobians",
    "jvp": "autodiff.transforms",
    "ones": "autodiff.arrays.creation",
    "run_program": "autodiff.compilation.run_program",
    "to_json": "autodiff.serialization.json_form",
    "to_latex": "autodiff.notation.latex",
    "to_sympy": "autodiff.notation.sympy_form",
    "value_and_grad": "autodiff.transforms",
    "vjp": "autodiff.transforms",
    "zeros": "autodiff.arrays.creation",
}


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})


if not typing.TYPE_CHECKING:  # for type checkers every name is imported above; this would make an Any of a misspelt one

    def __getattr__(name):
        if name not in _HOME:
            module = sys.modules[__name__]  # from which Python suggests a name that is near
            raise AttributeError(f"module 'autodiff' has no attribute {name!r}", name=name, obj=module)
        found = globals()[name] = getattr(importlib.import_module(_HOME[name]), name)
        return found
