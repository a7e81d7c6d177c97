"""The script of a page: the readable modules of this package, joined with what was traced for one graph."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import final

from viz.page.base import base_source

ENGINE = ("engine", "network")
"""The modules that compute, after the base evaluations that a graph uses."""

FRAME = ("dom", "numbers", "scale", "graph", "state", "view", "picture")
NETWORK = ("layout", "cards", "drawing")
"""What only a page with neurons has."""
EXPRESSION = ("vertices",)
"""What only a page without neurons has."""
RECORDS = ("records",)
"""What only a page with several records has."""
LIVE = ("whatif", "scrubber")
CHOICES = ("choices",)
"""What a page has whose numbers can be changed, and below it what chooses and what trains."""
TRAINING = ("training", "trainbar")
FILM = ("film",)
SOURCE = ("source",)
"""What only a page has whose nodes noted their lines."""
PANEL = ("words", "why", "paths", "findings", "tables", "frame", "app", "keys", "main")


@final
@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a page shows, by which its modules are chosen."""

    network: bool = False
    records: bool = False
    film: bool = False
    sources: bool = False
    choices: bool = False

    def modules(self) -> tuple[str, ...]:
        """The modules of a page, in the order in which they are joined."""
        drawn = NETWORK if self.network else EXPRESSION
        moved = FILM if self.film else (*LIVE, *(CHOICES if self.choices else ()))
        return (
            *ENGINE,
            *FRAME,
            *drawn,
            *(RECORDS if self.records else ()),
            *moved,
            *(TRAINING if self.network and not self.film else ()),
            *(SOURCE if self.sources else ()),
            *PANEL,
        )


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


def joined(names: Iterable[str], operations: Mapping[str, str], update: str | None, choices: str | None = None) -> str:
    """Modules, before them what was traced for one graph: the operations, the optimizer's update, and the function
    itself with the conditions of its choices."""
    rows = ",\n".join(f"{json.dumps(name)}: {source}" for name, source in operations.items())
    traced = f"const OPERATIONS = {{{rows}}};\nconst UPDATE = {update or 'null'};"
    if "choices" in names:
        traced += f"\nconst CHOICES = {choices or 'null'};"
    return "\n".join(
        [without_comments(base_source(traced)), traced, *(without_comments(module_text(name)) for name in names)]
    )


def page_script(operations: Mapping[str, str], update: str | None, needs: Needs, choices: str | None = None) -> str:
    """The whole script of a page, in a scope of its own."""
    return "\n".join(["'use strict';", "(() => {", joined(needs.modules(), operations, update, choices), "})();"])


def style_text() -> str:
    """The style sheet."""
    return module_text("page", "css")
