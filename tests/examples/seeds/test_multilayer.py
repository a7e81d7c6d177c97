import multilayer
import numpy as np
import pytest
from value_arrays import data


def test_u5_draws_the_listing_s_network(reference):
    expected, network = reference["multilayer_4x3x2"], multilayer.seeded_network()
    np.testing.assert_allclose(network.record, expected["X"], rtol=1e-9)
    np.testing.assert_allclose(network.weights_input_to_hidden, expected["weights_input_to_hidden"], rtol=1e-9)
    np.testing.assert_allclose(network.weights_hidden_to_output, expected["weights_hidden_to_output"], rtol=1e-9)


def test_u5_passes_forward(reference):
    expected, network = reference["multilayer_4x3x2"], multilayer.seeded_network()
    arrays = multilayer.forward(network)
    assert list(arrays) == ["hidden_layer_in", "hidden_layer_out", "output_layer_in", "output_layer_out"]
    for name, array in arrays.items():
        np.testing.assert_allclose(data(array), expected[name], rtol=1e-9)
    np.testing.assert_allclose(data(multilayer.model(network)(network.record)), expected["output_layer_out"], rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "both"),
    [
        ("np.dot(weights, record)", ["(4,3)", "(4,)"]),
        ("model(record[:3])", ["4 inputs", "with 3"]),
        ("layers the wrong way round", ["2 outputs", "4 inputs"]),
    ],
)
def test_u5_mismatched_shapes_are_both_named(name, both):
    call = multilayer.mismatches(multilayer.seeded_network())[name]
    with pytest.raises(ValueError, match=r"\d") as refusal:
        call()
    for shape in both:
        assert shape in str(refusal.value)
    assert multilayer.message(call) == str(refusal.value)


def test_the_script_prints_what_it_teaches(capsys):
    assert multilayer.main([]) == 0
    out = capsys.readouterr().out
    assert out.count("[0.49815196 0.48539772]") == 2
    assert "not aligned" in out
    assert "no error" not in out
