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
from autodiff.recording import Recording, record_call
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
    """The gradient of a function of scalar result, in the structure of the argument (a tuple for several).

    Differentiates along the positional arguments numbered in `argnums`; the others, and keyword arguments, are passed
    on as they are. With `has_aux` the function returns a pair (result, aux), and what comes back is a pair
    (gradient, aux). Raises ShapeError (a ValueError) when called if the result is not a scalar, and OptionError
    (a ValueError) for an argument that the call does not have.

    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda x, y, scale: scale * x * y, 1)(2.0, 3.0, scale=10.0)
    20.0
    >>> grad(lambda x: (x * x, {"seen": x}), has_aux=True)(2.0)
    (4.0, {'seen': 2.0})
    """
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
    """The result of a function of scalar result, and its gradient as `grad` gives it.

    With `has_aux` the function returns a pair (result, aux), and what comes back is ((result, aux), gradient).

    >>> value_and_grad(lambda p: p["a"] * p["b"])({"a": 2.0, "b": 5.0})
    (10.0, {'a': 5.0, 'b': 2.0})
    """

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
        raise ShapeError(f"grad needs a scalar result, got {len(call.outputs)} numbers: {call.output!r}; use jacobian")
    return call.outputs[0]


def jvp(
    function: Function, primals: Sequence[Any], tangents: Sequence[Any], *, has_aux: bool = False, **options: Any
) -> tuple[Any, ...]:
    """The result of `function(*primals, **options)` and its derivative along `tangents`: forward mode.

    `tangents` has the structure of `primals`; the derivative has the structure of the result. With `has_aux` the
    function returns a pair (result, aux), and aux comes back as a third entry. Raises ShapeError (a ValueError) if the
    structures differ in size.

    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    call = record_call(function, tuple(primals), options, tuple(range(len(primals))), has_aux=has_aux)
    directions = _matching(tangents, len(call.inputs), "tangents", "primals")
    if any(is_node(direction) for direction in directions):
        call = call.as_nested()
    seeds = dict(zip(*_without_zeros(call.inputs, directions), strict=True))
    table = pushforward(call.edges(), seeds, zeros_stop=True)
    derivative = call.like_outputs(looked_up(table, call.outputs))
    return (call.output, derivative, call.aux) if has_aux else (call.output, derivative)


def vjp(function: Function, *primals: Any, has_aux: bool = False, **options: Any) -> tuple[Any, ...]:
    """The result of `function(*primals, **options)`, and a function from cotangents to gradients: reverse mode.

    The function takes one tree in the structure of the result and returns a tuple with one gradient for
    each of `primals`. With `has_aux` the function returns a pair (result, aux), and aux comes back as a third entry.

    >>> out, pull = vjp(lambda x, y: (x * y, x + y), 2.0, 3.0)
    >>> out, pull((1.0, 10.0))
    ((6.0, 5.0), (13.0, 12.0))
    """
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

    `primals` and `tangents` are tuples with one entry for each argument; the product has the structure of
    the argument, or is a tuple for several.

    >>> hvp(lambda x: x[0] ** 2 * x[1], ([3.0, 5.0],), ([1.0, 0.0],))
    [10.0, 6.0]
    """
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
    """What a sweep left on each node, 0.0 where it did not reach and on constants."""
    return [table.get(node, 0.0) if is_node(node) else 0.0 for node in nodes]
