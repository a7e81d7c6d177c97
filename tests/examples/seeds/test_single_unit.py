import numpy as np
import pytest
import single_unit


@pytest.mark.parametrize(
    ("name", "listing"), [("two inputs", "gradient_snippet_2_inputs"), ("gradient.py", "gradient_single_step")]
)
def test_u2_is_the_listing(reference, name, listing):
    expected = dict(reference[listing])
    step = single_unit.unit_step(*single_unit.LISTINGS[name])
    np.testing.assert_allclose(step.del_w, expected.pop("del_w"), rtol=1e-9)
    assert {"h", "nn_output", "error", "error_term"} <= set(expected)
    for quantity, number in expected.items():
        assert getattr(step, quantity) == pytest.approx(number, rel=1e-9)


def test_the_script_prints_what_it_teaches(capsys):
    assert single_unit.main([]) == 0
    out = capsys.readouterr().out
    assert "output 0.517493" in out
    assert "output 0.689974" in out
    assert "the rate 0.5 would be 0.25" in out
