"""Table: rows of text, written for a terminal or as HTML that stands alone, in light and dark."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

MOST_ROWS = 30
_MINUS = re.compile(r"(?<![\w-])-(?=\d)")

# The notebooks name their theme on the body; elsewhere the reader's preference counts.
_DARK = (
    "--p:#191c20;--l:#30353c;--i:#eceef0;--f:#b9bfc7;--n:#f5ae67;--o:#bcaaf4;--a:#45c4d2"
)  # fmt: skip
STYLE = (
    "<style>.vgw{--p:#ffffff;--l:#dfdfdb;--i:#1a1b1d;--f:#4c5055;--n:#9c4a05;--o:#54348f;--a:#00707e;"
    "background:var(--p);color:var(--i);border:1px solid var(--l);border-radius:8px;padding:12px 16px;margin:4px 0;"
    "display:inline-block;max-width:100%;box-sizing:border-box;overflow-x:auto;"
    'font:13px/1.45 Inter,"Segoe UI","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}'
    ".vgw b{font-weight:600}.vgw .h{font-size:14px;font-weight:700}.vgw .f{color:var(--f)}"
    ".vgw table{border-collapse:collapse;margin-top:8px;background:none;color:inherit;font-size:12px}"
    ".vgw tr,.vgw tr:nth-child(even){background:none!important}"
    ".vgw th,.vgw td{text-align:right;padding:3px 0 3px 20px;border:0;color:inherit;white-space:nowrap}"
    ".vgw th{font-weight:400;color:var(--f)}.vgw th:first-child,.vgw td:first-child{text-align:left;padding-left:0}"
    ".vgw .t td{border-top:1px solid var(--l);font-weight:600}.vgw .n{color:var(--n)}.vgw .o{color:var(--o)}"
    ".vgw p{margin:8px 0 0;max-width:62ch}.vgw .r{color:var(--a);font-weight:600}"
    f"@media(prefers-color-scheme:dark){{.vgw{{{_DARK}}}}}"
    f'[data-jp-theme-light="false"] .vgw,.vscode-dark .vgw,[data-theme="dark"] .vgw{{{_DARK}}}'
    '[data-jp-theme-light="true"] .vgw,.vscode-light .vgw,[data-theme="light"] .vgw{--p:#ffffff;--l:#dfdfdb;'
    "--i:#1a1b1d;--f:#4c5055;--n:#9c4a05;--o:#54348f;--a:#00707e}</style>"
)


@final
@dataclass(frozen=True)
class Table:
    """A heading, rows of cells under column titles, and a last row. All cells are text."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    total: Sequence[str] = ()
    shaded: int = -1
    """The column whose sign gets a color."""

    def text(self) -> str:
        """Columns of text, the first to the left, for a terminal. Empty columns are left out."""
        rows, hidden = self._shown()
        kept = self._kept(rows)
        lines = [[row[place] for place in kept] for row in (self.columns, *rows, *([self.total] if self.total else []))]
        widths = [max(len(line[place]) for line in lines) for place in range(len(kept))]
        body = ["  ".join(_cells(line, widths)).rstrip() for line in lines]
        if hidden:
            body.insert(len(rows) + 1, f"… {hidden:,} more")
        heading = f"{self.title} ({self.note})" if self.note else self.title
        return "\n".join([heading, *body])

    def html(self) -> str:
        """One block of HTML with its own style: nothing is loaded, every text is escaped."""
        rows, hidden = self._shown()
        kept = self._kept(rows)
        head = "".join(f"<th>{html.escape(self.columns[place])}</th>" for place in kept)
        body = "".join(f"<tr>{self._row(row, kept)}</tr>" for row in rows)
        if hidden:
            body += f'<tr><td class="f">… {hidden:,} more</td></tr>'
        if self.total:
            body += f'<tr class="t">{self._row(self.total, kept)}</tr>'
        return block(self.title, self.note, f"<table><tr>{head}</tr>{body}</table>" if self.rows else "")

    def _row(self, row: Sequence[str], kept: Sequence[int]) -> str:
        return "".join(
            f"<td{_tint(row[place]) if place == self.shaded else ''}>{signed(row[place])}</td>" for place in kept
        )

    def _kept(self, rows: Sequence[Sequence[str]]) -> Sequence[int]:
        return [place for place in range(len(self.columns)) if place == 0 or any(row[place] for row in rows)]

    def _shown(self) -> tuple[Sequence[Sequence[str]], int]:
        """The rows that are shown, and how many are not."""
        if len(self.rows) <= MOST_ROWS:
            return self.rows, 0
        return self.rows[:MOST_ROWS], len(self.rows) - MOST_ROWS


def block(title: str, note: str, content: str) -> str:
    """A card of HTML with a heading; `content` is HTML, the rest is text."""
    faint = f' <span class="f">{signed(note)}</span>' if note else ""
    return f'<div class="vgw">{STYLE}<span class="h">{signed(title)}</span>{faint}{content}</div>'


def signed(text: str) -> str:
    """Escaped text, its numbers with the minus sign of mathematics."""
    return _MINUS.sub("−", html.escape(text))


def _tint(text: str) -> str:
    return ' class="n"' if text.startswith("-") else ' class="o"' if text.strip("0.") else ""


def _cells(line: Sequence[str], widths: Sequence[int]) -> Sequence[str]:
    first, *others = zip(line, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
