import re

import backpropagation
import numpy as np
import pytest

import viz
from autodiff import local_slopes, topological_order


def test_d4_a_slope_is_the_product_of_its_three_factors():
    _, units = backpropagation.small_network()
    rows = [row for unit in units for row in unit.factors()]
    assert len(rows) == 4
    for row in rows:
        assert row.gradient == row.value_feeding_in * row.slope_of_activation * row.slope_of_loss


def test_d4_holds_the_document_s_example():
    """A value of 0 feeds in, the ReLU's slope is 1 and the loss's 6."""
    _, (upper, _) = backpropagation.small_network()
    first = upper.factors()[0]
    assert (first.value_feeding_in, first.slope_of_loss, first.slope_of_activation) == (0.0, 6.0, 1.0)


def test_d4_the_slopes_of_relu_are_0_and_1():
    _, units = backpropagation.small_network()
    assert [local_slopes(unit.output) for unit in units] == [[1.0], [0.0]]
    assert [weight.grad for weight in units[0].weights] == [0.0, 6.0]
    assert [weight.grad for weight in units[1].weights] == [0.0, 0.0]


def test_d4_the_factors_agree_with_finite_differences():
    def loss(w):
        upper, lower = max(0.0 * w[0] + 1.0 * w[1], 0.0), max(0.0 * w[2] + 1.0 * w[3], 0.0)
        return (1.0 * upper + 2.0 * lower + 2.0) ** 2

    at, step = np.array([2.0, 1.0, 2.0, -3.0]), 1e-6
    differences = [(loss(at + step * axis) - loss(at - step * axis)) / (2 * step) for axis in np.eye(4)]
    _, units = backpropagation.small_network()
    assert [row.gradient for unit in units for row in unit.factors()] == pytest.approx(differences, abs=1e-6)


def test_d4_the_factors_stand_on_the_edges():
    loss, _ = backpropagation.small_network()
    drawn = re.findall(r'-> n\d+ \[label="? ?([^" ]+)', viz.draw(loss).source)
    slopes = [slope for node in topological_order(loss) for slope in local_slopes(node) if slope is not None]
    assert sorted(drawn) == sorted(f"{slope:g}" for slope in slopes)


def test_u6_is_the_listing(reference):
    step = backpropagation.backpropagation_step(**backpropagation.LISTING)
    for name, expected in reference["backprop_single_step"].items():
        np.testing.assert_allclose(getattr(step, name), expected, rtol=1e-9)


def test_the_script_prints_what_it_teaches(tmp_path, capsys):
    assert backpropagation.main(["--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "6 = 1 × 1 × 6" in out
    assert "0 = 1 × 0 × 12" in out
    assert "output 0.484973" in out
    assert [path.name for path in tmp_path.iterdir()] == ["three-factors.svg"]
