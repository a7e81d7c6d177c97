import pytest
from admissions_job.networks import RECIPES, train
from admissions_job.pictures import loss_curves, record_picture

import viz
from tests.examples.main_job import run, written


def test_the_graph_shows_the_record_s_features_and_the_layers(tmp_path):
    assert run(tmp_path, "--network", "two-layer", "--epochs", 1, "--record", 399) == 0
    assert written(tmp_path) == ["graph.html", "graph.svg", "loss.png", "results.json", "training.html"]
    svg = (tmp_path / "out" / "graph.svg").read_text(encoding="utf-8")
    for text in ("gre", "gpa", "rank_1", "rank_4", "target", "squared error", "layer 1", "layer 2", "neuron 2"):
        assert f">{text}" in svg
    assert (tmp_path / "out" / "loss.png").read_bytes().startswith(b"\x89PNG")


def test_the_graph_is_that_of_the_chosen_record(data):
    recipe = RECIPES["two-layer"].changed(epochs=1, learning_rate=None, seed=None, hidden=None)
    model = train(recipe, data, progress=False).model
    held = [parameter.grad for parameter in model.parameters()]
    for record in (0, 399):
        drawing = record_picture(model, data, record).drawing
        (loss,) = [vertex.number for vertex in drawing.vertices if vertex.result]
        assert loss == pytest.approx((model(data.features[record]).data - data.targets[record]) ** 2, rel=1e-12)
        assert drawing.columns[0].title == f"record {record}"
    assert [parameter.grad for parameter in model.parameters()] == held


def test_results_stay_where_no_graph_can_be_drawn(tmp_path, capsys, monkeypatch):
    def fail(*_, **__):
        raise viz.RenderError("no layout program; install one")

    monkeypatch.setattr(viz.Picture, "render", fail)
    assert run(tmp_path, "--network", "one-layer", "--epochs", 1) == 1
    assert written(tmp_path) == ["graph.html", "loss.png", "results.json", "training.html"]
    assert "no graph was drawn: no layout program" in capsys.readouterr().err


def test_the_curves_show_each_epoch_each_printed_loss_and_the_constant_predictor(data):
    trainings = [
        train(recipe.changed(epochs=12, learning_rate=None, seed=None, hidden=None), data, progress=False)
        for recipe in RECIPES.values()
    ]
    (axes,) = loss_curves(trainings, constant_mse=0.2).axes
    constant, *lines = axes.lines
    assert list(constant.get_ydata()) == [0.2, 0.2]
    for training, (curve, printed) in zip(trainings, zip(lines[::2], lines[1::2], strict=True), strict=True):
        history = training.history
        assert list(curve.get_ydata()) == [*history.losses, history.final_loss]
        # A loss printed for epoch e was measured after e + 1 epochs.
        assert printed.get_xydata().tolist() == [[epoch + 1, mse] for epoch, mse in history.checks]
    labels = " ".join(text.get_text() for text in axes.texts)
    assert "one-layer 6-1" in labels
    assert "two-layer 6-2-1" in labels
