"""Finding: one thing that keeps gradients from being what they should be."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final, overload

from autodiff import Value
from viz.why.table import block, signed

KINDS = (
    "nan",
    "inf",
    "stale",
    "sweep not run",
    "accumulated",
    "unreachable parameter",
    "dead ReLU",
    "saturated",
    "exploding",
    "vanishing",
    "records cancel",
)
"""What is looked for, the worst first."""


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """One fault that `culprits` found.

    Parameters
    ----------
    kind : str
        One of "nan", "inf", "stale", "sweep not run", "accumulated", "unreachable parameter", "dead ReLU", "saturated",
        "exploding", "vanishing" and "records cancel".
    where : str
        The node, neuron, layers or records, in words.
    severity : float
        From 0, harmless, to 1, nothing can be learned.
    message : str
        What was found, with its numbers.
    remedy : str
        What usually helps.
    nodes : tuple of Value
        The nodes that it concerns.

    Examples
    --------
    >>> print(Finding("nan", "log", 1.0, "log(-1) is nan.", "keep the operand above 0"))
    nan (log): log(-1) is nan. Try: keep the operand above 0
    """

    kind: str
    where: str
    severity: float
    message: str
    remedy: str
    nodes: tuple[Value, ...] = field(default=(), repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.kind} ({self.where}): {self.message} Try: {self.remedy}"

    def _repr_html_(self) -> str:
        content = f'<p>{signed(self.message)}<br><span class="r">Try: {signed(self.remedy)}</span></p>'
        return block(self.kind, self.where, content)


@final
class Findings(Sequence[Finding]):
    """The faults that `culprits` found, worst first: a sequence of Finding.

    It is empty where nothing keeps gradients back. It prints as a list, and notebooks show it.

    Attributes
    ----------
    not_found : tuple of str
        The kinds that were looked for and not found.

    Examples
    --------
    >>> print(Findings([]))
    nothing found
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._findings = tuple(sorted(findings, key=lambda finding: -finding.severity))

    @property
    def not_found(self) -> tuple[str, ...]:
        """The kinds that were looked for and not found."""
        return tuple(kind for kind in KINDS if kind not in {finding.kind for finding in self._findings})

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def __repr__(self) -> str:
        kinds = ", ".join(dict.fromkeys(finding.kind for finding in self._findings))
        return f"<Findings: {len(self)}{f' ({kinds})' if kinds else ''}>"

    def __str__(self) -> str:
        return "\n".join(f"{place}. {finding}" for place, finding in enumerate(self, 1)) or "nothing found"

    def _repr_html_(self) -> str:
        items = "".join(
            f"<p><b>{place}&ensp;{html.escape(finding.kind)}</b> "
            f'<span class="f">{html.escape(finding.where)}</span><br>'
            f'{signed(finding.message)}<br><span class="r">Try: {signed(finding.remedy)}</span></p>'
            for place, finding in enumerate(self, 1)
        )
        looked = f'<p class="f">Looked for and not found: {html.escape(", ".join(self.not_found))}.</p>'
        return block(_title(len(self)), "worst first" if len(self) > 1 else "", items + looked)


def _title(count: int) -> str:
    return "Nothing keeps gradients back" if not count else "1 finding" if count == 1 else f"{count} findings"
