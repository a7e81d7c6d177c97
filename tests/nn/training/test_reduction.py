"""A loss of one's own runs by record where it is a mean or a sum over records, and else by batch."""

import numpy as np
import pytest

from autodiff import Value, dot, logsumexp, maximum, mean, square
from autodiff import sum as total
from autodiff.errors import TraceError
from nn import MLP, SGD, OptionError, cross_entropy, fit, one_hot
from nn.data.records import checked_records
from nn.training.objective import Objective
from nn.training.reduction import found_reduction

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(20, 3))
TARGETS = RNG.uniform(0.1, 1.0, size=20)
LABELS = RNG.integers(0, 3, size=20)
PENALIZED = Value(0.5)


def pairs(predictions, targets):
    return list(zip(predictions, targets, strict=True))


LOSSES = [
    (lambda p, t: mean([square(a - b) for a, b in pairs(p, t)]), "mean"),
    (lambda p, t: total([square(a - b) for a, b in pairs(p, t)]), "sum"),
    (lambda p, t: sum(square(a - b) for a, b in pairs(p, t)) / len(p), "mean"),
    (lambda p, t: mean([square(a - b) for a, b in pairs(p, t)]) + 0.1 * square(PENALIZED), "mean"),
    (lambda p, t: total([square(a - b) for a, b in pairs(p, t)]) + 0.1 * square(PENALIZED), "batch"),
    (lambda p, t: maximum(square(p[0] - t[0]), square(p[-1] - t[-1])), "batch"),
    (lambda p, t: square(mean([a - b for a, b in pairs(p, t)])), "batch"),
    (lambda p, t: mean([square(a - b) for a, b in pairs(p, t)]) ** 0.5, "batch"),
    (lambda p, t: p[1] - p[0], "batch"),  # cannot be called with one record
    (lambda p, t: 0.0 * p[0], "batch"),  # zero is the mean and the sum, and tells nothing
]


@pytest.mark.parametrize(("loss", "expected"), LOSSES)
def test_what_is_found(loss, expected):
    model = MLP(3, [2, 1], activation="tanh", rng=1)
    parameters = [*model.parameters(), PENALIZED]
    before = [parameter.data for parameter in parameters]
    assert found_reduction(Objective(model, loss, checked_records(FEATURES, TARGETS)), parameters) == expected
    assert [parameter.data for parameter in parameters] == before


@pytest.mark.parametrize("records", [1, 2, 7])
def test_few_records(records):
    model = MLP(3, [2, 1], activation="tanh", rng=1)
    for loss, expected in LOSSES[:2]:
        objective = Objective(model, loss, checked_records(FEATURES[:records], TARGETS[:records]))
        assert found_reduction(objective, model.parameters()) == expected


def trained(loss, **options):
    model = MLP(3, [3], rng=1)
    calls = []

    def counted(predictions, targets):
        calls.append(len(predictions))
        return loss(predictions, targets)

    history = fit(
        model,
        FEATURES,
        one_hot(LABELS, 3),
        loss=counted,
        optimizer=SGD(learning_rate=0.5),
        epochs=3,
        batch_size=9,
        rng=0,
        progress=False,
        **options,
    )
    return [parameter.data for parameter in model.parameters()], history.final_loss, calls


def own_cross_entropy(predictions, targets):
    return mean([logsumexp(z) - dot(t, z) for z, t in pairs(predictions, targets)])


@pytest.mark.parametrize("reduction", [None, "mean", "batch"])
def test_the_same_numbers_as_the_built_in_loss(reduction):
    ours, loss, calls = trained(own_cross_entropy, reduction=reduction)
    expected, expected_loss, _ = trained(cross_entropy, reduction="mean")
    np.testing.assert_allclose(ours, expected, rtol=1e-12)
    assert loss == pytest.approx(expected_loss, rel=1e-12)
    largest = {None: 8, "mean": 1, "batch": 20}
    assert max(calls) == largest[reduction]


def test_another_word_is_refused():
    with pytest.raises(OptionError, match=r"reduction takes .* got 'median'"):
        trained(own_cross_entropy, reduction="median")


def test_a_label_as_an_index_is_refused_with_the_remedy():
    def loss(predictions, labels):
        return mean([logsumexp(z) - z[int(label)] for z, label in pairs(predictions, labels)])

    with pytest.raises(TraceError, match=r"nn\.one_hot"):
        fit(
            lambda features: [features[0] * PENALIZED, features[1], features[2]],
            FEATURES,
            np.stack([LABELS] * 3, axis=1),
            loss=lambda p, t: loss(p, [row[0] for row in t]),
            optimizer=SGD(learning_rate=0.1),
            parameters=[PENALIZED],
            epochs=1,
            progress=False,
        )
