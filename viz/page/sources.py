"""Sources: the lines that made a graph, and the columns of each operation, without the folders they stand in."""

from __future__ import annotations

import linecache
import re
from typing import Any

from autodiff import Value
from viz.page.tape import Tape

_NOTED = re.compile(r"(?P<file>.*?):(?P<line>\d+) in (?P<function>[^:]*): (?P<text>.*?)(?: \[(?P<columns>column.*)\])?")
_COLUMNS = re.compile(r"columns (\d+)-(\d+)")


def sources_payload(tape: Tape) -> dict[str, Any] | None:
    """The lines in the order of the program, and for each slot its line and columns; None where nothing was noted.

    Columns count from 0 in the text without its indentation, the end excluded; both are 0 where they are not known.
    """
    noted = {slot: found for slot, value in enumerate(tape.values) if (found := _noted(value))}
    if not noted:
        return None
    lines = sorted({found[0] for found in noted.values()})
    names = {path: re.split(r"[\\/]", path)[-1] for path, *_ in lines}
    return {
        "lines": [[names[path], line, text] for path, line, text in lines],
        "at": {str(slot): [lines.index(place), *columns] for slot, (place, columns) in noted.items()},
    }


def _noted(value: Any) -> tuple[tuple[str, int, str], tuple[int, int]] | None:
    """File, line and text of an operation, and its columns."""
    if not isinstance(value, Value) or value.primitive is None or value.origin is None:
        return None
    match = _NOTED.fullmatch(value.origin.source)
    if match is None:
        return None
    file, line, text = match["file"], int(match["line"]), match["text"]
    return (file, line, text), _columns(match["columns"] or "", _indentation(file, line, text), text)


def _columns(noted: str, indentation: int | None, text: str) -> tuple[int, int]:
    """The columns in the text; none where the operation spans lines, or the file has changed since."""
    match = _COLUMNS.fullmatch(noted)
    if match is None or indentation is None:
        return 0, 0
    start, end = int(match[1]) - 1 - indentation, int(match[2]) - indentation
    return (start, end) if 0 <= start < end <= len(text) else (0, 0)


def _indentation(file: str, line: int, text: str) -> int | None:
    """How far the line is indented; an expression of the command line has no file and is not."""
    if file == "expression":
        return 0
    whole = linecache.getline(file, line)
    return len(whole) - len(whole.lstrip()) if whole.strip() == text else None
