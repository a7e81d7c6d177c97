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
NETWORK = ("layout", "cards", "drawing", "records")
"""What only a page with neurons has."""
EXPRESSION = ("vertices",)
"""What only a page without neurons has."""
LIVE = ("whatif", "scrubber")
"""What a page has whose numbers can be changed, and below it what trains."""
TRAINING = ("training", "trainbar")
FILM = ("film",)
SOURCE = ("source",)
"""What only a page has whose nodes noted their lines."""
PANEL = ("words", "why", "paths", "findings", "tables", "frame", "app", "keys", "main")


def modules(*, network: bool, film: bool = False, sources: bool = False) -> tuple[str, ...]:
    """The modules of a page: those that its graph needs."""
    drawn = NETWORK if network else EXPRESSION
    moved = FILM if film else (*LIVE, *TRAINING) if network else LIVE
    return (*ENGINE, *FRAME, *drawn, *moved, *(SOURCE if sources else ()), *PANEL)


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


def page_script(
    operations: Mapping[str, str], update: str | None, *, network: bool, film: bool = False, sources: bool = False
) -> str:
    """The whole script of a page, in a scope of its own."""
    needed = modules(network=network, film=film, sources=sources)
    return "\n".join(["'use strict';", "(() => {", joined(needed, operations, update), "})();"])


def style_text() -> str:
    """The style sheet."""
    return module_text("page", "css")
