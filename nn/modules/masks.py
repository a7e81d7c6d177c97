"""Masks: the factors of dropout in training, drawn outside the model so that a program takes them as an input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeAlias, final

import numpy as np

from autodiff import no_grad
from nn.arrays import RealArray
from nn.randomness import Randomness

Source: TypeAlias = Callable[[float, int], list[Any]]
"""Takes the share to drop and a number of entries; returns a factor for each entry."""

_source: ContextVar[Source | None] = ContextVar("nn_masks", default=None)


def mask(share: float, width: int) -> list[Any] | None:
    """The next `width` factors, or None outside training."""
    source = _source.get()
    return None if source is None else source(share, width)


@contextmanager
def masks_given(factors: Sequence[Any]) -> Iterator[None]:
    """Within this context dropout takes these factors of one record, first come first served."""
    left = iter(factors)
    with _masks_from(lambda share, width: [next(left) for _ in range(width)]):  # noqa: ARG005 - the plan knows the share
        yield


@contextmanager
def _masks_from(source: Source) -> Iterator[None]:
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


@final
@dataclass(frozen=True)
class MaskPlan:
    """Which factors a forward pass of one record takes."""

    shares: RealArray
    """The share that is dropped, for each factor in the order in which they are taken."""

    @classmethod
    def of(cls, model: Callable[[Any], Any], record: Sequence[float]) -> MaskPlan:
        """The plan of a model, found by running it on one record."""
        shares: list[float] = []

        def note(share: float, width: int) -> list[Any]:
            shares.extend([share] * width)
            return [1.0] * width

        with no_grad(), _masks_from(note):
            model(record)
        return cls(np.array(shares))

    def draw(self, rng: Randomness, records: int) -> RealArray:
        """Factors of shape (records, factors): 0 with the chance of its share, else 1/(1 - share).

        Drawn record after record, so that they do not depend on whether records are stepped on as a program.
        """
        kept = rng.random_sample if isinstance(rng, np.random.RandomState) else rng.random
        return np.where(kept((records, len(self.shares))) < self.shares, 0.0, 1.0 / (1.0 - self.shares))

    def __len__(self) -> int:
        return len(self.shares)
