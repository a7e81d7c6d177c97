"""compile: a function of scalars as one that works on all records at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.anomaly import is_detecting_anomaly
from autodiff.argnums import ArgNums, argument_numbers, chosen_arguments, is_one
from autodiff.compilation.execute.backend import Backend
from autodiff.compilation.execute.bound import BoundGradient
from autodiff.compilation.execute.executor import Executor
from autodiff.compilation.in_place import refuse_copies
from autodiff.compilation.options import chosen_backend, floating_type, record_weight, thread_count
from autodiff.compilation.pipeline import compiled_program
from autodiff.compilation.program.program import Program
from autodiff.compilation.results import unpacked, unpacked_matrix
from autodiff.compilation.rewrite.request import Request
from autodiff.compilation.trace.arguments import Arguments, arguments_of
from autodiff.compilation.trace.check import check_trace, checked_records
from autodiff.compilation.trace.keywords import by_place, placed
from autodiff.compilation.trace.tracer import Trace, trace
from autodiff.errors import AnomalyError, OptionError, ShapeError
from autodiff.modes import current_tracer
from autodiff.recording import refuse_no_function
from autodiff.refusals import refused
from autodiff.sources import user_line
from autodiff.structure import Atom, Container
from autodiff.value import Value

Array = NDArray[Any]
Key = tuple[Any, ...]


def compile(
    function: Callable[..., Any],
    *,
    batched: int | Sequence[int] | None = None,
    dtype: Any = np.float64,
    threads: int = 1,
    backend: str | Backend = "numpy",
) -> CompiledFunction:
    """Compile a function of one record: traced once, and run over all records by a back end.

    Leaf Values that the function closes over are read at each call, and Values that were made of them are computed
    anew. Everything else it captures (numbers, random draws, a Value's `grad`) is frozen at trace time; `check` finds
    differences from call to call. Anything that needs a number while tracing (a branch, `.data`, `float()`) raises
    TraceError, a TypeError, when the function is first called.

    Parameters
    ----------
    function : callable
        Written for one record. Arguments and results are numbers, nested lists, tuples, dicts or arrays.
    batched : int or sequence of int, optional
        The positional arguments that carry a leading axis of records; the others are shared. It may be left out for
        functions of one argument, which then carries it.
    dtype : data type
        The floating-point type of all arrays.
    threads : int
        How many threads share the records, at least 1.
    backend : str or Backend
        The name of what runs the programs, or an object that does (`autodiff.compilation.execute.backend.Backend`);
        there is "numpy".

    Returns
    -------
    CompiledFunction

    Raises
    ------
    OptionError
        A ValueError, for an option outside its range, or anything but a function.

    Examples
    --------
    >>> from autodiff import Value
    >>> w = Value(3.0, label="w")
    >>> error = compile(lambda x, y: (w * x - y) ** 2, batched=(0, 1))
    >>> error([1.0, 2.0], [2.0, 6.0])
    array([1., 0.])
    >>> float(error.backward([1.0, 2.0], [2.0, 6.0])), w.grad
    (0.5, 1.0)
    """
    return CompiledFunction(function, batched, dtype, threads, backend)


@final
class CompiledFunction:
    """The return value of `compile`: call it on all records for results, or call its methods for derivatives.

    A new structure of arguments is traced anew; a new number of records only takes new buffers.

    Attributes
    ----------
    program : Program
        The program that ran last.

    Examples
    --------
    >>> squared = compile(lambda x: x * x)
    >>> squared([1.0, 2.0, 3.0]).tolist()
    [1.0, 4.0, 9.0]
    >>> squared.value_and_grad([1.0, 2.0, 3.0], reduction="sum")
    (14.0, array([2., 4., 6.]))
    """

    def __init__(
        self,
        function: Callable[..., Any],
        batched: ArgNums | None,
        dtype: Any,
        threads: int,
        backend: str | Backend,
    ) -> None:
        refuse_no_function(function, "compile")
        self._function = function
        self._batched = None if batched is None else frozenset(argument_numbers(batched, "batched"))
        self._dtype = floating_type(dtype)
        self._threads = thread_count(threads)
        self._backend = chosen_backend(backend)
        self._traces: dict[Key, Trace] = {}
        self._programs: dict[tuple[Key, Request], Program] = {}
        self._executors: dict[tuple[Key, Request], Executor] = {}
        self._latest: Program | None = None

    @property
    def program(self) -> Program:
        """The program that ran last; print it to read it. Raises OptionError before the first call."""
        if self._latest is None:
            raise OptionError("no program yet: call the function once, so that shapes are known")
        return self._latest

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        """The result of every record, with a leading axis of records.

        Parameters
        ----------
        *args, **keywords
            As `function` takes them; those that are `batched` with a leading axis of records. What `function` takes by
            name alone is shared by all records.

        Returns
        -------
        array or tree of arrays

        Raises
        ------
        TraceError
            A TypeError, if the function needs a number that only a replay has.
        ShapeError
            A ValueError, if batched arguments have different numbers of records.
        """
        call, trace = self._prepare(args, keywords)
        (results,) = self._run(Request("call"), call, trace, 1.0)
        return unpacked(trace.output_structure, results, call.records)

    def backward(self, *args: Any, reduction: str = "mean", **keywords: Any) -> Any:
        """Add the derivatives of the reduced result to the `grad` of the leaf Values in it, and return the result.

        They are exactly those that sweeping the graph of every record would give. The result of a record must be a
        scalar.

        Parameters
        ----------
        *args
            As a call takes them.
        reduction : {"mean", "sum"}
            Over records.
        **keywords
            As a call takes them.

        Returns
        -------
        float
        """
        call, trace = self._prepare(args, keywords)
        value, gradient = self._run(Request("backward", reduced=True), call, trace, _weight(reduction, call))
        for parameter, derivative in zip(trace.parameters, gradient.tolist(), strict=True):
            parameter.grad = derivative if parameter.grad is None else parameter.grad + derivative
        return float(value[0])

    def value_and_grad(
        self, *args: Any, argnums: ArgNums = 0, reduction: str | None = None, **keywords: Any
    ) -> tuple[Any, Any]:
        """The scalar result and its gradient along arguments, in their structure.

        Parameters
        ----------
        *args
            As a call takes them.
        argnums : int or sequence of int
            The arguments to differentiate along.
        reduction : {"mean", "sum"}, optional
            Over records. Without one, value and gradient are those of every record, with a leading axis of records,
            which the gradient along a batched argument always has.
        **keywords
            As a call takes them.

        Returns
        -------
        (value, gradient)
        """
        call, trace = self._prepare(args, keywords)
        numbers = chosen_arguments(argnums, call.positional)
        weight = 1.0 if reduction is None else _weight(reduction, call)
        request = Request("value_and_grad", tuple(numbers), reduction is not None)
        value, *gradients = self._run(request, call, trace, weight)
        along = tuple(
            unpacked(call.structures[k], rows, call.records if call.batched[k] or reduction is None else None)
            for k, rows in zip(numbers, gradients, strict=True)
        )
        result = unpacked(Atom(None), value, call.records if reduction is None else None)
        return result, along[0] if is_one(argnums) else along

    def jacobian(self, *args: Any, argnums: ArgNums = 0, **keywords: Any) -> Any:
        """Every record's derivatives of the result along arguments.

        Parameters
        ----------
        *args
            As a call takes them.
        argnums : int or sequence of int
            The arguments to differentiate along.
        **keywords
            As a call takes them.

        Returns
        -------
        array or tree of arrays
            The structure of the result, each number replaced by the structure of the argument, with a leading axis of
            records.
        """
        call, trace = self._prepare(args, keywords)
        numbers = chosen_arguments(argnums, call.positional)
        (entries,) = self._run(Request("jacobian", tuple(numbers)), call, trace, 1.0)
        return _matrix(call, trace, entries, numbers, one=is_one(argnums))

    def value_and_jacobian(self, *args: Any, argnums: ArgNums = 0, **keywords: Any) -> tuple[Any, Any]:
        """The results of a call and of `jacobian`, from one pass: shared work is done once.

        Parameters
        ----------
        *args
            As a call takes them.
        argnums : int or sequence of int
            The arguments to differentiate along.
        **keywords
            As a call takes them.

        Returns
        -------
        (result, Jacobian)
        """
        call, trace = self._prepare(args, keywords)
        numbers = chosen_arguments(argnums, call.positional)
        results, entries = self._run(Request("value_and_jacobian", tuple(numbers)), call, trace, 1.0)
        made = unpacked(trace.output_structure, results, call.records)
        return made, _matrix(call, trace, entries, numbers, one=is_one(argnums))

    def parameter_jacobian(self, *args: Any, **keywords: Any) -> Array:
        """Every record's derivatives of the results along the leaf Values that the function closes over.

        Parameters
        ----------
        *args, **keywords
            As a call takes them.

        Returns
        -------
        ndarray, shape (records, results, parameters)
            Results in the order in which a nested result lists them, parameters in that of `parameters`.

        Examples
        --------
        >>> from autodiff import Value
        >>> w, b = Value(3.0), Value(1.0)
        >>> compile(lambda x: w * x + b).parameter_jacobian([2.0, 5.0]).tolist()
        [[[2.0, 1.0]], [[5.0, 1.0]]]
        """
        call, trace = self._prepare(args, keywords)
        (entries,) = self._run(Request("parameter_jacobian"), call, trace, 1.0)
        rows, columns = len(trace.outputs), len(trace.parameters)
        of_records = np.broadcast_to(
            entries.reshape(rows, columns, *(entries.shape[1:] or (1,))), (rows, columns, call.batch_size)
        )
        return np.ascontiguousarray(np.moveaxis(of_records, -1, 0))

    def bind(self, *args: Any, reduction: str = "mean", numbers: Array | None = None, **keywords: Any) -> BoundGradient:
        """The reduced result and its gradient along the leaf Values, bound to these arrays for a training loop.

        Arrays are used where they are, so that later writes into them count. Lists are read once. `write_back()` of the
        bound gradient puts the vector on the Values. It is for one thread at a time.

        Parameters
        ----------
        *args
            As a call takes them.
        reduction : {"mean", "sum"}
            Over records.
        numbers : ndarray, shape (parameters,), optional
            The parameter vector, in the order of `parameters`; by default a new one.
        **keywords
            As a call takes them.

        Returns
        -------
        BoundGradient

        Raises
        ------
        ShapeError
            A ValueError, for `numbers` of another length.
        OptionError
            A ValueError, for an array that would have to be copied: of another dtype than that of `compile`, inside a
            container, or with its entries in another order.
        """
        call, trace = self._prepare(args, keywords)
        parameters = list(trace.parameters)
        program = self._latest = self._program(Request("backward", reduced=True), call, trace)
        given = self._given(call, trace, _weight(reduction, call))
        with np.errstate(over="ignore"):
            given = [array.astype(self._dtype, copy=False) for array in given]
        refuse_copies(placed(self._function, args, keywords)[0], given[1:-2])
        if numbers is not None:
            given[0] = self._vector(numbers, len(parameters))
        return BoundGradient(
            program, given, call.batch_size, parameters=parameters, threads=self._threads, backend=self._backend
        )

    def check(self, *args: Any, **keywords: Any) -> None:
        """Raise TraceError if calling the function on several records does not give its recorded results.

        Random draws, state that it keeps between calls, and branches on types would be repeated by every run. The
        records are the first, those that are least, largest or nan in a column, and some again. Skipped for functions
        that cannot be called with floats.

        Parameters
        ----------
        *args, **keywords
            As a call takes them.

        Raises
        ------
        TraceError
            A TypeError that names the record and both results.
        """
        call, trace = self._prepare(args, keywords)
        if call.batch_size:
            for place in checked_records(call):
                of_record = [x[:, place] if differs else x for x, differs in zip(call.rows, call.batched, strict=True)]
                check_trace(
                    by_place(self._function, call.keywords),
                    trace,
                    call.structures,
                    [numbers.tolist() for numbers in of_record],
                )

    def parameters(self, *args: Any, **keywords: Any) -> list[Value]:
        """The leaf Values that the function closes over, in the order in which it meets them for such arguments.

        Parameters
        ----------
        *args, **keywords
            As a call takes them.

        Returns
        -------
        list of Value
        """
        return list(self._prepare(args, keywords)[1].parameters)

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle or a copy holds: the function and the options, for programs are made again when needed."""
        return self.__dict__ | {"_traces": {}, "_programs": {}, "_executors": {}}

    def _prepare(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Arguments, Trace]:
        if current_tracer() is not None:
            raise refused(
                f"a compiled function was called while compiling another, at {user_line()}; call the plain function"
            )
        every, names = placed(self._function, args, keywords)
        call = arguments_of(every, self._batched_of(every), names)
        found = self._traces.get(call.key)
        if found is None:
            sizes = [len(rows) for rows in call.rows]
            found = self._traces[call.key] = trace(self._function, call.structures, call.batched, sizes, call.keywords)
        return call, found

    def _program(self, request: Request, call: Arguments, trace: Trace) -> Program:
        """The program for a request, compiled the first time it is asked for."""
        key = (call.key, request)
        if key not in self._programs:
            self._programs[key] = compiled_program(trace, request, self._backend.rules)
        return self._programs[key]

    def _batched_of(self, args: tuple[Any, ...]) -> frozenset[int]:
        if self._batched is None and len(args) > 1:
            every = ", ".join(map(str, range(len(args))))
            raise OptionError(
                f"compile needs batched= for calls with {len(args)} arguments: write compile(f, batched=({every})) if "
                "each has an axis of records, or batched=0 if only the first has one and all records share the others"
            )
        return frozenset({0}) if self._batched is None else self._batched

    def _run(self, request: Request, call: Arguments, trace: Trace, weight: float) -> list[Array]:
        """The outputs of the program for a request."""
        executor = self._executors.get((call.key, request))
        if executor is None:
            executor = self._executors[call.key, request] = Executor(
                self._program(request, call, trace), dtype=self._dtype, threads=self._threads, backend=self._backend
            )
        self._latest = executor.program
        outputs = executor.run(self._given(call, trace, weight), call.batch_size)
        if is_detecting_anomaly() and not all(np.isfinite(array).all() for array in outputs):
            raise AnomalyError(
                "a compiled function gave nan or infinity; to find the operation and the line, call the plain function "
                "within detect_anomaly()"
            )
        return outputs

    def _vector(self, numbers: Array, length: int) -> Array:
        if np.shape(numbers) != (length,):
            raise ShapeError(f"numbers must be a vector of {length} parameters, got shape {np.shape(numbers)}")
        if not isinstance(numbers, np.ndarray) or numbers.dtype != self._dtype:
            kind = getattr(numbers, "dtype", type(numbers).__name__)
            raise OptionError(f"numbers must be an array of {self._dtype}, got {kind}")
        return numbers

    def _given(self, call: Arguments, trace: Trace, weight: float) -> list[Array]:
        """The leaf blocks of a program, in its order."""
        parameters = np.array([value._number for value in trace.parameters])
        # Of an empty record there are no rows, batched or not.
        rows = [array if len(array) else np.empty(0) for array in call.rows]
        return [parameters, *rows, np.array([weight]), np.array([float(call.batch_size)])]


def _weight(reduction: str, call: Arguments) -> float:
    weight = record_weight(reduction, call.batch_size)
    if call.batch_size == 0:
        raise ShapeError(f"a {reduction} over records needs at least one, got none")
    return weight


def _matrix(call: Arguments, trace: Trace, entries: Array, numbers: Sequence[int], *, one: bool) -> Any:
    """The entries of a Jacobian, of shape (results · inputs,) or (results · inputs, records), in both structures."""
    structures = tuple(call.structures[k] for k in numbers)
    structure = structures[0] if one else Container(tuple, structures)
    rows = len(trace.outputs)
    columns = sum(len(trace.arguments[k]) for k in numbers)
    matrix = entries.reshape(rows, columns, *entries.shape[1:])
    return unpacked_matrix(trace.output_structure, structure, matrix, call.records)
