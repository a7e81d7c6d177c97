"""The command line of the main job: what it prints and writes."""

import re
import subprocess
import sys
from itertools import pairwise

import pytest
from admissions_job.report import FASTER

from tests.examples.conftest import EXAMPLES
from tests.examples.main_job import results, run, written

KEYS = {
    "name", "epochs", "learning_rate", "printed", "final_train_mse", "test_accuracy", "weights", "seconds",
}  # fmt: skip


def test_results_hold_the_named_keys_for_each_network(tmp_path):
    assert run(tmp_path, "--epochs", 10, "--hidden", 3, "--no-pictures") == 0
    one, two = results(tmp_path)
    assert set(one) == set(two) == KEYS
    assert [one["name"], two["name"]] == ["one-layer", "two-layer"]
    assert [row["epoch"] for row in one["printed"]] == list(range(10))
    assert [len(layer) for layer in one["weights"]] == [6]
    assert [len(layer) for layer in two["weights"]] == [6, 3]
    assert {len(row) for row in two["weights"][0]} == {3}
    assert one["seconds"] > 0
    assert written(tmp_path) == ["results.json"]


@pytest.mark.parametrize("epochs", [25, 30, 101])
def test_the_loss_is_printed_ten_times(tmp_path, capsys, epochs):
    run(tmp_path, "--network", "one-layer", "--epochs", epochs, "--no-pictures")
    rows = re.findall(r"^ +(\d+)      0\.\d{6}", capsys.readouterr().out, flags=re.MULTILINE)
    assert [int(row) for row in rows] == [row["epoch"] for row in results(tmp_path)[0]["printed"]]
    assert len(rows) == 10
    assert rows[0] == "0"


def test_the_options_reach_the_training(tmp_path):
    options = ("--network", "one-layer", "--epochs", 2, "--no-pictures")
    weights = []
    for changed in ((), ("--seed", 1), ("--split-seed", 1), ("--learning-rate", 1.5), ("--batch-size", 30)):
        run(tmp_path, *options, *changed)
        weights.append(tuple(results(tmp_path)[0]["weights"][0]))
    assert len(set(weights)) == len(weights)
    run(tmp_path, *options)
    assert tuple(results(tmp_path)[0]["weights"][0]) == weights[0]


def test_a_batch_of_all_records_is_the_full_batch(tmp_path):
    options = ("--network", "one-layer", "--epochs", 3, "--no-pictures")
    run(tmp_path, *options)
    full = results(tmp_path)[0]["weights"]
    run(tmp_path, *options, "--batch-size", 360)
    assert results(tmp_path)[0]["weights"] == full


def test_a_rising_loss_is_marked_where_it_rises(tmp_path, capsys):
    run(tmp_path, "--network", "one-layer", "--epochs", 10, "--learning-rate", 60, "--no-pictures")
    losses = [row["mse"] for row in results(tmp_path)[0]["printed"]]
    marks = ["WARNING" in line for line in capsys.readouterr().out.splitlines() if re.match(r" +\d+      0\.", line)]
    assert marks == [False, *(after > before for before, after in pairwise(losses))]
    assert True in marks


def test_the_remark_names_the_better_rate_for_the_seed_s_own_run_alone(tmp_path, capsys):
    run(tmp_path, "--network", "two-layer", "--epochs", 10, "--no-pictures")
    out = capsys.readouterr().out
    assert "has barely trained: 10 epochs at rate 0.005" in out
    assert FASTER not in out


@pytest.mark.slow
def test_the_better_rate_gives_what_the_remark_says(tmp_path):
    run(tmp_path, "--network", "two-layer", "--learning-rate", 0.5, "--no-pictures")
    (two,) = results(tmp_path)
    assert round(two["final_train_mse"], 4) == 0.1999
    assert two["test_accuracy"] == 0.75


def test_the_script_runs_from_anywhere(tmp_path):
    command = [sys.executable, str(EXAMPLES / "admissions.py"), "--epochs", "1", "--network", "one-layer"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Written into admissions-out: graph.html, graph.svg, loss.png, results.json, training.html" in done.stdout
    assert "fit" in done.stderr
