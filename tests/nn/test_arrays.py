import decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from autodiff import Value
from autodiff.errors import CoercionError, ShapeError
from nn.arrays import real_array

REAL = [
    (3, 3.0),
    ([1, True, 2.5], [1.0, 1.0, 2.5]),
    ([[Fraction(1, 2), 1]], [[0.5, 1.0]]),
    (np.array([1, 2], dtype=np.int8), [1.0, 2.0]),
    (np.array([0.5], dtype=np.float32), [0.5]),
    (np.ma.array([1, 2], mask=[False, True]), [1.0, np.nan]),
    (pd.DataFrame({"a": [1, 2], "b": [True, False]}), [[1.0, 1.0], [2.0, 0.0]]),
]


@pytest.mark.parametrize(("given", "expected"), REAL)
def test_real_numbers_become_floats(given, expected):
    array = real_array(given, "data")
    assert array.dtype == float
    np.testing.assert_array_equal(array, np.array(expected))


def test_the_array_is_a_copy():
    given = np.zeros(2)
    real_array(given, "data")[0] = 1.0
    assert given[0] == 0.0


NOT_REAL = [
    ("seven", "data"),
    (["1.5"], "data"),
    ([1j], "complex"),
    (np.array(["2020-01-01"], dtype="datetime64[D]"), "datetime64"),
    ([1.0, None], "None at row 1"),
    ([[1.0, 2.0], [3.0, Value(1.0)]], "at row 1, column 1"),
    ([decimal.Decimal(1)], "at row 0"),
    (object(), "the only entry"),
    (iter([1.0]), r"read only once; pass list\(data\)"),
    (scipy.sparse.eye(2), r"sparse matrix .* pass data\.toarray\(\)"),
    (pd.DataFrame({"gre": [1, 2], "gpa": [3, "x"]}), r"'x' at row 1, column 1 \('gpa'\)"),
]


@pytest.mark.parametrize(("given", "message"), NOT_REAL)
def test_what_is_not_real_is_named(given, message):
    with pytest.raises(CoercionError, match=message):
        real_array(given, "data")


def test_ragged_rows():
    with pytest.raises(ShapeError, match="data: rows of unequal lengths"):
        real_array([[1.0], [1.0, 2.0]], "data")
