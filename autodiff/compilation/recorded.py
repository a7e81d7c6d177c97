"""Recorded: the trace of one structure of arguments, and the symbols that answer what is asked of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, final

from autodiff.compilation.assembly import program_of
from autodiff.compilation.differentiate import gradient_symbols, tangent_symbols
from autodiff.compilation.program import Program
from autodiff.compilation.reductions import BatchSums
from autodiff.compilation.replay import Replay
from autodiff.compilation.simplify import simplified
from autodiff.compilation.symbol import Symbol
from autodiff.compilation.trace import Trace, tracing
from autodiff.errors import ShapeError
from autodiff.rules import MUL

Groups = Sequence[Sequence[Any]]
"""Symbols or floats, a group for each output of a program."""


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
        arguments = [(f"argument {k}", symbols) for k, symbols in enumerate(self.trace.arguments)]
        parameters = ("parameters", list(self.trace.parameters.values()))
        with tracing():
            made = groups()
            return program_of(made, [parameters, *arguments, ("weight", [self.weight]), ("count", [self.count])])

    def results(self) -> Groups:
        """What the function returns."""
        return [simplified(self.trace.outputs)]

    def per_record(self, inputs: Sequence[Sequence[Symbol]]) -> Groups:
        """The result of every record, and its derivatives along groups of inputs."""
        return self._differentiated(inputs, 1.0)

    def reduced(self, inputs: Sequence[Sequence[Symbol]]) -> Groups:
        """The weighted sum of the result over records, and its derivatives along groups of inputs: along batched
        inputs one a record."""
        (value,), *gradients = self._differentiated(inputs, self.weight)
        pairs = [list(zip(leaves, along, strict=True)) for leaves, along in zip(inputs, gradients, strict=True)]
        roots = [value, *(made for group in pairs for _, made in group)]
        sums = BatchSums(self.count, roots, [made for group in pairs for leaf, made in group if leaf.batched])
        return [
            [Symbol(MUL, (self.weight, sums.of_result(value)), batched=False)],
            *([made if leaf.batched else sums.of_derivative(made) for leaf, made in group] for group in pairs),
        ]

    def jacobian(self, numbers: Sequence[int]) -> Groups:
        """The derivatives of each result along each scalar of the arguments with these numbers, result by result."""
        return [simplified(self._entries(numbers))]

    def value_and_jacobian(self, numbers: Sequence[int]) -> Groups:
        """What the function returns, and its derivatives as `jacobian` gives them."""
        count = len(self.trace.outputs)
        made = simplified([*self.trace.outputs, *self._entries(numbers)])
        return [made[:count], made[count:]]

    def _entries(self, numbers: Sequence[int]) -> list[Any]:
        inputs = [symbol for k in numbers for symbol in self.trace.arguments[k]]
        outputs = self.trace.outputs
        if len(inputs) < len(outputs):
            columns = [tangent_symbols(outputs, leaf) for leaf in inputs]
            return [entry for row in zip(*columns, strict=True) for entry in row]
        return [entry for out in outputs for entry in gradient_symbols([out], inputs, [1.0])]

    def _differentiated(self, inputs: Sequence[Sequence[Symbol]], weight: Any) -> list[list[Any]]:
        """The result of one record, and the derivatives of `weight` times it, group by group."""
        output = self._scalar_output()
        leaves = [leaf for group in inputs for leaf in group]
        value, *made = simplified([output, *gradient_symbols([output], leaves, [weight])])
        ends = list(itertools.accumulate(map(len, inputs)))
        return [[value], *(made[end - len(group) : end] for group, end in zip(inputs, ends, strict=True))]

    def _scalar_output(self) -> Any:
        outputs = self.trace.outputs
        if len(outputs) != 1:
            raise ShapeError(f"a gradient needs a scalar result a record, got {len(outputs)} numbers; use jacobian")
        return outputs[0]
