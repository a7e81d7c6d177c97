"""ValueArray: an ndarray of Values, from which NumPy's functions reach the table."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any, final

import numpy as np

from autodiff.modes import current_tracer

_METHODS = (
    *("all", "any", "argmax", "argmin", "argsort", "clip", "conj", "conjugate", "cumprod", "cumsum", "dot", "max"),
    *("mean", "min", "nonzero", "prod", "round", "std", "sum", "trace", "var"),
)
"""Methods that do what the function of that name does."""


@cache
def _dispatch() -> ModuleType:
    """Imported at the first use: a program of scalars starts without it, and it imports layers above this one."""
    return importlib.import_module("autodiff.arrays.dispatch")


def of_arrays(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """What a ufunc gives where an input is an array, and one is a Value or an array of Values."""
    return _dispatch().apply_ufunc(ufunc, method, inputs, options)


def function_of_scalars(function: Callable[..., Any], args: Any, options: Mapping[str, Any]) -> Any:
    """What a function of NumPy other than a ufunc gives where an argument is a Value or a symbol."""
    return _dispatch().apply_function(function, args, options, unknown_as_they_are=True)


@final
class ValueArray(np.ndarray[Any, np.dtype[np.object_]]):
    """An array whose entries are Values, and floats for constants; `autodiff.array`, `zeros` and `ones` make one.

    Functions and operators of NumPy apply the operations of `autodiff` to the entries, with their values and slopes
    at ties, bounds and nan. Comparisons give arrays of truths, and of symbols while compiling. An index gives an
    entry, a slice gives another ValueArray, and assignment rebinds entries. `np.asarray(a)` is the same array as a
    plain one, whose comparisons NumPy makes by itself. A function of NumPy that is not known raises UnknownUfuncError,
    a TypeError.

    Attributes
    ----------
    data : ndarray of float
        The numbers, of the same shape. It is a copy that cannot be written into.
    grad : ndarray
        The gradients that sweeps left on the entries, of the same shape. It is such a copy too.

    Examples
    --------
    >>> import autodiff
    >>> x = autodiff.array([3.0, -1.0])
    >>> y = np.maximum(x, 0.0).sum()
    >>> y.backward()
    >>> y.data, x.grad.tolist()
    (3.0, [1.0, 0.0])
    """

    __array_priority__ = 10.0

    @property
    def data(self) -> Any:
        """The numbers, an array of floats of the same shape."""
        return _read_only(_dispatch().numbers(self))

    @property
    def grad(self) -> Any:
        """The gradients that sweeps left on the entries, an array of the same shape: of floats, or of Values after a
        sweep with `create_graph`. It is 0 for constants."""
        return _read_only(_dispatch().entry_gradients(self))

    def astype(self, dtype: Any, *args: Any, **options: Any) -> Any:
        """A copy, as objects or as float64, which Values are.

        Parameters
        ----------
        dtype : dtype
        *args, **options
            Passed on to NumPy.

        Returns
        -------
        ValueArray
            An array of NumPy for other types.

        Raises
        ------
        GraphCutError
            A TypeError, for another type where an entry is a Value: it would cut the graph.
        """
        kind = object if np.dtype(dtype) == np.float64 else dtype
        copied = super().astype(kind, *args, **options)
        return copied if copied.dtype == object else copied.view(np.ndarray)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return of_arrays(ufunc, method, inputs, options)

    def __array_function__(self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        return _dispatch().apply_function(func, args, kwargs)

    def __repr__(self) -> str:
        if current_tracer() is not None:  # the numbers are not known
            return f"ValueArray(shape={self.shape})"
        return f"ValueArray({np.array2string(self.data, separator=', ', prefix='ValueArray(')})"

    __str__ = __repr__


def _read_only(copied: Any) -> Any:
    """So that `x.data[:] -= step` and `x.grad[:] = 0` raise, for they would change nothing."""
    copied.flags.writeable = False
    return copied


def _method(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(np, name)

    def method(self: ValueArray, *args: Any, **options: Any) -> Any:
        return function(self, *args, **options)

    method.__name__ = name
    method.__doc__ = f"`np.{name}` of this array."
    return method


for _name in _METHODS:
    setattr(ValueArray, _name, _method(_name))


def wrapped(entries: Any) -> Any:
    """An array of objects as a ValueArray; its only entry where it has no dimensions. Anything else as it is."""
    if type(entries) is np.ndarray and entries.dtype == object:
        return entries.view(ValueArray) if entries.ndim else entries.item()
    return entries
