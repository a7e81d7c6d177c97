"""Arguments of a compiled function: the structure of one record, and the numbers of all records as rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from autodiff.errors import CoercionError, OptionError, ShapeError
from autodiff.primitive import is_node, real_number
from autodiff.structure import Atom, Structure, container_like, flatten

Array = NDArray[Any]

_FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
"""The dtypes that `compile` computes in."""


@final
class Arguments(NamedTuple):
    """The arguments of one call: the structure of a record of each, and its numbers as rows."""

    structures: tuple[Structure, ...]
    rows: tuple[Array, ...]
    batched: tuple[bool, ...]
    records: int | None
    """None where no argument is batched."""
    keywords: tuple[str, ...] = ()
    """The names of the last arguments, which the function takes by name."""

    @property
    def batch_size(self) -> int:
        """The number of records; an unbatched call is one."""
        return 1 if self.records is None else self.records

    @property
    def key(self) -> tuple[Any, ...]:
        """Calls with equal keys share a trace."""
        return self.structures, self.keywords

    @property
    def positional(self) -> int:
        """The number of arguments that `argnums` counts."""
        return len(self.structures) - len(self.keywords)


def arguments_of(args: Sequence[Any], batched: frozenset[int], keywords: tuple[str, ...] = ()) -> Arguments:
    """The arguments of a call, the last of them by keyword; those numbered in `batched` hold records.

    Raises OptionError for the number of a missing argument, ShapeError for unequal numbers of records (both
    ValueErrors), and CoercionError (a TypeError) for anything but numbers.
    """
    positional = len(args) - len(keywords)
    missing = [number for number in sorted(batched) if not 0 <= number < positional]
    if missing:
        raise OptionError(
            f"batched names argument {missing[0]}, but the call has {positional} positional arguments; they count "
            "from 0"
        )
    names = [*(f"argument {k}" for k in range(positional)), *(f"argument {name!r}" for name in keywords)]
    made = [
        batched_rows(arg, name) if k in batched else shared_rows(arg, name)
        for k, (arg, name) in enumerate(zip(args, names, strict=True))
    ]
    lengths = {made[k][1].shape[1] for k in batched}
    if len(lengths) > 1:
        counted = ", ".join(f"argument {k} has {made[k][1].shape[1]}" for k in sorted(batched))
        raise ShapeError(f"batched arguments must have one number of records; {counted}")
    return Arguments(
        tuple([structure for structure, _ in made]),
        tuple([rows for _, rows in made]),
        tuple([k in batched for k in range(len(args))]),
        lengths.pop() if lengths else None,
        keywords,
    )


@lru_cache(maxsize=256)
def _atom(shape: tuple[int, ...] | None, listed: bool = False) -> Atom:  # a private short cut
    """Interned, so structures compare by identity."""
    return Atom(shape, listed)


def shared_rows(argument: Any, name: str) -> tuple[Structure, Array]:
    """The structure of an argument that all records share, and its numbers, of shape (rows,).

    An array of floats whose entries lie in the order of its indices is used where it is, not copied.
    """
    if type(argument) is np.ndarray or (hasattr(argument, "__array__") and np.ndim(argument)):
        array = _real_array(argument, name)
        return _atom(array.shape), array.reshape(-1)
    scalars, structure = named_scalars(argument, name)
    return structure, np.array([_number(scalar, name) for scalar in scalars], dtype=float)


def named_scalars(tree: Any, name: str) -> tuple[list[Any], Structure]:
    """The result of `flatten`, with the name of the tree in its CoercionError."""
    try:
        return flatten(tree)
    except CoercionError as error:
        finding, _, _ = str(error).partition(";")
        raise CoercionError(f"{name}: {finding}; close over anything but numbers, and return numbers") from None


def batched_rows(argument: Any, name: str) -> tuple[Structure, Array]:
    """The structure of one record of an argument, and all records' numbers, of shape (rows, records).

    Arrays and nested lists have the records along their first axis; tuples and dicts hold such arrays.
    A record from nested lists is nested lists.
    Raises ShapeError (a ValueError) where the numbers of records differ or there is no record axis.
    """
    if isinstance(argument, (dict, tuple)):
        return _together(argument, name)
    if isinstance(argument, list) and argument and _is_of_parts(argument[0]):
        return _one_by_one(argument, name)
    array = _real_array(argument, name)
    if array.ndim == 0:
        raise ShapeError(
            f"{name} is batched and needs a first axis of records, got the number {argument!r}; pass [number] for one "
            "record, or say batched=() if no argument has records"
        )
    size = math.prod(array.shape[1:])
    listed = isinstance(argument, list) and isinstance(argument[0] if argument else None, (list, tuple))
    return _atom(array.shape[1:] or None, listed), array.reshape(len(array), size).T


def _is_of_parts(record: Any) -> bool:
    """Whether a record is a tuple or a dict, or a list that holds one, or arrays."""
    if isinstance(record, list):
        return any(isinstance(entry, np.ndarray) or _is_of_parts(entry) for entry in record)
    return isinstance(record, (tuple, dict))


def _one_by_one(records: list[Any], name: str) -> tuple[Structure, Array]:
    """Records in a list, each in the structure in which it was passed."""
    made = [named_scalars(record, f"{name}[{place}]") for place, record in enumerate(records)]
    structure = made[0][1]
    for place, (_, other) in enumerate(made):
        if other != structure:
            raise ShapeError(
                f"{name}[{place}] differs in structure from {name}[0]; all records need the same structure"
            )
    numbers = [[_number(scalar, name) for scalar in scalars] for scalars, _ in made]
    return structure, np.array(numbers, dtype=float).reshape(len(made), -1).T


def _together(argument: Any, name: str) -> tuple[Structure, Array]:
    entries = argument.items() if isinstance(argument, dict) else enumerate(argument)
    made = [batched_rows(entry, f"{name}[{place!r}]") for place, entry in entries]
    if not made:
        raise ShapeError(
            f"{name} is batched and needs a first axis of records, got the empty {argument!r}; give it an entry, or "
            "leave it out of batched"
        )
    lengths = {rows.shape[1] for _, rows in made}
    if len(lengths) != 1:
        raise ShapeError(f"{name} holds arrays of {sorted(lengths)} records; they must have one number of records")
    return container_like(argument, [structure for structure, _ in made]), np.concatenate([rows for _, rows in made])


def _real_array(argument: Any, name: str) -> Array:
    """The numbers as an array of floats: an array of floats itself, not a copy. Masked entries become nan."""
    if type(argument) is np.ndarray and argument.dtype in _FLOATS:
        return argument
    if np.ma.isMaskedArray(argument):
        argument = np.ma.filled(argument.astype(float), np.nan)
    try:
        array = np.asarray(argument)
    except (TypeError, ValueError) as error:
        raise CoercionError(f"{name} must hold real numbers, one entry a record: {error}") from None
    if array.dtype == object:
        return np.array([_number(entry, name) for entry in array.ravel().tolist()]).reshape(array.shape)
    if array.dtype.kind not in "biuf":
        raise CoercionError(f"{name} must hold real numbers, one entry a record: got entries of type {array.dtype}")
    return array.astype(float, copy=False)


def _number(entry: Any, name: str) -> float:
    if is_node(entry):
        raise CoercionError(f"{name} holds {entry!r}, but arguments are numbers; close over it, or use .data")
    try:
        return real_number(entry)
    except CoercionError as error:
        raise CoercionError(f"{name}: {error}") from None
