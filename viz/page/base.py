"""What `base.js` evaluates by hand: read from the module itself, so that the two cannot differ."""

from __future__ import annotations

import re
from importlib.resources import files

_TEXT = files("viz.page").joinpath("script", "base.js").read_text(encoding="utf-8")
_ROWS = re.findall(r"^  (\w+): (?:\((\w*)[^)]*\)|\w+|Math\.\w+)", _TEXT.split("const BASE = {", 1)[1], re.MULTILINE)

BASE = frozenset(name for name, _ in _ROWS)
"""The operations that the script can evaluate."""

_PARTS = re.split(r"\n\n(?=/\*\*|function |const )", _TEXT)


def base_source(used: str) -> str:
    """The module without the evaluations that the text of a script does not use."""
    head, *functions, table = _PARTS
    lines = table.splitlines()
    opening = next(number for number, line in enumerate(lines) if line.startswith("const BASE"))
    rows = [line for line in lines[opening + 1 : -1] if f'BASE["{line.split(":")[0].strip()}"]' in used]
    needed, kept = "\n".join([used, *rows]), [*lines[: opening + 1], *rows, lines[-1]]
    chosen: list[str] = []
    for part in reversed(functions):  # a function calls those above it
        name = re.search(r"^function (\w+)", part, re.MULTILINE)
        if name is None or re.search(rf"\b{name[1]}\b", needed):
            chosen.append(part)
            needed += part
    return "\n\n".join([head, *reversed(chosen), "\n".join(kept)])


VARIADIC = frozenset(name for name, first in _ROWS if first == "xs")
"""Those of them that take one array of operands."""
