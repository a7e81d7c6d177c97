"""Arguments of a compiled function: what one record looks like, and the rows that all records make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.errors import CoercionError, OptionError, ShapeError
from autodiff.structure import Atom, Container, Structure, flatten

Array = NDArray[Any]


@final
@dataclass(frozen=True, eq=False)
class Arguments:
    """One call's arguments: how a record of each looks, and their numbers in rows."""

    structures: tuple[Structure, ...]
    rows: tuple[Array, ...]
    batched: tuple[bool, ...]
    records: int | None
    """None where no argument is batched."""

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells calls apart that need traces of their own."""
        return tuple(map(structure_key, self.structures))


def arguments_of(args: Sequence[Any], batched: frozenset[int]) -> Arguments:
    """The arguments of a call, those numbered in `batched` with their records apart.

    Raises OptionError for a number that no argument has, ShapeError for unequal numbers of records (both
    ValueErrors), and CoercionError (a TypeError) for what is not numbers.
    """
    missing = sorted(number for number in batched if not 0 <= number < len(args))
    if missing:
        raise OptionError(f"batched names argument {missing[0]}, but the call has {len(args)} positional arguments")
    made = [
        batched_rows(arg, f"argument {k}") if k in batched else shared_rows(arg, f"argument {k}")
        for k, arg in enumerate(args)
    ]
    lengths = {k: made[k][1].shape[1] for k in sorted(batched)}
    if len(set(lengths.values())) > 1:
        counted = ", ".join(f"argument {k} has {length}" for k, length in lengths.items())
        raise ShapeError(f"batched arguments must have one number of records; {counted}")
    return Arguments(
        tuple(structure for structure, _ in made),
        tuple(rows for _, rows in made),
        tuple(k in batched for k in range(len(args))),
        next(iter(lengths.values()), None),
    )


def shared_rows(argument: Any, name: str) -> tuple[Structure, Array]:
    """The structure of an argument that all records share, and its numbers, of shape (rows,).

    An array of float64 is used where it is, not copied.
    """
    if isinstance(argument, np.ndarray) and argument.dtype == np.float64:
        return Atom(argument.shape), argument.reshape(-1)
    try:
        scalars, structure = flatten(argument)
    except CoercionError as error:
        raise CoercionError(f"{name}: {error}") from None
    return structure, np.array([getattr(scalar, "number", scalar) for scalar in scalars], dtype=float)


def batched_rows(argument: Any, name: str) -> tuple[Structure, Array]:
    """The structure of one record of an argument, and all records' numbers, of shape (rows, records).

    Arrays and nested lists have the records along their first axis; tuples and dicts hold such arrays.
    Raises ShapeError (a ValueError) where the numbers of records differ or there is no record axis.
    """
    if isinstance(argument, dict):
        keys = tuple(argument)
        return _together(list(argument.values()), lambda made: dict(zip(keys, made, strict=True)), name)
    if isinstance(argument, tuple):
        return _together(list(argument), tuple, name)
    try:
        array = np.asarray(argument, dtype=float)
    except (TypeError, ValueError) as error:
        raise CoercionError(f"{name} must hold real numbers, one entry a record: {error}") from None
    if array.ndim == 0:
        raise ShapeError(f"{name} is batched and needs a first axis of records, got the number {argument!r}")
    return Atom(array.shape[1:] or None), array.reshape(len(array), -1).T


def _together(parts: Sequence[Any], build: Any, name: str) -> tuple[Structure, Array]:
    made = [batched_rows(part, f"{name}[{place}]") for place, part in enumerate(parts)]
    lengths = {rows.shape[1] for _, rows in made}
    if len(lengths) != 1:
        raise ShapeError(f"{name} holds arrays of {sorted(lengths)} records; they must have one number of records")
    return Container(build, tuple(structure for structure, _ in made)), np.concatenate([rows for _, rows in made])


def structure_key(structure: Structure) -> Any:
    """What tells two structures apart: their shapes and how they nest."""
    if isinstance(structure, Atom):
        return structure.shape
    return ("container", *(structure_key(child) for child in structure.children))
