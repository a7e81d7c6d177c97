"""Black-Scholes: the price of 100,000 options and its Greeks, compiled from a formula of one option.

    python -m pip install -e ".[examples]"
    python examples/black_scholes.py

Delta, vega, theta and rho are the derivatives of the price along the spot, the volatility, time and the rate; gamma
is the derivative of delta. None of them is written down.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from output_pictures import output_pictures

import autodiff
from autodiff import erf, exp, grad, log, sqrt

OPTIONS = 100_000


def normal_cdf(x: Any) -> Any:
    return 0.5 * (1.0 + erf(x / 2.0**0.5))


def call_price(spot: Any, strike: Any, years: Any, rate: Any, volatility: Any) -> Any:
    """A European call on a share without dividends. Source: Black and Scholes (1973), equation 13."""
    width = volatility * sqrt(years)
    upper = (log(spot / strike) + (rate + volatility * volatility / 2.0) * years) / width
    return spot * normal_cdf(upper) - strike * exp(-rate * years) * normal_cdf(upper - width)


def price_and_greeks(spot: Any, strike: Any, years: Any, rate: Any, volatility: Any) -> dict[str, Any]:
    """The price and its derivatives for one option; theta is per year that passes."""
    along = grad(call_price, argnums=(0, 2, 3, 4))(spot, strike, years, rate, volatility)
    delta, to_maturity, rho, vega = along
    gamma = grad(grad(call_price))(spot, strike, years, rate, volatility)
    price = call_price(spot, strike, years, rate, volatility)
    return {"price": price, "delta": delta, "gamma": gamma, "vega": vega, "theta": -to_maturity, "rho": rho}


def portfolio(options: int = OPTIONS, *, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Spots, strikes, years, rates and volatilities of so many options."""
    rng = np.random.default_rng(seed)
    ranges = ((50.0, 150.0), (50.0, 150.0), (0.1, 3.0), (0.0, 0.06), (0.1, 0.6))
    return tuple(rng.uniform(low, high, options) for low, high in ranges)


def draw(path: Path) -> None:
    """Draw price, delta and gamma over the spot for three maturities."""
    compiled = autodiff.compile(price_and_greeks, batched=0)
    spots = np.linspace(50.0, 150.0, 200)
    figure, places = plt.subplots(1, 3, figsize=(11, 3.4))
    for years in (0.1, 0.5, 2.0):
        found = compiled(spots, 100.0, years, 0.03, 0.2)
        for axes, name in zip(places, ("price", "delta", "gamma"), strict=True):
            axes.plot(spots, found[name], label=f"{years:g} years")
            axes.set_title(f"{name}, strike 100", fontsize=10)
    places[0].legend()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv: Sequence[str] | None = None) -> int:
    folder = output_pictures(argv, purpose="Black-Scholes prices and Greeks of many options.")
    options = portfolio()
    compiled = autodiff.compile(price_and_greeks, batched=range(5))
    compiled(*(column[:1] for column in options))
    started = perf_counter()
    found = compiled(*options)
    print(f"{OPTIONS:,} options: price and five Greeks in {perf_counter() - started:.3f} s")
    for name, numbers in found.items():
        print(f"    {name:6} mean {numbers.mean():9.4f}  from {numbers.min():9.4f} to {numbers.max():9.4f}")
    draw(folder / "black-scholes.png")
    print(f"drawn in {folder / 'black-scholes.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
