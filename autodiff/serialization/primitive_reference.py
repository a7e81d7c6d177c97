"""Primitives are pickled as references: rows of the table by name, others by the place of their definition."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from autodiff.errors import PrimitivePicklingError, UnknownPrimitiveError
from autodiff.primitive import Primitive
from autodiff.rules import PRIMITIVES


def primitive_named(name: str) -> Primitive:
    """The row of the table called `name`. Raises UnknownPrimitiveError (a LookupError) if there is none."""
    try:
        return PRIMITIVES[name]
    except KeyError:
        raise UnknownPrimitiveError(unknown_operation(name, PRIMITIVES)) from None


def primitive_at(module: str, attribute: str) -> Primitive:
    """A user's primitive, from the module that defines it. Raises UnknownPrimitiveError if it is gone from there, or
    if nobody has imported the module: importing one runs it, and a pickle may name any.
    """
    if module not in sys.modules:
        raise UnknownPrimitiveError(
            f"the graph was pickled with a primitive of the module {module!r:.60}, which is not imported; if you trust "
            "the pickle, import the module first"
        )
    found = getattr(sys.modules[module], attribute, None)
    if not isinstance(found, Primitive):
        raise UnknownPrimitiveError(
            f"the graph was pickled with a primitive {module}.{attribute}, which is not there now; "
            "define it again under that name"
        )
    return found


def unknown_operation(name: str, known: Iterable[str]) -> str:
    """What to say of a name that no operation has, with the names it may have been meant for."""
    from difflib import get_close_matches  # not before something is wrong: it takes a millisecond to import

    close = get_close_matches(name, known)
    meant = f"did you mean {' or '.join(close)}?" if close else "a newer version may have it"
    return f"unknown operation {name[:60]!r}; {meant}"


def reference(primitive: Primitive) -> tuple[Callable[..., Primitive], tuple[str, ...]]:
    """How `pickle` writes a primitive. Raises PrimitivePicklingError (a pickle.PicklingError) if nothing names it."""
    if PRIMITIVES.get(primitive.name) is primitive:
        return primitive_named, (primitive.name,)
    own = primitive.__module__
    for module_name, module in [(own, sys.modules.get(own)), *sys.modules.items()]:
        for attribute, found in [*_contents(module)]:
            if found is primitive:
                return primitive_at, (module_name, attribute)
    raise PrimitivePicklingError(
        f"{primitive} is not in the table and not an attribute of any module, so a pickle cannot refer to it; "
        "define it at the top level of a module"
    )


def _contents(module: Any) -> Iterable[tuple[str, Any]]:
    return getattr(module, "__dict__", {}).items()
