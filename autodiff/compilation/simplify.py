"""Simplify: the same results from fewer operations. What IEEE arithmetic makes of nan, infinity and zero stays."""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from autodiff.choice import WHERE
from autodiff.compilation.cuts import DETACH
from autodiff.compilation.lowering import lowered
from autodiff.compilation.shares import logsumexp_parts, row_slopes
from autodiff.compilation.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DIV, DOT, IDENTITY, LOGSUMEXP, MUL, SUM

Make = Callable[[Primitive, tuple[Any, ...], Symbol], Any]


def simplified(roots: Sequence[Any]) -> list[Any]:
    """The roots, symbols or floats, computed from fewer and plainer nodes."""
    return _sums_fused(_rewritten(roots, _Folder().make))


def _rewritten(roots: Sequence[Any], make: Make) -> list[Any]:
    """The roots with every operation made anew from operands made anew."""
    made: dict[Symbol, Any] = {}
    for node in topological_order(*_symbols(roots)):
        if node.primitive is None:
            made[node] = node.source if isinstance(node.source, float) else node
        else:
            made[node] = make(node.primitive, tuple([x if type(x) is float else made[x] for x in node.operands]), node)
    return [made[root] if isinstance(root, Symbol) else root for root in roots]


def _symbols(roots: Sequence[Any]) -> list[Symbol]:
    return [root for root in roots if isinstance(root, Symbol)]


class _Folder:
    """Constants are folded, neutral operations dropped, equal operations made once, special functions lowered."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}
        self._cheaper: dict[Any, Any] = {}

    def make(self, primitive: Primitive, operands: tuple[Any, ...], like: Symbol | None = None) -> Any:
        """A symbol or a float that equals the operation; `like` lends its label and origin."""
        if Symbol not in map(type, operands):
            return primitive.compute(*operands)
        neutral = _unchanged(primitive, operands)
        if neutral is not None:
            return neutral
        key = (primitive, *[(x, math.copysign(1.0, x)) if type(x) is float else id(x) for x in operands])
        if key not in self._known:
            self._known[key] = self._made(primitive, operands, like)
        made = self._known[key]
        return self._cheaper.get(made, made)

    def _made(self, primitive: Primitive, operands: tuple[Any, ...], like: Symbol | None) -> Any:
        def make(inner: Primitive, among: tuple[Any, ...]) -> Any:
            return self.make(inner, among, like)

        if primitive is LOGSUMEXP:
            out, shares = logsumexp_parts(make, operands)
            self._cheaper.update(zip(row_slopes(make, out, operands), shares, strict=True))
            return out
        made = lowered(primitive, operands, make)
        return _made_like(like, primitive, operands) if made is None else made


def _made_like(like: Symbol | None, primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
    batched = any([type(x) is Symbol and x.batched for x in operands])
    if like is None:
        return Symbol(primitive, operands, batched=batched)
    return Symbol(primitive, operands, batched=batched, origin=like.origin, label=like.label)


def _unchanged(primitive: Primitive, operands: tuple[Any, ...]) -> Any:
    """The operand that the operation returns as it is, whatever its number; None if it does something."""
    if primitive is IDENTITY or primitive is DETACH or (primitive is SUM and len(operands) == 1):
        return operands[0]
    if (primitive is MUL or primitive is DIV) and _is_one(operands[1]):
        return operands[0]
    if primitive is MUL and _is_one(operands[0]):
        return operands[1]
    if primitive is WHERE and type(operands[0]) is float:
        return operands[1] if operands[0] else operands[2]
    return None


def _is_one(operand: Any) -> bool:
    return type(operand) is float and operand == 1.0


def _sums_fused(roots: Sequence[Any]) -> list[Any]:
    """The roots with chains of additions as one sum, and sums of products as one dot."""
    order = topological_order(*_symbols(roots))
    uses = Counter(x for node in order for x in node.operands if type(x) is not float)
    uses.update(_symbols(roots))
    links = {x for node in order if node.primitive is ADD for x in node.operands if _used_once(x, ADD, uses)}
    made: dict[Any, Any] = {}
    for node in order:
        if node.primitive is ADD and node not in links:
            made[node] = _fused(_terms(node, links), uses, made, node)
        elif node.primitive is None or node in links:
            made[node] = node
        else:
            operands = tuple([x if type(x) is float else made[x] for x in node.operands])
            changed = any(map(operator.is_not, operands, node.operands))
            made[node] = _made_like(node, node.primitive, operands) if changed else node
    return [made[root] if isinstance(root, Symbol) else root for root in roots]


def _used_once(operand: Any, primitive: Primitive, uses: Counter[Symbol]) -> bool:
    return type(operand) is Symbol and operand.primitive is primitive and uses[operand] == 1


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


def _fused(terms: Sequence[Any], uses: Counter[Symbol], made: dict[Any, Any], like: Symbol) -> Any:
    products = [term for term in terms if _used_once(term, MUL, uses) and float not in map(type, term.operands)]
    if len(products) < 2:
        products = []
    taken = set(map(id, products))
    rest = [term if type(term) is float else made[term] for term in terms if id(term) not in taken]
    if products:
        pairs = [_oriented(*(made[x] for x in product.operands)) for product in products]
        rest.insert(0, _made_like(like, DOT, (*(a for a, _ in pairs), *(b for _, b in pairs))))
    if len(rest) == 1:
        return rest[0]
    return _made_like(like, ADD if len(rest) == 2 else SUM, tuple(rest))


def _oriented(a: Any, b: Any) -> tuple[Any, Any]:
    """What is the same for all records first: products with it become a matrix product."""
    return (b, a) if a.batched and not b.batched else (a, b)
