"""Running an expression on the functions of another library, by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff.errors import UnknownPrimitiveError
from autodiff.primitive import Primitive
from autodiff.rules import PRIMITIVES

Function = Callable[..., Any]


@final
@dataclass(frozen=True)
class Interpretation:
    """Evaluates steps by the functions of another library.

    Pass it to `Expression.run`, and its `primitives` to `expressions`. `interpretation` makes one.

    Parameters
    ----------
    functions : mapping of str to callable
        By the names of primitives.

    Raises
    ------
    UnknownPrimitiveError
        A LookupError, when called for a primitive without a function.

    Examples
    --------
    >>> import math
    >>> from autodiff.rules import SIN
    >>> Interpretation({"sin": math.sin})(SIN, 0.0)
    0.0
    """

    functions: Mapping[str, Function]

    @property
    def primitives(self) -> tuple[Primitive, ...]:
        """The primitives that have a function here."""
        return tuple(PRIMITIVES[name] for name in self.functions if name in PRIMITIVES)

    def __call__(self, primitive: Primitive, *operands: Any) -> Any:
        """Raises UnknownPrimitiveError (a LookupError) for a primitive without a function."""
        try:
            function = self.functions[primitive.name]
        except KeyError:
            raise UnknownPrimitiveError(
                f"there is no function for {primitive.name}: pass {primitive.name}=... to interpretation(), "
                "or keep to expressions(primitives=interpretation.primitives)"
            ) from None
        return function(*operands)


def interpretation(*libraries: Any, without: Iterable[str] = (), **functions: Function) -> Interpretation:
    """Find the primitives among Python's operators and the functions of other libraries.

    Parameters
    ----------
    *libraries
        Modules, searched in order for the name of the primitive and that of NumPy's ufunc: `acos` and `arccos`.
    without : iterable of str, optional
        Primitives to leave out: some libraries mean another thing by a name.
    **functions : callable
        More functions, or others, by the names of primitives. One of any number of operands takes them one by one.

    Returns
    -------
    Interpretation

    Examples
    --------
    >>> import math
    >>> from autodiff.rules import DIV, SIN
    >>> from autodiff.testing import Expression, Step
    >>> expression = Expression((1.0,), (Step(SIN, (0,)), Step(DIV, (1, 0))))
    >>> expression.run([1.0], interpretation(math))
    0.8414709848078965
    """
    found = {row.name: row.python for row in PRIMITIVES.values() if row.python is not None}
    for row in PRIMITIVES.values():
        names = [row.name, row.array.__name__] if isinstance(row.array, np.ufunc) else [row.name]
        for library in libraries:
            for name in names:
                if row.name not in found and row.arity is not None and callable(getattr(library, name, None)):
                    found[row.name] = getattr(library, name)
    found |= functions
    for name in without:
        found.pop(name, None)
    return Interpretation(found)
