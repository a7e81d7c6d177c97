"""The examples that people know, short: each learns what it says, and writes its picture."""

import admissions_tuned
import diabetes
import digits
import moons
import numpy as np
import pendulum
import pytest
from black_scholes import call_price, portfolio, price_and_greeks
from scipy.optimize import approx_fprime
from scipy.stats import norm
from sklearn.datasets import load_diabetes

import autodiff

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # runs are short


def test_the_moons_are_told_apart(tmp_path):
    points, sides = moons.moons()
    model = moons.train(points, sides)
    assert moons.accuracy(model, points, sides) == 1.0
    moons.draw_boundary(model, points, sides, tmp_path / "moons.png")
    assert (tmp_path / "moons.png").stat().st_size > 10_000


def test_digits_reach_97_percent(tmp_path):
    data = digits.digits()
    model, losses = digits.train(data)
    assert digits.accuracy(model, data.test_images, data.test_labels) >= 0.97
    assert losses[-1] < 0.05 < losses[0]
    digits.draw(model, data, losses, tmp_path / "digits.png")
    assert (tmp_path / "digits.png").stat().st_size > 10_000


def closed_forms(spot, strike, years, rate, volatility):
    """The formulas of the Greeks, as textbooks have them."""
    width = volatility * np.sqrt(years)
    upper = (np.log(spot / strike) + (rate + volatility**2 / 2) * years) / width
    lower, discounted = upper - width, strike * np.exp(-rate * years)
    return {
        "price": spot * norm.cdf(upper) - discounted * norm.cdf(lower),
        "delta": norm.cdf(upper),
        "gamma": norm.pdf(upper) / (spot * width),
        "vega": spot * norm.pdf(upper) * np.sqrt(years),
        "theta": -spot * norm.pdf(upper) * volatility / (2 * np.sqrt(years)) - rate * discounted * norm.cdf(lower),
        "rho": years * discounted * norm.cdf(lower),
    }


def test_greeks_are_those_of_the_textbooks():
    options = portfolio(500)
    found = autodiff.compile(price_and_greeks, batched=range(5))(*options)
    for name, exact in closed_forms(*options).items():
        np.testing.assert_allclose(found[name], exact, rtol=1e-9, atol=1e-10)


def test_one_option_without_compilation():
    greeks = price_and_greeks(100.0, 100.0, 1.0, 0.05, 0.2)
    assert call_price(100.0, 100.0, 1.0, 0.05, 0.2) == greeks["price"] == pytest.approx(10.450583572185565, rel=1e-13)
    assert greeks["delta"] == pytest.approx(0.636830651175619, rel=1e-12)


def test_the_jacobian_of_the_pendulum_is_exact():
    slopes = pendulum.jacobian(pendulum.TRUTH)
    differences = [approx_fprime(pendulum.TRUTH, lambda p, k=k: pendulum.motion(p)[k], 1e-7) for k in (0, 20, 59)]
    np.testing.assert_allclose(slopes[[0, 20, 59]], differences, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_the_pendulum_is_found_within_its_uncertainty(tmp_path):
    angles = pendulum.measured(seed=3)
    fitted = pendulum.estimate(angles)
    assert (np.abs(fitted.parameters - pendulum.TRUTH) < 4.0 * fitted.errors).all()
    assert (fitted.errors < [0.1, 0.3, 0.03, 0.2]).all()
    assert fitted.spread == pytest.approx(pendulum.NOISE, rel=0.3)
    pendulum.draw(angles, fitted, tmp_path / "pendulum.png")
    assert (tmp_path / "pendulum.png").stat().st_size > 10_000


def test_diabetes_is_explained_as_well_as_by_a_line(tmp_path):
    features, targets = load_diabetes(return_X_y=True)
    network = diabetes.scores(diabetes.network(max_iter=150), features, targets, folds=3).mean()
    assert network > diabetes.scores(diabetes.line(), features, targets, folds=3).mean() - 0.03
    diabetes.draw(features[:60], targets[:60], tmp_path / "diabetes.png")
    assert (tmp_path / "diabetes.png").stat().st_size > 10_000


def test_admissions_are_judged_beside_saying_no_to_all(tmp_path):
    rivals = admissions_tuned.models(inner=2)
    judgements = [admissions_tuned.judged(name, rivals[name], folds=2, repeats=1) for name in rivals]
    floor, line, network = judgements
    assert floor.accuracy == pytest.approx(0.6825, abs=1e-3)  # 273 of 400 were refused
    assert line.loss < floor.loss
    assert network.loss < floor.loss + 0.01
    admissions_tuned.draw(judgements, tmp_path / "admissions.png")
    assert (tmp_path / "admissions.png").stat().st_size > 5_000
