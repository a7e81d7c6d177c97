"""Training by graph traversal against the listings in plain NumPy, over seeds, splits, sizes and epochs."""

import numpy as np
import pytest
from admissions_job.networks import RECIPES, sigmoid_network, train
from admissions_job.records import DEFAULT_CSV, read_records
from admissions_job.results import evaluate
from data_preparation import prepare

from tests.examples import listings


def train_like(recipe, *, split_seed=42, **options):
    data = prepare(read_records(DEFAULT_CSV), split_seed=split_seed)
    return evaluate(train(recipe, data, progress=False, **options), data)


def assert_same_run(result, listed):
    history = result.training.history
    assert history.checks == [(epoch, pytest.approx(mse, rel=1e-9)) for epoch, mse in listed.printed]
    assert len(history.checks) == 10
    assert history.final_loss == pytest.approx(listed.final, rel=1e-9)
    assert result.test.accuracy == listed.accuracy
    assert_same_weights(result, listed)


def assert_same_weights(result, listed):
    weights = result.training.weights()
    assert len(weights) == len(listed.weights)
    for ours, theirs in zip(weights, listed.weights, strict=True):
        assert np.shape(ours) == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def changed(name, **options):
    return RECIPES[name].changed(**{"epochs": None, "learning_rate": None, "seed": None, "hidden": None} | options)


@pytest.mark.parametrize(
    ("seed", "split_seed", "epochs", "rate"), [(42, 42, 30, 0.5), (7, 3, 20, 2.0), (0, 1, 10, 0.1)]
)
def test_one_layer_is_the_listing(seed, split_seed, epochs, rate):
    result = train_like(changed("one-layer", seed=seed, epochs=epochs, learning_rate=rate), split_seed=split_seed)
    listed_data = listings.prepare(DEFAULT_CSV, split_seed=split_seed)
    assert_same_run(result, listings.one_layer(listed_data, seed=seed, epochs=epochs, rate=rate))


@pytest.mark.parametrize(
    ("seed", "split_seed", "epochs", "rate", "hidden"),
    [(21, 42, 20, 0.005, 2), (5, 8, 20, 0.5, 3), (1, 0, 10, 1.0, 1), (99, 42, 10, 5.0, 5)],
)
def test_two_layers_are_the_listing(seed, split_seed, epochs, rate, hidden):
    recipe = changed("two-layer", seed=seed, epochs=epochs, learning_rate=rate, hidden=hidden)
    listed_data = listings.prepare(DEFAULT_CSV, split_seed=split_seed)
    listed = listings.two_layer(listed_data, seed=seed, epochs=epochs, rate=rate, hidden=hidden)
    assert_same_run(train_like(recipe, split_seed=split_seed), listed)


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_full_runs_by_graphs_are_the_compiled_ones(name):
    compiled, graphs = (train_like(RECIPES[name], compiled=choice).training for choice in (True, False))
    assert graphs.history.epochs == RECIPES[name].epochs
    assert graphs.history.losses == pytest.approx(compiled.history.losses, rel=1e-9)
    for ours, theirs in zip(compiled.weights(), graphs.weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@pytest.mark.parametrize("size", [1, 64])
def test_batches_step_along_the_mean_over_the_batch(size):
    result = train_like(changed("one-layer", epochs=2, learning_rate=0.1), batch_size=size)
    listed_data = listings.prepare(DEFAULT_CSV, split_seed=42)
    listed = listings.one_layer_in_batches(listed_data, seed=42, epochs=2, rate=0.1, size=size)
    assert_same_weights(result, listed)


def test_the_first_weights_are_the_seed_s(reference):
    (single,) = RECIPES["one-layer"].first_weights(np.random.RandomState(42))
    inner, outer = RECIPES["two-layer"].first_weights(np.random.RandomState(21))
    assert single.tolist() == pytest.approx(reference["admissions_gradient"]["initial_weights"], rel=1e-9)
    expected = reference["admissions_backprop"]
    np.testing.assert_allclose(inner, expected["initial_weights_input_hidden"], rtol=1e-9)
    np.testing.assert_allclose(outer, expected["initial_weights_hidden_output"], rtol=1e-9)


def test_the_networks_have_no_biases():
    model = sigmoid_network(RECIPES["two-layer"].first_weights(np.random.RandomState(21)))
    assert len(model.parameters()) == 6 * 2 + 2


def test_options_change_a_recipe_and_none_does_not():
    recipe = changed("two-layer", epochs=5, hidden=4)
    assert (recipe.epochs, recipe.hidden, recipe.learning_rate, recipe.seed) == (5, 4, 0.005, 21)
    assert changed("one-layer", hidden=4).hidden is None
    assert (recipe.sizes, changed("one-layer").sizes) == ("6-4-1", "6-1")
