"""One recorded call of a plain function, which transforms differentiate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from autodiff.argnums import ArgNums, chosen, chosen_arguments, is_one
from autodiff.errors import OptionError, OptionTypeError
from autodiff.graph import topological_order
from autodiff.modes import Origin, current_tracer, enable_grad, is_recording
from autodiff.primitive import is_node
from autodiff.refusals import call
from autodiff.reverse import refuse_stale
from autodiff.rules import IDENTITY
from autodiff.slopes import Edge, edges, local_slopes, recorded_slopes
from autodiff.structure import Structure, container_like, flatten, packed, unflatten
from autodiff.value import Value

_DONE_WITH = Origin(role="constant")
"""Marks inputs of a finished call as constants for outer derivatives."""


@final
@dataclass(frozen=True)
class Recording:
    """The graph of one call, from copies of its inputs to its outputs."""

    inputs: list[Value]
    """A leaf, or a copy of a Value that was passed in, for each scalar differentiated along."""
    input_structure: Structure
    outputs: list[Any]
    """Values, and floats where an output does not depend on any."""
    output_structure: Structure
    order: list[Value]
    nested: bool
    """The call was made with, or closes over, Values: derivatives are to be Values as well."""
    returned_aux: Any = None
    """The aux of a pair (result, aux), which is not differentiated."""

    @property
    def output(self) -> Any:
        """The result of the function, of Values if nested and of floats otherwise."""
        return self.like_outputs(self.outputs)

    @property
    def aux(self) -> Any:
        """The aux of the function, its numbers in the form of those of the result."""
        return self._with_scalars(self.returned_aux)

    def edges(self) -> list[Edge[Value]]:
        """Every edge between the inputs and the outputs, with slopes that are Values if nested."""
        return edges(self.fresh_order(), self.inputs, recorded_slopes if self.nested else local_slopes)

    def fresh_order(self) -> list[Value]:
        """The nodes in topological order. Raises StaleGraphError if a number changed since the call."""
        if self.order:
            refuse_stale(self.order)
        return self.order

    def scalar(self, number: Any) -> Any:
        """A derivative as it is given to the caller: a Value if nested, a float otherwise."""
        if type(number) is float:
            return _constant(number) if self.nested else number
        if self.nested:
            return number if is_node(number) else _constant(number)
        return number._number if is_node(number) else float(number)

    def as_nested(self) -> Recording:
        """The same call, to be differentiated by Values."""
        return replace(self, nested=True)

    def like_outputs(self, scalars: Sequence[Any]) -> Any:
        """One scalar for each output, in the structure of the result."""
        return unflatten(self.output_structure, [self.scalar(scalar) for scalar in scalars])

    def _with_scalars(self, tree: Any) -> Any:
        """The tree with each node in the form that the caller gets; anything but nodes and containers as it is."""
        if is_node(tree):
            return self.scalar(tree)
        if isinstance(tree, np.ndarray):
            return (
                packed([*map(self._with_scalars, tree.ravel().tolist())], tree.shape) if tree.dtype == object else tree
            )
        if isinstance(tree, (dict, tuple, list)):
            entries = tree.values() if isinstance(tree, dict) else tree
            return container_like(tree, ()).build([self._with_scalars(entry) for entry in entries])
        return tree

    def like_inputs(self, scalars: Sequence[Any]) -> Any:
        """One scalar for each input, in the structure of the differentiated arguments."""
        return unflatten(self.input_structure, [self.scalar(scalar) for scalar in scalars])


def refuse_no_function(given: Any, name: str) -> None:
    """Raise OptionTypeError (a TypeError) where a transform is given something else, often the function's result."""
    if not callable(given):
        raise OptionTypeError(f"{name} takes a function, got {given!r}; pass the function itself, not its result")


def record_call(
    function: Callable[..., Any],
    args: Sequence[Any],
    options: Mapping[str, Any],
    argnums: ArgNums,
    *,
    has_aux: bool = False,
) -> Recording:
    """Call `function` on copies of the arguments named in `argnums`, and record the operations.

    With `has_aux` the function returns a pair: its result, and anything else that is not to be differentiated.
    """
    scalars, structure = flatten(chosen(args, argnums))
    outer = is_recording()
    with enable_grad():
        inputs = [_copy(scalar) if outer else _leaf(scalar) for scalar in scalars]
        returned = call(function, _replaced(args, argnums, unflatten(structure, inputs)), options)
    result, aux = _pair(returned) if has_aux else (returned, None)
    for leaf in inputs:
        if not leaf.operands:
            leaf.origin = _DONE_WITH
    outputs, output_structure = flatten(result)
    order = topological_order(*(out for out in outputs if is_node(out)), until=set(inputs))
    nested = outer and (current_tracer() is not None or any(map(is_node, scalars)) or _closes_over(order, inputs))
    return Recording(inputs, structure, outputs, output_structure, order, nested, aux)


def _pair(returned: Any) -> tuple[Any, Any]:
    if not isinstance(returned, tuple) or len(returned) != 2:
        raise OptionError(f"with has_aux=True the function returns a pair (result, aux), got {returned!r}")
    return returned


def _replaced(args: Sequence[Any], argnums: ArgNums, chosen: Any) -> list[Any]:
    replaced = list(args)
    numbers = chosen_arguments(argnums, len(args))
    for number, replacement in zip(numbers, [chosen] if is_one(argnums) else chosen, strict=True):
        replaced[number] = replacement
    return replaced


def _copy(scalar: Any) -> Any:
    """A node of its own for a node; a leaf for a number, or, while compiling, a symbol of it."""
    tracer = current_tracer()
    if tracer is not None:
        return tracer(IDENTITY, (scalar,))
    return IDENTITY(scalar) if is_node(scalar) else Value(scalar)


def _leaf(scalar: Any) -> Any:
    """A leaf with the number, cut off from the graph."""
    return scalar.detach() if is_node(scalar) else Value(scalar)


def _constant(number: float) -> Any:
    tracer = current_tracer()
    return Value.constant(number) if tracer is None else tracer(IDENTITY, (number,))


def _closes_over(order: Sequence[Value], inputs: Sequence[Value]) -> bool:
    """Whether the graph has leaves that were not passed in, so that a float result would cut it."""
    known = set(inputs)
    return any(not node.operands and node not in known and not node.is_constant for node in order)
