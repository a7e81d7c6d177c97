import math

import numpy as np
import pandas as pd
import pytest

from autodiff.errors import CoercionError, ShapeError
from nn import DataError
from nn.data.records import checked_records

GOOD = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
FRAME = pd.DataFrame(GOOD, columns=["gre", "gpa"], index=[7, 8, 9])


@pytest.mark.parametrize("features", [GOOD, np.array(GOOD), np.array(GOOD, dtype=np.float32), FRAME, tuple(GOOD)])
@pytest.mark.parametrize(
    "targets", [[0, 1, 0], (0.0, 1.0, 0.0), pd.Series([0, 1, 0]), [[0], [1], [0]], [False, True, False]]
)
def test_kinds_of_data(features, targets):
    made = checked_records(features, targets)
    np.testing.assert_array_equal(made.features, np.array(GOOD), strict=True)
    np.testing.assert_array_equal(made.targets, np.array([0.0, 1.0, 0.0]), strict=True)
    assert made.features.flags.c_contiguous
    assert (len(made), made.outputs) == (3, 1)
    assert (made.record(1), made.target(1)) == (GOOD[1], 1.0)
    assert {type(x) for x in (*made.record(1), made.target(1))} == {float}


def test_columns_side_by_side_become_rows():
    assert checked_records(np.asfortranarray(GOOD), [1, 2, 3]).features.flags.c_contiguous


def test_records_are_copies():
    given = np.array(GOOD)
    made = checked_records(given, [1, 2, 3])
    given[:] = 0.0
    assert made.record(2) == GOOD[2]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8, ">f8"])
def test_a_memory_map_stays_one(tmp_path, dtype):
    mapped = np.memmap(tmp_path / "features", dtype=dtype, mode="w+", shape=(3, 2))
    mapped[:] = GOOD
    made = checked_records(mapped, [1, 2, 3])
    assert made.features is mapped
    assert made.record(1) == GOOD[1]


def test_several_targets():
    made = checked_records(GOOD, np.eye(3))
    assert made.targets.tolist() == np.eye(3).tolist()
    assert (made.outputs, made.target(1)) == (3, [0.0, 1.0, 0.0])


def with_entry(entry):
    """FRAME's numbers with another at row 2, column 1."""
    changed = np.array(GOOD)
    changed[2, 1] = entry
    return changed


REFUSED = [
    (GOOD, [1.0, 0.0], ShapeError, "features have 3 records and targets 2"),
    ([1.0, 2.0, 3.0], [1, 2, 3], ShapeError, r"\(records, inputs\), got \(3,\)"),
    (np.zeros((3, 1, 1)), [1, 2, 3], ShapeError, r"got \(3, 1, 1\)"),
    (GOOD, np.zeros((3, 1, 1)), ShapeError, r"\(records, outputs\), got \(3, 1, 1\)"),
    (GOOD, 1.0, ShapeError, r"targets take .* got \(\)"),
    ([[1.0], [1.0, 2.0]], [1, 2], ShapeError, "features: rows of unequal lengths"),
    (np.zeros((0, 2)), [], DataError, r"features are empty, of shape \(0, 2\)"),
    ([[], []], [1, 2], DataError, r"features are empty, of shape \(2, 0\)"),
    (GOOD, [], DataError, "targets are empty"),
    (with_entry(math.nan), [1, 2, 3], DataError, "features hold nan at row 2, column 1;"),
    (with_entry(-math.inf), [1, 2, 3], DataError, "features hold -inf at row 2, column 1;"),
    (FRAME.replace(6.0, math.nan), [1, 2, 3], DataError, r"nan at row 2, column 1 \('gpa'\)"),
    (np.full((2, 2), math.nan), [1, 2], DataError, "row 0, column 0 and 3 more like it"),
    (GOOD, [1, math.nan, 3], DataError, "targets hold nan at row 1;"),
    (GOOD, [[1, 2], [3, math.inf], [5, 6]], DataError, "targets hold inf at row 1, column 1;"),
    ([["a", "b"]], [1], CoercionError, "features: expected real numbers"),
    (GOOD, ["no", "yes", "no"], CoercionError, "targets: expected real numbers"),
    (FRAME.astype(object).replace(4.0, "four"), [1, 2, 3], CoercionError, r"'four' at row 1, column 1 \('gpa'\)"),
    (GOOD, [1, None, 3], CoercionError, "None at row 1"),
]


@pytest.mark.parametrize(("features", "targets", "error", "message"), REFUSED)
def test_refused_data(features, targets, error, message):
    with pytest.raises(error, match=message):
        checked_records(features, targets)
