"""Page: a program in words, as a person reads it, printed or drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import final

_SHAPE = 15  # characters, with the space after them
_LONGEST = 60
"""Origins are aligned behind operations of up to this many characters."""


@final
@dataclass(frozen=True)
class Entry:
    """One block of a program, some of its rows, or one of its results."""

    name: str
    """`%4` for a block, `%0[2:8]` for rows of it, `gradient along x` for a result."""
    shape: str
    text: str
    """Its contents, or how it is computed."""
    origin: str = ""
    """The scopes and labels that it came from."""
    reads: tuple[str, ...] = ()
    """The names of the entries that it reads."""
    batched: bool = False
    """It differs from record to record."""
    parts: tuple[Entry, ...] = ()
    """The parts in which a block is read, if there are several."""
    block: int | None = None
    """The number of the block that it is, or is rows of; None for a result."""
    sources: tuple[int, ...] = ()
    """The block that each of `reads` is of."""
    scope: tuple[str, ...] = ()
    """The scopes that all its rows came from, outermost first."""
    operation: str = ""
    """The name of the primitive of a step."""


@final
@dataclass(frozen=True)
class Section:
    """Entries of one kind, under a heading."""

    heading: str
    entries: tuple[Entry, ...]
    leading: bool = True
    """Its entries lead to the result; those of other sections only to derivatives."""


@final
@dataclass(frozen=True)
class Page:
    """A program in words. Printing it gives a line for each entry."""

    totals: tuple[str, ...]
    """How many operations became how many steps, and the memory that they take."""
    given: Section
    steps: tuple[Section, ...]
    """In the order in which they run."""
    results: Section
    legend: tuple[tuple[str, str], ...]
    """The signs above, each with its meaning."""

    def __str__(self) -> str:
        sections = [section for section in (self.given, *self.steps) if section.entries]
        entries = list(chain.from_iterable(section.entries for section in sections))
        names = max((len(entry.name) for entry in entries), default=0)
        width = max((len(entry.text) for entry in entries if entry.origin and len(entry.text) <= _LONGEST), default=0)
        lines = list(self.totals)
        for section in sections:
            lines.append(section.heading)
            for entry in section.entries:
                lines += [_line(entry, names, width), *(_part_line(part, names) for part in entry.parts)]
        return "\n".join([*lines, *_result_lines(self.results), *_explained(self.legend)])


def _line(entry: Entry, names: int, width: int) -> str:
    start = f"  {entry.name:<{names}} {entry.shape:<{_SHAPE}}"
    return f"{start}{entry.text:<{width}}  # {entry.origin}" if entry.origin else f"{start}{entry.text}".rstrip()


def _part_line(part: Entry, names: int) -> str:
    return f"{'':<{names + _SHAPE + 5}}{part.name}: {part.text}"


def _result_lines(results: Section) -> list[str]:
    names = max((len(entry.name) for entry in results.entries), default=0)
    lines = [results.heading]
    for entry in results.entries:
        lines += [_line(entry, names, 0), *(_part_line(part, names) for part in entry.parts)]
    return lines


def _explained(legend: tuple[tuple[str, str], ...]) -> list[str]:
    width = max((len(sign) for sign, _ in legend), default=0)
    return ["legend", *(f"  {sign:<{width}}  {meaning}" for sign, meaning in legend)] if legend else []
