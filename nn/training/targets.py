"""Targets as a loss reads them: labels become rows of zeros and a one."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import no_grad
from autodiff.errors import CoercionError, ShapeError
from nn.data.records import feature_matrix
from nn.errors import DataError
from nn.losses.functions import Loss, cross_entropy
from nn.losses.labels import label_array, label_shares, one_hot
from nn.modules.mlp import MLP
from nn.modules.outputs import output_list
from nn.training.objective import Model


def encoded_targets(model: Model, loss: Loss, features: Any, targets: Any) -> Any:
    """`targets` themselves, or for labels under cross entropy their rows, one column for each output of the model.

    Strings stand for their places in sorted order. Raises DataError (a ValueError) for labels that are
    not those of so many classes, and ShapeError (a ValueError) for a model of one output.
    """
    if loss is not cross_entropy:
        if np.asarray(targets).dtype.kind in "UST":
            raise CoercionError(
                f"targets are texts, and {getattr(loss, '__name__', 'the loss')} takes numbers; labels as they are go "
                "with loss=\"cross_entropy\", and two classes as labels == 'one of them'"
            )
        return targets
    given = np.asarray(targets)
    if given.ndim == 2 and given.shape[1] > 1:
        return targets
    if isinstance(model, MLP):
        classes = model.outputs
    else:
        with no_grad():
            classes = len(output_list(model(feature_matrix(features)[0].tolist())))
    if classes == 1:
        raise ShapeError(
            "cross_entropy takes a model of one output for each class, got one output; "
            'for two classes use one output with loss="log_loss_from_logits", or two outputs'
        )
    labels = label_array(targets)
    if labels.dtype.kind in "biuf":
        return label_shares(labels.astype(float), classes)
    distinct = np.unique(labels)
    if len(distinct) > classes:
        raise DataError(f"the labels have {len(distinct)} classes and the model {classes} outputs: {distinct.tolist()}")
    if len(distinct) < classes:
        raise DataError(
            f"the labels have {len(distinct)} classes, {distinct.tolist()}, and the model {classes} outputs; "
            "pass nn.one_hot(labels, classes) to say which output a class has"
        )
    return one_hot(labels)
