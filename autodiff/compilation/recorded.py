"""Recorded: the trace of one structure of arguments, and the symbols that answer what is asked of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

from autodiff.compilation.execute.replay import Replay
from autodiff.compilation.program.assembly import Groups, program_of
from autodiff.compilation.program.program import Program
from autodiff.compilation.rewrite.batch_sums import BatchSums
from autodiff.compilation.rewrite.differentiate import gradient_symbols, tangent_symbols
from autodiff.compilation.rewrite.simplify import simplified
from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import Trace, tracing
from autodiff.errors import ShapeError
from autodiff.rules import MUL

Inputs = Mapping[str, Sequence[Symbol]]
"""What to differentiate along: groups of leaves by name."""


@final
@dataclass(frozen=True, eq=False)
class Recorded:
    """The trace of one structure of arguments, with symbols for what a call adds to it."""

    trace: Trace
    weight: Symbol
    """What each record's result counts in the reduced one."""
    count: Symbol
    """The number of records."""
    replays: dict[tuple[Any, ...], Replay] = field(default_factory=dict)
    """What ran so far, by what was asked for."""

    @staticmethod
    def of(trace: Trace) -> Recorded:
        """A trace with new symbols for weight and count."""
        weight, count = (Symbol(None, (), batched=False, source=name) for name in ("weight", "count"))
        return Recorded(trace, weight, count)

    def program(self, groups: Callable[[], Groups]) -> Program:
        """The program of groups of symbols, from the blocks that `CompiledFunction` gives it."""
        arguments = [(f"argument {number}", symbols) for number, symbols in enumerate(self.trace.arguments)]
        parameters = ("parameters", list(self.trace.parameters.values()))
        leaves = [parameters, *arguments, ("weight", [self.weight]), ("count", [self.count])]
        with tracing():
            return program_of(groups(), leaves)  # the symbols go before the collector looks at them

    def arguments(self, numbers: Sequence[int]) -> dict[str, list[Symbol]]:
        """The symbols of the arguments with these numbers, by their names in the function, or numbers."""
        chosen = [(k, self.trace.arguments[k]) for k in numbers]
        return {f"argument {symbols[0].label or k if symbols else k}": symbols for k, symbols in chosen}

    def results(self) -> Groups:
        """What the function returns."""
        return {"result": simplified(self.trace.outputs)}

    def per_record(self, inputs: Inputs) -> Groups:
        """The result of every record, and its derivatives along groups of inputs."""
        value, *gradients = self._differentiated(inputs, 1.0)
        return {"result": value} | dict(zip(_gradients(inputs), gradients, strict=True))

    def reduced(self, inputs: Inputs) -> Groups:
        """The weighted sum of the result over records, and its derivatives along groups of inputs: along batched
        inputs one a record."""
        (value,), *gradients = self._differentiated(inputs, self.weight)
        pairs = [
            list(zip(leaves, along, strict=True)) for leaves, along in zip(inputs.values(), gradients, strict=True)
        ]
        roots = [value, *(made for group in pairs for _, made in group)]
        sums = BatchSums(self.count, roots, [made for group in pairs for leaf, made in group if leaf.batched])
        total = [Symbol(MUL, (self.weight, sums.of_result(value)), batched=False)]
        made = [[made if leaf.batched else sums.along(leaf, made) for leaf, made in group] for group in pairs]
        return {"reduced result": total} | dict(zip(_gradients(inputs), made, strict=True))

    def jacobian(self, numbers: Sequence[int]) -> Groups:
        """The derivatives of each result along each scalar of the arguments with these numbers, result by result."""
        inputs = self.arguments(numbers)
        return {_jacobian(inputs): simplified(self._entries(inputs))}

    def value_and_jacobian(self, numbers: Sequence[int]) -> Groups:
        """What the function returns, and its derivatives as `jacobian` gives them."""
        inputs = self.arguments(numbers)
        count = len(self.trace.outputs)
        made = simplified([*self.trace.outputs, *self._entries(inputs)])
        return {"result": made[:count], _jacobian(inputs): made[count:]}

    def _entries(self, inputs: Inputs) -> list[Any]:
        leaves = [leaf for group in inputs.values() for leaf in group]
        outputs = self.trace.outputs
        if len(leaves) < len(outputs):
            columns = [tangent_symbols(outputs, leaf) for leaf in leaves]
            return [entry for row in zip(*columns, strict=True) for entry in row]
        return [entry for out in outputs for entry in gradient_symbols([out], leaves, [1.0])]

    def _differentiated(self, inputs: Inputs, weight: Any) -> list[list[Any]]:
        """The result of one record, and the derivatives of `weight` times it, group by group."""
        output = self._scalar_output()
        leaves = [leaf for group in inputs.values() for leaf in group]
        value, *made = simplified([output, *gradient_symbols([output], leaves, [weight])])
        groups = inputs.values()
        ends = list(itertools.accumulate(map(len, groups)))
        return [[value], *(made[end - len(group) : end] for group, end in zip(groups, ends, strict=True))]

    def _scalar_output(self) -> Any:
        outputs = self.trace.outputs
        if len(outputs) != 1:
            raise ShapeError(f"a gradient needs a scalar result a record, got {len(outputs)} numbers; use jacobian")
        return outputs[0]


def _gradients(inputs: Inputs) -> list[str]:
    return [f"gradient along {name}" for name in inputs]


def _jacobian(inputs: Inputs) -> str:
    return f"Jacobian along {', '.join(inputs)}"
