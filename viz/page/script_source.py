"""The script of a page: the readable modules of this package, joined with what was traced for one graph."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib.resources import files

ENGINE = ("base", "engine", "network", "training")
"""The modules that compute."""

INTERFACE = (
    "dom", "numbers", "scale", "graph", "state", "view", "layout", "picture", "cards", "drawing", "words", "why",
    "findings", "tables", "frame", "app", "keys", "main",
)  # fmt: skip
"""The modules that show."""

COMPENSATED = sys.version_info >= (3, 12)
"""Whether Python's sum keeps what rounding loses, so that the script does too."""


def module_text(name: str, suffix: str = "js") -> str:
    """One module of the script, or its style sheet."""
    return files("viz.page").joinpath("script", f"{name}.{suffix}").read_text(encoding="utf-8")


def without_comments(text: str) -> str:
    """A module without the lines of its comments and without indentation: who reads it reads it in the package.

    The modules keep comments on lines of their own, begun by `//`, `/**` or `*`, or after ` // `.
    """
    kept, inside = [], False
    for line in map(str.strip, text.splitlines()):
        if inside or line.startswith(("//", "/**")):
            inside = (inside or line.startswith("/**")) and "*/" not in line
            rest = line.split("*/", 1)[1].strip() if "*/" in line else ""
        else:
            rest = line.split(" // ", 1)[0]
        if rest:
            kept.append(rest)
    return "\n".join(kept)


def engine_source(operations: Mapping[str, str], update: str | None) -> str:
    """All that computes: the modules, the traced operations and the traced update."""
    rows = ",\n".join(f"{json.dumps(name)}: {source}" for name, source in operations.items())
    return "\n".join(
        [
            f"const COMPENSATED = {json.dumps(COMPENSATED)};",
            *(without_comments(module_text(name)) for name in ENGINE),
            f"/** @type {{Record<string, Operation>}} */\nconst OPERATIONS = {{{rows}}};",
            f"const UPDATE = {update or 'null'};",
        ]
    )


def page_script(operations: Mapping[str, str], update: str | None) -> str:
    """The whole script of a page, in a scope of its own."""
    parts = [engine_source(operations, update), *(without_comments(module_text(name)) for name in INTERFACE)]
    return "\n".join(["'use strict';", "(() => {", *parts, "})();"])


def style_text() -> str:
    """The style sheet."""
    return module_text("page", "css")
