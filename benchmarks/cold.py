"""The main job as a process of its own, from start to end, and the same training in PyTorch."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.comparison import Comparison, Work

_ROOT = Path(__file__).parents[1]


def _prepare() -> tuple[Work, Work]:
    folder = tempfile.mkdtemp()
    job = _ROOT / "examples" / "admissions.py"
    ours = [job, "--network", "two-layer", "--epochs", "1000", "--no-pictures", "--out", folder]
    return _running(ours), _running([_ROOT / "benchmarks" / "cold_torch.py"])


def _running(command: list[str | Path]) -> Work:
    return lambda: subprocess.run([sys.executable, *command], check=True, capture_output=True)


ROWS = (
    Comparison(
        "cold", "torch", 0.5, "examples/admissions.py --network two-layer --epochs 1000 --no-pictures, cold processes",
        _prepare, rounds=5, needs=("pandas", "matplotlib"),
    ),
)  # fmt: skip
