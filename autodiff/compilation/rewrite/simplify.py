"""Simplify: the same results from fewer operations. What IEEE arithmetic makes of nan and infinity stays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, final

from autodiff.compilation.rewrite.rule import Rule, TracedRule
from autodiff.compilation.rewrite.rules import RulesOfOperation, by_operation
from autodiff.compilation.trace.symbol import Symbol, operation
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, MUL, SUM


def rewritten(roots: Sequence[Any], rules: tuple[Rule, ...]) -> list[Any]:
    """The roots, symbols or floats, with every operation made anew from rewritten operands, by `rules`."""
    return _Folder(by_operation(rules)).rewritten(roots)


def fused(roots: Sequence[Any]) -> list[Any]:
    """The roots, with chains of additions turned into one sum, and sums of products into one dot.

    In place, so that nothing that reads them is made anew: all operations below the roots come from `rewritten`.
    """
    _fuse_sums(_symbols(roots))
    return [*roots]


def _symbols(roots: Sequence[Any]) -> list[Symbol]:
    return [root for root in roots if type(root) is Symbol]


@final
class _Folder:
    """Constants are folded, equal operations made once, rules applied."""

    def __init__(self, rules: Mapping[Primitive, RulesOfOperation]) -> None:
        self._rules = rules
        self._known: dict[tuple[Any, ...], Any] = {}
        self._becomes: dict[Any, Any] = {}
        self._traced: dict[tuple[Any, ...], TracedRule] = {}

    def rewritten(self, roots: Sequence[Any]) -> list[Any]:
        """What equals the roots."""
        made: dict[Symbol, Any] = {}
        for node in topological_order(*_symbols(roots)):
            if node.primitive is None:
                made[node] = node.source if type(node.source) is float else node
            else:
                self._like = node  # lends its label and origin to all that is made for it
                operands = tuple([x if type(x) is float else made[x] for x in node.operands])
                made[node] = self._make(node.primitive, operands)
        return [made[root] if type(root) is Symbol else root for root in roots]

    def _make(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """A symbol or a float that equals the operation on `operands`, which are rewritten."""
        if float in map(type, operands):
            if Symbol not in map(type, operands):
                return primitive.compute(*operands)
            key = (primitive, *map(_identity, operands))
        else:
            key = (primitive, *map(id, operands))
        made = self._known.get(key)
        if made is None:
            rules = self._rules.get(primitive)
            found = None if rules is None else rules.match(operands, self._traced)
            made = self._known[key] = self._plain(primitive, operands) if found is None else self._applied(*found)
        return self._becomes.get(made, made) if self._becomes else made

    def _applied(self, rule: TracedRule, bound: list[Any]) -> Any:
        return rule.applied(bound, self._make, self._becomes)

    def _plain(self, primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
        made = operation(primitive, operands, self._like.origin, self._like.label)
        made.source = None if primitive is self._like.primitive else self._like.primitive
        return made


def _identity(operand: Any) -> Any:
    """What tells an operand from all others; zeros of either sign are two."""
    return (operand, math.copysign(1.0, operand)) if type(operand) is float else id(operand)


def _fuse_sums(roots: Sequence[Symbol]) -> None:
    order = topological_order(*roots)
    additions = [node for node in order if node.primitive is ADD]
    terms = {x for node in additions for x in node.operands if type(x) is not float}
    uses = Counter([x for node in order for x in node.operands if type(x) is not float and x in terms])
    uses.update(terms.intersection(roots))
    once = {x for x in terms if uses[x] == 1}
    links = {x for x in once if x.primitive is ADD}
    products = {x for x in once if x.primitive is MUL and float not in map(type, x.operands)}
    for node in additions:
        if node not in links:
            _fuse(node, _terms(node, links), products)


def _terms(addition: Symbol, links: set[Symbol]) -> list[Any]:
    """What a chain of additions adds up, from left to right."""
    terms: list[Any] = []
    stack: list[Any] = [addition]
    while stack:
        term = stack.pop()
        if term is addition or (type(term) is Symbol and term in links):
            stack += reversed(term.operands)
        else:
            terms.append(term)
    return terms


def _fuse(addition: Symbol, terms: Sequence[Any], products: set[Symbol]) -> None:
    """Turn an addition into the sum of `terms`, with those among `products` as one dot."""
    multiplied = [term for term in terms if type(term) is Symbol and term in products]
    if len(multiplied) > 1:
        pairs = [_oriented(*product.operands) for product in multiplied]
        factors = (*(a for a, _ in pairs), *(b for _, b in pairs))
        rest = [term for term in terms if type(term) is float or term not in products]
        if not rest:
            addition.primitive, addition.operands = DOT, factors
            return
        terms = [operation(DOT, factors, addition.origin, addition.label), *rest]
    addition.primitive, addition.operands = ADD if len(terms) == 2 else SUM, tuple(terms)


def _oriented(a: Any, b: Any) -> tuple[Any, Any]:
    """What is the same for all records first: products with it become a matrix product."""
    return (b, a) if a.batched and not b.batched else (a, b)
