"""The script of a page: the readable modules of this package, joined with what was traced for one graph."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib.resources import files

ENGINE = ("base", "engine", "network", "training")
"""The modules that compute."""

INTERFACE: tuple[str, ...] = ()
"""The modules that show."""

COMPENSATED = sys.version_info >= (3, 12)
"""Whether Python's sum keeps what rounding loses, so that the script does too."""


def module_text(name: str, suffix: str = "js") -> str:
    """One module of the script, or its style sheet."""
    return files("viz.page").joinpath("script", f"{name}.{suffix}").read_text(encoding="utf-8")


def engine_source(operations: Mapping[str, str], update: str | None) -> str:
    """All that computes: the modules, the traced operations and the traced update."""
    rows = ",\n".join(f"{json.dumps(name)}: {source}" for name, source in operations.items())
    return "\n".join(
        [
            f"const COMPENSATED = {json.dumps(COMPENSATED)};",
            *map(module_text, ENGINE),
            f"/** @type {{Record<string, Operation>}} */\nconst OPERATIONS = {{{rows}}};",
            f"const UPDATE = {update or 'null'};",
        ]
    )
