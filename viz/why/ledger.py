"""Ledger: the rows that add up to the gradient of one node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final, overload

from autodiff import Value
from viz.why import naming
from viz.why.sweep import Sweep, required_value
from viz.why.table import Table


@final
@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One use of a node: what it adds to the node's gradient.

    Parameters
    ----------
    node : Value
        The node that reads it.
    operand_index : int
        Which of its operands: `x * x` has two rows.
    slope : float
        The slope of the reader along that operand.
    upstream : float
        The derivative of the root along the reader.
    contribution : float
        slope × upstream.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> ledger(x, x * 2.0)[0]
    LedgerRow(×[0]: 2 × 1 = 2)
    """

    node: Value
    operand_index: int
    slope: float
    upstream: float
    contribution: float

    @property
    def source(self) -> str:
        """File, line and columns that made the reader, if `autodiff.sources()` noted them."""
        return naming.source(self.node)

    def __repr__(self) -> str:
        source = f", {self.source}" if self.source else ""
        return (
            f"LedgerRow({naming.full_title(self.node)}[{self.operand_index}]: {naming.number(self.slope)} × "
            f"{naming.number(self.upstream)} = {naming.number(self.contribution)}{source})"
        )


@final
class Ledger(Sequence[LedgerRow]):
    """The uses of `node` below `root`, in the order in which a sweep reaches them: a sequence of LedgerRow.

    It prints as a table, and notebooks show it.

    Attributes
    ----------
    node, root : Value
    total : float
        The gradient of one sweep: the sum of the contributions; 1 for the root itself, which has no row.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> ledger(x, x * x)
    <Ledger of x: 2 uses, total 6>
    """

    def __init__(self, node: Value, root: Value, rows: Sequence[LedgerRow], seed: float) -> None:
        self.node, self.root = node, root
        self._rows = tuple(rows)
        self._seed = seed

    @property
    def total(self) -> float:
        """The gradient of one sweep: the sum of the rows; 1 for the root itself, which has none."""
        total = self._seed
        for row in self._rows:
            total += row.contribution
        return total

    @overload
    def __getitem__(self, index: int) -> LedgerRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[LedgerRow]: ...
    def __getitem__(self, index: int | slice) -> LedgerRow | Sequence[LedgerRow]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[LedgerRow]:
        return iter(self._rows)

    def __repr__(self) -> str:
        uses = "1 use" if len(self) == 1 else f"{len(self)} uses"
        return f"<Ledger of {naming.full_title(self.node)}: {uses}, total {naming.number(self.total)}>"

    def _table(self) -> Table:
        rows = [
            (_reader(row), naming.number(row.slope), naming.number(row.upstream), naming.number(row.contribution),
             row.source)
            for row in self._rows
        ]  # fmt: skip
        return Table(
            title=f"Ledger of {naming.full_title(self.node)}",
            note=f"value {naming.number(self.node.data)}, gradient of {naming.title(self.root)}",
            columns=("read by", "slope", "× upstream", "= adds", "source"),
            rows=rows,
            total=("sum", "", "", naming.number(self.total), ""),
            shaded=3,
        )

    def __str__(self) -> str:
        return self._table().text()

    def _repr_html_(self) -> str:
        return self._table().html()


def ledger(node: Value, root: Value) -> Ledger:
    """List every use of `node` below `root`, a row each; their contributions add up to its gradient.

    Parameters
    ----------
    node : Value
        The Value whose gradient is in question. Without a path to `root` it has no rows.
    root : Value
        The Value that is differentiated.

    Returns
    -------
    Ledger
        A sequence of `LedgerRow(node, operand_index, slope, upstream, contribution)` with `.total`. It comes from a
        sweep of its own: `.grad` is neither read nor changed.

    Raises
    ------
    StaleGraphError
        If data changed since the graph was recorded.
    CoercionError
        A TypeError, unless both are Values.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> rows = ledger(x, x * x + 2 * x)
    >>> [(row.slope, row.upstream, row.contribution) for row in rows]
    [(2.0, 1.0, 2.0), (3.0, 1.0, 3.0), (3.0, 1.0, 3.0)]
    >>> rows.total
    8.0
    """
    return swept_ledger(required_value(node, "node"), Sweep(root))


def swept_ledger(node: Value, sweep: Sweep) -> Ledger:
    """The ledger of a node from a sweep that has run."""
    if node not in sweep.place:
        return Ledger(node, sweep.root, (), 0.0)
    rows = [
        LedgerRow(sweep.order[head], index, slope, sweep.gradients[head], slope * sweep.gradients[head])
        for head, index, slope in sweep.uses[sweep.place[node]]
    ]
    return Ledger(node, sweep.root, rows, 1.0 if node is sweep.root else 0.0)


def _reader(row: LedgerRow) -> str:
    several = len(row.node.operands) > 1
    return f"{naming.full_title(row.node)}{f' [{row.operand_index}]' if several else ''}"
