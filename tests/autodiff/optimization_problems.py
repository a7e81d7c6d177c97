"""The test problems of Moré, Garbow and Hillstrom, "Testing Unconstrained Optimization Software" (ACM TOMS, 1981).

Each is a vector of residuals whose sum of squares is to be made small, written once for any kind of number: `lib`
is the namespace that its functions come from, `autodiff` or mpmath's `mp`. Constants are floats in both, so that the
two compute one function. The numbers of the problems are those of the paper.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

from tests.autodiff.measurements import BARD, GAUSSIAN, KOWALIK, MEYER, OSBORNE_1, OSBORNE_2

Residuals = Callable[[Any, Any], list[Any]]


@final
@dataclass(frozen=True)
class Problem:
    """Residuals, the paper's point to start from, and the least sum of squares that descent from there finds."""

    residuals: Residuals
    start: tuple[float, ...]
    minimum: float

    def objective(self, x: Sequence[Any], lib: Any) -> Any:
        """The sum of squared residuals."""
        return sum(residual * residual for residual in self.residuals(x, lib))


def rosenbrock(x: Any, lib: Any) -> list[Any]:
    return [10.0 * (x[1] - x[0] ** 2), 1.0 - x[0]]


def freudenstein_roth(x: Any, lib: Any) -> list[Any]:
    a, b = x
    return [-13.0 + a + ((5.0 - b) * b - 2.0) * b, -29.0 + a + ((b + 1.0) * b - 14.0) * b]


def powell_badly_scaled(x: Any, lib: Any) -> list[Any]:
    return [1e4 * x[0] * x[1] - 1.0, lib.exp(-x[0]) + lib.exp(-x[1]) - 1.0001]


def brown_badly_scaled(x: Any, lib: Any) -> list[Any]:
    return [x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2.0]


def beale(x: Any, lib: Any) -> list[Any]:
    return [y - x[0] * (1.0 - x[1] ** i) for i, y in enumerate((1.5, 2.25, 2.625), 1)]


def jennrich_sampson(x: Any, lib: Any) -> list[Any]:
    return [2.0 + 2.0 * i - (lib.exp(i * x[0]) + lib.exp(i * x[1])) for i in range(1, 11)]


def helical_valley(x: Any, lib: Any) -> list[Any]:
    a, b, c = x
    turns = lib.atan(b / a) / (2.0 * math.pi) + (0.5 if a < 0.0 else 0.0)
    return [10.0 * (c - 10.0 * turns), 10.0 * (lib.sqrt(a * a + b * b) - 1.0), c]


def bard(x: Any, lib: Any) -> list[Any]:
    return [
        y - (x[0] + u / ((16.0 - u) * x[1] + min(u, 16.0 - u) * x[2]))
        for u, y in ((float(i), y) for i, y in enumerate(BARD, 1))
    ]


def gaussian(x: Any, lib: Any) -> list[Any]:
    times = [(8.0 - i) / 2.0 for i in range(1, 16)]
    return [x[0] * lib.exp(-x[1] * (t - x[2]) ** 2 / 2.0) - y for t, y in zip(times, GAUSSIAN, strict=True)]


def meyer(x: Any, lib: Any) -> list[Any]:
    return [x[0] * lib.exp(x[1] / (45.0 + 5.0 * i + x[2])) - y for i, y in enumerate(MEYER, 1)]


def gulf(x: Any, lib: Any) -> list[Any]:
    levels = [i / 100.0 for i in range(1, 21)]
    return [
        lib.exp(-(abs(25.0 + (-50.0 * math.log(level)) ** (2.0 / 3.0) - x[1]) ** x[2]) / x[0]) - level
        for level in levels
    ]


def box(x: Any, lib: Any) -> list[Any]:
    return [
        lib.exp(-t * x[0]) - lib.exp(-t * x[1]) - x[2] * (math.exp(-t) - math.exp(-10.0 * t))
        for t in (0.1 * i for i in range(1, 11))
    ]


def powell_singular(x: Any, lib: Any) -> list[Any]:
    return [
        residual
        for a, b, c, d in zip(*[iter(x)] * 4, strict=True)
        for residual in (
            a + 10.0 * b,
            math.sqrt(5.0) * (c - d),
            (b - 2.0 * c) ** 2,
            math.sqrt(10.0) * (a - d) ** 2,
        )
    ]


def wood(x: Any, lib: Any) -> list[Any]:
    a, b, c, d = x
    return [
        10.0 * (b - a**2),
        1.0 - a,
        math.sqrt(90.0) * (d - c**2),
        1.0 - c,
        math.sqrt(10.0) * (b + d - 2.0),
        (b - d) / math.sqrt(10.0),
    ]


