"""History: what happened while a model was trained."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import final


@final
@dataclass
class History:
    """The losses along a training run. Epochs are numbered from 0.

    While training, callbacks see the history so far; `final_loss` is nan until the end.
    """

    initial_loss: float
    """The loss of all the data before the first step."""
    losses: list[float] = field(default_factory=list)
    """For each complete epoch, the mean over its batches of the batch's loss, measured before its step."""
    checks: list[tuple[int, float]] = field(default_factory=list)
    """(epoch, loss of all the data after that epoch), ten times a run: see `fit`."""
    final_loss: float = math.nan
    """The loss of all the data after training."""
    interrupted: bool = False
    """Whether a KeyboardInterrupt ended the training."""

    @property
    def epochs(self) -> int:
        """The number of complete epochs."""
        return len(self.losses)
