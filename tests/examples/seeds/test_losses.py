import math

import losses
import pytest


def test_u1_the_three_losses():
    expected = {
        "SSE": 0.1**2 + 0.2**2 + 0.6**2,
        "MSE": (0.1**2 + 0.2**2 + 0.6**2) / 3,
        "log-loss": -(math.log(0.9) + math.log(0.8) + math.log(0.4)) / 3,
    }
    assert {name: losses.loss_and_slopes(name)[0] for name in losses.LOSSES} == pytest.approx(expected, rel=1e-12)


def test_u1_their_slopes():
    expected = {
        "SSE": [-0.2, 0.4, 1.2],
        "MSE": [-0.2 / 3, 0.4 / 3, 1.2 / 3],
        "log-loss": [-1 / 0.9 / 3, 1 / 0.8 / 3, 1 / 0.4 / 3],
    }
    for name in losses.LOSSES:
        assert losses.loss_and_slopes(name)[1] == pytest.approx(expected[name], rel=1e-12)


def test_u1_the_log_loss_keeps_its_slope_where_a_sigmoid_is_surely_wrong():
    assert losses.slope_when_surely_wrong("log-loss") == pytest.approx(-1.0, abs=1e-4)
    assert abs(losses.slope_when_surely_wrong("MSE")) < 1e-4


def test_the_script_prints_what_it_teaches(capsys):
    assert losses.main([]) == 0
    out = capsys.readouterr().out
    assert "SSE      0.410000" in out
    assert "log-loss -1.00e+00" in out
