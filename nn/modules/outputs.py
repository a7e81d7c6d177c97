"""The outputs of a model: one number, or several."""

from __future__ import annotations

from typing import Any

from nn.modules.inputs import listed


def output_list(outputs: Any) -> list[Any]:
    """The outputs of a model as a list, also if there is one bare number."""
    return listed(outputs)
