"""Dropout: in training, each entry is left out by chance."""

from __future__ import annotations

from numbers import Real
from typing import Any, final

from nn.errors import OptionError, OptionTypeError
from nn.modules.masks import mask
from nn.modules.module import Module


@final
class Dropout(Module):
    """Leaves out each input with the chance `share`, and scales the others by 1/(1 - share), in training alone.

    `fit` draws the factors, anew for each record of each step, by its `rng`; a compiled step takes them as an
    input, so that it does what a graph would do. Elsewhere, as in `predict`, the inputs stay as they are.

    Raises OptionError (a ValueError) unless 0 ≤ share < 1.

    References
    ----------
    Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting (2014); scaled in
    training and not afterwards, as PyTorch does.

    """

    def __init__(self, share: float = 0.5) -> None:
        if not isinstance(share, Real) or isinstance(share, bool):
            raise OptionTypeError(f"share takes a real number, got {share!r}")
        if not 0.0 <= share < 1.0:
            raise OptionError(f"share takes a number from 0 up to but not including 1, got {share}")
        self.share: float = float(share)

    def __call__(self, inputs: Any) -> list[Any]:
        """The inputs of one record, some of them times 0 in training."""
        entries = list(inputs)
        factors = mask(self.share, len(entries))
        return entries if factors is None else [entry * factor for entry, factor in zip(entries, factors, strict=True)]

    def __repr__(self) -> str:
        return f"Dropout({self.share:g})"
