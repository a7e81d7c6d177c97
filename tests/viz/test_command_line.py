"""`python -m viz`: files by extension, trees of text, and exit statuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autodiff import Value, to_json
from viz.__main__ import WRITERS, main

EXPRESSION = ["tanh(w*x + b)**2", "w=0.5", "x=2", "b=-1"]
BEGINS = {
    ".svg": b"<", ".png": b"\x89PNG", ".pdf": b"%PDF", ".gv": b"digraph", ".dot": b"digraph", ".txt": b"^",
    ".html": b"<!DOCTYPE html>",
}  # fmt: skip


def test_every_extension_is_tried() -> None:
    assert set(BEGINS) == set(WRITERS)


@pytest.mark.parametrize("extension", BEGINS)
def test_a_file_of_each_extension(extension: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph{extension}"
    assert main([*EXPRESSION, "-o", str(path)]) == 0
    assert path.read_bytes().lstrip(b"/ ").startswith(BEGINS[extension]) or extension in (".gv", ".dot")
    assert path.stat().st_size > 80


def test_a_tree_without_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["w*x", "w=0.5", "x=2"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "×     value 1    gradient 1",
        "├─ w  value 0.5  gradient 2",
        "└─ x  value 2    gradient 0.5",
    ]


@pytest.mark.parametrize("expression", ["-w*2", "-(w*2)", "- w * 2", "-2*w"])
def test_an_expression_may_begin_with_a_minus(expression: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([expression, "w=3"]) == 0
    assert "value -6" in capsys.readouterr().out


REFUSED = {
    "an expression that ends too soon": (["w*2+", "w=1"], "column 5"),
    "what is not allowed": (["w.data", "w=1"], "column 1"),
    "a name without a number": (["w*x", "w=1"], "add x=1.0"),
    "a number that is none": (["w", "w=one"], "w needs a number, got 'one'"),
    "a number twice": (["w", "w=1", "w=2"], "w is given twice"),
    "no equals sign": (["w", "1"], "expected name=number"),
    "an unknown extension": (["w", "w=1", "-o", "graph.exe"], "known extensions are .svg"),
    "nothing": ([], "give an expression"),
    "both": (["w", "w=1", "--from", "x.json"], "not both"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_has_status_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, message = REFUSED[name]
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_saved_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x = Value(3.0, label="x")
    y = x * x
    y.backward()
    path = tmp_path / "graph.json"
    path.write_text(to_json(y), encoding="utf-8")
    assert main(["--from", str(path)]) == 0
    assert "gradient 6" in capsys.readouterr().out
    assert main(["--from", str(path), "-o", str(tmp_path / "graph.svg")]) == 0


def test_a_file_that_is_not_there_has_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", str(tmp_path / "none.json")]) == 1
    assert "none.json" in capsys.readouterr().err


def test_a_file_that_is_no_graph_has_status_1(tmp_path: Path) -> None:
    path = tmp_path / "graph.json"
    path.write_text("{}", encoding="utf-8")
    assert main(["--from", str(path)]) == 1


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "viz", "w @ w", "w=1"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "^" in done.stderr
    assert not done.stdout
