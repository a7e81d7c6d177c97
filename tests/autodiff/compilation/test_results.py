"""Results: rows of numbers in the structure that a function returned, record by record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff.compilation.results import unpacked, unpacked_matrix
from autodiff.structure import Atom, Container, Structure

NUMBER, VECTOR, MATRIX = Atom(None), Atom((3,)), Atom((2, 2))
PAIR = Container(dict, (NUMBER, Container(tuple, (MATRIX, NUMBER))), ("a", "b"))
RECORDS = 4


def _records(rows: int) -> np.ndarray:
    """Row r of record k is 10·r + k."""
    return 10.0 * np.arange(rows)[:, np.newaxis] + np.arange(RECORDS)


def _same(made: Any, expected: Any) -> bool:
    """Equal numbers, of one shape, in containers of one kind."""
    if isinstance(expected, dict):
        return [*made] == [*expected] and all(_same(made[key], expected[key]) for key in expected)
    if isinstance(expected, tuple):
        return type(made) is tuple and all(map(_same, made, expected))
    return np.shape(made) == np.shape(expected) and bool(np.all(made == np.asarray(expected)))


@pytest.mark.parametrize(
    ("structure", "rows", "expected"),
    [
        (NUMBER, 1, 0.0),
        (VECTOR, 3, [0.0, 10.0, 20.0]),
        (MATRIX, 4, [[0.0, 10.0], [20.0, 30.0]]),
        (PAIR, 6, {"a": 0.0, "b": ([[10.0, 20.0], [30.0, 40.0]], 50.0)}),
    ],
)
def test_each_record_has_the_structure(structure: Structure, rows: int, expected: Any) -> None:
    made = unpacked(structure, _records(rows), RECORDS)
    alone = [unpacked(structure, _records(rows)[:, k], None) for k in range(RECORDS)]
    assert _same(alone[0], expected)

    def record(tree: Any, k: int) -> Any:
        if isinstance(tree, dict):
            return {key: record(entry, k) for key, entry in tree.items()}
        return tuple(record(entry, k) for entry in tree) if isinstance(tree, tuple) else tree[k]

    assert all(_same(record(made, k), alone[k]) for k in range(RECORDS))


def test_numbers_without_records_are_floats() -> None:
    assert type(unpacked(NUMBER, np.array([2.5]), None)) is float
    assert type(unpacked_matrix(NUMBER, NUMBER, np.array([[2.5]]), None)) is float


def test_what_all_records_share_is_repeated() -> None:
    np.testing.assert_array_equal(unpacked(NUMBER, np.array([2.5]), RECORDS), [2.5] * RECORDS)
    np.testing.assert_array_equal(unpacked(VECTOR, np.arange(3.0), 2), [[0.0, 1.0, 2.0]] * 2)
    columns = np.arange(6.0).reshape(2, 3)
    of_records = unpacked_matrix(Atom((2,)), VECTOR, columns, RECORDS)
    np.testing.assert_array_equal(of_records, [columns] * RECORDS, strict=True)


def test_a_matrix_has_the_structure_of_its_rows_and_in_each_that_of_its_columns() -> None:
    """Entry (i, j) is 10·i + j."""
    matrix = 10.0 * np.arange(6)[:, np.newaxis] + np.arange(4)
    columns = Container(tuple, (VECTOR, NUMBER))
    made = unpacked_matrix(PAIR, columns, matrix, None)
    assert _same(made["a"], ([0.0, 1.0, 2.0], 3.0))
    assert _same(made["b"][0], (matrix[1:5, :3].reshape(2, 2, 3), matrix[1:5, 3].reshape(2, 2)))
    assert _same(made["b"][1], ([50.0, 51.0, 52.0], 53.0))
    of_records = unpacked_matrix(PAIR, columns, matrix[..., np.newaxis] + 100.0 * np.arange(RECORDS), RECORDS)
    for k in range(RECORDS):
        np.testing.assert_array_equal(of_records["b"][0][0][k], made["b"][0][0] + 100.0 * k)
        assert of_records["a"][1][k] == 3.0 + 100.0 * k


@pytest.mark.parametrize(("structure", "shape"), [(NUMBER, (0,)), (VECTOR, (0, 3)), (MATRIX, (0, 2, 2))])
def test_of_no_records(structure: Atom, shape: tuple[int, ...]) -> None:
    assert unpacked(structure, np.empty((structure.size, 0)), 0).shape == shape
