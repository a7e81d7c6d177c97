"""One call of a plain function, recorded: what transforms differentiate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from autodiff.graph import topological_order
from autodiff.modes import enable_grad, is_recording
from autodiff.rules import IDENTITY
from autodiff.slopes import Edge, edges, local_slopes, recorded_slopes
from autodiff.structure import Structure, flatten, unflatten
from autodiff.value import Value

ArgNums = int | Sequence[int]
"""Which positional arguments to differentiate along: one, or several, whose derivatives come as a tuple."""


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
        return edges(self.order, self.inputs, recorded_slopes if self.nested else local_slopes)

    def scalar(self, number: Any) -> Any:
        """A derivative as it is given to the caller: a Value if nested, a float otherwise."""
        if self.nested:
            return number if isinstance(number, Value) else Value.constant(number)
        return number.number if isinstance(number, Value) else float(number)

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
    chosen = _argument(args, argnums) if isinstance(argnums, int) else tuple(_argument(args, n) for n in argnums)
    scalars, structure = flatten(chosen)
    outer = is_recording()
    with enable_grad():
        inputs = [_copy(scalar) if outer else Value(_number(scalar)) for scalar in scalars]
        result = function(*_replaced(args, argnums, unflatten(structure, inputs)), **options)
    outputs, output_structure = flatten(result)
    order = topological_order(*(out for out in outputs if isinstance(out, Value)), until=set(inputs))
    nested = outer and (any(isinstance(scalar, Value) for scalar in scalars) or _closes_over(order, inputs))
    return Recording(inputs, structure, outputs, output_structure, order, nested)


def _argument(args: Sequence[Any], number: int) -> Any:
    if not -len(args) <= number < len(args):
        raise IndexError(f"argnums names argument {number}, but the call has {len(args)} positional arguments")
    return args[number]


def _replaced(args: Sequence[Any], argnums: ArgNums, chosen: Any) -> list[Any]:
    replaced = list(args)
    for number, argument in [(argnums, chosen)] if isinstance(argnums, int) else zip(argnums, chosen, strict=True):
        replaced[number] = argument
    return replaced


def _copy(scalar: Any) -> Value:
    return IDENTITY(scalar) if isinstance(scalar, Value) else Value(scalar)


def _number(scalar: Any) -> float:
    return scalar.number if isinstance(scalar, Value) else scalar


def _closes_over(order: Sequence[Value], inputs: Sequence[Value]) -> bool:
    """Whether the graph has leaves that were not passed in, so that a float result would cut it."""
    known = set(inputs)
    return any(not node.operands and node not in known and not node.is_constant for node in order)
