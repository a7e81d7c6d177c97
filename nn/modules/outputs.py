"""What a model returns: one number, or several."""

from __future__ import annotations

from typing import Any

from nn.modules.inputs import listed


def output_list(outputs: Any) -> list[Any]:
    """What a model returned as a list, even if it is one bare number."""
    return listed(outputs)
