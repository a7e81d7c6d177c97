"""Derivatives of plain functions: they take a function and return one that computes its derivatives.

Arguments and results are numbers, or nested tuples, lists, dicts and arrays of them. Called on floats a
transform returns floats; called on Values, or on a function that closes over Values, it returns Values
that are part of the graph, so that transforms nest to any order and a derivative can be trained on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, overload

from numpy.typing import NDArray

from autodiff.argnums import ArgNums
from autodiff.derivatives import added_up
from autodiff.errors import ShapeError
from autodiff.forward import pushforward
from autodiff.primitive import is_node
from autodiff.recording import Recording, record_call, refuse_no_function
from autodiff.reverse import adjoints, pullback
from autodiff.structure import flatten
from autodiff.value import Value

Function = Callable[..., Any]


class Gradient(Protocol):
    """The gradient of a function of one scalar or array is such a one; of other arguments it has their structure."""

    @overload
    def __call__(self, x: float, /, **options: Any) -> float: ...
    @overload
    def __call__(self, x: Value, /, **options: Any) -> Value: ...
    @overload
    def __call__(self, x: NDArray[Any], /, **options: Any) -> NDArray[Any]: ...
    @overload
    def __call__(self, *args: Any, **options: Any) -> Any: ...


class ValueAndGradient(Protocol):
    """A result, and a gradient as `Gradient` has it."""

    @overload
    def __call__(self, x: float, /, **options: Any) -> tuple[float, float]: ...
    @overload
    def __call__(self, x: Value, /, **options: Any) -> tuple[Value, Value]: ...
    @overload
    def __call__(self, x: NDArray[Any], /, **options: Any) -> tuple[Any, NDArray[Any]]: ...
    @overload
    def __call__(self, *args: Any, **options: Any) -> tuple[Any, Any]: ...


@overload
def grad(function: Function, argnums: int = 0, *, has_aux: Literal[False] = False) -> Gradient: ...
@overload
def grad(function: Function, argnums: ArgNums = 0, *, has_aux: bool = False) -> Function: ...


def grad(function: Function, argnums: ArgNums = 0, *, has_aux: bool = False) -> Any:
    """The gradient of a function of scalar result: a function that returns it in the structure of the argument.

    It differentiates along the positional arguments numbered in `argnums`; the others, and keyword arguments, are
    passed on unchanged.

    Parameters
    ----------
    function : callable
        Returns one number, or a pair (result, aux) with `has_aux`. Arguments are numbers or Values, or nested tuples,
        lists, dicts and arrays of them.
    argnums : int or sequence of int
        Several give a tuple of gradients.
    has_aux : bool
        Whether the function returns a pair; the new function then returns (gradient, aux).

    Returns
    -------
    callable
        Takes the arguments of `function`. Called on floats it returns floats; called on Values, or closing over Values,
        it returns Values of the graph, so that transforms nest to any order. When called it raises ShapeError
        (a ValueError) if the result is not a scalar, and OptionError (a ValueError) for an argument that the call does
        not have.

    See Also
    --------
    value_and_grad : The result too, from the same sweep.
    jacobian : For results of several numbers.

    Examples
    --------
    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda x, y, scale: scale * x * y, 1)(2.0, 3.0, scale=10.0)
    20.0
    >>> grad(lambda x: (x * x, {"seen": x}), has_aux=True)(2.0)
    (4.0, {'seen': 2.0})
    """
    refuse_no_function(function, "grad")
    both = value_and_grad(function, argnums, has_aux=has_aux)

    @functools.wraps(function)
    def gradient(*args: Any, **options: Any) -> Any:
        result, derivatives = both(*args, **options)
        return (derivatives, result[1]) if has_aux else derivatives

    return gradient


@overload
def value_and_grad(function: Function, argnums: int = 0, *, has_aux: Literal[False] = False) -> ValueAndGradient: ...
@overload
def value_and_grad(function: Function, argnums: ArgNums = 0, *, has_aux: bool = False) -> Function: ...
def value_and_grad(function: Function, argnums: ArgNums = 0, *, has_aux: bool = False) -> Any:
    """The result of a function and its gradient, from one sweep.

    Parameters
    ----------
    function, argnums, has_aux
        As `grad` takes them.

    Returns
    -------
    callable
        Takes the arguments of `function` and returns (result, gradient), or ((result, aux), gradient) with `has_aux`.
        Raises what `grad` raises.

    Examples
    --------
    >>> value_and_grad(lambda p: p["a"] * p["b"])({"a": 2.0, "b": 5.0})
    (10.0, {'a': 5.0, 'b': 2.0})
    """
    refuse_no_function(function, "value_and_grad")

    @functools.wraps(function)
    def value_and_gradient(*args: Any, **options: Any) -> tuple[Any, Any]:
        call = record_call(function, args, options, argnums, has_aux=has_aux)
        gradient = call.like_inputs(_gradient(call))
        return (call.output, call.aux) if has_aux else call.output, gradient

    return value_and_gradient


def _gradient(call: Recording) -> list[Any]:
    output = _scalar_output(call)
    if not is_node(output):
        return [0.0] * len(call.inputs)
    seeds: dict[Value, Any] = {output: 1.0}
    table = pullback(call.edges(), seeds) if call.nested else adjoints(call.fresh_order(), seeds)
    return looked_up(table, call.inputs)


def _scalar_output(call: Recording) -> Any:
    if len(call.outputs) != 1:
        raise ShapeError(
            f"grad needs a scalar result, got {len(call.outputs)} numbers: {call.output!r}; use autodiff.jacobian"
        )
    return call.outputs[0]


def jvp(
    function: Function, primals: Sequence[Any], tangents: Sequence[Any], *, has_aux: bool = False, **options: Any
) -> tuple[Any, ...]:
    """The result of a function and its derivative along `tangents`, by forward mode.

    Parameters
    ----------
    function : callable
        Called as `function(*primals, **options)`; returns a pair (result, aux) with `has_aux`.
    primals : sequence
        The arguments: numbers, Values or trees of them.
    tangents : sequence
        The direction, in the structure of `primals`.
    has_aux : bool
        Whether the function returns a pair; aux is then a third entry.
    **options
        Keyword arguments of the function.

    Returns
    -------
    tuple
        (result, derivative), the derivative in the structure of the result, or (result, derivative, aux).

    Raises
    ------
    ShapeError
        A ValueError, if tangents and primals hold different numbers of scalars.

    Examples
    --------
    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    refuse_no_function(function, "jvp")
    call = record_call(function, tuple(primals), options, tuple(range(len(primals))), has_aux=has_aux)
    directions = _matching(tangents, len(call.inputs), "tangents", "primals")
    if any(is_node(direction) for direction in directions):
        call = call.as_nested()
    seeds = dict(zip(*_without_zeros(call.inputs, directions), strict=True))
    table = pushforward(call.edges(), seeds, zeros_stop=True)
    derivative = call.like_outputs(looked_up(table, call.outputs))
    return (call.output, derivative, call.aux) if has_aux else (call.output, derivative)


