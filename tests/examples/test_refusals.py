"""What the main job refuses, in one line and with nothing half-written."""

from pathlib import Path

import admissions
import pytest
from admissions_job import output_folder

from tests.examples.main_job import run, written


@pytest.fixture
def no_training(monkeypatch):
    """Fails the test if a training begins."""

    def train(*_, **__):
        pytest.fail("training began before the command line was refused")

    monkeypatch.setattr(admissions, "train", train)


REFUSED = {
    ("--epochs", "0"): "--epochs: 0 is below 1",
    ("--epochs", "-3"): "--epochs: -3 is below 1",
    ("--epochs", "many"): "--epochs: 'many' is not a whole number",
    ("--hidden", "0"): "--hidden: 0 is below 1",
    ("--hidden", "1000000000"): "--hidden: 1000000000 is above 10000",
    ("--hidden", "2", "--network", "one-layer"): "--hidden is for the two-layer network",
    ("--batch-size", "0"): "--batch-size: 0 is below 1",
    ("--batch-size", "361"): "--batch-size 361: there are 360 training records",
    ("--learning-rate", "0"): "--learning-rate: '0' is not a number above 0",
    ("--learning-rate", "-1"): "--learning-rate: '-1' is not a number above 0",
    ("--learning-rate", "nan"): "'nan' is not a number above 0",
    ("--learning-rate", "inf"): "'inf' is not a number above 0",
    ("--seed", "-1"): "--seed: -1 is not a seed",
    ("--seed", "x"): "--seed: invalid seed value: 'x'",
    ("--split-seed", "4294967296"): "--split-seed: 4294967296 is not a seed",
    ("--record", "400"): "--record 400: the records are numbered from 0 to 399",
    ("--record", "-1"): "--record -1: the records are numbered",
    ("--network", "deep"): "--network: invalid choice: 'deep'",
    ("--depth", "3"): "unrecognized arguments: --depth 3",
    ("--csv", "none.csv"): "cannot read none.csv: No such file or directory",
}


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("options", REFUSED, ids=" ".join)
def test_wrong_options_are_refused_in_one_line(tmp_path, capsys, options):
    try:
        status = run(tmp_path, *options)
    except SystemExit as exit_:
        status = exit_.code
    err = capsys.readouterr().err
    assert status == 2
    assert REFUSED[options] in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("no_training")
def test_malformed_records_are_refused_in_one_line(tmp_path, capsys):
    path = tmp_path / "bad.csv"
    path.write_text("admit,gre,gpa,rank\n0,380,3.61,7\n")
    assert run(tmp_path, "--csv", path) == 2
    assert capsys.readouterr().err == (
        f"admissions.py: {path}, line 2: rank is '7', expected a whole number from 1 to 4\n"
    )
    assert not (tmp_path / "out").exists()


def file_in_its_place(out):
    out.write_text("mine")


def file_above_it(out):
    out.parent.mkdir(exist_ok=True)
    (out.parent / "above").write_text("mine")
    return out.parent / "above" / "out"


def folder_in_a_result_s_place(out):
    (out / "results.json").mkdir(parents=True)


def refused_by_the_system(_out):
    return Path("/proc/admissions-out")


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("spoil", [file_in_its_place, file_above_it, folder_in_a_result_s_place, refused_by_the_system])
def test_a_folder_that_cannot_be_written_is_refused_before_training(tmp_path, capsys, spoil):
    out = spoil(tmp_path / "out") or tmp_path / "out"
    before = sorted(tmp_path.rglob("*"))
    assert admissions.main(["--out", str(out)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"admissions.py: cannot write into {out}: ")
    assert err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_failure_at_the_end_leaves_nothing(tmp_path, capsys, monkeypatch):
    def write_results(path, _results):
        path.write_text("half")
        raise OSError("No space left on device")

    monkeypatch.setattr(admissions, "write_results", write_results)
    assert run(tmp_path, "--epochs", 1, "--network", "one-layer") == 2
    assert "No space left" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_earlier_results_as_they_were(tmp_path, monkeypatch):
    run(tmp_path, "--epochs", 1, "--network", "one-layer", "--no-pictures")
    before = (tmp_path / "out" / "results.json").read_text()
    monkeypatch.setattr(output_folder.os, "replace", _refuse)
    assert run(tmp_path, "--epochs", 2, "--network", "one-layer", "--no-pictures") == 2
    assert written(tmp_path) == ["results.json"]
    assert (tmp_path / "out" / "results.json").read_text() == before


def _refuse(_source, _target):
    raise OSError("refused")


def test_weights_beyond_all_numbers_are_an_error(tmp_path, capsys, monkeypatch):
    training = admissions.train

    def diverged(*arguments, **options):
        out = training(*arguments, **options)
        out.history.final_loss = float("nan")
        return out

    monkeypatch.setattr(admissions, "train", diverged)
    assert run(tmp_path, "--epochs", 1) == 2
    assert "drove the weights beyond all numbers; give less" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
