"""The optimizer of a page: its own update, traced into the script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

from autodiff import Value
from viz.page.base import VARIADIC
from viz.page.expression import Expression, Writer
from viz.page.operations import NOT_TRACED

DEFAULT_RATE = 0.1


@final
class Descent:
    """Gradient descent, for a page that is given no optimizer."""

    initial_state: dict[str, float] = {}  # noqa: RUF012  # it has the names of nn's optimizers, and none of its own

    def __init__(self, learning_rate: Any = DEFAULT_RATE) -> None:
        self.learning_rate = learning_rate

    def update(self, parameters: Any, gradients: Any) -> tuple[Any]:
        """One step."""
        return (parameters - self.learning_rate * gradients,)

    def with_learning_rate(self, learning_rate: Any) -> Descent:
        """The same rule with another rate."""
        return Descent(learning_rate)

    def __repr__(self) -> str:
        return "gradient descent"


def rule_payload(optimizer: Any, parameters: Sequence[Value]) -> tuple[dict[str, Any], str] | None:
    """The state and options of an optimizer, and its update as JavaScript; None if the update runs in Python alone."""
    names = list(optimizer.initial_state)
    try:
        source = _update_source(optimizer, len(names))
    except NOT_TRACED:
        return None
    recall: Callable[..., Any] | None = getattr(optimizer, "recall", None)
    state = recall(parameters) if recall and parameters else tuple(optimizer.initial_state.values())
    rows = [np.broadcast_to(np.asarray(vector, dtype=float), len(parameters)).tolist() for vector in state]
    return {"name": repr(optimizer), "rate": float(optimizer.learning_rate), "state": rows}, source


def _update_source(optimizer: Any, states: int) -> str:
    """A loop over all parameters: the same lines that step the vectors of a run."""
    state = [Expression(f"s[{place}][k]") for place in range(states)]
    traced = optimizer.with_learning_rate(Expression("rate"))
    new = traced.update(Expression("p[k]"), Expression("g[k]"), *state)
    writer = Writer(VARIADIC)
    results = [writer.text(expression) for expression in new]
    names = ["p[k]", *(expression.name for expression in state)]
    held = [f"const n{place} = {text};" for place, text in enumerate(results)]
    assigned = [f"{name} = n{place};" for place, name in enumerate(names)]
    body = " ".join([*writer.statements, *held, *assigned])
    return f"(rate, p, g, s) => {{ for (let k = 0; k < p.length; k++) {{ {body} }} }}"
