import math

import failure_modes
import pytest

from autodiff import local_slopes


def test_u9_a_saturated_sigmoid_is_wrong_and_learns_nothing():
    unit = failure_modes.saturated_sigmoid()
    assert unit.loss.data == 1.0
    assert local_slopes(unit.output) == [pytest.approx(math.exp(-132.734), rel=1e-9)]
    assert all(abs(weight.grad) < 1e-50 for weight in unit.weights)


def test_u9_standardized_inputs_give_it_a_slope():
    unit = failure_modes.standardized_sigmoid()
    (slope,) = local_slopes(unit.output)
    assert slope > 0.24
    assert all(weight.grad > 0.1 for weight in unit.weights)


def test_u9_a_dead_relu_passes_no_slope_on():
    unit = failure_modes.dead_relu()
    assert unit.loss.data == 1.0
    assert unit.output.grad == -2.0
    assert [weight.grad for weight in unit.weights] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("factor", [3.0, 0.3])
def test_u9_products_explode_and_vanish(factor):
    start, end = failure_modes.repeated_product(factor)
    assert end.data == pytest.approx(factor**8, rel=1e-12)
    assert start.grad == pytest.approx(factor**8, rel=1e-12)


def test_the_script_draws_what_goes_wrong(tmp_path, capsys):
    assert failure_modes.main(["--out", str(tmp_path)]) == 0
    assert "slope of the activation 2.26e-58" in capsys.readouterr().out
    names = ["dead-relu.svg", "exploding-product.svg", "saturated-sigmoid.svg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert ">bias" in (tmp_path / "dead-relu.svg").read_text(encoding="utf-8")
