"""NumPy's back end: each step is a few calls on views of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff.compilation.execute.numpy.binder import Array, Call
from autodiff.compilation.execute.numpy.binding import bound_calls
from autodiff.compilation.execute.numpy.rules import RULES
from autodiff.compilation.program.program import Step
from autodiff.compilation.rewrite.rule import Rule


@final
@dataclass(frozen=True)
class NumpyBackend:
    """Runs every step."""

    least_chunk: int = 256
    chunk_bytes: int = 4_000_000

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What the rewrite puts in the place of operations that NumPy has not, or runs slowly."""
        return RULES

    def calls(self, steps: Sequence[Step], arrays: Sequence[Array], dtype: np.dtype[Any]) -> list[Call]:
        """The calls that carry out `steps` in order on `arrays`, one array for each block of the program."""
        return bound_calls(steps, arrays, dtype)


NUMPY = NumpyBackend()
