"""Backend: where the steps of a program run. A second one is an addition: passes and executor take it as given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.program.program import Step
from autodiff.compilation.rewrite.rule import Rule

Array = NDArray[Any]
Call = Callable[[], Any]


class Backend(Protocol):
    """What the compiler and the executor need to know of a place where steps run."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What the rewrite puts in the place of operations that this back end has not, or runs slowly."""

    @property
    def least_chunk(self) -> int:
        """Records of a chunk, at least: fewer would spend the time on starting calls."""

    @property
    def chunk_bytes(self) -> int:
        """The memory of a chunk's arrays, at most: what a core's caches hold."""

    def calls(self, steps: Sequence[Step], arrays: Sequence[Array], dtype: np.dtype[Any]) -> list[Call]:
        """The calls that carry out `steps` in order on `arrays`, one array for each block of the program.

        A block that differs from record to record is of shape (rows, records), and may use the memory of an operand
        that is read row by row; one of the others is of shape (rows,), or of that of the step's grid where it is
        computed in a result. A back end that lacks some of the steps leaves these to NumPy's, in between its own.
        """
