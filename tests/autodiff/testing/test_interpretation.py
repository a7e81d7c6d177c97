"""Expressions and networks on the functions of other libraries."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from mpmath import mp

from autodiff import UnknownPrimitiveError, tanh
from autodiff.rules import ACOS, GELU, MAXIMUM, SIN, TANH
from autodiff.testing import Expression, Interpretation, Network, Step, expressions, interpretation, networks
from tests.autodiff.domains import DOMAINS

QUICK = settings(max_examples=100, deadline=None, derandomize=True)

LIBRARIES = {
    "math": interpretation(math, without=["where", "floor", "ceil"]),
    "numpy": interpretation(np),
    "mpmath": interpretation(
        mp, without=["cbrt", "floor_divide", "sinc"]
    ),  # roots are complex below 0; no //; sin(x)/x
    "definitions": interpretation(**{name: domain.reference for name, domain in DOMAINS.items()}),
}


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_another_library_computes_the_same(library: Interpretation) -> None:
    @QUICK
    @given(expressions(primitives=library.primitives))
    def check(expression: Expression) -> None:
        computed = expression.run(expression.inputs, library)
        assert float(computed) == pytest.approx(expression(*expression.inputs), rel=1e-9, abs=1e-9)

    check()


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_networks_run_there_too(library: Interpretation) -> None:
    @QUICK
    @given(networks(activations=[None, TANH]))
    def check(network: Network) -> None:
        outputs = network.run(network.parameters, network.features, library)
        expected = network.run(network.parameters, network.features)
        assert [*map(float, outputs)] == pytest.approx(expected, rel=1e-12, abs=1e-12)

    check()


def test_a_network_is_what_it_says() -> None:
    network = Network((2, 2, 1), (TANH, None), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0), (0.25, -0.5))
    hidden = [tanh(1.0 * 0.25 + 2.0 * -0.5 + 3.0), tanh(4.0 * 0.25 + 5.0 * -0.5 + 6.0)]
    assert network.run(network.parameters, network.features) == [7.0 * hidden[0] + 8.0 * hidden[1] + 9.0]
    assert network(*network.parameters) == 7.0 * hidden[0] + 8.0 * hidden[1] + 9.0


def test_functions_are_found_by_both_names() -> None:
    numpy = LIBRARIES["numpy"]
    assert numpy.functions["acos"] is np.arccos
    assert numpy.functions["maximum"] is np.maximum
    assert LIBRARIES["math"].functions["acos"] is math.acos


def test_given_functions_come_before_those_of_a_library() -> None:
    assert interpretation(math, sin=math.cos)(SIN, 0.0) == 1.0


def test_the_first_library_comes_first() -> None:
    assert interpretation(math, np).functions["sin"] is math.sin
    assert interpretation(np, math).functions["sin"] is np.sin
    assert interpretation(math, np).functions["maximum"] is np.maximum


def test_what_cannot_be_interpreted_is_named() -> None:
    only_operators = interpretation()
    assert MAXIMUM not in only_operators.primitives
    assert ACOS in interpretation(math).primitives
    with pytest.raises(UnknownPrimitiveError, match=r"no function for gelu: pass gelu=\.\.\. to interpretation"):
        Expression((1.0,), (Step(GELU, (0,)),)).run([1.0], only_operators)


def test_simplest_operations_come_first() -> None:
    assert [row.name for row in interpretation().primitives[:3]] == ["add", "sub", "mul"]
