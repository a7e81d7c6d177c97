"""Summary: the parts of a model, with their inputs, outputs and numbers of parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, final

from autodiff import Value

_TITLES = ("part", "inputs", "outputs", "parameters")


@final
@dataclass(frozen=True)
class Summary:
    """A table with a row for each part of a model. It prints as text, and shows as a table in a notebook."""

    title: str
    rows: Sequence[tuple[str, str, str, str]]
    total: int
    """The number of parameters; one in several parts counts once."""

    def __repr__(self) -> str:
        table = [_TITLES, *self.rows]
        widths = [max(len(row[k]) for row in table) for k in range(len(_TITLES))]
        lines = ["  ".join(_cells(row, widths)).rstrip() for row in table]
        return "\n".join([*lines, f"{self.total:,} parameters"])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{title}</th>" for title in _TITLES)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows)
        caption = f"{escape(self.title)}: {self.total:,} parameters"
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{body}</table>"


def summary_of(model: Any, module_type: type) -> Summary:
    """The summary of a Module; a part is a Module among its attributes, or in a list, tuple or dict among them."""
    parts = list(_parts(vars(model).items(), module_type)) or [("", model)]
    rows = [(f"{name} {_title(part)}".strip(), *_counts(part, module_type)) for name, part in parts]
    return Summary(type(model).__name__, rows, len(model.parameters()))


def _parts(entries: Any, module_type: type) -> Iterator[tuple[str, Any]]:
    for name, thing in entries:
        if isinstance(thing, module_type):
            yield str(name), thing
        elif isinstance(thing, (list, tuple)):
            if any(isinstance(part, module_type) for part in thing):
                for place, part in enumerate(thing):
                    yield f"{name}[{place}]", part
        elif isinstance(thing, dict):
            yield from _parts(thing.items(), module_type)


def _title(part: Any) -> str:
    activation = getattr(part, "activation_title", None)
    if activation is not None:
        return f"{type(part).__name__}, {activation}"
    shown = repr(part) if not callable(part) or hasattr(part, "parameters") else getattr(part, "__name__", repr(part))
    return shown if len(shown) <= 40 else type(part).__name__


def _counts(part: Any, module_type: type[Any]) -> tuple[str, str, str]:
    widths = [getattr(part, name, None) for name in ("inputs", "outputs")]
    count = len(part.parameters()) if isinstance(part, module_type) else int(isinstance(part, Value))
    inputs, outputs = ("" if width is None else str(width) for width in widths)
    return inputs, outputs, f"{count:,}"


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """The first column stands left, numbers stand right."""
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