def kowalik_osborne(x: Any, lib: Any) -> list[Any]:
    return [y - x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3]) for u, y in KOWALIK]


def brown_dennis(x: Any, lib: Any) -> list[Any]:
    return [
        (x[0] + t * x[1] - math.exp(t)) ** 2 + (x[2] + x[3] * math.sin(t) - math.cos(t)) ** 2
        for t in (i / 5.0 for i in range(1, 21))
    ]


def osborne_1(x: Any, lib: Any) -> list[Any]:
    return [
        y - (x[0] + x[1] * lib.exp(-10.0 * i * x[3]) + x[2] * lib.exp(-10.0 * i * x[4]))
        for i, y in enumerate(OSBORNE_1)
    ]


def biggs_exp6(x: Any, lib: Any) -> list[Any]:
    return [
        x[2] * lib.exp(-t * x[0])
        - x[3] * lib.exp(-t * x[1])
        + x[5] * lib.exp(-t * x[4])
        - (math.exp(-t) - 5.0 * math.exp(-10.0 * t) + 3.0 * math.exp(-4.0 * t))
        for t in (0.1 * i for i in range(1, 14))
    ]


def osborne_2(x: Any, lib: Any) -> list[Any]:
    peaks = [(x[1], x[5], x[8]), (x[2], x[6], x[9]), (x[3], x[7], x[10])]
    return [
        y
        - x[0] * lib.exp(-(i / 10.0) * x[4])
        - sum(height * lib.exp(-((i / 10.0 - center) ** 2) * width) for height, width, center in peaks)
        for i, y in enumerate(OSBORNE_2)
    ]


def watson(x: Any, lib: Any) -> list[Any]:
    fits = [
        sum(j * x[j] * t ** (j - 1) for j in range(1, len(x))) - sum(xj * t**j for j, xj in enumerate(x)) ** 2 - 1.0
        for t in (i / 29.0 for i in range(1, 30))
    ]
    return [*fits, x[0], x[1] - x[0] ** 2 - 1.0]


def extended_rosenbrock(x: Any, lib: Any) -> list[Any]:
    return [residual for pair in zip(*[iter(x)] * 2, strict=True) for residual in rosenbrock(pair, lib)]


def penalty_1(x: Any, lib: Any) -> list[Any]:
    return [*(math.sqrt(1e-5) * (xi - 1.0) for xi in x), sum(xi * xi for xi in x) - 0.25]


def penalty_2(x: Any, lib: Any) -> list[Any]:
    weight, count = math.sqrt(1e-5), len(x)
    growth = [
        weight * (lib.exp(x[i] / 10.0) + lib.exp(x[i - 1] / 10.0) - math.exp((i + 1) / 10.0) - math.exp(i / 10.0))
        for i in range(1, count)
    ]
    size = [weight * (lib.exp(xi / 10.0) - math.exp(-0.1)) for xi in x[1:]]
    return [x[0] - 0.2, *growth, *size, sum((count - j) * xj**2 for j, xj in enumerate(x)) - 1.0]


def variably_dimensioned(x: Any, lib: Any) -> list[Any]:
    total = sum(j * (xj - 1.0) for j, xj in enumerate(x, 1))
    return [*(xi - 1.0 for xi in x), total, total**2]


def trigonometric(x: Any, lib: Any) -> list[Any]:
    total = len(x) - sum(lib.cos(xj) for xj in x)
    return [total + i * (1.0 - lib.cos(xi)) - lib.sin(xi) for i, xi in enumerate(x, 1)]


def brown_almost_linear(x: Any, lib: Any) -> list[Any]:
    total = sum(x)
    return [*(xi + total - (len(x) + 1.0) for xi in x[:-1]), math.prod(x) - 1.0]


def discrete_boundary_value(x: Any, lib: Any) -> list[Any]:
    h = 1.0 / (len(x) + 1)
    padded = [0.0, *x, 0.0]
    return [
        2.0 * padded[i] - padded[i - 1] - padded[i + 1] + h * h * (padded[i] + i * h + 1.0) ** 3 / 2.0
        for i in range(1, len(x) + 1)
    ]


