"""JSON read strictly: what Python's reader lets pass, and other readers do not, is refused here."""

from __future__ import annotations

import json
import math
import sys
from typing import Any, NoReturn, final

from autodiff.errors import CoercionError, GraphFormatError

_LARGEST = int(sys.float_info.max)
_MOST_DIGITS = len(str(-_LARGEST))


@final
class Oversized:
    """A number of a text that no float can hold."""

    def __init__(self, digits: str) -> None:
        self._digits = digits

    def __repr__(self) -> str:
        return self._digits if len(self._digits) <= 40 else f"{self._digits[:37]}..."


def parsed(text: str | bytes | bytearray, *, max_nodes: int) -> Any:
    """The document of a strict JSON text, with Oversized in place of numbers beyond the floats.

    Raises GraphFormatError (a ValueError) for anything that is not JSON, for NaN and Infinity, which JSON
    does not have, for a key that comes twice in one object, for nesting that a reader cannot follow, and, as soon as
    they have been read, for more than `max_nodes` nodes; and CoercionError (a TypeError) for anything but text.
    """
    if not isinstance(text, (str, bytes, bytearray)):
        raise CoercionError(f"expected the text of a graph, got {text!r:.60} of type {type(text).__name__}")
    try:
        return json.loads(
            text,
            parse_float=_real,
            parse_int=_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_Objects(max_nodes).add,
        )
    except json.JSONDecodeError as error:
        raise GraphFormatError(f"not JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise GraphFormatError(f"not JSON, which is UTF-8: {error}") from error
    except RecursionError as error:
        raise GraphFormatError("the JSON is nested too deeply; a graph is a flat list of nodes") from error


def _real(digits: str) -> float | Oversized:
    number = float(digits)
    return number if math.isfinite(number) else Oversized(digits)


def _integer(digits: str) -> int | Oversized:
    if len(digits) > _MOST_DIGITS:  # not to be read at all: the cost grows with the square of the length
        return Oversized(digits)
    number = int(digits)
    return number if abs(number) <= _LARGEST else Oversized(digits)


def _refuse_constant(name: str) -> NoReturn:
    written = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}[name]
    raise GraphFormatError(f'{name} is not JSON; a graph writes it as the string "{written}"')


@final
class _Objects:
    """The objects of a text, as the parser comes to them."""

    def __init__(self, max_nodes: int) -> None:
        self._nodes, self._max_nodes = 0, max_nodes

    def add(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """The next object, which counts as a node if it has data."""
        record = _without_duplicates(pairs)
        self._nodes += "data" in record
        if self._nodes > self._max_nodes + 1:  # an object of named roots may have a root called data
            raise GraphFormatError(f"more than max_nodes={self._max_nodes} nodes; raise it if you trust the text")
        return record


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict[str, Any]()
    for key, content in pairs:
        if key in record:
            raise GraphFormatError(f"the key {key[:60]!r} comes twice in one object")
        record[key] = content
    return record
