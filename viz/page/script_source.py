"""The script of a page: the readable modules of this package, joined with what was traced for one graph."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files

from viz.page.base import base_source

ENGINE = ("engine", "network")
"""The modules that compute, after the base evaluations that a graph uses."""

FRAME = ("dom", "numbers", "scale", "graph", "state", "view", "picture")
NETWORK = ("training", "layout", "cards", "drawing", "records", "trainbar")
"""What only a page with neurons has."""
EXPRESSION = ("vertices",)
"""What only a page without neurons has."""
PANEL = ("words", "why", "paths", "whatif", "findings", "tables", "scrubber", "frame", "app", "keys", "main")


def modules(*, network: bool) -> tuple[str, ...]:
    """The modules of a page: those that its graph needs."""
    return (*ENGINE, *FRAME, *(NETWORK if network else EXPRESSION), *PANEL)


def module_text(name: str, suffix: str = "js") -> str:
    """One module of the script, or its style sheet."""
    return files("viz.page").joinpath("script", f"{name}.{suffix}").read_text(encoding="utf-8")


def without_comments(text: str) -> str:
    """A module without its comments and indentation: who reads it reads it in the package.

    Comments are `//` at the start of a line or after a space, and `/** … */`; no string of the modules holds these.
    """
    code = re.sub(r"/\*\*.*?\*/ ?", "", text, flags=re.DOTALL)
    lines = (re.sub(r"(^| )// .*", "", line).strip() for line in code.splitlines())
    return "\n".join(filter(None, lines))


def joined(names: Iterable[str], operations: Mapping[str, str], update: str | None) -> str:
    """Modules, before them what was traced for one graph: the operations, and the optimizer's update."""
    rows = ",\n".join(f"{json.dumps(name)}: {source}" for name, source in operations.items())
    traced = f"const OPERATIONS = {{{rows}}};\nconst UPDATE = {update or 'null'};"
    return "\n".join(
        [without_comments(base_source(traced)), traced, *(without_comments(module_text(name)) for name in names)]
    )


def page_script(operations: Mapping[str, str], update: str | None, *, network: bool) -> str:
    """The whole script of a page, in a scope of its own."""
    return "\n".join(["'use strict';", "(() => {", joined(modules(network=network), operations, update), "})();"])


def style_text() -> str:
    """The style sheet."""
    return module_text("page", "css")
