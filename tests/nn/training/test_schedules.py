"""Schedules against PyTorch's: side by side where it is installed, else literal figures."""

import numpy as np
import pytest

from nn import (
    SGD,
    ConstantRate,
    CosineDecay,
    ExponentialDecay,
    Layer,
    OptionError,
    ReduceOnPlateau,
    StepDecay,
    WarmUp,
    fit,
)
from nn.training.history import History

LOSSES = [1.0, 0.9, 0.95, 0.94, 0.93, 0.92, 0.91, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2]
EPOCHS = len(LOSSES)

SCHEDULES = {
    "constant": (
        ConstantRate(factor=0.5, epochs=3),
        lambda s, o: s.ConstantLR(o, 0.5, 3),
        {0: 0.05, 2: 0.05, 3: 0.1, 14: 0.1},
    ),
    "step": (StepDecay(4, gamma=0.5), lambda s, o: s.StepLR(o, 4, 0.5), {0: 0.1, 3: 0.1, 4: 0.05, 14: 0.0125}),
    "exponential": (ExponentialDecay(0.9), lambda s, o: s.ExponentialLR(o, 0.9), {0: 0.1, 1: 0.09, 2: 0.081}),
    "cosine": (
        CosineDecay(20, minimum=0.01),
        lambda s, o: s.CosineAnnealingLR(o, 20, 0.01),
        {0: 0.1, 10: 0.055},
    ),
    "warm-up": (
        WarmUp(5, start=0.2),
        lambda s, o: s.LinearLR(o, 0.2, 1.0, 5),
        {0: 0.02, 1: 0.036, 4: 0.084, 5: 0.1, 14: 0.1},
    ),
    "on plateau": (
        ReduceOnPlateau(factor=0.5, patience=2),
        lambda s, o: s.ReduceLROnPlateau(o, factor=0.5, patience=2),
        {0: 0.1, 4: 0.1, 5: 0.05, 10: 0.05, 11: 0.025, 14: 0.0125},
    ),
}


def rates(schedule):
    """The rate of each epoch of a run with these losses."""
    return [schedule(0.1, epoch, History(0.0, losses=LOSSES[:epoch])) for epoch in range(EPOCHS)]


@pytest.mark.parametrize("name", SCHEDULES)
def test_figures(name):
    schedule, _, figures = SCHEDULES[name]
    found = rates(schedule)
    assert {epoch: found[epoch] for epoch in figures} == pytest.approx(figures, rel=1e-12)


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", SCHEDULES)
def test_pytorch(name):
    torch = pytest.importorskip("torch")
    schedule, make, _ = SCHEDULES[name]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    theirs, expected = make(torch.optim.lr_scheduler, optimizer), []
    for loss in LOSSES:
        expected.append(optimizer.param_groups[0]["lr"])
        theirs.step(*([loss] if name == "on plateau" else []))
    assert rates(schedule) == pytest.approx(expected, rel=1e-10)


def test_after_the_warm_up_comes_another():
    found = rates(WarmUp(4, start=0.0, then=StepDecay(2, gamma=0.5)))
    assert found[:9] == pytest.approx([0.0, 0.025, 0.05, 0.075, 0.1, 0.1, 0.05, 0.05, 0.025])


def test_a_plateau_ends_at_the_minimum():
    assert rates(ReduceOnPlateau(factor=0.1, patience=0, minimum=0.03))[-1] == 0.03


@pytest.mark.parametrize("make", [StepDecay, CosineDecay, WarmUp])
def test_no_epochs_are_refused(make):
    with pytest.raises(OptionError, match="at least 1, got 0"):
        make(0)


def test_fit_sets_the_rate_of_each_epoch_and_gives_the_own_one_back():
    features, targets, optimizer = np.ones((4, 1)), np.full(4, 3.0), SGD(learning_rate=0.25)
    model = Layer.from_matrix([0.0], activation="linear")
    history = fit(
        model, features, targets, optimizer=optimizer, epochs=3, schedule=StepDecay(1, gamma=0.5), progress=False
    )
    assert history.learning_rates == [0.25, 0.125, 0.0625]
    weight = 0.0
    for rate in history.learning_rates:
        weight -= rate * 2 * (weight - 3.0)
    assert model.parameters()[0].data == pytest.approx(weight, rel=1e-14)
    assert optimizer.learning_rate == 0.25
