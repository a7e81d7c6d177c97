"""The film of a training run: its frames are those of a rerun, and a planted change is named first."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import nn
from autodiff.errors import AutodiffError
from tests.viz.page.browser import settle
from viz import Film, film, page
from viz.page.film import MOST_FRAMES, first_difference

X = np.random.default_rng(0).normal(size=(20, 3)).tolist()
Y = [float(row[0] > row[1]) for row in X]


def _model() -> nn.MLP:
    return nn.MLP(3, [2, 1], activation="sigmoid", output_activation="sigmoid", rng=1)


def _run(epochs: int, *, frozen_from: int | None = None) -> Film:
    model = _model()
    run = film(model, X, Y, loss=nn.mse)
    weight = model.layers[0].neurons[1].weights[0]
    held: list[float] = []

    def freeze(epoch: int, history: Any) -> None:
        if frozen_from is not None and epoch + 1 >= frozen_from - 1:
            held.append(weight.data)
            weight.data = held[0]

    nn.fit(model, X, Y, optimizer=nn.SGD(learning_rate=0.5), epochs=epochs, callbacks=[freeze, run], progress=False)
    return run


def test_frames_are_those_of_a_rerun() -> None:
    run = _run(30)
    assert run.epochs == [*range(31)]
    for epochs in (1, 7, 30):
        model = _model()
        nn.fit(model, X, Y, optimizer=nn.SGD(learning_rate=0.5), epochs=epochs, progress=False)
        assert run.numbers[epochs].tolist() == [parameter.data for parameter in model.parameters()]


def test_a_long_run_has_few_frames_in_a_small_page() -> None:
    run = film(_model(), X, Y, loss=nn.mse)
    history = type("History", (), {"losses": [1.0 / (k + 1) for k in range(10_000)]})()
    for epoch in range(10_000):
        run(epoch, history)
    frames = run.frames(37)
    assert len(frames) <= MOST_FRAMES
    assert {0, 37, 10_000} <= {run.epochs[place] for place in frames}
    assert len(page(run).html.encode()) <= 1_000_000


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["viz.page.film"], "MOST_NUMBERS", 500)  # viz.page is the function, too
    run = _run(300)
    assert run.numbers.size <= 600
    assert run.epochs[0] == 0
    assert len({b - a for a, b in zip(run.epochs, run.epochs[1:], strict=False)}) == 1


def test_a_planted_change_is_named_first(opened: Any) -> None:
    a, b = _run(60), _run(60, frozen_from=37)
    found = first_difference(a, b)
    assert found is not None
    weight = a.model.layers[0].neurons[1].weights[0]
    assert (found[0], a.parameters[found[1][0]]) == (37, weight)
    tab, _ = opened(page(a, b, title="two runs"))
    shown = tab.locator(".film-curve").text_content()
    assert "first differ at epoch 37" in shown
    assert "w1 x1 of layer 1 neuron 2" in shown
    tab.locator(".film input[type=range]").evaluate(
        "(slider) => { slider.value = 36; slider.oninput({target: slider}); }"
    )
    settle(tab)
    assert "equal to the last bit" in tab.locator(".why").inner_text()
    tab.get_by_role("button", name="frame on").click()
    settle(tab)
    assert tab.locator("[data-apart]").first.inner_text().startswith("w1 x1 of layer 1 neuron 2")
    frame = tab.evaluate("valuegraph.graph.network.parameters.map((p) => valuegraph.graph.network.leaves[p])")
    assert sorted(frame) == sorted(a.numbers[37].tolist())
    tab.wait_for_timeout(300)  # the address changes four times a second at most
    assert "f=37" in tab.evaluate("location.hash")


def test_runs_without_a_difference_say_so() -> None:
    assert first_difference(_run(5), _run(5)) is None


def test_films_of_other_shapes_are_refused() -> None:
    other = film(nn.MLP(3, [4, 1], rng=0), X, Y, loss=nn.mse)
    with pytest.raises(AutodiffError, match="11 and 21 parameters"):
        page(film(_model(), X, Y, loss=nn.mse), other)
