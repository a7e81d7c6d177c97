"""A file is one concept with short functions, and is named by what is in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.sources import ROOMS, ROOT, module_name, source_files

LONGEST_FUNCTION = 40
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "misc", "common"}

EVERY_FILE = pytest.mark.parametrize("path", source_files(*ROOMS), ids=module_name)


def _definitions(path: Path, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kinds))


def test_there_are_files_to_look_at() -> None:
    assert len(source_files("autodiff")) >= 15


@EVERY_FILE
def test_no_function_is_long(path: Path) -> None:
    """The docstring, which is a contract, does not count."""
    for function in _definitions(path, ast.FunctionDef, ast.AsyncFunctionDef):
        assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        body = function.body[1:] if ast.get_docstring(function) else function.body
        lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        assert lines <= LONGEST_FUNCTION, function.name


@EVERY_FILE
def test_a_module_says_what_it_is_about(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", source_files(*ROOMS, "tests"), ids=module_name)
def test_names_say_something(path: Path) -> None:
    assert not SAYS_NOTHING & {*path.relative_to(ROOT).with_suffix("").parts}


@EVERY_FILE
def test_users_are_told_by_errors_and_not_by_assertions(path: Path) -> None:
    assert not [*_definitions(path, ast.Assert)]


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert all((folder / "__init__.py").exists() for folder in folders)
