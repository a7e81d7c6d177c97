"""On kinks and jumps: every mode makes the documented choice, and the modes agree on what follows from it."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

from autodiff import Value, grad, gradients, hessian, jacobian, jvp
from autodiff.rules import ADD, MUL, PRIMITIVES, SIN, SUB, TANH
from autodiff.testing import Expression, expressions
from tests.autodiff.example_counts import BATCHES
from tests.autodiff.kinks import CHOICES, chosen_gradient, kinks

QUICK = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
SMOOTH = (ADD, MUL, SUB, SIN, TANH)

OF_ONE_KIND = st.sampled_from(sorted(CHOICES)).flatmap(
    lambda name: expressions(primitives=[*SMOOTH, PRIMITIVES[name]], kinks=True, max_steps=6)
)
KINKED = OF_ONE_KIND | expressions(kinks=True)


def check_choice(expression: Expression) -> None:
    """First derivatives by each mode against the choices, and second ones against each other."""
    inputs, every = expression.inputs, tuple(range(len(expression.inputs)))
    chosen = chosen_gradient(expression)
    scale = 1.0 + max(map(abs, chosen))
    for name, slopes in _first(expression).items():
        assert slopes == pytest.approx(chosen, rel=1e-9, abs=1e-12 * scale), (name, expression)
    forward = jacobian(jacobian(expression, argnums=every, mode="forward"), argnums=every, mode="forward")(*inputs)
    reverse = jacobian(jacobian(expression, argnums=every, mode="reverse"), argnums=every, mode="reverse")(*inputs)
    assert np.array(reverse) == pytest.approx(np.array(forward), rel=1e-9, abs=1e-9 * scale, nan_ok=True), expression
    both = np.array(hessian(expression, argnums=every)(*inputs))
    assert both == pytest.approx(np.array(forward), rel=1e-9, abs=1e-9 * scale, nan_ok=True), expression


def _first(expression: Expression) -> dict[str, list[float]]:
    inputs = expression.inputs
    leaves = [*map(Value, inputs)]
    root = expression(*leaves)
    root.backward()
    axes = [tuple(float(place == other) for other in range(len(inputs))) for place in range(len(inputs))]
    return {
        "grad": list(grad(expression, argnums=tuple(range(len(inputs))))(*inputs)),
        "jvp": [jvp(expression, inputs, axis)[1] for axis in axes],
        "backward": [leaf.grad for leaf in leaves],
        "gradients": [slope.data for slope in gradients(root, leaves, create_graph=True)],
    }


@QUICK
@given(KINKED)
def test_the_documented_choice(expression: Expression) -> None:
    assume(kinks(expression))
    check_choice(expression)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(len(BATCHES)))
def test_the_documented_choice_at_length(batch: int) -> None:
    @settings(
        max_examples=BATCHES[batch] // 4 + 1, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(KINKED)
    def check(expression: Expression) -> None:
        assume(kinks(expression))
        check_choice(expression)

    check()


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_every_choice_is_met(name: str) -> None:
    searching = settings(max_examples=2000, deadline=None, database=None, phases=[Phase.generate])
    drawn = expressions(primitives=[*SMOOTH, PRIMITIVES[name]], kinks=True)
    found = find(drawn, lambda expression: name in kinks(expression), settings=searching, random=random.Random(0))
    check_choice(found)


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_a_choice_is_about_a_kink_or_a_jump(name: str) -> None:
    on_kink, _ = CHOICES[name]
    points = [(0.0,), (2.0,), (0.5,), (0.0, 0.0), (1.0, 1.0), (0.0, -1.0), (0.0, 2.0), (0.0, 1.0, 3.0)]
    points = [point for point in points if len(point) == (PRIMITIVES[name].arity or 2) and on_kink(*point)]
    assert any(_sides_differ(name, point, place) for point in points for place in range(len(point)))


def _sides_differ(name: str, point: tuple[float, ...], place: int) -> bool:
    sides = []
    for step in (1e-6, -1e-6):
        moved = list(point)
        moved[place] += step
        sides.append((PRIMITIVES[name](*moved) - PRIMITIVES[name](*point)) / step)
    return any(map(math.isnan, sides)) or abs(sides[0] - sides[1]) > 0.01 or max(map(abs, sides)) > 1e5
