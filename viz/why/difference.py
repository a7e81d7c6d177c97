"""Difference: what changed between two graphs of one structure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final, overload

from autodiff import Value
from viz.errors import OptionError
from viz.why import naming
from viz.why.naming import number
from viz.why.sweep import Sweep, required_value
from viz.why.table import Table


@final
@dataclass(frozen=True, slots=True)
class Change:
    """One node before and after, in a `Difference`.

    Parameters
    ----------
    before, after : Value
        The node in either graph.
    gradient_before, gradient_after : float
        Its gradient there, from one sweep each.

    Examples
    --------
    >>> change = Change(Value(1.0), Value(3.0), 0.5, 0.25)
    >>> change.value_change, change.gradient_change, change.size
    (2.0, -0.25, 2.0)
    """

    before: Value
    after: Value
    gradient_before: float
    gradient_after: float

    @property
    def value_change(self) -> float:
        """How much the number grew."""
        return self.after.data - self.before.data

    @property
    def gradient_change(self) -> float:
        """How much the gradient, of one sweep each, grew."""
        return self.gradient_after - self.gradient_before

    @property
    def size(self) -> float:
        """The larger of both in magnitude; infinite where one is nan."""
        sizes = [abs(self.value_change), abs(self.gradient_change)]
        return math.inf if any(map(math.isnan, sizes)) else max(sizes)

    def __repr__(self) -> str:
        return (
            f"<Change of {naming.full_title(self.after)}: "
            f"value {number(self.before.data)} → {number(self.after.data)}, "
            f"gradient {number(self.gradient_before)} → {number(self.gradient_after)}>"
        )


@final
class Difference(Sequence[Change]):
    """The nodes whose value or gradient changed, the largest change first: a sequence of Change.

    It prints as a table, and notebooks show it.

    Attributes
    ----------
    unchanged : int
        How many nodes are as they were.

    Examples
    --------
    >>> changes = difference(Value(1.0) * 2.0, Value(3.0) * 2.0)
    >>> len(changes), changes.unchanged
    (2, 0)
    """

    def __init__(self, changes: Sequence[Change], total: int) -> None:
        self._changes = tuple(sorted(changes, key=lambda change: -change.size))
        self.unchanged: int = total - len(changes)
        """How many nodes are as they were."""

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Change]: ...
    def __getitem__(self, index: int | slice) -> Change | Sequence[Change]:
        return self._changes[index]

    def __len__(self) -> int:
        return len(self._changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def __repr__(self) -> str:
        return f"<Difference: {len(self):,} changed, {self.unchanged:,} unchanged>"

    def _table(self) -> Table:
        rows = [
            (naming.full_title(change.after), number(change.before.data), number(change.after.data),
             number(change.gradient_before), number(change.gradient_after))
            for change in self._changes
        ]  # fmt: skip
        columns = ("node", "value before", "after", "gradient before", "after")
        return Table("Difference", columns, rows, f"{len(self):,} changed, {self.unchanged:,} unchanged")

    def __str__(self) -> str:
        return self._table().text()

    def _repr_html_(self) -> str:
        return self._table().html()


def difference(before: Value, after: Value) -> Difference:
    """Compare two graphs of one structure, such as a loss before and after a step.

    Parameters
    ----------
    before, after : Value
        The roots. Both graphs must be as they were recorded: build the second anew, from copies of the leaves, rather
        than assigning data below the first.

    Returns
    -------
    Difference
        A sequence of `Change(before, after, gradient_before, gradient_after)`. The gradients are those of one sweep.

    Raises
    ------
    OptionError
        A ValueError that names the first place where the structures differ.
    StaleGraphError
        If data changed since a graph was recorded.
    CoercionError
        A TypeError, unless both are Values.

    Examples
    --------
    >>> def line(w):
    ...     return Value(w, label="w") * Value(2.0, label="x")
    >>> changes = difference(line(0.5), line(0.75))
    >>> [(change.after.label, change.value_change, change.gradient_change) for change in changes]
    [(None, 0.5, 0.0), ('w', 0.25, 0.0), ('x', 0.0, 0.25)]
    """
    first, second = Sweep(required_value(before, "before")), Sweep(required_value(after, "after"))
    _require_one_structure(first, second)
    changes = [
        Change(old, new, first.gradients[place], second.gradients[place])
        for place, (old, new) in enumerate(zip(first.order, second.order, strict=True))
    ]
    return Difference([change for change in changes if change.size > 0.0], len(changes))


def _require_one_structure(first: Sweep, second: Sweep) -> None:
    if len(first.order) != len(second.order):
        raise OptionError(
            f"the graphs have {len(first.order):,} and {len(second.order):,} nodes; difference needs one structure"
        )
    for old, new in zip(first.order, second.order, strict=True):
        if old.primitive is not new.primitive or _places(first, old) != _places(second, new):
            raise OptionError(
                f"the structures differ at {naming.full_title(old)} and {naming.full_title(new)}; "
                "difference needs two graphs that the same operations made"
            )


def _places(sweep: Sweep, node: Value) -> Sequence[int]:
    return [sweep.place[operand] if isinstance(operand, Value) else -1 for operand in node.operands]
