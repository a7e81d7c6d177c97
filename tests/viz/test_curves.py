"""Curves and boundaries: what the figures hold, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import viz
from autodiff.errors import ShapeError
from viz import OptionError, OptionTypeError


def history() -> tuple[Any, nn.History]:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    records, targets = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [1.0, 1.0, 0.0]
    return model, nn.fit(model, records, targets, epochs=20, optimizer=nn.SGD(learning_rate=0.1), progress=False)


def test_the_losses_of_a_run() -> None:
    _, run = history()
    (axes,) = viz.curves(run).axes
    assert axes.lines[0].get_ydata().tolist() == run.losses
    assert [*zip(*(line.tolist() for line in axes.lines[1].get_data()), strict=True)] == [(a, b) for a, b in run.checks]


def test_two_runs_have_a_difference() -> None:
    above, below = viz.curves({"A": [3.0, 2.0, 1.0], "B": [3.0, 1.0]}).axes
    assert len(above.lines) == 2
    assert below.lines[0].get_ydata().tolist() == [0.0, -1.0]


def test_a_logarithmic_scale() -> None:
    assert viz.curves([1.0, 0.1], log=True).axes[0].get_yscale() == "log"


@pytest.mark.parametrize("given", [3, "losses", {"A": "losses"}, [[1.0]]])
def test_what_is_no_history_is_refused(given: Any) -> None:
    with pytest.raises(OptionTypeError, match="curves draws what"):
        viz.curves(given)


@pytest.mark.parametrize("given", [[], {}, {"A": []}])
def test_a_run_without_epochs_is_refused(given: Any) -> None:
    with pytest.raises(OptionError, match="no epoch"):
        viz.curves(given)


def test_a_boundary_holds_the_models_outputs_and_records() -> None:
    model, _ = history()
    records = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    figure = viz.boundary(model, records, [1.0, 1.0, 0.0], resolution=8)
    assert np.asarray(figure.axes[0].collections[-1].get_offsets()).tolist() == records
    assert all(parameter.grad == parameter.grad for parameter in model.parameters())


@pytest.mark.parametrize(
    ("X", "y"), [([[1.0, 2.0, 3.0]], None), ([1.0, 2.0], None), ([[1.0, 2.0]], [1.0, 2.0]), (np.empty((0, 2)), None)]
)
def test_other_shapes_are_refused(X: Any, y: Any) -> None:  # noqa: N803 - scikit-learn's name
    with pytest.raises(ShapeError):
        viz.boundary(lambda point: point[0], X, y)


def test_a_resolution_below_two_is_refused() -> None:
    with pytest.raises(OptionError, match="resolution"):
        viz.boundary(lambda point: point[0], [[1.0, 2.0]], resolution=1)
