"""The truth itself, held to the seed's figures: listings.py must not be wrong in the way that the examples are."""

import numpy as np
import pytest
from admissions_job.records import DEFAULT_CSV

from tests.examples import listings


@pytest.fixture(scope="module")
def listed_data():
    return listings.prepare(DEFAULT_CSV, split_seed=42)


def test_gradient_listing(listed_data, reference):
    expected = reference["admissions_gradient"]
    run = listings.one_layer(listed_data, seed=42, epochs=1000, rate=0.5)
    assert run.weights[0].tolist() == pytest.approx(expected["final_weights"], rel=1e-9)
    assert run.printed == [(row["epoch"], pytest.approx(row["mse"], rel=1e-9)) for row in expected["printed"]]
    assert run.accuracy == expected["test"]["accuracy"]


def test_backprop_listing(listed_data, reference):
    expected = reference["admissions_backprop"]
    run = listings.two_layer(listed_data, seed=21, epochs=900, rate=0.005)
    assert run.weights[1].tolist() == pytest.approx(expected["final_weights_hidden_output"], rel=1e-9)
    np.testing.assert_allclose(run.weights[0], expected["final_weights_input_hidden"], rtol=1e-9)
    assert run.last_record_losses == pytest.approx(
        [row["printed_loss_last_record"] for row in expected["printed"]], rel=1e-9
    )
    assert run.accuracy == expected["test"]["accuracy"]
