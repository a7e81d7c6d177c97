"""Rules by the operation that they replace, so that few are tried on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias, final

from autodiff.compilation.rewrite.rule import Rule, TracedRule
from autodiff.primitive import Primitive

Match: TypeAlias = "tuple[TracedRule, list[Any]]"
"""A rule, and the operands that its variables are."""


@final
@dataclass(frozen=True, eq=False)
class RulesOfOperation:
    """The rules for one primitive. Where several match, one that says more of the operands comes first."""

    marked: list[tuple[int, dict[Any, list[TracedRule]]]] = field(default_factory=list)
    """The place of an operand that is no plain variable, and the rules by what it must be."""
    plain: list[TracedRule] = field(default_factory=list)
    variadic: list[Rule] = field(default_factory=list)
    """One at most, which is traced for each number of operands."""

    def may_match(self, *columns: Sequence[Any]) -> bool:
        """Whether there may be a rule for one of several operations, given their operands place by place."""
        for place, by_kind in self.marked:
            if not by_kind.keys().isdisjoint([x.primitive for x in columns[place]]):
                return True
        return bool(self.plain or self.variadic)

    def match(self, operands: Sequence[Any], traced: dict[tuple[Any, ...], TracedRule]) -> Match | None:
        """The rule for operands. A variadic one is looked up among those `traced`, or added to them."""
        for place, by_kind in self.marked:
            operand = operands[place]
            rules = by_kind.get(float if type(operand) is float else operand.primitive)
            for rule in rules or ():
                matched = rule.pattern.match(operands)
                if matched is not None:
                    return rule, matched
        for rule in self.plain:
            matched = rule.pattern.match(operands)
            if matched is not None:
                return rule, matched
        return _of_any_number(self.variadic[0], operands, traced) if self.variadic else None


def _of_any_number(rule: Rule, operands: Sequence[Any], traced: dict[tuple[Any, ...], TracedRule]) -> Match:
    constants = tuple([x if type(x) is float else None for x in operands])
    key = (rule, *map(repr, constants))  # which tells zeros apart by their sign, and takes nan for itself
    if key not in traced:
        traced[key] = TracedRule(rule, constants)
    return traced[key], [x for x in operands if type(x) is not float]


@lru_cache(maxsize=16)
def by_operation(rules: tuple[Rule, ...]) -> dict[Primitive, RulesOfOperation]:
    """The rules for each primitive, traced the first time that these are asked for."""
    found: dict[Primitive, RulesOfOperation] = {}
    for rule in rules:
        traced = TracedRule(rule, (None, None) if rule.is_variadic else ())
        of_operation = found.setdefault(traced.primitive, RulesOfOperation())
        mark = None if traced.primitive.arity is None else traced.pattern.mark
        if rule.is_variadic:
            of_operation.variadic.append(rule)
        elif mark is None:
            of_operation.plain.append(traced)
        else:
            places = dict(of_operation.marked)
            places.setdefault(mark[0], {}).setdefault(mark[1], []).append(traced)
            of_operation.marked[:] = places.items()
    return found
