"""Python inside a compiled function: each thing that one may write is refused, or right, and none differs in silence.

Right is what the same function gives on Values, record by record; where Values refuse, what it gives on floats.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff import Value, compile
from autodiff.errors import TraceError
from tests.autodiff.compilation.python_probes import NUMBERS, ROWS, TEXTS, VARYING, Probe

POINTS: list[Any] = [0.5, 1.0, -2.0, 3.0, 0.0, 0.7]
RECORDS: list[Any] = [[1.0, 2.0, 3.0], [0.5, -1.0, 0.0], [3.0, 0.25, 0.5], [0.0, 0.0, 0.0], [math.nan, 1.0, 2.0]]
FOLDER = Path(__file__).parent  # the line is that of a probe, and not of Python's own modules
PROBES = {("number", name): probe for name, probe in NUMBERS.items()} | {
    ("row", name): probe for name, probe in ROWS.items()
}


def _number(made: Any) -> float:
    return float(np.asarray(made.data if isinstance(made, Value) else made, dtype=float))


def _attempt(probe: Probe, given: Any) -> float | Exception:
    try:
        return _number(probe(given))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not silent
        return error


def _eagerly(probe: Probe, record: Any) -> float | Exception:
    listed = isinstance(record, list)
    made = _attempt(probe, [*map(Value, record)] if listed else Value(record))
    return _attempt(probe, [*record] if listed else record) if isinstance(made, Exception) else made


def _agree(made: float, expected: float | Exception) -> bool:
    if isinstance(expected, Exception):
        return False
    return made == expected or math.isclose(made, expected, rel_tol=1e-12) or (made != made and expected != expected)


def _outcome(kind: str, probe: Probe) -> str:
    """How the compiled function behaves: "right", "refused", "raises as on Values", or else what was wrong."""
    records = POINTS if kind == "number" else RECORDS
    try:
        made = np.asarray(compile(probe)(records), float).tolist()
    except TraceError as error:
        message = str(error)
        told = f" at {FOLDER}" in message and ("; " in message or ": " in message)
        return "refused" if told else f"refused without a line or a remedy: {message}"
    except Exception as error:  # noqa: BLE001 - compared with that of Values
        on_values = _attempt(probe, [*map(Value, records[0])] if kind == "row" else Value(records[0]))
        return "raises as on Values" if type(on_values) is type(error) else f"{error!r}, on Values {on_values!r}"
    expected = [_eagerly(probe, record) for record in records]
    return "right" if all(map(_agree, made, expected)) else f"gave {made}, expected {expected}"


@pytest.mark.parametrize(("kind", "name"), PROBES)
@pytest.mark.filterwarnings("ignore")
def test_refused_or_right(kind: str, name: str) -> None:
    assert _outcome(kind, PROBES[kind, name]) in KINDS


KINDS = ("right", "refused", "raises as on Values")


def test_the_table_holds_many_of_each_kind() -> None:
    """Whoever refuses all is never wrong, so a good part must be right."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        counts = Counter(_outcome(kind, probe) for (kind, _), probe in PROBES.items())
    assert set(counts) == set(KINDS)
    assert counts["right"] >= 180
    assert counts["refused"] >= 250


@pytest.mark.parametrize("name", VARYING)
def test_what_a_trace_cannot_see_is_found_by_check(name: str) -> None:
    with pytest.raises(TraceError, match=r"for a record the function returns|was used after its trace"):
        compile(VARYING[name]).check([0.5, 1.0, -2.0])


@pytest.mark.parametrize("name", TEXTS)
def test_texts_show_no_number(name: str) -> None:
    texts: list[str] = []
    compile(lambda x: (texts.append(TEXTS[name](x)), x)[1])([7.25])
    assert texts
    assert not any(digits in text for text in texts for digits in ("7.25", "8.125"))
