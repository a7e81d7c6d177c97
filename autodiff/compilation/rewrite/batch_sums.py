"""Sums over the batch: one number for all records from a symbol that differs from record to record."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, final

import numpy as np

from autodiff.compilation.rewrite.rows import ROW_GRADIENT, Columns, Dot, RowColumns, RowSymbol, Vector, dots_of
from autodiff.compilation.trace.origins import GRADIENT, Derivatives, Mark
from autodiff.compilation.trace.symbol import Symbol, operation
from autodiff.modes import Origin
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, MUL, NEG, SQUARE, SUM

# Made after differentiation, so their slopes are never read.
BATCH_SUM = Primitive("batch_sum", operator.pos, np.add.reduce, (0.0,), "Σ over records")
BATCH_DOT = Primitive("batch_dot", operator.mul, np.matmul, (0.0, 0.0), "Σ over records of ×")

OVER_RECORDS = (BATCH_SUM, BATCH_DOT)


@final
class BatchSums:
    """The sums over records of symbols, each made once. `count` is the symbol of the number of records, and `order` has
    every operation below those that are summed.

    A product that only the sum reads becomes a product of matrices and is not computed record by record; `kept`
    symbols are computed for each record anyway. Only a sign moves across the sum. A factor that all records share
    stays inside: if it is infinite, or the sum overflows, the result would differ.
    """

    def __init__(self, count: Symbol, order: Iterable[Symbol], kept: Iterable[Any] = ()) -> None:
        self._count = count
        self._readers = Counter([x for node in order for x in node.operands if type(x) is Symbol])
        self._readers.update(root for root in kept if type(root) is Symbol)
        self._known: dict[Any, Symbol] = {}
        self._columns = RowColumns()
        self._multiples: dict[tuple[int, str], Symbol] = {}
        self._origins = Derivatives(GRADIENT)
        self._label: str | None = None
        self._origin: Origin | None = None

    def along(
        self, leaves: Sequence[Symbol], places: Sequence[int], derivative: Any
    ) -> list[tuple[Any, Sequence[int]]]:
        """The sums of the derivative along a leaf, or along a row, and the places of the leaves that each is of.
        Their symbols are marked as the gradients of these leaves."""
        if type(derivative) is not Symbol or derivative.primitive is not ROW_GRADIENT:
            self._mark(leaves[0])
            return [(self.of_derivative(derivative), places)]
        dots = dots_of(derivative)
        marks = self._origins.marks(leaves)
        found: list[tuple[Any, Sequence[int]]] = []
        for columns in self._columns.alike(dots):
            if columns.factors:
                self._mark(leaves[columns.numbers[0]])
                found.append((self._of_columns(dots, columns, marks), [places[k] for k in columns.numbers]))
                continue
            for k in columns.numbers:
                self._mark(leaves[k])
                found.append((self._of_terms([(adjoint, half[k]) for adjoint, half in dots]), (places[k],)))
        return found

    def of_result(self, node: Any) -> Symbol:
        """The sum of a result over records: `count` times it where all records share it."""
        if type(node) is float or not node.batched:
            return self._unbatched(MUL, self._count, node)
        if node not in self._known:
            self._known[node] = self._plain_sum(node)
        return self._known[node]

    def of_derivative(self, node: Any) -> Symbol:
        """The sum of a derivative over records, term by term: its terms come from several paths, and a graph of all
        records adds them one by one to the gradient of a leaf too."""
        if type(node) is float or not node.batched or node in self._known or self._readers.get(node):
            return self.of_result(node)
        terms = self._terms(node)
        self._known[node] = terms[0] if len(terms) == 1 else self._unbatched(SUM, *terms)
        return self._known[node]

    def _mark(self, leaf: Symbol) -> None:
        """Mark what is made from here on as the gradient of a leaf."""
        self._label, self._origin = leaf.label, self._origins.of(leaf.origin)

    def _of_columns(self, dots: Sequence[Dot], columns: Columns, marks: Sequence[Mark]) -> RowSymbol:
        """The sums along leaves of a row, by the same operations for each; see `_of_terms`."""
        marks = [marks[k] for k in columns.numbers]
        terms = [(adjoint, factor) for (adjoint, _), factor in zip(dots, columns.factors, strict=True)]
        sums = [RowSymbol(BATCH_DOT, (adjoint, x), marks) for adjoint, x in terms if type(x) is Vector]
        total: list[Any] = [RowSymbol(SUM, tuple(sums), marks)] if len(sums) > 1 else [*sums]
        total += [self.of_result(self._multiple(adjoint, x)) for adjoint, x in terms if type(x) is float]
        return total[0] if len(total) == 1 else RowSymbol(SUM, tuple(total), marks)

    def _of_terms(self, terms: Sequence[tuple[Any, Any]]) -> Symbol:
        """The sum of products. Those with a constant come last, as after the fusion of products into a dot."""
        products = [(a, b) for a, b in terms if type(a) is type(b) is Symbol]
        if len(products) == len(terms) == 1:
            return self._of_factors(*products[0])
        multiples = [self._multiple(a, b) for a, b in terms if not type(a) is type(b) is Symbol]
        if not any([a.batched or b.batched for a, b in products]) and not any(map(_is_batched, multiples)):
            return self.of_result(self._shared(products, multiples))
        sums = [self._of_factors(a, b) for a, b in products]
        total = [self._unbatched(SUM, *sums)] if len(sums) > 1 else sums
        total += map(self.of_result, multiples)
        return total[0] if len(total) == 1 else self._unbatched(SUM, *total)

    def _of_factors(self, a: Symbol, b: Symbol) -> Symbol:
        """The sum of a product of symbols, which may be the same for all records."""
        if a.batched or b.batched:
            return self._of_product(a, b)
        return self.of_result(self._unbatched(MUL, a, b))

    def _multiple(self, a: Any, b: Any) -> Any:
        """A product with a constant, one symbol for all leaves."""
        if type(a) is type(b) is float:
            return a * b
        number, symbol = (a, b) if type(a) is float else (b, a)
        if number == 1.0:
            return symbol
        key = (id(symbol), repr(number))  # which tells zeros apart by their sign
        if key not in self._multiples:
            self._multiples[key] = operation(MUL, (a, b), self._origin, self._label)
        return self._multiples[key]

    def _shared(self, products: Sequence[tuple[Symbol, Symbol]], others: Sequence[Any]) -> Any:
        """What all records share, added up: products as one dot, and other terms."""
        terms = [*others]
        if len(products) > 1:
            terms.insert(0, self._unbatched(DOT, *(a for a, _ in products), *(b for _, b in products)))
        elif products:
            terms.insert(0, self._unbatched(MUL, *products[0]))
        if len(terms) == 1:
            return terms[0]
        return self._unbatched(ADD if len(terms) == 2 else SUM, *terms)

    def _terms(self, node: Symbol) -> list[Symbol]:
        primitive, operands = node.primitive, node.operands
        if primitive is ADD or primitive is SUM:
            return [self._term(operand) for operand in operands]
        if (opposite := _opposite(node)) is not None:
            return [self._unbatched(NEG, self._term(opposite))]
        if primitive is DOT:
            half = len(operands) // 2
            return [*map(self._of_product, operands[:half], operands[half:])]
        return [self._plain_sum(node)]

    def _term(self, operand: Any) -> Symbol:
        """The sum of a term. The addition that read it is replaced by sums of its terms, and reads it no more."""
        if type(operand) is not float:
            self._readers[operand] -= 1
        return self.of_derivative(operand)

    def _plain_sum(self, node: Symbol) -> Symbol:
        if not self._readers.get(node):
            if node.primitive is MUL:
                return self._of_product(*node.operands)
            if node.primitive is SQUARE:
                return self._of_product(*node.operands, *node.operands)
        return self._unbatched(BATCH_SUM, node)

    def _of_product(self, a: Any, b: Any) -> Symbol:
        if type(a) is not float and type(b) is not float and a.batched and b.batched:
            return self._unbatched(BATCH_DOT, a, b)
        return self._unbatched(BATCH_SUM, Symbol(MUL, (a, b), batched=True, origin=self._origin, label=self._label))

    def _unbatched(self, primitive: Primitive, *operands: Any) -> Symbol:
        return Symbol(primitive, operands, batched=False, origin=self._origin, label=self._label)


def _is_batched(term: Any) -> bool:
    return type(term) is Symbol and term.batched


def _opposite(node: Symbol) -> Any:
    """The x of a node -x or -1·x; None for any other node."""
    if node.primitive is NEG:
        return node.operands[0]
    if node.primitive is MUL:
        for factor, other in (node.operands, node.operands[::-1]):
            if type(factor) is float and factor == -1.0:
                return other
    return None
