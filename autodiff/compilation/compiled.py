"""compile: a function of scalars as one that works on all records at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.anomaly import user_line
from autodiff.compilation.assembly import program_of
from autodiff.compilation.bound import BoundGradient, ChunkedGradient
from autodiff.compilation.differentiate import gradient_symbols, tangent_symbols
from autodiff.compilation.options import (
    ArgNums,
    argument_numbers,
    chosen_arguments,
    floating_type,
    is_one,
    thread_count,
)
from autodiff.compilation.program import Program
from autodiff.compilation.records import Arguments, arguments_of
from autodiff.compilation.reductions import BatchSums
from autodiff.compilation.replay import Replay, chunk_size
from autodiff.compilation.results import unpacked, unpacked_matrix
from autodiff.compilation.simplify import simplified
from autodiff.compilation.symbol import Symbol
from autodiff.compilation.trace import Trace, trace, tracing
from autodiff.errors import OptionError, ShapeError, TraceError
from autodiff.modes import current_tracer
from autodiff.rules import MUL
from autodiff.structure import Atom, Container
from autodiff.value import Value

Array = NDArray[Any]


def compile(
    function: Callable[..., Any], *, batched: int | Sequence[int] = 0, dtype: Any = np.float64, threads: int = 1
) -> CompiledFunction:
    """`function` of one record, recorded once and replayed over all records by NumPy.

    The positional arguments numbered in `batched` carry a leading axis of records; the others are shared.
    Arguments and results are numbers, nested lists, tuples, dicts or arrays. Leaf Values that the function
    closes over are read at each call; all else that it finds outside its arguments, numbers, random draws,
    a Value's `grad`, stays as it was when it was recorded. Anything that needs a number while recording (a
    branch, `.data`, `float()`) raises TraceError, a TypeError, when the function is first called.

    >>> from autodiff import Value
    >>> w = Value(3.0, label="w")
    >>> error = compile(lambda x, y: (w * x - y) ** 2, batched=(0, 1))
    >>> error([1.0, 2.0], [2.0, 6.0])
    array([1., 0.])
    >>> float(error.backward([1.0, 2.0], [2.0, 6.0])), w.grad
    (0.5, 1.0)
    """
    return CompiledFunction(function, batched, dtype, threads)


@final
@dataclass(frozen=True, eq=False)
class _Recorded:
    """The trace of one structure of arguments, with symbols for what a call adds to it."""

    trace: Trace
    weight: Symbol
    """What each record's result counts in the reduced one."""
    count: Symbol
    """The number of records."""

    def program(self, groups: Callable[[], Sequence[Sequence[Any]]]) -> Program:
        """The program of groups of symbols, from the blocks that `CompiledFunction` gives it."""
        arguments = [(f"argument {k}", symbols) for k, symbols in enumerate(self.trace.arguments)]
        parameters = ("parameters", list(self.trace.parameters.values()))
        with tracing():
            made = groups()
            return program_of(made, [parameters, *arguments, ("weight", [self.weight]), ("count", [self.count])])


