"""Arguments and results of any shape: numbers in nested tuples, lists, dicts and arrays, and back again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, TypeAlias, final

import numpy as np

from autodiff.arrays.value_array import ValueArray
from autodiff.errors import CoercionError
from autodiff.primitive import is_node, real_number


@final
@dataclass(frozen=True)
class Atom:
    """One number (`shape` is None), one array, or nested lists of one shape."""

    shape: tuple[int, ...] | None
    listed: bool = False
    """Whether the numbers are in nested lists."""

    @property
    def size(self) -> int:
        """How many scalars it holds."""
        return math.prod(self.shape or ())

    def pack(self, scalars: Sequence[Any]) -> Any:
        """The number, the array of these scalars (of floats, or of objects where one is a node), or the lists."""
        if self.shape is None:
            return scalars[0]
        array = packed(scalars, self.shape)
        return array.tolist() if self.listed else array


@final
@dataclass(frozen=True)
class Container:
    """A tuple, list, dict or named tuple of structures. Containers that hold alike are equal."""

    kind: type
    children: tuple[Structure, ...]
    keys: tuple[Any, ...] = ()
    """Of a dict."""

    def build(self, made: Sequence[Any]) -> Any:
        """The container, from what takes the place of its children."""
        if self.kind is dict:
            return dict(zip(self.keys, made, strict=True))
        return self.kind(*made) if hasattr(self.kind, "_fields") else self.kind(made)


def container_like(tree: Any, children: Iterable[Structure]) -> Container:
    """The structure of a dict, tuple, named tuple or list, from those of its entries."""
    if isinstance(tree, dict):
        return Container(dict, tuple(children), tuple(tree))
    if isinstance(tree, tuple):
        return Container(type(tree) if hasattr(tree, "_fields") else tuple, tuple(children))
    return Container(list, tuple(children))


Structure: TypeAlias = "Atom | Container"


def flatten(tree: Any) -> tuple[list[Any], Structure]:
    """The scalars of a tree of containers, in order, and the structure that puts them back.

    Scalars are floats and Values. Raises CoercionError (a TypeError) for anything else in the tree.
    """
    scalars: list[Any] = []
    return scalars, _collect(tree, scalars)


def unflatten(structure: Structure, scalars: Sequence[Any]) -> Any:
    """The tree of that structure which holds `scalars`."""
    return rebuild(structure, (atom.pack(scalars[run]) for atom, run in runs(structure)))


def rebuild(structure: Structure, atoms: Iterable[Any]) -> Any:
    """The containers of a structure, with `atoms` in place of its numbers and arrays."""
    return _rebuild(structure, iter(atoms))


def runs(structure: Structure) -> Iterator[tuple[Atom, slice]]:
    """Each number and array of a structure with the run of scalars that it holds."""
    start = 0
    for atom in _atoms(structure):
        yield atom, slice(start, start + atom.size)
        start += atom.size


def packed(scalars: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """An array of floats, or a ValueArray where one of the scalars is a Value."""
    recorded = any(type(scalar) is not float and not isinstance(scalar, Real) for scalar in scalars)
    array = np.empty(len(scalars), dtype=object if recorded else float)
    array[:] = scalars
    made = array.reshape(shape)
    return made.view(ValueArray) if recorded else made


def _collect(tree: Any, scalars: list[Any]) -> Structure:
    if is_node(tree) or isinstance(tree, (Real, np.bool_)):
        scalars.append(real_number(tree) if isinstance(tree, (Real, np.bool_)) else tree)
        return Atom(None)
    if isinstance(tree, np.ndarray):
        for entry in tree.ravel().tolist():
            _collect(entry, scalars)
        return Atom(tree.shape)
    if isinstance(tree, (dict, tuple, list)):
        entries = tree.values() if isinstance(tree, dict) else tree
        return container_like(tree, [_collect(entry, scalars) for entry in entries])
    raise CoercionError(
        f"expected numbers in tuples, lists, dicts or arrays, got {tree!r} of type {type(tree).__name__}; "
        "pass what is not differentiated by keyword, or leave it out of argnums"
    )


def _atoms(structure: Structure) -> Iterator[Atom]:
    if isinstance(structure, Atom):
        yield structure
    else:
        for child in structure.children:
            yield from _atoms(child)


def _rebuild(structure: Structure, atoms: Iterator[Any]) -> Any:
    if isinstance(structure, Atom):
        return next(atoms)
    return structure.build([_rebuild(child, atoms) for child in structure.children])
