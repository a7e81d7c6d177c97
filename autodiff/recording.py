"""One call of a plain function, recorded: what transforms differentiate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from autodiff.errors import AutodiffError
from autodiff.graph import topological_order
from autodiff.modes import Origin, current_tracer, enable_grad, is_recording
from autodiff.primitive import is_node
from autodiff.refusals import call
from autodiff.reverse import refuse_stale
from autodiff.rules import IDENTITY
from autodiff.slopes import Edge, edges, local_slopes, recorded_slopes
from autodiff.structure import Structure, flatten, unflatten
from autodiff.value import Value

_DONE_WITH = Origin(role="constant")
"""What a leaf is to derivatives outside, once the function that was called on it has returned."""

ArgNums = int | Sequence[int]
"""Which positional arguments to differentiate along: one, or several, whose derivatives come as a tuple."""


class ArgNumsError(AutodiffError, IndexError):
    """`argnums` names an argument that the call does not have, or one twice."""


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

    @property
    def output(self) -> Any:
        """What the function returned, as Values if nested and as floats otherwise."""
        return self.like_outputs(self.outputs)

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

    def like_inputs(self, scalars: Sequence[Any]) -> Any:
        """One scalar for each input, in the structure of the differentiated arguments."""
        return unflatten(self.input_structure, [self.scalar(scalar) for scalar in scalars])


def record_call(
    function: Callable[..., Any], args: Sequence[Any], options: Mapping[str, Any], argnums: ArgNums
) -> Recording:
    """Call `function` on copies of the arguments named in `argnums`, recording what it does with them."""
    scalars, structure = flatten(_chosen(args, argnums))
    outer = is_recording()
    with enable_grad():
        inputs = [_copy(scalar) if outer else _leaf(scalar) for scalar in scalars]
        result = call(function, _replaced(args, argnums, unflatten(structure, inputs)), options)
    for leaf in inputs:
        if not leaf.operands:
            leaf.origin = _DONE_WITH
    outputs, output_structure = flatten(result)
    order = topological_order(*(out for out in outputs if is_node(out)), until=set(inputs))
    nested = outer and (current_tracer() is not None or any(map(is_node, scalars)) or _closes_over(order, inputs))
    return Recording(inputs, structure, outputs, output_structure, order, nested)


def argument(args: Sequence[Any], number: int) -> Any:
    """The positional argument of that number, which may count from the end. Raises ArgNumsError for one too many."""
    if not -len(args) <= number < len(args):
        raise ArgNumsError(f"argnums names argument {number}, but the call has {len(args)} positional arguments")
    return args[number]


def _chosen(args: Sequence[Any], argnums: ArgNums) -> Any:
    """The argument that is named, or a tuple of several. Raises ArgNumsError if one is named twice."""
    if isinstance(argnums, int):
        return argument(args, argnums)
    chosen = tuple(argument(args, number) for number in argnums)
    if len({number % len(args) for number in argnums}) < len(chosen):
        raise ArgNumsError(f"argnums {tuple(argnums)} names one of {len(args)} arguments twice; name each once")
    return chosen


def _replaced(args: Sequence[Any], argnums: ArgNums, chosen: Any) -> list[Any]:
    replaced = list(args)
    for number, replacement in [(argnums, chosen)] if isinstance(argnums, int) else zip(argnums, chosen, strict=True):
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
