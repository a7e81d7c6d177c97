import numpy as np
import pandas as pd
import pytest

from autodiff.errors import ShapeError
from nn import DataError, one_hot


@pytest.mark.parametrize(
    ("labels", "classes", "rows"),
    [
        ([0, 2], 3, [[1, 0, 0], [0, 0, 1]]),
        ([5, 3, 5], None, [[0, 1], [1, 0], [0, 1]]),
        (["b", "a"], None, [[0, 1], [1, 0]]),
        (["b", "a"], ["b", "a", "c"], [[1, 0, 0], [0, 1, 0]]),
        ([True, False], None, [[0, 1], [1, 0]]),
        (np.array([[1], [0]]), 2, [[0, 1], [1, 0]]),
        (pd.Series(["x", "y"]), None, [[1, 0], [0, 1]]),
    ],
)
def test_one_hot(labels, classes, rows):
    np.testing.assert_array_equal(one_hot(labels, classes), rows)


def test_a_label_of_no_class_is_named_with_its_row():
    with pytest.raises(DataError, match="'c' at row 1 is none of the 2 classes: 'a', 'b'"):
        one_hot(["a", "c"], ["a", "b"])


def test_labels_are_a_column():
    with pytest.raises(ShapeError, match=r"\(records,\), got \(2, 2\)"):
        one_hot([[1, 0], [0, 1]])
