"""Prediction: a model's outputs as plain numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Value, no_grad
from nn.arrays import RealArray
from nn.data import feature_matrix
from nn.objective import Model, output_list


def predict(model: Model, features: Any) -> RealArray:
    """The outputs of `model` for features of shape (n, inputs), without recording.

    Returns shape (n,) for a model of one output, and (n, outputs) for one of several. Raises
    ShapeError (a ValueError) that names both widths, DataError (a ValueError) for no records, nan
    or infinity, and CoercionError (a TypeError) for what is not a number.
    """
    rows = feature_matrix(features).tolist()
    with no_grad():
        outputs = np.array([[_number(entry) for entry in output_list(model(row))] for row in rows], dtype=float)
    return outputs[:, 0] if outputs.shape[1] == 1 else outputs


def _number(output: Any) -> Any:
    return output.data if isinstance(output, Value) else output
