"""In place: which arrays a bound gradient reads where they are, and a refusal of those that it would copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.errors import OptionError

Array = NDArray[Any]


def refuse_copies(args: Sequence[Any], used: Sequence[Array]) -> None:
    """Raise OptionError for an array in an argument that is not the memory used for that argument.

    What is written into a copied array later would be ignored. Numbers in lists are no arrays: they are read once.
    """
    for place, (argument, rows) in enumerate(zip(args, used, strict=True)):
        for name, given in _arrays(argument, f"argument {place}"):
            array = np.asarray(given)
            if array.size and not np.may_share_memory(array, rows):
                remedy = _remedy(given, inside=given is not argument, dtype=rows.dtype)
                raise OptionError(
                    f"{name} would be copied by bind, and what is written into it later would not count; {remedy}"
                )


def _arrays(tree: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every array in containers, with its place in words."""
    if isinstance(tree, (tuple, list, dict)):
        entries = tree.items() if isinstance(tree, dict) else enumerate(tree)
        for key, entry in entries:
            yield from _arrays(entry, f"{name}[{key!r}]")
    elif hasattr(tree, "__array__") and not isinstance(tree, np.generic):
        yield name, tree


def _remedy(given: Any, *, inside: bool, dtype: np.dtype[Any]) -> str:
    if inside:
        return "pass each array as an argument of its own"
    if type(given) is not np.ndarray:
        return f"pass an ndarray of {dtype} instead of {type(given).__name__}, and write into that"
    if given.dtype != dtype:
        return f"it holds {given.dtype}: pass it as {dtype}, and write into that"
    return "its entries are not in the order of its indices: pass np.ascontiguousarray of it, and write into that"
