"""Imports point one way: between the packages, and between the layers of each."""

from __future__ import annotations

import graphlib
import sys
from pathlib import Path

import pytest

import autodiff
from tests.structure.sources import PACKAGES, imported_modules, imports, module_name, source_files

MAY_IMPORT = {"autodiff": {"autodiff"}, "nn": {"nn", "autodiff"}, "viz": {"viz", "autodiff"}}

# From the bottom up: a module imports from its own layer, and from those that are listed before it.
# A folder is one layer, except for the modules and folders in it that have a line of their own.
LAYERS = (
    "errors",
    "argnums",
    "refusals",
    "modes",
    "arrays.value_array",
    "approximations",
    "numerics",
    "notation.latex_text",
    "notation.latex_part",
    "notation.latex_forms",
    "notation.sympy_forms",
    "primitive",
    "choice",
    "conditions",
    "rules",
    "compositions",
    "custom",
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
    "arrays",
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
NN_LAYERS = (
    "errors",
    "calls",
    "extras",
    "arrays",
    "randomness",
    "options",
    "modules",
    "data",
    "losses",
    "optimizers",
    "files",
    "training",
    "prediction",
    "training.evaluation",
    "training.run",
    "training.streaming",
    "training.epochs",
    "training.fit",
    "uncertainty",
    "estimators",
)
VIZ_LAYERS = (
    "errors",
    "files",
    "text",
    "records",
    "sweep",
    "subject",
    "expression",
    "drawing",
    "writers.dot.style",
    "writers.dot.clusters",
    "drawing.vertices",  # places come from Graphviz, which reads clusters
    "writers",
    "wasm_worker",
    "wasm",
    "layout",
    "render",
    "draw",
    "curves",
    "why",
    "page",
    "__main__",
)
LAYERS_OF = {"autodiff": LAYERS, "nn": NN_LAYERS, "viz": VIZ_LAYERS}

EVERY_FILE = pytest.mark.parametrize("path", source_files(*PACKAGES), ids=module_name)
INNER_FILES = [path for path in source_files(*PACKAGES) if module_name(path) not in PACKAGES]


def _layer(module: str) -> str:
    """The layer of its package that a module belongs to: its own, or that of the nearest folder around it."""
    package, _, inner = module.partition(".")
    while inner not in LAYERS_OF[package] and "." in inner:
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
    public = {*autodiff.__all__, "abs", "compile", "round", "sum", "errors", ""}
    for entry in imports(path):
        if entry.module == "autodiff":
            assert entry.name in public, f"{path}:{entry.line}: autodiff.{entry.name} is not public"
        elif entry.module.startswith("autodiff."):
            assert entry.module == "autodiff.errors", f"{path}:{entry.line}: {entry.module} is not public"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_has_a_layer(package: str) -> None:
    names = [module_name(path) for path in INNER_FILES]
    assert {_layer(name) for name in names if name.startswith(f"{package}.")} == set(LAYERS_OF[package])
    assert len(set(LAYERS_OF[package])) == len(LAYERS_OF[package])


@pytest.mark.parametrize("path", INNER_FILES, ids=module_name)
def test_layers(path: Path) -> None:
    package, layer = module_name(path).split(".")[0], _layer(module_name(path))
    modules = {module for module in imported_modules(path) if module.split(".")[0] == package}
    assert package not in modules, f"{package} imports its own modules, not its public face"
    order = LAYERS_OF[package]
    assert {_layer(module) for module in modules} <= set(order[: order.index(layer) + 1])


@pytest.mark.parametrize("package", PACKAGES)
def test_no_cycles(package: str) -> None:
    """Modules of one layer have no order written down, but they must have one."""
    graph = {module_name(path): imported_modules(path) - {module_name(path)} for path in source_files(package)}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError


@pytest.mark.parametrize("path", source_files("autodiff"), ids=module_name)
def test_the_engine_needs_numpy_alone(path: Path) -> None:
    roots = {entry.module.split(".")[0] for entry in imports(path)}
    of_extras = {"hypothesis"} if _layer(module_name(path)) == "testing" else set()
    assert roots - sys.stdlib_module_names <= {"autodiff", "numpy"} | of_extras
