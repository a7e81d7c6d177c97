import numpy as np
import pytest

from nn import (
    Layer,
    constant,
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    normal,
    uniform,
    zeros,
)

INPUTS = 40_000  # wide enough that a standard deviation is known to about 0.4 %

DEVIATIONS = [
    (lecun_normal, INPUTS**-0.5),
    (he_normal, (2 / INPUTS) ** 0.5),
    (lecun_uniform, INPUTS**-0.5),
    (he_uniform, (2 / INPUTS) ** 0.5),
    (glorot_normal, (2 / (INPUTS + 1)) ** 0.5),
    (glorot_uniform, (2 / (INPUTS + 1)) ** 0.5),
    (normal(0.1), 0.1),
    (uniform(), 2 / 12**0.5),
    (uniform(0.0, 0.5), 0.5 / 12**0.5),
]


@pytest.mark.parametrize(("initializer", "deviation"), DEVIATIONS)
@pytest.mark.parametrize("stream", [np.random.default_rng, np.random.RandomState])
def test_standard_deviation(initializer, deviation, stream):
    weights = initializer(INPUTS, stream(1))
    assert weights.shape == (INPUTS,)
    assert np.std(weights) == pytest.approx(deviation, rel=0.02)


@pytest.mark.parametrize(
    ("initializer", "low", "high"), [(lecun_uniform, -((3 / 8) ** 0.5), (3 / 8) ** 0.5), (uniform(2, 3), 2, 3)]
)
def test_bounds_of_the_uniform_ones(initializer, low, high):
    rng = np.random.default_rng(0)
    drawn = np.concatenate([initializer(8, rng) for _ in range(2000)])
    assert low <= drawn.min() < low + 0.01
    assert high - 0.01 < drawn.max() <= high


def test_the_default_repeats_the_legacy_stream():
    np.testing.assert_array_equal(
        lecun_normal(6, np.random.RandomState(42)), np.random.RandomState(42).normal(scale=1 / 6**0.5, size=6)
    )


@pytest.mark.parametrize(("initializer", "number"), [(zeros, 0.0), (constant(-2), -2.0)])
def test_the_fixed_ones_draw_nothing(initializer, number):
    stream = np.random.RandomState(5)
    assert initializer(3, stream).tolist() == [number] * 3
    assert stream.normal() == np.random.RandomState(5).normal()


@pytest.mark.parametrize(("initializer", "inputs", "outputs"), [(glorot_normal, 300, 100), (glorot_uniform, 100, 300)])
def test_glorot_counts_the_neurons_of_the_layer(initializer, inputs, outputs):
    matrix = Layer(inputs, outputs, initializer=initializer, rng=0).weight_matrix()
    assert np.std(matrix) == pytest.approx((2 / (inputs + outputs)) ** 0.5, rel=0.02)


def test_a_function_of_one_s_own_may_ask_for_the_neurons():
    layer = Layer(2, 3, initializer=lambda inputs, rng, outputs: [float(outputs)] * inputs)
    assert layer.weight_matrix().tolist() == [[3.0] * 3] * 2