@final
class CompiledFunction:
    """What `compile` returns: call it on all records, or ask it for derivatives.

    A new structure of arguments is traced anew; a new number of records only takes new buffers.
    """

    def __init__(self, function: Callable[..., Any], batched: int | Sequence[int], dtype: Any, threads: int) -> None:
        if not callable(function):
            raise OptionError(f"compile takes a function, got {function!r}")
        self._function = function
        self._batched = frozenset(argument_numbers(batched, "batched"))
        self._dtype = floating_type(dtype)
        self._threads = thread_count(threads)
        self._recorded: dict[tuple[Any, ...], _Recorded] = {}
        self._replays: dict[tuple[Any, ...], Replay] = {}
        self._latest: Program | None = None

    @property
    def program(self) -> Program:
        """The program that ran last; print it to read it. Raises OptionError before the first call."""
        if self._latest is None:
            raise OptionError("there is no program before the first call, which tells the shapes")
        return self._latest

    def __call__(self, *args: Any) -> Any:
        """The result of every record, with a leading axis of records."""
        call, recorded = self._prepare(args)
        (results,) = self._run(("call",), call, recorded, lambda: [simplified(recorded.trace.outputs)], 1.0)
        return unpacked(recorded.trace.output_structure, results, call.records)

    def backward(self, *args: Any, reduction: str = "mean") -> Any:
        """The reduced result, after adding its derivatives to the `grad` of the leaf Values in it, exactly as
        sweeping every record's graph would. The result of a record must be a scalar; `reduction` is "mean" or
        "sum"."""
        call, recorded = self._prepare(args)
        leaves = list(recorded.trace.parameters.values())
        value, gradient = self._run(
            ("backward",), call, recorded, lambda: _reduced(recorded, [leaves]), _weight(reduction, call)
        )
        for parameter, derivative in zip(recorded.trace.parameters, gradient.tolist(), strict=True):
            parameter.grad = parameter.grad + derivative
        return float(value[0])

    def value_and_grad(self, *args: Any, argnums: ArgNums = 0, reduction: str | None = None) -> tuple[Any, Any]:
        """The scalar result and its gradient along the arguments named in `argnums`, in their structure.

        With a `reduction` ("mean" or "sum") both are of the reduced result; without, of every record, with a
        leading axis of records, which the gradient along a batched argument always has.
        """
        call, recorded = self._prepare(args)
        numbers = chosen_arguments(argnums, len(args))
        inputs = [recorded.trace.arguments[k] for k in numbers]
        weight = 1.0 if reduction is None else _weight(reduction, call)
        build = _per_record if reduction is None else _reduced
        value, *gradients = self._run(
            ("value_and_grad", reduction is None, *numbers), call, recorded, lambda: build(recorded, inputs), weight
        )
        along = tuple(
            unpacked(call.structures[k], rows, call.records if call.batched[k] or reduction is None else None)
            for k, rows in zip(numbers, gradients, strict=True)
        )
        result = unpacked(Atom(None), value, call.records if reduction is None else None)
        return result, along[0] if is_one(argnums) else along

    def jacobian(self, *args: Any, argnums: ArgNums = 0) -> Any:
        """Every record's derivatives of the result along the arguments named in `argnums`: the structure of the
        result, each number replaced by the structure of the argument, with a leading axis of records."""
        call, recorded = self._prepare(args)
        numbers = chosen_arguments(argnums, len(args))
        inputs = [symbol for k in numbers for symbol in recorded.trace.arguments[k]]
        (entries,) = self._run(
            ("jacobian", *numbers), call, recorded, lambda: [_jacobian_symbols(recorded.trace, inputs)], 1.0
        )
        structures = tuple(call.structures[k] for k in numbers)
        structure = structures[0] if is_one(argnums) else Container(tuple, structures)
        matrix = entries.reshape(len(recorded.trace.outputs), len(inputs), *entries.shape[1:])
        return unpacked_matrix(recorded.trace.output_structure, structure, matrix, call.records)

    def bind(
        self, *args: Any, reduction: str = "mean", numbers: Array | None = None
    ) -> BoundGradient | ChunkedGradient:
        """The reduced result and its gradient along the leaf Values, bound to these arrays for a training loop.

        Arrays of float64 are used where they are, so that what is written into them later counts; so is
        `numbers`, the parameter vector in the order of `parameters`, by default a new one.
        """
        call, recorded = self._prepare(args)
        leaves = list(recorded.trace.parameters.values())
        program = recorded.program(lambda: _reduced(recorded, [leaves]))
        self._latest = program
        given = self._given(call, recorded, _weight(reduction, call))
        if numbers is not None:
            given[0] = numbers
        records = 1 if call.records is None else call.records
        if chunk_size(program, self._dtype, records) >= records:
            return BoundGradient(program, given, records)
        return ChunkedGradient(program, given, records, threads=self._threads)

    def parameters(self, *args: Any) -> list[Value]:
        """The leaf Values that the function closes over, in the order in which it meets them for such arguments."""
        return list(self._prepare(args)[1].trace.parameters)

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle or a copy holds: the function and the options, for programs are made again when needed."""
        return self.__dict__ | {"_recorded": {}, "_replays": {}}

    def _prepare(self, args: tuple[Any, ...]) -> tuple[Arguments, _Recorded]:
        if current_tracer() is not None:
            raise TraceError(
                f"a compiled function was called while compiling another, at {user_line()}; call the plain function"
            )
        call = arguments_of(args, self._batched)
        if call.key not in self._recorded:
            sizes = [len(rows) for rows in call.rows]
            self._recorded[call.key] = _Recorded(
                trace(self._function, call.structures, call.batched, sizes),
                Symbol(None, (), batched=False, source="weight"),
                Symbol(None, (), batched=False, source="count"),
            )
        return call, self._recorded[call.key]

    def _run(
        self,
        request: tuple[Any, ...],
        call: Arguments,
        recorded: _Recorded,
        groups: Callable[[], Sequence[Sequence[Any]]],
        weight: float,
    ) -> list[Array]:
        """The outputs of the program for `request`, which is made the first time it is asked for."""
        key = (*request, call.key)
        if key not in self._replays:
            self._replays[key] = Replay(recorded.program(groups), dtype=self._dtype, threads=self._threads)
        replay = self._replays[key]
        self._latest = replay.program
        records = 1 if call.records is None else call.records
        return replay.run(self._given(call, recorded, weight), records)

    def _given(self, call: Arguments, recorded: _Recorded, weight: float) -> list[Array]:
        """The leaf blocks of a program, in its order."""
        parameters = np.fromiter((value.number for value in recorded.trace.parameters), self._dtype)
        records = 1 if call.records is None else call.records
        # Of an empty record there are no rows, batched or not.
        rows = [array if len(array) else np.empty(0) for array in call.rows]
        return [parameters, *rows, np.array([weight]), np.array([float(records)])]


def _weight(reduction: str, call: Arguments) -> float:
    if reduction not in ("mean", "sum"):
        raise OptionError(f"reduction must be 'mean' or 'sum', got {reduction!r}")
    if call.records == 0:
        raise ShapeError(f"a {reduction} over records needs at least one, got none")
    return 1.0 if reduction == "sum" or call.records is None else 1.0 / call.records


def _reduced(recorded: _Recorded, inputs: Sequence[Sequence[Symbol]]) -> list[list[Any]]:
    """The weighted sum of the result over records, and its derivatives along groups of inputs: along batched
    inputs one a record."""
    (value,), *gradients = _differentiated(recorded, inputs, recorded.weight)
    pairs = [list(zip(leaves, along, strict=True)) for leaves, along in zip(inputs, gradients, strict=True)]
    roots = [value, *(made for group in pairs for _, made in group)]
    sums = BatchSums(recorded.count, roots, [made for group in pairs for leaf, made in group if leaf.batched])
    return [
        [Symbol(MUL, (recorded.weight, sums.of_result(value)), batched=False)],
        *([made if leaf.batched else sums.of_derivative(made) for leaf, made in group] for group in pairs),
    ]


def _per_record(recorded: _Recorded, inputs: Sequence[Sequence[Symbol]]) -> list[list[Any]]:
    """The result of every record, and its derivatives along groups of inputs."""
    return _differentiated(recorded, inputs, 1.0)


def _differentiated(recorded: _Recorded, inputs: Sequence[Sequence[Symbol]], weight: Any) -> list[list[Any]]:
    """The result of one record, and the derivatives of `weight` times it, group by group."""
    output = _scalar_output(recorded.trace)
    leaves = [leaf for group in inputs for leaf in group]
    value, *made = simplified([output, *gradient_symbols([output], leaves, [weight])])
    ends = list(itertools.accumulate(map(len, inputs)))
    return [[value], *(made[end - len(group) : end] for group, end in zip(inputs, ends, strict=True))]


def _scalar_output(recorded: Trace) -> Any:
    if len(recorded.outputs) != 1:
        raise ShapeError(
            f"a gradient needs a scalar result a record, got {len(recorded.outputs)} numbers; use jacobian"
        )
    return recorded.outputs[0]


def _jacobian_symbols(recorded: Trace, inputs: Sequence[Symbol]) -> list[Any]:
    """The derivative of each output along each input, output by output."""
    if len(inputs) < len(recorded.outputs):
        columns = [tangent_symbols(recorded.outputs, leaf) for leaf in inputs]
        rows = [list(row) for row in zip(*columns, strict=True)]
    else:
        rows = [gradient_symbols([out], inputs, [1.0]) for out in recorded.outputs]
    return simplified([entry for row in rows for entry in row])
