"""Functions of NumPy that return arrays of objects as they are, and so decide that no symbol is nan or infinite."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np

from autodiff.arrays.dispatch import FUNCTIONS  # made before any function is replaced here
from autodiff.arrays.value_array import ValueArray
from autodiff.errors import TraceError
from autodiff.primitive import is_node
from autodiff.refusals import is_function_running, refused
from autodiff.sources import line_of, user_line

_ORIGINALS: dict[str, Callable[..., Any]] = {name: getattr(np, name) for name in ("asarray_chkfinite", "nan_to_num")}
_replacing = Lock()
_replaced = 0


def _guarded(name: str) -> Callable[..., Any]:
    original = _ORIGINALS[name]

    @functools.wraps(original)
    def guarded(a: Any, *args: Any, **options: Any) -> Any:
        if is_function_running() and not _is_known(original, a) and _holds_nodes(a):
            raise refused(
                f"which numbers np.{name} finds nan or infinite is not known while compiling, at {user_line()}; use "
                "autodiff.where(x == x, x, 0.0) for nan, and autodiff.maximum and autodiff.minimum for infinity"
            )
        return original(a, *args, **options)

    return guarded


def _is_known(function: Callable[..., Any], a: Any) -> bool:
    return (isinstance(a, ValueArray) or is_node(a)) and function in FUNCTIONS


def _holds_nodes(tree: Any) -> bool:
    return any(is_node(entry) for entry in np.asarray(tree, dtype=object).flat)


_GUARDED = {name: _guarded(name) for name in _ORIGINALS}


@contextmanager
def masks_refused() -> Iterator[None]:
    """Name the remedy where an array of conditions on symbols is an index, of which NumPy says the type alone."""
    try:
        yield
    except IndexError as error:
        if not str(error).startswith("arrays used as indices"):
            raise
        raise TraceError(
            f"which entries a mask takes is not known while compiling, at {line_of(error)}; choose by "
            "autodiff.where(mask, a, b), or multiply by the mask"
        ) from error


@contextmanager
def idle_functions_refused() -> Iterator[None]:
    """While the function of a user runs on symbols in this block, they are refused under NumPy's name.

    NumPy gives an array of objects no say in these functions, so they are replaced for the time of such blocks. In
    other contexts they do what they did.
    """
    global _replaced
    with _replacing:
        _replaced += 1
        _set(_GUARDED)
    try:
        yield
    finally:
        with _replacing:
            _replaced -= 1
            if not _replaced:
                _set(_ORIGINALS)


def _set(functions: dict[str, Callable[..., Any]]) -> None:
    for name, function in functions.items():
        setattr(np, name, function)
