"""Uncertainty of fitted parameters, against SciPy's and formulas by hand."""

import numpy as np
import pytest
import scipy.optimize

from nn import MLP, DataError, LevenbergMarquardt, Linear, fit, uncertainty
from tests.nn.optimizers.driven import PROBLEMS

RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(12, 2))
HEIGHTS = POINTS @ [1.0, -2.0] + 0.5 + RNG.normal(0.0, 0.1, 12)


def plane(**options):
    model = Linear(2, 1, rng=0)
    fit(model, POINTS, HEIGHTS, optimizer=LevenbergMarquardt(), epochs=20, progress=False, **options)
    return model


@pytest.mark.parametrize("compiled", [True, False])
def test_a_plane_by_the_normal_equations(compiled):
    found = uncertainty(plane(), POINTS, HEIGHTS, compiled=compiled)
    design = np.column_stack([POINTS, np.ones(12)])
    expected, squares, *_ = np.linalg.lstsq(design, HEIGHTS)
    np.testing.assert_allclose(found.parameters, expected, rtol=1e-8)
    np.testing.assert_allclose(found.covariance, squares / 9 * np.linalg.inv(design.T @ design), rtol=1e-8)
    np.testing.assert_allclose(found.errors**2, np.diag(found.covariance), rtol=1e-12)
    assert found.spread == pytest.approx(np.sqrt(squares[0] / 9))


def test_weights_and_fixed_parameters():
    weights = np.arange(12.0)
    model = plane(sample_weight=weights)
    found = uncertainty(model, POINTS, HEIGHTS, sample_weight=weights)
    _, expected = scipy.optimize.curve_fit(
        lambda x, a, b, c: x @ [a, b] + c, POINTS[1:], HEIGHTS[1:], sigma=weights[1:] ** -0.5
    )
    np.testing.assert_allclose(found.covariance, expected, rtol=1e-5)
    assert uncertainty(model, POINTS, HEIGHTS, parameters=model.parameters()[:2]).covariance.shape == (2, 2)


def test_a_pendulum_by_curve_fit():
    problem = PROBLEMS["pendulum"]
    model, values = problem.make()
    options = {"parameters": values}
    fit(model, problem.features, problem.targets, optimizer=LevenbergMarquardt(), epochs=50, progress=False, **options)
    found = uncertainty(model, problem.features, problem.targets, **options)
    expected, covariance = scipy.optimize.curve_fit(
        lambda _, *x: problem.residuals(np.array(x)), None, np.zeros(90), p0=problem.start
    )
    np.testing.assert_allclose(found.parameters, expected, rtol=1e-6)
    np.testing.assert_allclose(found.covariance, covariance, rtol=1e-3)  # of differences


def test_data_that_determine_less_are_refused():
    model = MLP(2, [4, 1], activation="tanh", rng=0)
    with pytest.raises(DataError, match="17 parameters take more residuals than 12"):
        uncertainty(model, POINTS, HEIGHTS)
    for weight in model.layers[1].neurons[0].weights:
        weight.data = 0.0
    repeated = np.tile(POINTS, (2, 1)) + RNG.normal(size=(24, 2))
    with pytest.raises(DataError, match="the data determine 5 of 17 parameters"):
        uncertainty(model, repeated, np.tile(HEIGHTS, 2))
