"""Weights of records: how much each counts in the loss, alone and through its class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.arrays import RealArray, real_array
from nn.errors import DataError, OptionError, OptionTypeError
from nn.losses.labels import label_array


def record_weights(sample_weight: Any, class_weight: Any, targets: Any) -> RealArray | None:
    """The weight of each record, or None where neither is given.

    Parameters
    ----------
    sample_weight
        Shape (n,), at least 0 and not all 0; or None.
    class_weight
        A weight for each label, as a dict; labels that are not in it count 1. Or "balanced": n divided by the
        number of classes and by the number of records of the class. Or None.
    targets
        Labels of shape (n,), or rows of `one_hot`, whose classes are numbered.

    Raises
    ------
    DataError, ShapeError, OptionError
        (ValueErrors) for weights that are negative, infinite or nan, all 0, or of another shape, and for a class
        that no record has.

    """
    if sample_weight is None and class_weight is None:
        return None
    records = len(targets)
    weights = np.ones(records) if sample_weight is None else _checked(real_array(sample_weight, "sample_weight"))
    if weights.shape != (records,):
        raise ShapeError(f"sample_weight takes the shape ({records},), one for each record, got {weights.shape}")
    if class_weight is not None:
        weights = weights * _of_classes(class_weight, _labels(targets))
    if not weights.any():
        raise DataError("every record has weight 0; there is nothing to learn from")
    return weights


def _checked(weights: RealArray) -> RealArray:
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0.0)))
    if len(wrong):
        raise DataError(f"weights are finite numbers of at least 0, got {weights.flat[wrong[0]]} at row {wrong[0]}")
    return weights


def _of_classes(class_weight: Any, labels: list[Any]) -> RealArray:
    counts = Counter(labels)
    if isinstance(class_weight, str) and class_weight == "balanced":
        return np.array([len(labels) / (len(counts) * counts[label]) for label in labels])
    if not isinstance(class_weight, Mapping):
        raise OptionTypeError(f'class_weight takes a dict of labels and weights or "balanced", got {class_weight!r}')
    strange = [label for label in class_weight if label not in counts]
    if strange:
        raise OptionError(f"class_weight names {strange[0]!r}, which is no record's label; there are {list(counts)}")
    return _checked(np.array([float(class_weight.get(label, 1.0)) for label in labels]))


def _labels(targets: Any) -> list[Any]:
    given = np.asarray(targets)
    if given.ndim == 2 and given.shape[1] > 1:
        return given.argmax(axis=1).tolist()  # type: ignore[no-any-return]  # one dimension gives a flat list
    return label_array(targets).tolist()  # type: ignore[no-any-return]  # as above
