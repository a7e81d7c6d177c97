"""The input of a neuron, a layer or a network: one record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff.errors import ShapeError

_NESTED = (list, tuple, np.ndarray)


def input_vector(inputs: Any, width: int, owner: object) -> list[Any]:
    """The entries of one record as a list of `width` numbers, Values or symbols of a trace.

    Takes a sequence, a 1-D array or, where `width` is 1, a bare number. Raises ShapeError (a
    ValueError) that names both widths; `owner` is what the message is about.
    """
    entries = inputs if type(inputs) is list else _listed(inputs, owner)
    if len(entries) != width or isinstance(entries[0], _NESTED):
        _refuse_records(entries, owner)
    if len(entries) != width:
        given = None if inputs is None else len(entries)
        raise ShapeError(
            f"{type(owner).__name__} of {width} {'input' if width == 1 else 'inputs'} was called with "
            f"{given}; a record is a vector of length {width}"
        )
    return entries


def _listed(inputs: Any, owner: object) -> list[Any]:
    if isinstance(inputs, np.ndarray) and inputs.ndim != 1:
        if inputs.ndim:
            raise ShapeError(
                f"{type(owner).__name__} takes one record at a time, got an array of shape {inputs.shape}; "
                "use nn.predict, or a loop over its rows"
            )
        return [inputs.item()]
    if isinstance(inputs, np.ndarray):
        return inputs.tolist()  # type: ignore[no-any-return]  # one dimension gives a flat list
    return listed(inputs)


def _refuse_records(entries: list[Any], owner: object) -> None:
    """Raise ShapeError (a ValueError) where the entries are records themselves."""
    if any(isinstance(entry, _NESTED) and np.ndim(entry) for entry in entries):
        raise ShapeError(
            f"{type(owner).__name__} takes one record at a time, got {len(entries)} records; use nn.predict, or a "
            "loop over them"
        )


def listed(entries: Any) -> list[Any]:
    """The entries as a list, or a number as the only one. Decided by the type, so errors that entries raise pass."""
    if isinstance(entries, np.ndarray):
        return list(entries) if entries.ndim else [entries]
    kind = type(entries)
    sequence = hasattr(kind, "__getitem__") and hasattr(kind, "__len__")
    return list(entries) if sequence or isinstance(entries, Iterable) else [entries]
