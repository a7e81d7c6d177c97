"""The source files of the project and what each of them imports, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import final

ROOT = Path(__file__).parents[2]
PACKAGES = ("autodiff", "nn", "viz")
ROOMS = (*PACKAGES, "valuegraph", "examples", "benchmarks")


@final
@dataclass(frozen=True)
class Import:
    """One name that a module imports: `from module import name`, or `import module` with an empty name."""

    module: str
    name: str
    line: int


def source_files(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> list[Import]:
    """Every import of a file, those inside functions and under TYPE_CHECKING too; relative ones made absolute."""
    return [*_imports(ast.parse(path.read_text(encoding="utf-8")), _package(path))]


def _package(path: Path) -> list[str]:
    return list(path.relative_to(ROOT).parent.parts)


def _imports(tree: ast.AST, package: list[str]) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, "", node.lineno)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)


def imported_modules(path: Path) -> set[str]:
    """The modules of this project that a file imports; `from package import module` counts as the module."""
    known = {module_name(file) for file in source_files(*PACKAGES)}
    found = set()
    for entry in imports(path):
        inner = f"{entry.module}.{entry.name}"
        found.add(inner if inner in known else entry.module)
    return {module for module in found if module.split(".")[0] in PACKAGES}
