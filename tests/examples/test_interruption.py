"""Ctrl-C during the main job."""

import os
import re
import signal
import subprocess
import sys

import admissions
import pytest

from tests.examples.conftest import EXAMPLES
from tests.examples.main_job import results, run, written


def test_ctrl_c_keeps_what_was_learned(tmp_path, capsys, monkeypatch):
    def check_printer(_recipe, _data):
        def interrupt(_model, epoch, _history):
            if epoch == 3:
                raise KeyboardInterrupt

        return interrupt

    monkeypatch.setattr(admissions, "check_printer", check_printer)
    assert run(tmp_path, "--epochs", 20) == admissions.INTERRUPTED
    assert "Interrupted after 4 epochs; what was learned until then is kept." in capsys.readouterr().out
    (one,) = results(tmp_path)
    assert one["epochs"] == 4
    assert written(tmp_path) == ["graph.svg", "loss.png", "results.json"]


def test_ctrl_c_outside_training_writes_nothing(tmp_path, capsys, monkeypatch):
    def evaluate(_training, _data):
        raise KeyboardInterrupt

    monkeypatch.setattr(admissions, "evaluate", evaluate)
    assert run(tmp_path, "--epochs", 1) == admissions.INTERRUPTED
    assert "interrupted; nothing was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="a signal is sent to another process")
def test_a_real_signal_keeps_what_was_learned(tmp_path):
    command = [sys.executable, "-u", str(EXAMPLES / "admissions.py"), "--network", "one-layer", "--epochs", "100000"]
    with subprocess.Popen(
        [*command, "--no-pictures", "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        while not re.match(r" +0      0\.", process.stdout.readline()):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out = process.stdout.read()
    assert process.returncode == admissions.INTERRUPTED
    assert "Interrupted after" in out
    assert 0 < results(tmp_path)[0]["epochs"] < 100000
    assert written(tmp_path) == ["results.json"]
