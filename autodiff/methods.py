"""The methods that every kind of node has: each function of the table, under its own name and NumPy's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.primitive import Primitive
from autodiff.rules import PRIMITIVES


def add_methods(node_type: type) -> None:
    """Make every function of a fixed number of operands a method of `node_type`.

    NumPy calls them on the elements of object arrays: `np.arctan(values)` asks for `.arctan`.
    """
    for row in PRIMITIVES.values():
        if row.arity is not None and not row.chooses:
            method = _method(row)
            for name in {row.name, row.array.__name__ if isinstance(row.array, np.ufunc) else row.name}:
                if not hasattr(node_type, name):
                    setattr(node_type, name, method)


def _method(primitive: Primitive) -> Callable[..., Any]:
    def method(self: Any, *others: Any) -> Any:
        return primitive(self, *others)

    method.__name__ = primitive.name
    method.__doc__ = f"`autodiff.{primitive.name}` of this node."
    return method
