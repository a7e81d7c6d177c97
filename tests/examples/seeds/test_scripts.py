"""Every script of the folder runs by itself, and the README's table names each of them."""

import subprocess
import sys

import pytest

from tests.examples.conftest import EXAMPLES

SUPPORT = {"picture_folder.py", "value_arrays.py"}
SCRIPTS = sorted(path.name for path in (EXAMPLES / "seeds").glob("*.py") if path.name not in SUPPORT)


def test_the_table_names_every_script_and_every_row():
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for script in SCRIPTS:
        assert f"examples/seeds/{script}" in table
    for row in [f"D{number}" for number in range(1, 6)] + [f"U{number}" for number in range(1, 10)]:
        assert row in table


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_script_runs_by_itself(tmp_path, script):
    command = [sys.executable, str(EXAMPLES / "seeds" / script)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(("D", "U"))
    assert done.stderr == ""
    assert {path.name for path in tmp_path.iterdir()} <= {"seeds-out"}
