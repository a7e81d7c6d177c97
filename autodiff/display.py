"""Display: what notebooks show of a Value and of a program, as HTML that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_STYLE = (
    "display:inline-block;border:1px solid #8888;border-radius:8px;padding:8px 14px;"
    'font:13px/1.5 Inter,"Segoe UI","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums'
)


def value_card(node: Any) -> str:
    """A small table: the number, the gradient, and how the node was made."""
    rows = [("value", f"{node.data:.6g}"), ("gradient", _gradient(node.grad))]
    if node.primitive is not None:
        shown = ", ".join(_operand(operand) for operand in node.operands[:4])
        more = ", …" if len(node.operands) > 4 else ""
        rows.append(("made by", f"{node.primitive.name}({shown}{more})"))
    if node.origin is not None and node.origin.scope:
        rows.append(("in", " / ".join(node.origin.scope)))
    if node.origin is not None and node.origin.source:
        rows.append(("at", node.origin.source))
    return f'<div style="{_STYLE}"><b>{_text(node.label or "Value")}</b>{_table(rows)}</div>'


def page_card(text: str) -> str:
    """Printed text as it stands, in a frame that scrolls."""
    style = f"{_STYLE};font-family:monospace;font-size:12px;margin:0;max-width:100%;overflow:auto;white-space:pre"
    return f'<pre style="{style}">{_escaped(text)}</pre>'


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        '<tr style="background:none">'
        f'<td style="text-align:left;opacity:.75;padding:1px 14px 1px 0;border:0">{name}</td>'
        f'<td style="text-align:left;padding:1px 0;border:0">{_text(text)}</td></tr>'
        for name, text in rows
    )
    return f'<table style="border-collapse:collapse;background:none;color:inherit">{cells}</table>'


def _gradient(grad: Any) -> str:
    return f"{getattr(grad, 'data', grad):.6g}"


def _operand(operand: Any) -> str:
    if type(operand) is float:
        return f"{operand:.4g}"
    return f"{operand.label}={operand.data:.4g}" if operand.label else f"{operand.data:.4g}"


def _text(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
    return _escaped(shown if len(shown) <= 160 else f"{shown[:159]}…")


def _escaped(text: str) -> str:
    import html  # not before something is shown: it takes a millisecond to import

    return html.escape(text)
