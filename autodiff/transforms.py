"""Derivatives of plain functions: they take a function and return one that computes its derivatives.

Arguments and results are numbers, or nested tuples, lists, dicts and arrays of them. Called on floats a
transform returns floats; called on Values, or on a function that closes over Values, it returns Values
that are part of the graph, so that transforms nest to any order and a derivative can be trained on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from autodiff.derivatives import added_up
from autodiff.errors import ShapeError
from autodiff.forward import pushforward
from autodiff.primitive import is_node
from autodiff.recording import ArgNums, Recording, record_call
from autodiff.reverse import adjoints, pullback
from autodiff.structure import flatten
from autodiff.value import Value

Function = Callable[..., Any]


def grad(function: Function, *, argnums: ArgNums = 0) -> Function:
    """The gradient of a function of scalar result, in the structure of the argument (a tuple for several).

    Raises ShapeError (a ValueError) when called if the result is not a scalar.

    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    """
    both = value_and_grad(function, argnums=argnums)

    @functools.wraps(function)
    def gradient(*args: Any, **options: Any) -> Any:
        return both(*args, **options)[1]

    return gradient


def value_and_grad(function: Function, *, argnums: ArgNums = 0) -> Function:
    """The result of a function of scalar result, and its gradient as `grad` gives it.

    >>> value_and_grad(lambda p: p["a"] * p["b"])({"a": 2.0, "b": 5.0})
    (10.0, {'a': 5.0, 'b': 2.0})
    """

    @functools.wraps(function)
    def value_and_gradient(*args: Any, **options: Any) -> tuple[Any, Any]:
        call = record_call(function, args, options, argnums)
        return call.output, call.like_inputs(_gradient(call))

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


def jvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any], **options: Any) -> tuple[Any, Any]:
    """The result of `function(*primals)` and its derivative along `tangents`: forward mode.

    `tangents` has the structure of `primals`; the derivative has the structure of the result. Raises
    ShapeError (a ValueError) if the structures differ in size.

    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    call = record_call(function, tuple(primals), options, tuple(range(len(primals))))
    directions = _matching(tangents, len(call.inputs), "tangents", "primals")
    if any(is_node(direction) for direction in directions):
        call = call.as_nested()
    seeds = dict(zip(*_without_zeros(call.inputs, directions), strict=True))
    table = pushforward(call.edges(), seeds, zeros_stop=True)
    return call.output, call.like_outputs(looked_up(table, call.outputs))


def vjp(function: Function, *primals: Any, **options: Any) -> tuple[Any, Function]:
    """The result of `function(*primals)`, and a function from cotangents to gradients: reverse mode.

    The function takes one tree in the structure of the result and returns a tuple with one gradient for
    each of `primals`.

    >>> out, pull = vjp(lambda x, y: (x * y, x + y), 2.0, 3.0)
    >>> out, pull((1.0, 10.0))
    ((6.0, 5.0), (13.0, 12.0))
    """
    call = record_call(function, primals, options, tuple(range(len(primals))))

    def pull(cotangents: Any) -> Any:
        weights = _matching(cotangents, len(call.outputs), "cotangents", "the result")
        recorded = call.as_nested() if any(is_node(weight) for weight in weights) else call
        seeds = added_up(*_without_zeros(call.outputs, weights))
        table = pullback(recorded.edges(), seeds, zeros_stop=True)
        return recorded.like_inputs(looked_up(table, call.inputs))

    return call.output, pull


def hvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any], **options: Any) -> Any:
    """The Hessian of a function of scalar result times a vector, without the Hessian: forward over reverse.

    `primals` and `tangents` are tuples with one entry for each argument; the product has the structure of
    the argument, or is a tuple for several.

    >>> hvp(lambda x: x[0] ** 2 * x[1], ([3.0, 5.0],), ([1.0, 0.0],))
    [10.0, 6.0]
    """
    argnums = tuple(range(len(primals)))
    gradient = grad(function, argnums=argnums[0] if len(argnums) == 1 else argnums)
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
