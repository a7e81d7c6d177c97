"""Dropout: in training, each entry is left out by chance."""

from __future__ import annotations

from typing import Any, final

from nn.calls import explained
from nn.modules.masks import mask
from nn.modules.module import Module
from nn.options import number_between


@final
class Dropout(Module):
    """Dropout: in training each input is left out with the chance `share`, and the others are scaled by 1/(1 - share).

    `fit` draws the factors, anew for each record of each step, by its `rng`; a compiled step takes them as an
    input, so that it does what a graph would do. Elsewhere, as in `predict`, the inputs stay as they are.

    Parameters
    ----------
    share : float
        From 0 up to but not including 1.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a share out of range, a TypeError for anything but a real number.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout: a simple way to prevent neural networks from
    overfitting (2014); scaled in training and not afterwards, as PyTorch does.

    Examples
    --------
    >>> Dropout(0.5)([1.0, 2.0])
    [1.0, 2.0]
    """

    @explained("Dropout(0.5)")
    def __init__(self, share: float = 0.5) -> None:
        self.share = number_between(share, "share")

    def __call__(self, inputs: Any) -> list[Any]:
        """The inputs of one record, some of them times 0 in training."""
        entries = list(inputs)
        factors = mask(self.share, len(entries))
        return entries if factors is None else [entry * factor for entry, factor in zip(entries, factors, strict=True)]

    def __repr__(self) -> str:
        return f"Dropout({self.share:g})"
