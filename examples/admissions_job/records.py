"""The admissions records as a CSV file holds them: read whole, and refused with one clear line if malformed."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

COLUMNS = ("admit", "gre", "gpa", "rank")
DEFAULT_CSV = Path(__file__).parents[1] / "data" / "admissions.csv"

_ALLOWED = {"admit": ((0.0, 1.0), "0 or 1"), "rank": ((1.0, 2.0, 3.0, 4.0), "a whole number from 1 to 4")}


class RecordsError(ValueError):
    """The file cannot be read as admissions records; the message is one line that names it and the place."""


def read_records(path: Path) -> pd.DataFrame:
    """The records in the file's order: float columns admit, gre, gpa, rank, and rows numbered from 0.

    Raises RecordsError for a file that is missing, unreadable or empty, for a missing, unknown or repeated
    column, and for a cell that is not a finite number, an admit other than 0 and 1, a rank outside 1 to 4.
    """
    lines = _read_lines(path)
    if not lines:
        raise RecordsError(f"{path} is empty; expected a header line {','.join(COLUMNS)} and records below it")
    (_, header), *body = lines
    names = [name.strip() for name in header]
    _check_header(path, names)
    if not body:
        raise RecordsError(f"{path} has a header but no records")
    rows = [_parsed(f"{path}, line {number}", names, cells) for number, cells in body]
    return pd.DataFrame(rows, columns=names)[list(COLUMNS)]


def _read_lines(path: Path) -> list[tuple[int, list[str]]]:
    """The cells of every line that is not blank, with the number of the line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            return [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except OSError as error:
        raise RecordsError(f"cannot read {path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise RecordsError(f"{path} is not a CSV text file: {error}") from error


def _check_header(path: Path, names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in COLUMNS if name not in names]
    faults = [f"unknown column {name!r}" for name in unknown] + [f"no column {name!r}" for name in missing]
    if len(set(names)) < len(names):
        faults.append("a column that is there twice")
    if faults:
        raise RecordsError(f"{path} has {', '.join(faults)}; expected the columns {', '.join(COLUMNS)}")


def _parsed(place: str, names: Sequence[str], cells: Sequence[str]) -> list[float]:
    if len(cells) != len(names):
        raise RecordsError(f"{place} has {len(cells)} cells, expected {len(names)}")
    return [_number(place, name, cell) for name, cell in zip(names, cells, strict=True)]


def _number(place: str, name: str, cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RecordsError(f"{place}: {name} is {cell!r}, expected a number")
    allowed, expected = _ALLOWED.get(name, ((number,), ""))
    if number not in allowed:
        raise RecordsError(f"{place}: {name} is {cell!r}, expected {expected}")
    return number
