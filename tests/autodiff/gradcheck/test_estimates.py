"""The estimates that tolerances are made of: errors of differences, and rounding."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from autodiff.gradcheck.differences import estimate, ladder
from autodiff.gradcheck.rounding import rounding_bounds
from autodiff.gradcheck.subject import on_floats
from autodiff.testing import Expression, expressions
from tests.autodiff.domains import DOMAINS
from tests.autodiff.gradcheck.stretched import STRETCHED, arguments, scales

QUICK = settings(max_examples=60, deadline=None, derandomize=True)


@QUICK
@given(st.sampled_from(["sin", "exp", "tanh", "cosh", "erf", "atan"]), arguments, scales)
def test_differences_err_by_no_more_than_they_say(name: str, argument: float, across: float) -> None:
    point = argument / across
    rungs = ladder(on_floats(lambda x: STRETCHED[name](across * x[0])), [point], 0)
    # The product is rounded, which the values do not show.
    noise = np.array([2.0**-52 * abs(argument) * 16.0])
    found = estimate(rungs, noise)
    with mp.workdps(50):
        slope = mp.diff(lambda x: getattr(mp, name)(mp.mpf(across) * x), mp.mpf(point))
    assert abs(found.slopes[0] - float(slope)) <= found.errors[0]
    assert found.errors[0] <= 1e-7 * max(abs(float(slope)), across * 1e-2)


@QUICK
@given(expressions())
def test_rounding_stays_within_its_bound(expression: Expression) -> None:
    computed = expression.run(expression.inputs)
    [bound] = rounding_bounds(lambda x: [expression.run(x)], expression.inputs)
    with mp.workdps(60):
        exact = expression.run(
            [*map(mp.mpf, expression.inputs)], lambda primitive, *xs: mp.mpf(DOMAINS[primitive.name].reference(*xs))
        )
        assert float(abs(mp.mpf(computed) - exact)) <= bound * (1.0 + 1e-6)


def test_the_bound_sees_cancellation() -> None:
    [bound] = rounding_bounds(lambda x: [(x[0] + 1e8) - 1e8], [1.0])
    assert 1e-8 < bound < 1e-6
