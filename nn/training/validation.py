"""Validation: data that are held back from training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any, final

import numpy as np

from nn.arrays import RealArray
from nn.data.features import matched_features
from nn.data.records import feature_matrix
from nn.errors import OptionError, OptionTypeError
from nn.losses.functions import Loss, cross_entropy
from nn.randomness import Randomness
from nn.training.objective import Model
from nn.training.targets import encoded_targets


@final
@dataclass(frozen=True)
class Split:
    """Data to train on, and data held back."""

    features: Any
    targets: Any
    """As they were given."""
    encoded: Any
    """As the loss reads them."""
    validation: tuple[Any, Any, Any] | None
    """Features, targets as given and as the loss reads them; None where all are trained on."""
    kept: Any = None
    """The numbers of the records that are left, where some were drawn."""

    def of_kept(self, entries: RealArray | None) -> RealArray | None:
        """The entries, one for each record, of those that are trained on."""
        return entries if entries is None or self.kept is None else entries[self.kept]


def split_data(
    model: Model, loss: Loss, features: Any, targets: Any, data: Any, share: float, rng: Randomness
) -> Split:
    """The data of a run: all of them, beside validation data that are given, or less a share that `rng` draws.

    Raises OptionError (a ValueError) for both, a share outside 0 to 1, or one that leaves nothing on a side, and
    OptionTypeError (a TypeError) for data that are no pair.
    """
    if data is not None:
        if share:
            raise OptionError("give validation_data or validation_split, not both")
        if not isinstance(data, (tuple, list)) or len(data) != 2:
            raise OptionTypeError(f"validation_data takes (features, targets), got {type(data).__name__}")
        held_back, held_targets = matched_features(model, data[0]), data[1]
        encoded, held_encoded = _encoded_together(model, loss, features, targets, held_targets)
        return Split(features, targets, encoded, (held_back, held_targets, held_encoded))
    encoded = encoded_targets(model, loss, features, targets)
    if isinstance(share, bool) or not isinstance(share, Real):
        raise OptionTypeError(f"validation_split takes a share from 0 to 1, got {share!r}")
    if not 0.0 <= share < 1.0:
        raise OptionError(f"validation_split takes a share from 0 up to but not including 1, got {share}")
    return _drawn(features, targets, encoded, share, rng) if share else Split(features, targets, encoded, None)


def _drawn(features: Any, targets: Any, encoded: Any, share: float, rng: Randomness) -> Split:
    matrix, given, read = feature_matrix(features), np.asarray(targets), np.asarray(encoded)
    records = len(matrix)
    count = math.ceil(share * records)
    if not count < records or len(given) != records:
        raise OptionError(f"a validation_split of {share} holds back {count} of {records} records; some must be left")
    order = rng.permutation(records)
    held, kept = np.sort(order[:count]), np.sort(order[count:])
    return Split(matrix[kept], given[kept], read[kept], (matrix[held], given[held], read[held]), kept)


def _encoded_together(model: Model, loss: Loss, features: Any, targets: Any, others: Any) -> tuple[Any, Any]:
    """Both sides as the loss reads them; labels of both in one order of classes."""
    first, second = np.asarray(targets), np.asarray(others)
    if loss is not cross_entropy or first.ndim != second.ndim:
        return encoded_targets(model, loss, features, targets), encoded_targets(model, loss, features, others)
    together = encoded_targets(model, loss, features, np.concatenate([first, second]))
    return together[: len(first)], together[len(first) :]
