"""compile: a function of scalars as one that works on all records at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.anomaly import is_detecting_anomaly
from autodiff.compilation.execute.bound import BoundGradient, ChunkedGradient
from autodiff.compilation.execute.replay import Replay, fits_at_once
from autodiff.compilation.in_place import refuse_copies
from autodiff.compilation.options import (
    ArgNums,
    argument_numbers,
    chosen_arguments,
    floating_type,
    is_one,
    record_weight,
    thread_count,
)
from autodiff.compilation.program.assembly import Groups
from autodiff.compilation.program.program import Program
from autodiff.compilation.recorded import Recorded
from autodiff.compilation.results import unpacked, unpacked_matrix
from autodiff.compilation.trace.arguments import Arguments, arguments_of
from autodiff.compilation.trace.check import check_trace, checked_records
from autodiff.compilation.trace.tracer import trace
from autodiff.errors import AnomalyError, OptionError, ShapeError
from autodiff.modes import current_tracer
from autodiff.refusals import refused
from autodiff.sources import user_line
from autodiff.structure import Atom, Container
from autodiff.value import Value

Array = NDArray[Any]


def compile(
    function: Callable[..., Any],
    *,
    batched: int | Sequence[int] | None = None,
    dtype: Any = np.float64,
    threads: int = 1,
) -> CompiledFunction:
    """`function` of one record, recorded once and replayed over all records by NumPy.

    The positional arguments numbered in `batched` carry a leading axis of records; the others are shared. It may be
    left out for functions of one argument, which then carries it.
    Arguments and results are numbers, nested lists, tuples, dicts or arrays. Leaf Values that the function
    closes over are read at each call, and Values that were made of them are computed anew; all else that it
    finds outside its arguments, numbers, random draws, a Value's `grad`, stays as it was when it was
    recorded (`check` finds what differs from call to call). Anything that needs a number while recording (a
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
class CompiledFunction:
    """What `compile` returns: call it on all records, or ask it for derivatives.

    A new structure of arguments is traced anew; a new number of records only takes new buffers.
    """

    def __init__(self, function: Callable[..., Any], batched: ArgNums | None, dtype: Any, threads: int) -> None:
        if not callable(function):
            raise OptionError(f"compile takes a function, got {function!r}")
        self._function = function
        self._batched = None if batched is None else frozenset(argument_numbers(batched, "batched"))
        self._dtype = floating_type(dtype)
        self._threads = thread_count(threads)
        self._recorded: dict[tuple[Any, ...], Recorded] = {}
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
        (results,) = self._run(("call",), call, recorded, recorded.results, 1.0)
        return unpacked(recorded.trace.output_structure, results, call.records)

    def backward(self, *args: Any, reduction: str = "mean") -> Any:
        """The reduced result, after adding its derivatives to the `grad` of the leaf Values in it, exactly as
        sweeping every record's graph would. The result of a record must be a scalar; `reduction` is "mean" or
        "sum"."""
        call, recorded = self._prepare(args)
        leaves = list(recorded.trace.parameters.values())
        value, gradient = self._run(
            ("backward",), call, recorded, lambda: recorded.reduced({"parameters": leaves}), _weight(reduction, call)
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
        inputs = recorded.arguments(numbers)
        weight = 1.0 if reduction is None else _weight(reduction, call)
        build = recorded.per_record if reduction is None else recorded.reduced
        value, *gradients = self._run(
            ("value_and_grad", reduction is None, *numbers), call, recorded, lambda: build(inputs), weight
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
        (entries,) = self._run(("jacobian", *numbers), call, recorded, lambda: recorded.jacobian(numbers), 1.0)
        return _matrix(call, recorded, entries, numbers, one=is_one(argnums))

    def value_and_jacobian(self, *args: Any, argnums: ArgNums = 0) -> tuple[Any, Any]:
        """What a call returns and what `jacobian` returns, from one pass: what both need is computed once."""
        call, recorded = self._prepare(args)
        numbers = chosen_arguments(argnums, len(args))
        results, entries = self._run(
            ("value_and_jacobian", *numbers), call, recorded, lambda: recorded.value_and_jacobian(numbers), 1.0
        )
        made = unpacked(recorded.trace.output_structure, results, call.records)
        return made, _matrix(call, recorded, entries, numbers, one=is_one(argnums))

    def bind(
        self, *args: Any, reduction: str = "mean", numbers: Array | None = None
    ) -> BoundGradient | ChunkedGradient:
        """The reduced result and its gradient along the leaf Values, bound to these arrays for a training loop.

        Arrays are used where they are, so that what is written into them later counts; so is `numbers`, the parameter
        vector in the order of `parameters`, by default a new one. Lists are read once. `write_back()` of what is
        returned puts the vector on the Values. What is returned is for one thread at a time.

        Raises ShapeError for `numbers` of another length, and OptionError for an array that would have to be copied:
        of another dtype than that of `compile`, inside a container, or with its entries in another order.
        """
        call, recorded = self._prepare(args)
        parameters, leaves = list(recorded.trace.parameters), list(recorded.trace.parameters.values())
        program = recorded.program(lambda: recorded.reduced({"parameters": leaves}))
        self._latest = program
        given = self._given(call, recorded, _weight(reduction, call))
        with np.errstate(over="ignore"):
            given = [array.astype(self._dtype, copy=False) for array in given]
        refuse_copies(args, given[1 : 1 + len(args)])
        if numbers is not None:
            given[0] = self._vector(numbers, len(leaves))
        if fits_at_once(program, self._dtype, call.batch_size):
            return BoundGradient(program, given, call.batch_size, parameters=parameters)
        return ChunkedGradient(program, given, call.batch_size, parameters=parameters, threads=self._threads)

    def check(self, *args: Any) -> None:
        """Call the function on several records, and raise TraceError unless it returns what was recorded of it: for
        random draws, state that it keeps between calls, and branches on types would be repeated by every run. The
        records are the first, those that are least, largest or nan in a column, and some again.
        A function that takes no floats, for it uses methods of Values or divides by 0, is let pass."""
        call, recorded = self._prepare(args)
        if call.batch_size:
            for place in checked_records(call):
                of_record = [x[:, place] if differs else x for x, differs in zip(call.rows, call.batched, strict=True)]
                check_trace(
                    self._function, recorded.trace, call.structures, [numbers.tolist() for numbers in of_record]
                )

    def parameters(self, *args: Any) -> list[Value]:
        """The leaf Values that the function closes over, in the order in which it meets them for such arguments."""
        return list(self._prepare(args)[1].trace.parameters)

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle or a copy holds: the function and the options, for programs are made again when needed."""
        return self.__dict__ | {"_recorded": {}}

    def _prepare(self, args: tuple[Any, ...]) -> tuple[Arguments, Recorded]:
        if current_tracer() is not None:
            raise refused(
                f"a compiled function was called while compiling another, at {user_line()}; call the plain function"
            )
        call = arguments_of(args, self._batched_of(args))
        recorded = self._recorded.get(call.key)
        if recorded is None:
            sizes = [len(rows) for rows in call.rows]
            recorded = Recorded.of(trace(self._function, call.structures, call.batched, sizes))
            self._recorded[call.key] = recorded
        return call, recorded

    def _batched_of(self, args: tuple[Any, ...]) -> frozenset[int]:
        if self._batched is None and len(args) > 1:
            every = ", ".join(map(str, range(len(args))))
            raise OptionError(
                f"compile was told of no batched arguments, and the call has {len(args)}: say batched=({every}) where "
                "each of them has an axis of records, or batched=0 where the first alone has one and records share "
                "the others"
            )
        return frozenset({0}) if self._batched is None else self._batched

    def _run(
        self,
        request: tuple[Any, ...],
        call: Arguments,
        recorded: Recorded,
        groups: Callable[[], Groups],
        weight: float,
    ) -> list[Array]:
        """The outputs of the program for `request`, which is made the first time it is asked for."""
        replay = recorded.replays.get(request)
        if replay is None:
            replay = Replay(recorded.program(groups), dtype=self._dtype, threads=self._threads)
            recorded.replays[request] = replay
        self._latest = replay.program
        outputs = replay.run(self._given(call, recorded, weight), call.batch_size)
        if is_detecting_anomaly() and not all(np.isfinite(array).all() for array in outputs):
            raise AnomalyError(
                "a compiled function gave nan or infinity; the plain function, called within detect_anomaly(), "
                "tells the operation and the line"
            )
        return outputs

    def _vector(self, numbers: Array, length: int) -> Array:
        if np.shape(numbers) != (length,):
            raise ShapeError(f"numbers must be a vector of {length} parameters, got shape {np.shape(numbers)}")
        if not isinstance(numbers, np.ndarray) or numbers.dtype != self._dtype:
            kind = getattr(numbers, "dtype", type(numbers).__name__)
            raise OptionError(f"numbers must be an array of {self._dtype}, got {kind}")
        return numbers

    def _given(self, call: Arguments, recorded: Recorded, weight: float) -> list[Array]:
        """The leaf blocks of a program, in its order."""
        parameters = np.array([value._number for value in recorded.trace.parameters])
        # Of an empty record there are no rows, batched or not.
        rows = [array if len(array) else np.empty(0) for array in call.rows]
        return [parameters, *rows, np.array([weight]), np.array([float(call.batch_size)])]


def _weight(reduction: str, call: Arguments) -> float:
    weight = record_weight(reduction, call.batch_size)
    if call.batch_size == 0:
        raise ShapeError(f"a {reduction} over records needs at least one, got none")
    return weight


def _matrix(call: Arguments, recorded: Recorded, entries: Array, numbers: Sequence[int], *, one: bool) -> Any:
    """The entries of a Jacobian, of shape (results · inputs,) or (results · inputs, records), in both structures."""
    structures = tuple(call.structures[k] for k in numbers)
    structure = structures[0] if one else Container(tuple, structures)
    rows = len(recorded.trace.outputs)
    columns = sum(len(recorded.trace.arguments[k]) for k in numbers)
    matrix = entries.reshape(rows, columns, *entries.shape[1:])
    return unpacked_matrix(recorded.trace.output_structure, structure, matrix, call.records)
