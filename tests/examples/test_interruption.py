"""Ctrl-C during the main job."""

import os
import re
import signal
import subprocess
import sys
import textwrap

import admissions
import pytest

from tests.examples.conftest import EXAMPLES
from tests.examples.main_job import results, run, written

posix = pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX does")


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
    assert written(tmp_path) == ["graph.html", "graph.svg", "loss.png", "results.json", "training.html"]


def test_ctrl_c_outside_training_writes_nothing(tmp_path, capsys, monkeypatch):
    def evaluate(_training, _data):
        raise KeyboardInterrupt

    monkeypatch.setattr(admissions, "evaluate", evaluate)
    assert run(tmp_path, "--epochs", 1) == admissions.INTERRUPTED
    assert "interrupted; nothing was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_real_signal_keeps_what_was_learned(tmp_path):
    command = [sys.executable, "-u", str(EXAMPLES / "admissions.py"), "--network", "one-layer", "--epochs", str(10**9)]
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
    assert 0 < results(tmp_path)[0]["epochs"] < 10**9
    assert written(tmp_path) == ["results.json"]


def started(out, *options):
    command = [sys.executable, "-u", str(EXAMPLES / "admissions.py"), "--network", "one-layer", "--no-pictures"]
    return subprocess.Popen(
        [*command, *options, "--out", str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@posix
def test_a_request_to_end_leaves_nothing_behind(tmp_path):
    with started(tmp_path / "out", "--epochs", str(10**9)) as process:
        while not re.match(r" +0      0\.", process.stdout.readline()):
            assert process.poll() is None
        process.terminate()
        _, errors = process.communicate(timeout=60)
    assert process.returncode == admissions.TERMINATED
    assert errors.endswith("admissions.py: asked to end; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


@posix
def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path):
    with started(tmp_path / "out", "--epochs", str(10**9)) as process:
        while not re.match(r" +0      0\.", process.stdout.readline()):
            assert process.poll() is None
        process.kill()
    assert len([*(tmp_path / "out").glob(".unfinished-*")]) == 1
    assert run(tmp_path, "--epochs", 1, "--network", "one-layer", "--no-pictures") == 0
    assert written(tmp_path) == ["results.json"]


def test_a_folder_of_a_running_process_is_left_alone(tmp_path):
    busy = tmp_path / "out" / f".unfinished-{os.getppid()}-x"
    busy.mkdir(parents=True)
    assert run(tmp_path, "--epochs", 1, "--no-pictures") == 0
    assert busy.exists()


def test_ctrl_c_while_moving_comes_too_late(tmp_path, monkeypatch):
    moved = os.replace

    def interrupted(source, target):
        moved(source, target)
        if target.parent.name == "out":
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(os, "replace", interrupted)
    before = signal.getsignal(signal.SIGINT)
    assert run(tmp_path, "--epochs", 1) == 0
    assert written(tmp_path) == [
        "graph-one-layer.svg",
        "graph.html",
        "graph.svg",
        "loss.png",
        "results.json",
        "training.html",
    ]
    assert signal.getsignal(signal.SIGINT) is before


@posix
def test_ctrl_c_while_importing_is_one_line(tmp_path):
    script = f"""
        import os, runpy, signal, sys, threading
        class Interrupting:
            def find_spec(self, name, *_):
                if name == "pandas":
                    signal.raise_signal(signal.SIGINT)
        sys.meta_path.insert(0, Interrupting())
        sys.argv = ["admissions.py"]
        sys.path.insert(0, {str(EXAMPLES)!r})
        runpy.run_path({str(EXAMPLES / "admissions.py")!r}, run_name="__main__")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (
        admissions.INTERRUPTED,
        "admissions.py: interrupted; nothing was written\n",
    )


@posix
def test_a_limit_of_size_names_the_file(tmp_path, capsys, monkeypatch):
    def full(path, _results):
        raise OSError(27, "File too large")

    monkeypatch.setattr(admissions, "write_results", full)
    assert run(tmp_path, "--epochs", 1) == 2
    assert capsys.readouterr().err.endswith("admissions.py: cannot write results.json: File too large\n")


@posix
def test_a_real_limit_of_size_names_the_file_and_leaves_nothing(tmp_path):
    script = f"""
        import resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        sys.path.insert(0, {str(EXAMPLES)!r})
        import admissions
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
        sys.exit(admissions.main(["--epochs", "1", "--out", "out"]))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert re.fullmatch(r"admissions\.py: cannot write [\w-]+\.\w+: File too large", last)
    assert not (tmp_path / "out").exists()