def vjp(function: Function, *primals: Any, has_aux: bool = False, **options: Any) -> tuple[Any, ...]:
    """The result of a function, and a function from cotangents to gradients: reverse mode.

    Parameters
    ----------
    function : callable
        Called as `function(*primals, **options)`; returns a pair (result, aux) with `has_aux`.
    *primals
        The arguments: numbers, Values or trees of them.
    has_aux : bool
        Whether the function returns a pair; aux is then a third entry.
    **options
        Keyword arguments of the function.

    Returns
    -------
    tuple
        (result, pull) or (result, pull, aux). `pull` takes one tree in the structure of the result and returns a tuple
        with one gradient for each of `primals`. It raises ShapeError (a ValueError) for a tree of another size.

    Examples
    --------
    >>> out, pull = vjp(lambda x, y: (x * y, x + y), 2.0, 3.0)
    >>> out, pull((1.0, 10.0))
    ((6.0, 5.0), (13.0, 12.0))
    """
    refuse_no_function(function, "vjp")
    call = record_call(function, primals, options, tuple(range(len(primals))), has_aux=has_aux)

    def pull(cotangents: Any) -> Any:
        weights = _matching(cotangents, len(call.outputs), "cotangents", "the result")
        recorded = call.as_nested() if any(is_node(weight) for weight in weights) else call
        seeds = added_up(*_without_zeros(call.outputs, weights))
        table = pullback(recorded.edges(), seeds, zeros_stop=True)
        return recorded.like_inputs(looked_up(table, call.inputs))

    return (call.output, pull, call.aux) if has_aux else (call.output, pull)


def hvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any], **options: Any) -> Any:
    """The Hessian of a function of scalar result times a vector, without the Hessian: forward over reverse.

    Parameters
    ----------
    function : callable
        Returns one number.
    primals, tangents : sequence
        The arguments, and the vector in their structure: one entry for each argument.
    **options
        Keyword arguments of the function.

    Returns
    -------
    tree
        In the structure of the argument; a tuple for several.

    Raises
    ------
    ShapeError
        A ValueError, if the result is not a scalar, or tangents and primals hold different numbers of scalars.

    References
    ----------
    Pearlmutter, Fast exact multiplication by the Hessian (1994).

    Examples
    --------
    >>> hvp(lambda x: x[0] ** 2 * x[1], ([3.0, 5.0],), ([1.0, 0.0],))
    [10.0, 6.0]
    """
    refuse_no_function(function, "hvp")
    argnums = tuple(range(len(primals)))
    gradient = grad(function, argnums[0] if len(argnums) == 1 else argnums)
    return jvp(gradient, primals, tangents, **options)[1]


def _matching(tree: Any, size: int, name: str, of: str) -> list[Any]:
    scalars, _ = flatten(tree)
    if len(scalars) != size:
        raise ShapeError(f"{name} hold {len(scalars)} numbers, but {of} {size}; give them the same structure")
    return scalars


def _without_zeros(nodes: Sequence[Any], scalars: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The nodes whose scalar is not 0, and these scalars: 0 times an infinite slope would be nan, and is 0 here."""
    kept = [pair for pair in zip(nodes, scalars, strict=True) if type(pair[1]) is not float or pair[1] != 0.0]
    return [node for node, _ in kept], [scalar for _, scalar in kept]


def looked_up(table: dict[Value, Any], nodes: Sequence[Any]) -> list[Any]:
    """The derivative along each node from the table of a sweep; 0.0 out of reach and on constants."""
    return [table.get(node, 0.0) if is_node(node) else 0.0 for node in nodes]
