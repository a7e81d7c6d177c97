"""Numbers of other libraries: tensors and arrays that are told by their methods, so that no library is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np

Kind: TypeAlias = Callable[[Any], Any]
"""What makes an array, or a scalar, of a library out of nested lists or of a number."""


def is_foreign(leaf: Any) -> bool:
    """Whether something is an array of a library other than NumPy."""
    return hasattr(leaf, "tolist") and hasattr(leaf, "shape") and not isinstance(leaf, (np.ndarray, np.generic))


def leaves_of(tree: Any) -> Iterator[Any]:
    """Everything in a tree of containers that is none itself."""
    if isinstance(tree, (dict, tuple, list)):
        for child in tree.values() if isinstance(tree, dict) else tree:
            yield from leaves_of(child)
    else:
        yield tree


def plain(tree: Any) -> Any:
    """A tree of containers with floats and arrays of NumPy in place of the arrays of other libraries."""
    return mapped(tree, lambda leaf: _array(leaf) if is_foreign(leaf) else leaf)


def kinds(tree: Any) -> Any:
    """The tree with the Kind of every foreign array in its place, and None for everything else."""
    return mapped(tree, lambda leaf: _kind(leaf) if is_foreign(leaf) else None)


def restored(tree: Any, kind: Any) -> Any:
    """A plain tree in the kinds of another one."""
    if kind is None:
        return tree
    if callable(kind):
        return kind(tree.tolist() if isinstance(tree, np.ndarray) else tree)
    if isinstance(tree, dict):
        return {key: restored(child, kind[key]) for key, child in tree.items()}
    return _like(tree, [restored(child, one) for child, one in zip(tree, kind, strict=True)])


def mapped(tree: Any, function: Callable[[Any], Any]) -> Any:
    """The tree with what a function makes of each leaf."""
    if isinstance(tree, dict):
        return {key: mapped(child, function) for key, child in tree.items()}
    if isinstance(tree, (tuple, list)):
        return _like(tree, [mapped(child, function) for child in tree])
    return function(tree)


def _like(tree: Any, children: list[Any]) -> Any:
    if isinstance(tree, list):
        return children
    return type(tree)(*children) if hasattr(tree, "_fields") else tuple(children)


def _array(leaf: Any) -> Any:
    listed = leaf.tolist()  # of tensors on other devices, and of those that record what happens to them, too
    return np.array(listed).reshape(leaf.shape) if leaf.shape else listed


def _kind(leaf: Any) -> Kind:
    if hasattr(leaf, "new_tensor"):  # as of PyTorch
        return leaf.new_tensor  # type: ignore[no-any-return]  # of a type that is not known here
    if hasattr(leaf, "__array_namespace__"):  # as of JAX, and of the array API
        return lambda listed: leaf.__array_namespace__().asarray(listed, dtype=leaf.dtype)
    return type(leaf)


@contextmanager
def blamed(culprit: str) -> Iterator[None]:
    """Whatever is raised within names whose code raised it."""
    try:
        yield
    except Exception as error:
        error.add_note(f"This was raised by {culprit}.")
        raise
