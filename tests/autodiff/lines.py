"""Expressions along a line: functions of one number whose derivatives mix those along all inputs.

Polarisation: who knows the derivatives of order n along every line through a point knows all of order n there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from hypothesis import strategies as st
from mpmath import mp

from autodiff import Primitive, Value, grad, gradients, hessian, hvp, jvp
from autodiff.testing import Expression
from tests.autodiff.domains import DOMAINS

HIGHEST_ORDER = 3
CLOSEST_KINK = 2.0**-20  # far beyond what mpmath differentiates across

DEFINITIONS = {name: domain.reference for name, domain in DOMAINS.items()}
DEFINITIONS["xlogy"] = lambda x, y: x * mp.log(y) if x else x  # 0 where x is 0, whatever y

Derivative = Callable[[float], Any]


@final
@dataclass(frozen=True)
class Line:
    """The expression at `inputs + t * direction`, a function of t."""

    expression: Expression
    direction: tuple[float, ...]

    def __call__(self, t: Any) -> Any:
        return self.expression(*self.at(t))

    def at(self, t: Any) -> list[Any]:
        return [x + t * d for x, d in zip(self.expression.inputs, self.direction, strict=True)]

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(f"{self.expression!r} along {self.direction}")

    def exact_derivatives(self) -> list[float]:
        """The value at t = 0 and three derivatives, by mpmath's numerical differentiation of the definitions."""
        with mp.workdps(40):
            along = mp.diffs(lambda t: self.expression.run(self.at(t), defined), mp.mpf(0), HIGHEST_ORDER)
            return [float(derivative) for derivative in along]


@st.composite
def lines(draw: Any, expressions: st.SearchStrategy[Expression]) -> Line:
    expression = draw(expressions.filter(is_smooth))
    others = [draw(st.sampled_from((0.0, 1.0, -1.0, 0.5))) for _ in expression.inputs[1:]]
    return Line(expression, (draw(st.sampled_from((1.0, -1.0))), *others))


def is_smooth(expression: Expression) -> bool:
    """Whether no step is at a kink, of derivatives of any order: safe operands are away from those of slopes alone."""
    distances = [1.0]

    def measured(primitive: Primitive, *operands: Any) -> Any:
        kink = DOMAINS[primitive.name].kink
        if kink is not None:
            distances.append(abs(kink(*operands)))
        return primitive(*operands)

    expression.run(expression.inputs, measured)
    return min(distances) > CLOSEST_KINK


def defined(primitive: Primitive, *operands: Any) -> Any:
    """A step by its mathematical definition."""
    return mp.mpf(DEFINITIONS[primitive.name](*map(mp.mpf, operands)))


def forward(function: Derivative) -> Derivative:
    return lambda t: jvp(function, (t,), (1.0,))[1]


def swept(function: Derivative) -> Derivative:
    """The derivative by gradients() on the recorded graph, itself recorded."""

    def derivative(t: Any) -> Any:
        leaf = t if isinstance(t, Value) else Value(t)
        out = function(leaf)
        found = gradients(out, [leaf], create_graph=True)[0] if isinstance(out, Value) else Value(0.0)
        return found if leaf is t else found.data

    return derivative


def _gradient(line: Line, t: Any) -> Any:
    slopes = grad(line.expression, argnums=tuple(range(len(line.direction))))(*line.at(t))
    return sum(slope * d for slope, d in zip(slopes, line.direction, strict=True))


def _curvature(line: Line, t: Any) -> Any:
    matrix = np.array(hessian(line.expression, argnums=tuple(range(len(line.direction))))(*line.at(t)), dtype=object)
    return line.direction @ matrix @ line.direction


def _product(line: Line, t: Any) -> Any:
    product = hvp(line.expression, tuple(line.at(t)), line.direction)
    entries = product if isinstance(product, tuple) else (product,)
    return sum(entry * d for entry, d in zip(entries, line.direction, strict=True))


def by_every_mode(line: Line) -> dict[str, Derivative]:
    """The derivatives along the line that each way of differentiating claims, by a name that starts with its order."""
    return {
        "1 grad": grad(line),
        "1 jvp": forward(line),
        "1 gradients": swept(line),
        "1 grad of all": lambda t: _gradient(line, t),
        "2 reverse over reverse": grad(grad(line)),
        "2 forward over forward": forward(forward(line)),
        "2 forward over reverse": forward(grad(line)),
        "2 reverse over forward": grad(forward(line)),
        "2 gradients of gradients": swept(swept(line)),
        "2 hessian of all": lambda t: _curvature(line, t),
        "2 hvp of all": lambda t: _product(line, t),
        "3 reverse": grad(grad(grad(line))),
        "3 forward": forward(forward(forward(line))),
        "3 gradients": swept(swept(swept(line))),
        "3 reverse over hvp": grad(lambda t: _product(line, t)),
        "3 forward over hessian": forward(lambda t: _curvature(line, t)),
    }
