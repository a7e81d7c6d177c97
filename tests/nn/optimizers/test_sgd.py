import math

import numpy as np
import pytest

from autodiff import Value
from nn import SGD, OptionError, OptionTypeError

RATE, MOMENTUM, STEPS = 0.1, 0.8, 30


def descend(optimizer, start=5.0):
    """Positions while stepping down x², whose slope is 2x."""
    x, positions = Value(start), []
    for _ in range(STEPS):
        x.grad = 2.0 * x.data
        optimizer.step([x])
        positions.append(x.data)
    return positions


def test_plain_descent_is_geometric():
    expected = [5.0 * (1 - 2 * RATE) ** k for k in range(1, STEPS + 1)]
    assert descend(SGD(learning_rate=RATE)) == pytest.approx(expected, rel=1e-12)


def powers(matrix, start):
    """The first entries of the powers of a matrix applied to a vector."""
    return [(np.linalg.matrix_power(matrix, k) @ start)[0] for k in range(1, STEPS + 1)]


def test_momentum_is_a_linear_map_of_position_and_velocity():
    # v' = μv + 2x and x' = x - ηv', so (x', v') = [[1 - 2η, -ημ], [2, μ]] (x, v).
    matrix = np.array([[1 - 2 * RATE, -RATE * MOMENTUM], [2.0, MOMENTUM]])
    positions = descend(SGD(learning_rate=RATE, momentum=MOMENTUM))
    assert positions == pytest.approx(powers(matrix, [5.0, 0.0]), rel=1e-10, abs=1e-12)


def test_nesterov_is_another():
    # v' = μv + 2x and x' = x - η(2x + μv') = x - η(2x + 2μx + μ²v).
    matrix = np.array([[1 - 2 * RATE * (1 + MOMENTUM), -RATE * MOMENTUM**2], [2.0, MOMENTUM]])
    positions = descend(SGD(learning_rate=RATE, momentum=MOMENTUM, nesterov=True))
    assert positions == pytest.approx(powers(matrix, [5.0, 0.0]), rel=1e-10, abs=1e-12)


def test_three_steps_by_hand():
    x, optimizer = Value(1.0), SGD(learning_rate=0.5, momentum=0.5)
    for grad, expected in [(1.0, 0.5), (1.0, -0.25), (0.0, -0.625)]:  # velocities 1, 1.5 and 0.75
        x.grad = grad
        optimizer.step([x])
        assert x.data == expected


def test_velocities_belong_to_parameters():
    optimizer = SGD(learning_rate=1.0, momentum=0.5)
    one, other = Value(0.0), Value(0.0)  # equal, and yet two
    one.grad, other.grad = 1.0, -1.0
    optimizer.step([one, other])
    optimizer.step([other])
    optimizer.step([one])
    assert (one.data, other.data) == (-2.5, 2.5)


def test_the_gradient_stays():
    x = Value(1.0)
    x.grad = 3.0
    SGD(learning_rate=0.1, momentum=0.9, nesterov=True).step([x])
    assert x.grad == 3.0


def test_a_new_learning_rate_holds_from_the_next_step():
    x, optimizer = Value(0.0), SGD(learning_rate=1.0)
    x.grad = 1.0
    optimizer.step([x])
    optimizer.learning_rate = 0.25
    optimizer.step([x])
    assert x.data == -1.25


def test_datacamp_single_update():
    weights, inputs, target = [Value(1.0), Value(2.0)], [3.0, 4.0], 6.0
    error = weights[0] * inputs[0] + weights[1] * inputs[1] - target
    (error * error).backward()
    SGD(learning_rate=0.01).step(weights)
    assert [w.data for w in weights] == pytest.approx([0.7, 1.6], rel=1e-15)


REFUSED = [
    ({"learning_rate": -0.1}, OptionError, "learning_rate takes a finite number of at least 0, got -0.1"),
    ({"learning_rate": math.nan}, OptionError, "got nan"),
    ({"learning_rate": math.inf}, OptionError, "got inf"),
    ({"learning_rate": "0.1"}, OptionTypeError, "learning_rate takes a real number, got '0.1'"),
    ({"learning_rate": 0.1, "momentum": 1.0}, OptionError, "momentum .* got 1.0"),
    ({"learning_rate": 0.1, "momentum": -0.5}, OptionError, "momentum .* got -0.5"),
    ({"learning_rate": 0.1, "momentum": None}, OptionTypeError, "momentum takes a real number"),
    ({"learning_rate": 0.1, "nesterov": True}, OptionError, "momentum above 0"),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_refused_options(options, error, message):
    with pytest.raises(error, match=message):
        SGD(**options)


def test_options_have_names():
    with pytest.raises(TypeError):
        SGD(0.1)


def test_repr():
    assert repr(SGD(learning_rate=0.5)) == "SGD(learning_rate=0.5, momentum=0.0, nesterov=False, weight_decay=0.0)"
