"""The main job as the README runs it: the default options, once, against every figure of the seed documents."""

import json
import xml.etree.ElementTree as ET

import admissions
import numpy as np
import pytest
from admissions_job.report import FASTER

LISTINGS = {"one-layer": "admissions_gradient", "two-layer": "admissions_backprop"}


def confusion_lines(test):
    return (
        f"   admitted       {test['tp']:8} {test['fn']:5}\n"
        f"   not admitted   {test['fp']:8} {test['tn']:5}\n"
    )  # fmt: skip


def assert_entry(entry, expected):
    assert entry["printed"] == [
        {"epoch": row["epoch"], "mse": pytest.approx(row.get("true_train_mse", row.get("mse")), rel=1e-9)}
        for row in expected["printed"]
    ]
    assert entry["final_train_mse"] == pytest.approx(expected["final_train_mse"], rel=1e-9)
    assert entry["test_accuracy"] == expected["test"]["accuracy"]


def assert_printed(out, reference):
    for name, listing in LISTINGS.items():
        expected = reference[listing]
        part = out.split(f"\n{name}, ")[1].split("trained in")[0]
        for row in expected["printed"]:
            assert f"{row['epoch']:8}      {row.get('true_train_mse', row.get('mse')):.6f}" in part
            if name == "two-layer":
                assert f"({row['printed_loss_last_record']:.6f})" in part
        assert f"final      {expected['final_train_mse']:.6f}" in part
        assert f"{reference['data_prep']['constant_predictor_train_mse']:.6f}" in part
        assert "WARNING" not in part
        assert confusion_lines(expected["test"]) in out
    assert out.count("always the majority, not admitted: 0.750") == 2
    assert "test accuracy 0.725" in out
    assert "test accuracy 0.425" in out


def test_the_default_run_reproduces_the_seeds(tmp_path, capsys, reference):
    assert admissions.main(["--out", str(tmp_path / "out")]) == 0
    out = capsys.readouterr().out

    one, two = json.loads((tmp_path / "out" / "results.json").read_text())
    assert (one["name"], one["epochs"], one["learning_rate"]) == ("one-layer", 1000, 0.5)
    assert (two["name"], two["epochs"], two["learning_rate"]) == ("two-layer", 900, 0.005)
    assert_entry(one, reference["admissions_gradient"])
    assert_entry(two, reference["admissions_backprop"])
    np.testing.assert_allclose(one["weights"], [reference["admissions_gradient"]["final_weights"]], rtol=1e-9)
    inner, outer = two["weights"]
    np.testing.assert_allclose(inner, reference["admissions_backprop"]["final_weights_input_hidden"], rtol=1e-9)
    np.testing.assert_allclose(outer, reference["admissions_backprop"]["final_weights_hidden_output"], rtol=1e-9)

    assert_printed(out, reference)
    assert FASTER in out.split("\ntwo-layer, ")[1]
    assert "barely trained" not in out.split("\ntwo-layer, ")[0]
    assert "graph.svg: training record 0 through the two-layer network" in out
    assert "graph-one-layer.svg: training record 0 through the one-layer network" in out
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["graph-one-layer.svg", "graph.html", "graph.svg", "loss.png", "results.json", "training.html"]
    for name in ("graph.svg", "graph-one-layer.svg"):
        assert ET.parse(tmp_path / "out" / name).getroot().tag.endswith("svg")
