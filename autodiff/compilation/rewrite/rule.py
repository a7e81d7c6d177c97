"""Rule: two functions of symbols that come to the same numbers, of which a program computes the right one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import tracing
from autodiff.graph import topological_order
from autodiff.primitive import Primitive

Make: TypeAlias = Callable[[Primitive, tuple[Any, ...]], Any]
"""Makes an operation on symbols and floats, rewritten in its turn."""


@final
@dataclass(frozen=True, eq=False)
class Rule:
    """The operation that `left` returns becomes what `right` returns.

    Both take the same variables and are written with operators and primitives. On the left a variable is any operand,
    a float is itself, and `*variables` are operands of any number. Where both sides return lists, the operation that
    is replaced comes first; each of the others becomes its counterpart, if a program has it.
    """

    name: str
    left: Callable[..., Any]
    right: Callable[..., Any]
    when: Callable[..., bool] | None = None
    """What must hold for the rule. The variables that it names are numbers."""

    @property
    def is_variadic(self) -> bool:
        """Whether the operation has any number of operands."""
        return any(kind.kind is kind.VAR_POSITIONAL for kind in inspect.signature(self.left).parameters.values())


@final
class TracedRule:
    """A rule after both sides were traced; one of `*variables` for `given` operands, of which floats are constants."""

    def __init__(self, rule: Rule, given: Sequence[float | None] = ()) -> None:
        names = [*inspect.signature(rule.left).parameters]
        variables = [Symbol(None, (), batched=False, label=name) for name in names * (len(given) or 1)]
        operands = [x if type(x) is float else variable for x, variable in zip(given or names, variables, strict=True)]
        with tracing():
            root, *others = _listed(rule.left(*operands))
            made = _listed(rule.right(*operands))
        self.primitive: Primitive = root.primitive
        free = [x for x in operands if type(x) is Symbol]
        self.pattern = Pattern(root, free, rule.when)
        self._right = Recipe(free, made)
        self._others = Recipe([root, *free], others)

    def applied(self, matched: Sequence[Any], make: Make, becomes: dict[Any, Any]) -> Any:
        """What the operation on these operands becomes. What its other results become is added to `becomes`."""
        out, *counterparts = self._right.made(matched, make)
        if counterparts:
            becomes.update(zip(self._others.made([out, *matched], make), counterparts, strict=True))
        return out


@final
class Pattern:
    """The left side of a rule, as checks on the operands of an operation, in the order of what they cost."""

    def __init__(self, root: Symbol, variables: Sequence[Symbol], when: Callable[..., bool] | None) -> None:
        # Terms are the operands of the root, and after them those of each operation among the terms.
        terms: list[Any] = [*root.operands]
        place: dict[Any, int] = {}
        self._count = len(terms)
        self._operations: list[tuple[int, Primitive, int]] = []
        self._constants: list[tuple[int, float]] = []
        self._repeated: list[tuple[int, int]] = []
        for at, term in enumerate(terms):  # the list grows on the way
            if type(term) is float:
                self._constants.append((at, term))
            elif term.primitive is not None:
                self._operations.append((at, term.primitive, len(term.operands)))
                terms += term.operands
            elif place.setdefault(term, at) != at:
                self._repeated.append((at, place[term]))
        self._variables = [place[variable] for variable in variables]
        named = {variable.label: place[variable] for variable in variables}
        self._numbers = [named[name] for name in inspect.signature(when).parameters] if when else []
        self._when = when

    @property
    def mark(self) -> tuple[int, Any] | None:
        """The last operand that is no plain variable: its place, and its primitive, or `float`. None if all are."""
        kinds: dict[int, Any] = {at: primitive for at, primitive, _ in self._operations}
        kinds |= dict.fromkeys([*self._numbers, *(at for at, _ in self._constants)], float)
        at = max((at for at in kinds if at < self._count), default=None)
        return None if at is None else (at, kinds[at])

    def match(self, operands: Sequence[Any]) -> list[Any] | None:
        """The operands that the variables are; None if these do not match."""
        if len(operands) != self._count:
            return None
        terms = [*operands]
        for at, primitive, count in self._operations:
            term = terms[at]
            if type(term) is float or term.primitive is not primitive or len(term.operands) != count:
                return None
            terms += term.operands
        for at, number in self._constants:
            if type(terms[at]) is not float or terms[at] != number:
                return None
        for at, first in self._repeated:
            if terms[at] is not terms[first]:
                return None
        numbers = [terms[at] for at in self._numbers]
        if self._when is not None and not (all(type(x) is float for x in numbers) and self._when(*numbers)):
            return None
        return [terms[at] for at in self._variables]


@final
class Recipe:
    """How results are made of leaves, step by step."""

    def __init__(self, leaves: Sequence[Symbol], results: Sequence[Any]) -> None:
        self._place: dict[Any, int] = {leaf: at for at, leaf in enumerate(leaves)}
        self._steps: list[tuple[Any, list[Any]]] = []
        symbols = [result for result in results if type(result) is Symbol]
        for node in topological_order(*symbols, until=frozenset(leaves)):
            if node not in self._place:
                self._steps.append((node.primitive, self._places(node.operands)))
                self._place[node] = len(self._place)
        self._results = self._places(results)

    def _places(self, terms: Sequence[Any]) -> list[Any]:
        """The number of each term; a constant is itself."""
        return [x if type(x) is float else self._place[x] for x in terms]

    def made(self, leaves: Sequence[Any], make: Make) -> list[Any]:
        """The results for these operands in the place of the leaves."""
        terms = [*leaves]
        for primitive, places in self._steps:
            terms.append(make(primitive, tuple([x if type(x) is float else terms[x] for x in places])))
        return [x if type(x) is float else terms[x] for x in self._results]


def _listed(results: Any) -> list[Any]:
    return results if isinstance(results, list) else [results]
