"""Operations of the user's own, with their slopes: primitives like those of the table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from autodiff.errors import DefinitionError
from autodiff.notation.latex_text import checked_latex
from autodiff.numerics import elementwise
from autodiff.primitive import Partial, Primitive, Slopes
from autodiff.rules import PRIMITIVES

Evaluate = Callable[..., float]


def define_primitive(
    *,
    partials: Sequence[Partial] | Slopes,
    array: Callable[..., Any] | None = None,
    name: str | None = None,
    symbol: str = "",
    latex: str = "",
    sympy: str | Callable[..., Any] = "",
    hint: str = "",
    activation: bool = False,
) -> Callable[[Evaluate], Primitive]:
    r"""Turn a function of floats and its slopes into an operation that works wherever those of the table do.

    Parameters
    ----------
    partials : sequence of callable or float, or callable
        For each argument of the function the slope along it, as `partial(out, *operands)`, or a number where it is
        constant. For a function of `*operands` one function that returns all slopes. Write slopes with operators and
        the functions of `autodiff`, so that they can be differentiated in turn.
    array : callable, optional
        The same function on float arrays; by default it runs element by element.
    name : str, optional
        By default the name of the function.
    symbol : str
        The text of the operation in a drawing; by default its name.
    latex : str
        The command that `to_latex` writes the function with, such as ``\sigma``; by default its name, upright.
    sympy : str or callable
        A function of SymPy by name, or `form(sympy, *operands)`, for `to_sympy`; by default an undefined function.
    hint : str
        What usually mends a nan or an infinity that it makes, for `detect_anomaly` and `viz.culprits`.
    activation : bool
        Whether `viz` counts it as the activation of a neuron wherever it reads a sum.

    Returns
    -------
    callable
        A decorator that makes the function a Primitive. It raises DefinitionError (a TypeError) if a slope is missing,
        is one too many, or takes another number of arguments, and if the table has an operation of that name. It raises
        NotationError (a ValueError) for LaTeX whose braces do not pair up.

    Examples
    --------
    >>> from autodiff import Value, cos, grad, sin
    >>> @define_primitive(partials=[lambda out, x: cos(x) / x - out / x])
    ... def sinx_over_x(x):
    ...     return sin(x) / x
    >>> round(grad(sinx_over_x)(1.0), 6)
    -0.301169
    >>> round(grad(grad(sinx_over_x))(1.0), 6)
    -0.239134
    """

    def defined(function: Evaluate) -> Primitive:
        own_name = name or function.__name__
        if own_name in PRIMITIVES:
            raise DefinitionError(f"the table has a primitive {own_name!r} already; give name= another")
        if not isinstance(sympy, str) and not callable(sympy):
            raise DefinitionError(
                f"sympy takes the name of a function of SymPy, or form(sympy, *operands), got {sympy!r}"
            )
        arity = _arity(own_name, function)
        slopes = _checked_slopes(own_name, partials, arity)
        primitive = Primitive(
            *(own_name, function, array or elementwise(function), slopes, symbol),
            latex=checked_latex(latex) if latex else "",
            sympy=sympy,
            hint=hint,
            activation=activation,
        )
        object.__setattr__(primitive, "__doc__", function.__doc__)
        object.__setattr__(primitive, "__module__", function.__module__)
        return primitive

    return defined


def _arity(name: str, function: Callable[..., Any]) -> int | None:
    """The number of positional arguments, None for any number."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError as error:  # some builtins do not tell
        raise DefinitionError(f"{name}: {error}; wrap it in a function with a signature") from None
    kinds = [parameter.kind for parameter in parameters]
    if any(p.kind is inspect.Parameter.KEYWORD_ONLY and p.default is inspect.Parameter.empty for p in parameters):
        raise DefinitionError(f"{name} needs a keyword argument; operands are positional: give it a default")
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return None
    arity = sum(kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD) for kind in kinds)
    if arity == 0:
        raise DefinitionError(f"{name} takes no operands, so there is nothing to differentiate along; use a number")
    return arity


def _checked_slopes(name: str, partials: Any, arity: int | None) -> tuple[Partial, ...] | Slopes:
    if arity is None:
        if not callable(partials):
            raise DefinitionError(f"{name} takes any number of operands: give one function that returns all its slopes")
        if not _accepts_any_number(partials):
            raise DefinitionError(f"the slopes of {name} must take out and any number of operands, as (out, *operands)")
        return partials  # type: ignore[no-any-return]  # callable, as has been checked
    if not isinstance(partials, Sequence) or isinstance(partials, str):
        raise DefinitionError(
            f"{name} takes {arity} operands: give a sequence with the slope along each, got {partials!r}"
        )
    slopes = tuple(partials)
    if len(slopes) != arity:
        raise DefinitionError(f"{name} takes {arity} operands, but {len(slopes)} slopes were given; give one for each")
    return tuple(_checked_slope(name, position, slope, arity) for position, slope in enumerate(slopes))


def _accepts_any_number(slopes: Slopes) -> bool:
    kinds = [parameter.kind for parameter in inspect.signature(slopes).parameters.values()]
    return inspect.Parameter.VAR_POSITIONAL in kinds


def _checked_slope(name: str, position: int, slope: Any, arity: int) -> Partial:
    if isinstance(slope, (int, float)):
        return float(slope)
    if not callable(slope):
        raise DefinitionError(
            f"the slope of {name} along operand {position} must be a function or a number, got {slope!r}"
        )
    try:
        inspect.signature(slope).bind(*range(arity + 1))
    except TypeError as error:
        raise DefinitionError(
            f"the slope of {name} along operand {position} must take out and {arity} operands: {error}"
        ) from None
    return slope  # type: ignore[no-any-return]  # callable, as has been checked
