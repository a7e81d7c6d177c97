"""What `base.js` evaluates by hand: read from the module itself, so that the two cannot differ."""

from __future__ import annotations

import re
from importlib.resources import files

_TEXT = files("viz.page").joinpath("script", "base.js").read_text(encoding="utf-8")
_ROWS = re.findall(r"^  (\w+): (?:\((\w*)[^)]*\)|\w+|Math\.\w+)", _TEXT.split("const BASE = {", 1)[1], re.MULTILINE)

BASE = frozenset(name for name, _ in _ROWS)
"""The operations that the script can evaluate."""

VARIADIC = frozenset(name for name, first in _ROWS if first == "xs")
"""Those of them that take one array of operands."""
