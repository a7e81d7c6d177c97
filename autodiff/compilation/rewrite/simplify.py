"""Simplify: the same results from fewer operations. What IEEE arithmetic makes of nan and infinity stays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, final

from autodiff.compilation.rewrite.rows import ROW_GRADIENT
from autodiff.compilation.rewrite.rule import Rule, TracedRule
from autodiff.compilation.rewrite.rules import RulesOfOperation, by_operation
from autodiff.compilation.rewrite.weighted_sums import ALONE, SUMS, WEIGHTED_SUM, pairs
from autodiff.compilation.trace.operations import operations_below
from autodiff.compilation.trace.symbol import Symbol, operation
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, MUL, SUM


def rewritten(roots: Sequence[Any], rules: tuple[Rule, ...], order: list[Symbol] | None = None) -> list[Any]:
    """The roots, symbols or floats, with every operation made anew from rewritten operands, by `rules`.

    The operations are added to `order`, each after its operands, which spares later passes a walk.
    """
    return _Folder(by_operation(rules), [] if order is None else order).rewritten(roots)


def fused(roots: Sequence[Any], order: list[Symbol] | None = None) -> list[Any]:
    """The roots, with chains of additions turned into one sum, and sums of products into one dot.

    In place, so that nothing that reads them is made anew: all operations below the roots come from `rewritten`, in
    this `order`, which becomes that of the operations that there are now.
    """
    symbols = _symbols(roots)
    if order is None:
        order = operations_below(roots)
    order[:] = _fused_sums(symbols, live(order, symbols))
    return [*roots]


def live(order: Sequence[Symbol], roots: Iterable[Any]) -> list[Symbol]:
    """The operations that the roots were made from, in an order that has others too."""
    read = {root for root in roots if type(root) is Symbol}
    found = []
    for node in reversed(order):
        if node in read:
            read.update([x for x in node.operands if type(x) is not float and x.primitive is not None])
            found.append(node)
    found.reverse()
    return found


def _symbols(roots: Sequence[Any]) -> list[Symbol]:
    return [root for root in roots if type(root) is Symbol]


@final
class _Folder:
    """Constants are folded, equal operations made once, rules applied."""

    def __init__(self, rules: Mapping[Primitive, RulesOfOperation], order: list[Symbol]) -> None:
        self._rules = rules
        self._order = order
        self._known: dict[tuple[Any, ...], Any] = {}
        self._becomes: dict[Any, Any] = {}
        self._traced: dict[tuple[Any, ...], TracedRule] = {}
        self._special = {WEIGHTED_SUM: self._weighted_sum, ROW_GRADIENT: self._row_gradient}

    def rewritten(self, roots: Sequence[Any]) -> list[Any]:
        """What equals the roots."""
        made: dict[Symbol, Any] = {}
        for node in operations_below(roots):
            self._like = node  # lends its label and origin to all that is made for it
            primitive: Any = node.primitive
            operands = tuple(
                [
                    x if type(x) is float
                    else made[x] if x.primitive is not None
                    else x if type(x.source) is not float
                    else x.source
                    for x in node.operands
                ]
            )  # fmt: skip
            special = self._special.get(primitive)
            made[node] = self._make(primitive, operands) if special is None else special(operands)
        return [made.get(x, x.source if type(x.source) is float else x) if type(x) is Symbol else x for x in roots]

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

    def _weighted_sum(self, operands: tuple[Any, ...]) -> Any:
        rules = self._rules.get(MUL)
        if float in map(type, operands) or (rules and rules.may_match(operands[::2], operands[1::2])):
            operands = tuple(chain.from_iterable([self._term(a, b) for a, b in pairs(operands)]))
            if float in map(type, operands[::2]):
                return self._sum_of_some_constants(operands)
        key = (WEIGHTED_SUM, *map(id, operands))
        made = self._known.get(key)
        if made is None:
            made = self._known[key] = operation(WEIGHTED_SUM, operands, self._like.origin, self._like.label)
            self._order.append(made)
        return made

    def _row_gradient(self, operands: tuple[Any, ...]) -> Symbol:
        made = operation(ROW_GRADIENT, operands)
        made.source = self._like.source
        self._order.append(made)
        return made

    def _term(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Both factors of a term of a weighted sum, or the product alone where it comes to something else."""
        if b is ALONE:
            return a, b
        if type(a) is float or type(b) is float:
            return self._make(MUL, (a, b)), ALONE
        rules = self._rules.get(MUL)
        changes = rules is not None and rules.match((a, b), self._traced) is not None
        return (self._make(MUL, (a, b)), ALONE) if changes else (a, b)

    def _sum_of_some_constants(self, terms: Sequence[Any]) -> Any:
        """The terms, added one by one."""
        total, *others = [a if b is ALONE else self._make(MUL, (a, b)) for a, b in pairs(terms)]
        for other in others:
            total = self._make(ADD, (total, other))
        return total

    def _applied(self, rule: TracedRule, matched: list[Any]) -> Any:
        return rule.applied(matched, self._make, self._becomes)

    def _plain(self, primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
        like = self._like
        made = operation(primitive, operands, like.origin, like.label)
        if primitive is not like.primitive:
            made.source = like.primitive
        self._order.append(made)
        return made


def _identity(operand: Any) -> Any:
    """What tells an operand from all others; zeros of either sign are two."""
    return (operand, math.copysign(1.0, operand)) if type(operand) is float else id(operand)


def _fused_sums(roots: Sequence[Symbol], order: Sequence[Symbol]) -> list[Symbol]:
    """Fuse the sums in `order`, and return it with what was made for them."""
    sums = [node for node in order if node.primitive in SUMS]
    products = _Products(order)
    terms = {x for node in sums for x in _symbols_added(node)}
    reading = [node.operands for node in order if not terms.isdisjoint(node.operands)]
    uses = Counter([x for x in chain.from_iterable(reading) if type(x) is not float and x in terms])
    uses.update(terms.intersection(roots))
    once = {x for x in terms if uses[x] == 1}
    links = {x for x in once if x.primitive in SUMS}
    products.add(x for x in once if x.primitive is MUL and float not in map(type, x.operands))
    found: list[Symbol] = []
    for node in order:
        if node.primitive in SUMS and node not in links:
            if products.are_all_own(node):
                node.primitive, node.operands = DOT, _halves(pairs(node.operands))
            else:
                found += _fuse(node, _terms(node, links), products)
        found.append(node)
    return found


def _symbols_added(node: Symbol) -> list[Symbol]:
    """The symbols that a sum adds up itself, but for products."""
    added = node.operands if node.primitive is ADD else [a for a, b in pairs(node.operands) if b is ALONE]
    return [x for x in added if type(x) is Symbol]


def _own_terms(node: Symbol) -> Sequence[Any]:
    """What a sum adds up itself: symbols, floats, or pairs of factors."""
    if node.primitive is ADD:
        return node.operands
    return [a if b is ALONE else (a, b) for a, b in pairs(node.operands)]


def _terms(addition: Symbol, links: set[Symbol]) -> list[Any]:
    """What a chain of sums adds up, from left to right."""
    terms: list[Any] = []
    stack: list[Any] = [addition]
    while stack:
        term = stack.pop()
        if term is addition or (type(term) is Symbol and term in links):
            stack += reversed(_own_terms(term))
        else:
            terms.append(term)
    return terms


def _fuse(addition: Symbol, terms: Sequence[Any], products: _Products) -> list[Symbol]:
    """Turn an addition into the sum of `terms`, with the products that it alone reads as one dot. Returns what was
    made for it."""
    multiplied = [factors for term in terms if (factors := products.factors(term))]
    made: list[Symbol] = []
    if len(multiplied) > 1:
        halves = _halves(multiplied)
        if len(multiplied) == len(terms):
            addition.primitive, addition.operands = DOT, halves
            return made
        made.append(operation(DOT, halves, addition.origin, addition.label))
        terms = [term for term in terms if not products.factors(term)]
    operands = [*made, *(products.symbol(term, addition, made) for term in terms)]
    addition.primitive, addition.operands = ADD if len(operands) == 2 else SUM, tuple(operands)
    return made


@final
class _Products:
    """The products among the terms of sums: symbols, and pairs of factors that may become one.

    Pairs are told apart by the ids of their factors: comparing symbols gives a symbol.
    """

    def __init__(self, order: Sequence[Symbol]) -> None:
        weighted = [node.operands for node in order if node.primitive is WEIGHTED_SUM]
        found = Counter(chain.from_iterable(zip(map(id, x[::2]), map(id, x[1::2]), strict=True) for x in weighted))
        self._once: set[Symbol] = set()
        self._known: dict[tuple[int, int], Symbol] = {}
        for node in order:
            if node.primitive is MUL and (key := _ids(node.operands)) in found:
                self._known[key] = node
        self._shared = {key for key, count in found.items() if count > 1} | self._known.keys()

    def are_all_own(self, total: Symbol) -> bool:
        """Whether a sum adds up nothing but products that it alone reads, of symbols."""
        if total.primitive is ADD or float in map(type, total.operands):
            return False
        return self._shared.isdisjoint(zip(map(id, total.operands[::2]), map(id, total.operands[1::2]), strict=True))

    def add(self, products: Iterable[Symbol]) -> None:
        """Note products that one sum alone reads."""
        self._once.update(products)

    def factors(self, term: Any) -> tuple[Any, ...] | None:
        """The factors of a product that one sum alone reads; None for any other term."""
        if type(term) is tuple:
            return None if _ids(term) in self._shared else term
        return term.operands if type(term) is Symbol and term in self._once else None

    def symbol(self, term: Any, reader: Symbol, order: list[Symbol]) -> Any:
        """A term as a symbol or a float, made for a reader, and added to `order`, if it is a pair of factors."""
        if type(term) is not tuple:
            return term
        made = self._known.get(_ids(term))
        if made is None:
            made = self._known[_ids(term)] = operation(MUL, term, reader.origin, reader.label)
            order.append(made)
        return made


def _ids(factors: tuple[Any, ...]) -> tuple[int, int]:
    a, b = factors
    return id(a), id(b)


def _halves(factors: Iterable[tuple[Any, Any]]) -> tuple[Any, ...]:
    """The operands of a dot. What is the same for all records comes first: products with it become a matrix product."""
    oriented = [(b, a) if a.batched and not b.batched else (a, b) for a, b in factors]
    return (*[a for a, _ in oriented], *[b for _, b in oriented])
