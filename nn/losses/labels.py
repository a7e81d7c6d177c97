"""Labels: which class a record belongs to, as integers or strings, and as rows of zeros and a one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.arrays import RealArray
from nn.errors import DataError


def one_hot(labels: Any, classes: int | Sequence[Any] | None = None) -> RealArray:
    """A row for each label: 1 in the column of its class and 0 elsewhere.

    Parameters
    ----------
    labels : array_like, shape (n,)
        Integers, strings or booleans.
    classes : int or sequence, optional
        The classes in the order of the columns; an integer k means 0 to k - 1. By default the distinct labels in
        sorted order, as `numpy.unique` gives them.

    Returns
    -------
    ndarray of float, shape (n, classes)

    Raises
    ------
    DataError
        A ValueError that names the row, for a label that is not among the classes.
    ShapeError
        A ValueError, for labels of another shape.

    Examples
    --------
    >>> one_hot(["cat", "dog", "cat"])
    array([[1., 0.],
           [0., 1.],
           [1., 0.]])
    >>> one_hot([2, 0], classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    column = label_array(labels)
    if classes is None:
        columns = list(np.unique(column))
    else:
        columns = list(range(classes)) if isinstance(classes, int) else list(classes)
    places = {label: place for place, label in enumerate(columns)}
    rows = np.zeros((len(column), len(columns)))
    for row, label in enumerate(column.tolist()):
        if label not in places:
            raise DataError(
                f"the label {label!r} at row {row} is none of the {len(columns)} classes: "
                f"{', '.join(map(repr, columns[:10]))}{', …' if len(columns) > 10 else ''}"
            )
        rows[row, places[label]] = 1.0
    return rows


def label_array(labels: Any) -> np.ndarray[Any, Any]:
    """Labels as an array of shape (n,). Raises ShapeError (a ValueError) for another shape."""
    column = np.asarray(labels)
    if column.ndim == 2 and column.shape[1] == 1:
        column = column[:, 0]
    if column.ndim != 1:
        raise ShapeError(f"labels take the shape (records,), got {column.shape}")
    return column


def label_shares(labels: Any, classes: int) -> RealArray:
    """The rows of integer labels from 0 to classes - 1: what cross entropy reads.

    Raises DataError (a ValueError) that names the first label of another kind.
    """
    column = np.atleast_1d(np.asarray(labels, dtype=object))
    for row, label in enumerate(column.tolist()):
        whole = isinstance(label, (int, np.integer)) or (isinstance(label, float) and label.is_integer())
        if not whole or not 0 <= label < classes:
            raise DataError(
                f"labels of {classes} classes are integers from 0 to {classes - 1}, got {label!r} at row {row}; "
                "nn.one_hot(labels) takes any labels, and counts classes in sorted order"
            )
    return one_hot(column.astype(float).astype(int), classes)
