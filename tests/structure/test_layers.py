"""Imports point one way: between the packages, and between the layers of `autodiff`."""

from __future__ import annotations

import graphlib
import sys
from pathlib import Path

import pytest

import autodiff
from tests.structure.sources import PACKAGES, imported_modules, imports, module_name, source_files

MAY_IMPORT = {"autodiff": {"autodiff"}, "nn": {"nn", "autodiff"}, "viz": {"viz", "autodiff"}}

# From the bottom up: a module of `autodiff` imports from its own layer, and from those that stand before it here.
# A folder is one layer, except for the modules and folders in it that have a line of their own.
LAYERS = (
    "errors",
    "refusals",
    "numerics",
    "primitive",
    "choice",
    "rules",
    "custom",
    "modes",
    "node",
    "sources",
    "anomaly",
    "graph",
    "slopes",
    "branches",
    "forward",
    "reverse",
    "ufuncs",
    "methods",
    "display",
    "serialization",
    "value",
    "functions",
    "structure",
    "recording",
    "derivatives",
    "transforms",
    "jacobians",
    "gradcheck",
    "serialization.json_form",
    "notation",
    "compilation.trace",
    "compilation.rewrite",
    "compilation.program",
    "compilation.execute.numpy",
    "compilation.execute",
    "compilation.listing",
    "compilation",
    "testing",
)

EVERY_FILE = pytest.mark.parametrize("path", source_files(*PACKAGES), ids=module_name)
ENGINE_FILES = [path for path in source_files("autodiff") if module_name(path) != "autodiff"]


def _layer(module: str) -> str:
    """The line of LAYERS that a module of `autodiff` belongs to: its own, or that of the nearest folder around it."""
    inner = module.removeprefix("autodiff.")
    while inner not in LAYERS and "." in inner:
        inner = inner.rpartition(".")[0]
    return inner


@EVERY_FILE
def test_packages_import_in_one_direction(path: Path) -> None:
    package = module_name(path).split(".")[0]
    assert {module.split(".")[0] for module in imported_modules(path)} <= MAY_IMPORT[package]


@EVERY_FILE
def test_no_relative_imports(path: Path) -> None:
    assert not [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("from .")]


@pytest.mark.parametrize("path", source_files("nn", "viz"), ids=module_name)
def test_the_others_see_the_public_face_of_autodiff(path: Path) -> None:
    public = {*autodiff.__all__, "errors", ""}
    for entry in imports(path):
        if entry.module == "autodiff":
            assert entry.name in public, f"{path}:{entry.line}: autodiff.{entry.name} is not public"
        elif entry.module.startswith("autodiff."):
            assert entry.module == "autodiff.errors", f"{path}:{entry.line}: {entry.module} is not public"


def test_every_module_of_autodiff_has_a_layer() -> None:
    assert {_layer(module_name(path)) for path in ENGINE_FILES} == set(LAYERS)
    assert len(set(LAYERS)) == len(LAYERS)


@pytest.mark.parametrize("path", ENGINE_FILES, ids=module_name)
def test_layers_of_autodiff(path: Path) -> None:
    layer = _layer(module_name(path))
    below = set(LAYERS[: LAYERS.index(layer)]) | {layer}
    modules = imported_modules(path)
    assert "autodiff" not in modules, "the engine imports its own modules, not its public face"
    assert {_layer(module) for module in modules} <= below


@pytest.mark.parametrize("package", PACKAGES)
def test_no_cycles(package: str) -> None:
    """Folders of one layer, and the modules of nn and viz, have no order written down, but they must have one."""
    graph = {module_name(path): imported_modules(path) - {module_name(path)} for path in source_files(package)}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError


@pytest.mark.parametrize("path", source_files("autodiff"), ids=module_name)
def test_the_engine_needs_numpy_alone(path: Path) -> None:
    roots = {entry.module.split(".")[0] for entry in imports(path)}
    of_extras = {"hypothesis"} if _layer(module_name(path)) == "testing" else set()
    assert roots - sys.stdlib_module_names <= {"autodiff", "numpy"} | of_extras
