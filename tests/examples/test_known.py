"""The examples that people know, short: each learns what it says, and writes its picture."""

import digits
import moons
import numpy as np
import pendulum
import pytest
from black_scholes import call_price, portfolio, price_and_greeks
from scipy.optimize import approx_fprime
from scipy.stats import norm

import autodiff


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


def test_the_pendulum_is_found_within_its_uncertainty(tmp_path):
    angles = pendulum.measured(seed=3)
    fitted = pendulum.estimate(angles)
    assert (np.abs(fitted.parameters - pendulum.TRUTH) < 4.0 * fitted.errors).all()
    assert (fitted.errors < [0.1, 0.3, 0.03, 0.2]).all()
    assert fitted.spread == pytest.approx(pendulum.NOISE, rel=0.3)
    pendulum.draw(angles, fitted, tmp_path / "pendulum.png")
    assert (tmp_path / "pendulum.png").stat().st_size > 10_000
