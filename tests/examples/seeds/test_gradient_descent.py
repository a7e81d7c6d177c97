import gradient_descent
import numpy as np
import pytest


@pytest.mark.parametrize(
    ("which", "weights"), [(0, gradient_descent.FIRST_WEIGHTS), (1, gradient_descent.SECOND_WEIGHTS)]
)
def test_d1_judges_two_sets_of_weights(reference, which, weights):
    expected = reference["datacamp_mse_two_weight_sets"]
    assert [list(record) for record in gradient_descent.RECORDS] == expected["input_data"]
    assert expected["target_actuals"] == gradient_descent.TARGETS
    outputs, mse = gradient_descent.outputs_and_mse(weights)
    assert outputs == pytest.approx(expected[f"outputs_{which}"], rel=1e-9)
    assert mse == pytest.approx(expected[f"mse_{which}"], rel=1e-9)


def test_d2_takes_one_step(reference):
    expected, update = reference["datacamp_single_update"], gradient_descent.one_update()
    assert update.error == expected["error"]
    assert update.gradient.tolist() == expected["gradient"]
    assert update.weights.tolist() == pytest.approx(expected["w_updated"], rel=1e-9)
    assert update.error_after == pytest.approx(expected["error_updated"], rel=1e-9)
    assert [update.error**2, update.error_after**2] == pytest.approx(
        [expected["mse_before"], expected["mse_after"]], rel=1e-9
    )


def test_d3_repeats_it(reference):
    expected = reference["datacamp_20_updates"]
    history, weights = gradient_descent.many_updates()
    np.testing.assert_allclose(history, expected["mse_hist"], rtol=1e-9)
    np.testing.assert_allclose(history, [25 / 4**step for step in range(1, 21)], rtol=1e-9)
    np.testing.assert_allclose(weights, expected["final_weights"], rtol=1e-9)


def test_d3_draws_its_history():
    (axes,) = gradient_descent.plot_history([4.0, 1.0, 0.25]).axes
    (line,) = axes.lines
    assert line.get_xydata().tolist() == [[1, 4.0], [2, 1.0], [3, 0.25]]


def test_the_script_prints_what_it_teaches(tmp_path, capsys):
    assert gradient_descent.main(["--out", str(tmp_path / "pictures")]) == 0
    out = capsys.readouterr().out
    for shown in ("MSE 37.5", "MSE 49.890625", "error 5.0", "[0.7 1.6]", "error 2.5", "2.27e-11"):
        assert shown in out
    assert (tmp_path / "pictures" / "mse-history.png").read_bytes().startswith(b"\x89PNG")
