"""The tutorial notebook runs, shows what it promises, and its numbers are those of the course's listing."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.structure.sources import ROOT

NOTEBOOK = ROOT / "docs" / "backpropagation.ipynb"


@pytest.fixture(scope="module")
def outputs() -> list[Any]:
    """The outputs of each cell of code, from a kernel of its own."""
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), before]))
    try:
        client.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.filterwarnings("ignore")  # of the packages that run the kernel
def test_it_shows_pictures_tables_and_formulas(outputs: list[Any]) -> None:
    kinds = [{kind for output in cell for kind in output.get("data", {})} for cell in outputs]
    assert "text/html" in kinds[1]
    assert "image/svg+xml" in kinds[2]
    assert {"text/html", "text/markdown", "text/latex"} <= kinds[3]
    assert all("text/html" in shown for shown in kinds[3:8])


@pytest.mark.filterwarnings("ignore")
def test_its_step_is_the_listings(outputs: list[Any]) -> None:
    printed = ast.literal_eval(outputs[-1][0]["data"]["text/plain"])
    assert printed == pytest.approx([0.00804047, 0.00555918], abs=1e-8)


def test_it_is_saved_without_outputs() -> None:
    cells = json.loads(Path(NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells if cell["cell_type"] == "code")
