"""A function with every kind of slope, and descents on it: what the trajectories of this folder are of."""

import numpy as np

START = [1.5, -0.8, 0.3, 2.0]


def value(x):
    """Rosenbrock's function of four numbers, and a bowl whose steepness differs from entry to entry."""
    rosenbrock = sum((x[k + 1] - x[k] * x[k]) ** 2 + 0.1 * (1.0 - x[k]) ** 2 for k in range(3))
    return 0.2 * rosenbrock + sum((0.1 + k) * x[k] * x[k] for k in range(4))


def slope(x):
    """Its gradient, by hand."""
    x = np.asarray(x)
    out = 2.0 * (0.1 + np.arange(4)) * x
    inner = x[1:] - x[:-1] ** 2
    out[1:] += 0.4 * inner
    out[:-1] += 0.2 * (-4.0 * x[:-1] * inner - 0.2 * (1.0 - x[:-1]))
    return out


def descend(optimizer, steps):
    """The positions after each step of a rule on vectors, shape (steps, 4)."""
    x, state, positions = np.array(START), tuple(optimizer.initial_state.values()), []
    for _ in range(steps):
        x, *state = optimizer.update(x, slope(x), *state)
        positions.append(x)
    return np.array(positions)
