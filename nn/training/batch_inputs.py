"""The arrays that the program of a batch reads: features and targets, and where there are any weights and masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np

from nn.arrays import RealArray, RowNumbers
from nn.data.records import BLOCK
from nn.training.objective import Objective

_MOST_EXTREMES = 16


@final
class BatchInputs:
    """The inputs of a batch's program, by name and as arrays with a record in each row.

    "weights" are what the records count in a sum, "shares" what each carries of the penalty, and "masks" the factors
    of dropout; each is there only where the objective has it.
    """

    def __init__(self, objective: Objective) -> None:
        records = objective.records
        self._objective = objective
        self._features, self._targets, self._weights = records.features, records.targets, records.weights
        self.names = ["features", "targets"]
        if self._weights is not None:
            self.names.append("weights")
        if objective.penalty is not None and objective.reduction == "sum":
            self.names.append("shares")
        if len(objective.masks):
            self.names.append("masks")

    def __len__(self) -> int:
        """The number of records."""
        return len(self._features)

    def extremes(self) -> list[int]:
        """The first record, and those that are least and largest in a column, up to 16 of them."""
        found = {0: None}
        for column in (*self._features.T, *self._targets.reshape(len(self), -1).T):
            found |= dict.fromkeys((int(np.argmin(column)), int(np.argmax(column))))
            if len(found) >= _MOST_EXTREMES:
                break
        return list(found)[:_MOST_EXTREMES]

    def of(self, rows: RowNumbers) -> list[RealArray]:
        """New arrays for these records, with masks that drop nothing."""
        count = len(rows)
        made = [np.array(given[rows], dtype=float) for given in (self._features, self._targets)]
        for name in self.names[2:]:
            made.append(np.ones((count, len(self._objective.masks)) if name == "masks" else count))
        self._count(made, rows)
        return made

    def hold(self, arrays: Sequence[RealArray], rows: RowNumbers) -> None:
        """Take these records in place of those before; masks stay."""
        _take(self._features, rows, arrays[0])
        _take(self._targets, rows, arrays[1])
        self._count(arrays, rows)

    @property
    def in_blocks(self) -> bool:
        """Whether the loss of all records is measured block by block, so that not all are in memory at once."""
        return len(self) > BLOCK

    def blocks(self) -> list[range]:
        """The numbers of all records, in blocks."""
        return [range(start, min(start + BLOCK, len(self))) for start in range(0, len(self), BLOCK)]

    def hold_block(self, arrays: Sequence[RealArray], rows: RowNumbers) -> float:
        """Take the records of a block, and return what the loss of a block counts in that of all."""
        self.hold(arrays, rows)
        if "shares" in self.names:
            arrays[self.names.index("shares")][...] = 1.0 / len(self)
        if self._objective.reduction == "sum":
            return 1.0
        if self._weights is None:
            return len(rows) / len(self)
        total = float(self._weights.sum())
        return float(self._weights[rows].sum()) / total if total else len(rows) / len(self)

    def mask(self, arrays: Sequence[RealArray], masks: RealArray | float) -> None:
        """Take these factors of dropout; 1 drops nothing."""
        if self.names[-1] == "masks":
            arrays[-1][...] = masks

    def _count(self, arrays: Sequence[RealArray], rows: RowNumbers) -> None:
        if self._weights is not None:
            weights = self._weights[rows]
            total = weights.sum() if self._objective.reduction == "mean" else 1.0
            arrays[2][...] = weights / total if total else 0.0
        if "shares" in self.names:
            arrays[self.names.index("shares")][...] = 1.0 / len(rows)


def _take(given: RealArray, rows: RowNumbers, out: RealArray) -> None:
    if isinstance(rows, range):  # a block of records
        out[...] = given[rows.start : rows.stop]
    elif given.ndim == 2 or given.dtype != out.dtype:
        # Gathered record by record and then laid out: one pass with both strides takes up to four times as long.
        out[...] = given.take(rows, 0)
    else:
        # Clipping changes no number of a record, and keeps NumPy from gathering into a buffer first.
        given.take(rows, 0, out, "clip")
