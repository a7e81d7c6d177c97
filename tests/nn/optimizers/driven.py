"""Problems for drivers, each twice: as a model for `fit`, and by hand in NumPy, with derivatives by complex steps.

A complex step, Im f(x + ih)/h, has no cancellation: with h = 1e-30 it is exact to rounding.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

import autodiff
from autodiff import Value
from nn import MLP, fit


@dataclass(frozen=True)
class Problem:
    """Residuals of a vector of parameters, by hand, and the same as model, features and targets."""

    residuals: Any
    """Takes the vector, of floats or of complex numbers."""
    make: Any
    """Returns a new model and its Values."""
    features: Any
    targets: Any

    @property
    def start(self):
        """The vector of a new model."""
        return np.array([value.data for value in self.make()[1]])

    def jacobian(self, x):
        """The derivatives of the residuals by complex steps, shape (residuals, parameters)."""
        steps = 1e-30j * np.eye(len(x))
        return np.array([np.imag(self.residuals(x + step)) / 1e-30 for step in steps]).T

    def mean_square(self, x):
        """The mean of the squared residuals, and its gradient."""
        r = self.residuals(x)
        return r @ r / len(r), 2.0 * self.jacobian(x).T @ r / len(r)

    def trajectory(self, optimizer, *, epochs=200, **options):
        """The parameters after each epoch of `fit`, shape (epochs, parameters), and the History."""
        (model, values), positions = self.make(), []
        history = fit(
            model,
            self.features,
            self.targets,
            optimizer=optimizer,
            epochs=epochs,
            parameters=values,
            callbacks=[lambda *_: positions.append([value.data for value in values])],
            progress=False,
            **options,
        )
        return np.array(positions), history


def _rosenbrock(x):
    return [10.0 * (x[k + 1] - x[k] * x[k]) for k in range(len(x) - 1)] + [1.0 - x[k] for k in range(len(x) - 1)]


RELEASES = np.array([[0.3], [1.2], [2.4]])
"""Angles that a pendulum is released from at rest."""


def swing(release, x, sin):
    """The angles of a damped pendulum at 30 times, by Runge-Kutta steps of order 4; x is damping and stiffness."""
    angle, speed, out = release, 0.0, []

    def change(angle, speed):
        return speed, -x[0] * speed - x[1] * sin(angle)

    for _ in range(30):
        a1, s1 = change(angle, speed)
        a2, s2 = change(angle + 0.05 * a1, speed + 0.05 * s1)
        a3, s3 = change(angle + 0.05 * a2, speed + 0.05 * s2)
        a4, s4 = change(angle + 0.1 * a3, speed + 0.1 * s3)
        angle = angle + 0.1 / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        speed = speed + 0.1 / 6.0 * (s1 + 2.0 * s2 + 2.0 * s3 + s4)
        out.append(angle)
    return out


_RNG = np.random.default_rng(3)
SWINGS = np.array([swing(angle, [0.3, 9.0], np.sin) for (angle,) in RELEASES]) + _RNG.normal(0.0, 0.02, (3, 30))
POINTS = _RNG.normal(size=(40, 2))
HEIGHTS = np.sin(POINTS[:, 0]) * POINTS[:, 1] + _RNG.normal(0.0, 0.05, 40)


def _network(x):
    """The outputs of a network 2-3-1 of tanh; parameters neuron by neuron, a neuron's weights before its bias."""
    hidden = np.tanh([POINTS @ x[3 * k : 3 * k + 2] + x[3 * k + 2] for k in range(3)])
    return x[9:12] @ hidden + x[12]


def _function(start, model):
    """A maker of a model that is a function of features and of Values, with these Values."""

    def make():
        values = [Value(number) for number in start]
        return lambda features: model(features, values), values

    return make


def _make_network():
    model = MLP(2, [3, 1], activation="tanh", rng=2)
    return model, model.parameters()


PROBLEMS = {
    "rosenbrock": Problem(
        lambda x: np.array(_rosenbrock(x)),
        _function([-1.2, 1.0, -0.8, 1.5], lambda features, values: _rosenbrock(values)),
        [[0.0]],
        np.zeros((1, 6)),
    ),
    "pendulum": Problem(
        lambda x: (np.array([swing(angle, x, np.sin) for (angle,) in RELEASES]) - SWINGS).ravel(),
        _function([0.1, 8.0], lambda features, values: swing(features[0], values, autodiff.sin)),
        RELEASES,
        SWINGS,
    ),
    "network": Problem(lambda x: _network(x) - HEIGHTS, _make_network, POINTS, HEIGHTS),
}
