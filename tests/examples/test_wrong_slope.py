import pytest
import wrong_slope

from autodiff import GradientMismatchError


@pytest.mark.slow
def test_both_slopes_are_found_and_read_well(capsys):
    wrong_slope.main()
    shown = capsys.readouterr().out
    assert "the operation softsign: softsign(x0) at x0 = 1.0\n" in shown
    assert "d result / d args[0] is 0.5 by reverse, but 0.25 by" in shown
    assert "the gradient by hand, at (weight, bias): (0.0, 1.0)\n" in shown
    assert "d result / d args[1] is -0.476811688088470" in shown
    assert "kink" not in shown


def test_the_slope_along_the_weight_is_right():
    with pytest.raises(GradientMismatchError) as caught:
        wrong_slope.check_error_gradient((0.5, 0.25))
    assert caught.value.disagreement.derivative == "d result / d args[1]"
    assert caught.value.disagreement.count == 1
