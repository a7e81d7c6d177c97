"""Page: one HTML file that holds a graph, its script and nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, final

from viz.page.script_source import Needs, module_text, page_script, style_text

PathLike = str | Path

_DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="page"></div>
<div id="tooltip" role="presentation"></div>
{help}<noscript><p>This page computes its numbers: it needs JavaScript, which is switched off.</p></noscript>
<script type="application/json" id="payload">{payload}</script>
<script>{script}</script>
</body>
</html>
"""


@final
class Page:
    """One HTML document that `page` made. It runs offline, makes no request, and lets nothing run but its own script.

    Attributes
    ----------
    html : str
        The whole document.

    Examples
    --------
    >>> from viz import page
    >>> page(lambda x: x * x, 3.0).html[:15]
    '<!DOCTYPE html>'
    """

    def __init__(
        self,
        payload: Mapping[str, Any],
        operations: Mapping[str, str],
        update: str | None,
        choices: str | None = None,
    ) -> None:
        graph = payload["graph"]
        needs = Needs(
            network=bool(graph["neurons"]),
            records=len(graph["records"]) > 1,
            film=bool(payload["film"]),
            sources=graph["sources"] is not None,
            choices="where" in graph["names"],
        )
        script, style = page_script(operations, update, needs, choices), style_text()
        self.html = _DOCUMENT.format(
            policy=_policy(script, style),
            title=html.escape(str(payload["title"])),
            style=style,
            payload=_data(payload),
            script=script,
            help=module_text("help", "html"),
        )

    def save(self, path: PathLike) -> Path:
        """Write the document to a file, which is complete or not there.

        Parameters
        ----------
        path : path-like

        Returns
        -------
        pathlib.Path
            The path of the file.
        """
        target = Path(path)
        partial = target.with_name(f".{target.name}.partial")
        partial.write_text(self.html, encoding="utf-8")
        partial.replace(target)
        return target

    def _repr_html_(self) -> str:
        """A frame for a notebook's output cell, without access to what is around it."""
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" sandbox="allow-scripts" width="100%" height="760" '
            'style="border:1px solid #dfdfdb" title="page of a graph"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<Page of {len(self.html.encode()):,} bytes>"


def _policy(script: str, style: str) -> str:
    """Nothing is loaded, and nothing runs but this script and this style."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(payload: Mapping[str, Any]) -> str:
    """JSON that cannot end the element that it stands in."""
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