def discrete_integral_equation(x: Any, lib: Any) -> list[Any]:
    h = 1.0 / (len(x) + 1)
    times = [i * h for i in range(1, len(x) + 1)]
    cubes = [(xj + t + 1.0) ** 3 for xj, t in zip(x, times, strict=True)]
    return [
        xi
        + h
        * (
            (1.0 - t) * sum(tj * cube for tj, cube in zip(times[: i + 1], cubes[: i + 1], strict=True))
            + t * sum((1.0 - tj) * cube for tj, cube in zip(times[i + 1 :], cubes[i + 1 :], strict=True))
        )
        / 2.0
        for i, (xi, t) in enumerate(zip(x, times, strict=True))
    ]


def broyden_tridiagonal(x: Any, lib: Any) -> list[Any]:
    padded = [0.0, *x, 0.0]
    return [
        (3.0 - 2.0 * padded[i]) * padded[i] - padded[i - 1] - 2.0 * padded[i + 1] + 1.0 for i in range(1, len(x) + 1)
    ]


def broyden_banded(x: Any, lib: Any) -> list[Any]:
    return [
        xi * (2.0 + 5.0 * xi**2)
        + 1.0
        - sum(x[j] * (1.0 + x[j]) for j in range(max(0, i - 5), min(len(x), i + 2)) if j != i)
        for i, xi in enumerate(x)
    ]


def chebyquad(x: Any, lib: Any) -> list[Any]:
    shifted = [2.0 * xj - 1.0 for xj in x]
    before, now = [1.0] * len(x), shifted
    residuals = []
    for i in range(1, len(x) + 1):
        residuals.append(sum(now) / len(x) + (1.0 / (i * i - 1.0) if i % 2 == 0 else 0.0))
        before, now = now, [2.0 * t * b - a for t, a, b in zip(shifted, before, now, strict=True)]
    return residuals


_BOUNDARY_START = tuple(i / 11.0 * (i / 11.0 - 1.0) for i in range(1, 11))

PROBLEMS = {
    problem.residuals.__name__: problem
    for problem in (
        Problem(rosenbrock, (-1.2, 1.0), 0.0),
        Problem(freudenstein_roth, (0.5, -2.0), 48.9842),
        Problem(powell_badly_scaled, (0.0, 1.0), 0.0),
        Problem(brown_badly_scaled, (1.0, 1.0), 0.0),
        Problem(beale, (1.0, 1.0), 0.0),
        Problem(jennrich_sampson, (0.3, 0.4), 124.362),
        Problem(helical_valley, (-1.0, 0.0, 0.0), 0.0),
        Problem(bard, (1.0, 1.0, 1.0), 8.21487e-3),
        Problem(gaussian, (0.4, 1.0, 0.0), 1.12793e-8),
        Problem(meyer, (0.02, 4000.0, 250.0), 87.9458),
        Problem(gulf, (5.0, 2.5, 0.15), 0.0),
        Problem(box, (0.0, 10.0, 20.0), 0.0),
        Problem(powell_singular, (3.0, -1.0, 0.0, 1.0), 0.0),
        Problem(wood, (-3.0, -1.0, -3.0, -1.0), 0.0),
        Problem(kowalik_osborne, (0.25, 0.39, 0.415, 0.39), 3.07505e-4),
        Problem(brown_dennis, (25.0, 5.0, -5.0, -1.0), 85822.2),
        Problem(osborne_1, (0.5, 1.5, -1.0, 0.01, 0.02), 5.46489e-5),
        Problem(biggs_exp6, (1.0, 2.0, 1.0, 1.0, 1.0, 1.0), 5.65565e-3),
        Problem(osborne_2, (1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5), 4.01377e-2),
        Problem(watson, (0.0,) * 6, 2.28767e-3),
        Problem(extended_rosenbrock, (-1.2, 1.0) * 10, 0.0),
        Problem(penalty_1, (1.0, 2.0, 3.0, 4.0), 2.24997e-5),
        Problem(penalty_2, (0.5,) * 4, 9.37629e-6),
        Problem(variably_dimensioned, tuple(1.0 - j / 10.0 for j in range(1, 11)), 0.0),
        Problem(trigonometric, (0.1,) * 10, 2.79506e-5),
        Problem(brown_almost_linear, (0.5,) * 10, 0.0),
        Problem(discrete_boundary_value, _BOUNDARY_START, 0.0),
        Problem(discrete_integral_equation, _BOUNDARY_START, 0.0),
        Problem(broyden_tridiagonal, (-1.0,) * 10, 0.0),
        Problem(broyden_banded, (-1.0,) * 10, 0.0),
        Problem(chebyquad, tuple(j / 9.0 for j in range(1, 9)), 3.51687e-3),
    )
}
"""Every problem by the name of its residuals."""
