"""HIPS autograd, which differentiates with rules of its own, on the same random graphs to order three."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from autodiff import grad
from autodiff.gradcheck.rounding import rounding_bounds
from autodiff.rules import SIN, TANH
from autodiff.testing import Interpretation, Network, expressions, interpretation, networks, shared_graphs
from tests.autodiff.example_counts import TOTAL
from tests.autodiff.lines import HIGHEST_ORDER, Line, lines

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:Output seems independent of input"),  # a derivative of a constant is 0
]

LONG = settings(max_examples=TOTAL // 4, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture(scope="module")
def library() -> Interpretation:
    # It has no slope for cbrt, and no + before its arrays or // of them. Its slope of sinc is 0/0 at 0, and that of
    # logaddexp, exp(x - out), loses digits where x is large.
    without = ["cbrt", "identity", "floor_divide", "sinc", "logaddexp"]
    return interpretation(pytest.importorskip("autograd.numpy"), without=without)


@pytest.fixture(scope="module")
def their_grad() -> Any:
    return pytest.importorskip("autograd").grad


def test_it_knows_most_of_the_table(library: Interpretation) -> None:
    assert len(library.primitives) > 40


def test_derivatives_to_order_three(library: Interpretation, their_grad: Any) -> None:
    @LONG
    @given(lines(expressions(primitives=library.primitives) | shared_graphs(primitives=library.primitives)))
    def check(line: Line) -> None:
        theirs: Any = lambda t: line.expression.run(line.at(t), library)  # noqa: E731 - differentiated in turn
        ours: Any = line
        scale = 1.0
        for _ in range(HIGHEST_ORDER):
            theirs, ours = their_grad(theirs), grad(ours)
            expected, rounding = float(theirs(0.0)), _rounding(ours)
            scale = max(scale, abs(expected))
            # Their rules round in other places: tanh's slope as 1 - tanh² and the like.
            assert ours(0.0) == pytest.approx(expected, rel=1e-9, abs=100.0 * rounding + 1e-11 * scale), line

    check()


def test_gradients_of_networks(library: Interpretation, their_grad: Any) -> None:
    @LONG
    @given(networks(activations=[None, TANH, SIN]))
    def check(network: Network) -> None:
        def theirs(parameters: Any) -> Any:
            return sum(network.run(parameters, network.features, library), 0.0)

        expected = their_grad(theirs)(list(network.parameters))
        found = grad(lambda parameters: network(*parameters))(list(network.parameters))
        assert found == pytest.approx([*map(float, expected)], rel=1e-12, abs=1e-14)

    check()


def _rounding(derivative: Any) -> float:
    return float(rounding_bounds(lambda point: [derivative(point[0])], [0.0])[0])
