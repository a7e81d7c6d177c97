"""mypy and pyright find the mistakes of a user's program, and say nothing of a right one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

import nn
from nn.losses.functions import LossName
from nn.modules.activations import ActivationName
from nn.training.metrics import MetricName

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MISSED = 0


def _mypy(program: Path) -> set[int]:
    """The lines at which mypy finds an error."""
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--output=json", str(program)]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    run = subprocess.run(command, cwd=program.parent, env=environment, capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    found = [json.loads(line) for line in run.stdout.splitlines() if line]
    return {entry["line"] for entry in found if Path(entry["file"]).name == program.name}


def _pyright(program: Path) -> set[int]:
    """The lines at which pyright finds an error."""
    if shutil.which("pyright") is None:
        pytest.skip("pyright is not installed")
    program.with_name("pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(ROOT)]}), encoding="utf-8")
    command = ["pyright", "--outputjson", "--pythonpath", sys.executable, str(program)]
    run = subprocess.run(command, cwd=program.parent, capture_output=True, text=True)
    found = json.loads(run.stdout)["generalDiagnostics"]
    return {entry["range"]["start"]["line"] + 1 for entry in found if entry["severity"] == "error"}


CHECKERS = pytest.mark.parametrize("errors", [_mypy, _pyright], ids=["mypy", "pyright"])


def _program(name: str, folder: Path) -> Path:
    return Path(shutil.copy(HERE / f"{name}.txt", folder / name))


@pytest.mark.slow
@CHECKERS
def test_mistakes_are_found(errors: Callable[[Path], set[int]], tmp_path: Path) -> None:
    program = _program("mistakes.py", tmp_path)
    lines = program.read_text(encoding="utf-8").splitlines()
    planted = {number for number, line in enumerate(lines, start=1) if "# mistake:" in line}
    assert len(planted) >= 20
    found = errors(program)
    assert len(planted - found) <= MISSED, sorted(planted - found)
    assert not found - planted


@pytest.mark.slow
@CHECKERS
def test_a_right_program_raises_no_alarm(errors: Callable[[Path], set[int]], tmp_path: Path) -> None:
    assert not errors(_program("right.py", tmp_path))


@pytest.mark.slow
def test_the_right_program_runs(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = _program("right.py", tmp_path)
    run = subprocess.run([sys.executable, str(program)], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("names", "table"),
    [(ActivationName, nn.ACTIVATIONS), (LossName, nn.LOSSES), (MetricName, nn.METRICS)],
    ids=["activations", "losses", "metrics"],
)
def test_type_checkers_know_every_name_of_a_table(names: Any, table: dict[str, Any]) -> None:
    assert sorted(get_args(names)) == sorted(table)
