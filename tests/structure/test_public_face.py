"""What `autodiff` exports, and that every operation is complete: a row, a documented function, a domain."""

from __future__ import annotations

import builtins
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autodiff
import autodiff.testing
import nn
import nn.estimators
import valuegraph
import viz
from autodiff import Value
from autodiff.rules import INNER, PRIMITIVES
from tests.autodiff.domains import DOMAINS
from tests.structure.sources import ROOT

# Rows written as an operator of Python, rather than called by name.
OPERATORS = {
    "add": "__add__",
    "sub": "__sub__",
    "mul": "__mul__",
    "div": "__truediv__",
    "pow": "__pow__",
    "neg": "__neg__",
    "abs": "__abs__",
}
# Rows that only NumPy's name and the engine itself reach.
UFUNCS = {"identity": np.positive}

# Public too, but no part of `from autodiff import *`, for Python has them.
FAMILIES = [
    module
    for name, module in sys.modules.items()
    if name.startswith("autodiff.functions.") and hasattr(module, "__all__")
]
BUILTINS = {"abs", "compile", "round", "sum"}
PUBLIC = {name: getattr(autodiff, name) for name in {*autodiff.__all__, *BUILTINS}}

MODULE = re.compile(r"^\.\. currentmodule:: ([\w.]+)$", re.MULTILINE)
ENTRY = re.compile(r"^\.\. auto(?:class|data|exception|function):: (\w+)$", re.MULTILINE)
# What nn and viz export again has its entry in the reference of autodiff.
OWN = {"autodiff": {*PUBLIC}} | {
    module.__name__: {name for name in module.__all__ if getattr(module, name) is not PUBLIC.get(name)}
    for module in (autodiff.testing, nn, nn.estimators, viz)
}


def test_all_is_what_is_public() -> None:
    visible = {
        name for name, thing in vars(autodiff).items() if not name.startswith("_") and not inspect.ismodule(thing)
    }
    assert visible == set(PUBLIC)
    assert len(autodiff.__all__) == len(set(autodiff.__all__))


def test_a_star_import_shadows_no_builtin() -> None:
    assert not {*autodiff.__all__} & {*vars(builtins)}
    assert {*PUBLIC} - {*autodiff.__all__} == {*PUBLIC} & {*vars(builtins)} == BUILTINS


@pytest.mark.parametrize("package", [autodiff, nn, viz], ids=lambda package: package.__name__)
def test_dir_lists_what_is_public(package: Any) -> None:
    assert {*package.__all__} <= {*dir(package)}
    assert package is not autodiff or {*dir(package)} >= BUILTINS


def test_valuegraph_has_the_three_packages_and_imports_them_when_used() -> None:
    assert [getattr(valuegraph, package.__name__) for package in (autodiff, nn, viz)] == [autodiff, nn, viz]
    assert {*valuegraph.__all__} <= {*dir(valuegraph)}
    assert valuegraph.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute 'vis'; it has autodiff, nn, viz"):
        valuegraph.vis  # noqa: B018 - looking it up is the test
    look = "import sys, valuegraph; print({'autodiff', 'nn', 'viz', 'numpy'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "set()\n"


def test_every_function_is_exported_from_the_top() -> None:
    assert len(FAMILIES) >= 5
    for family in FAMILIES:
        assert all(getattr(family, name) is PUBLIC[name] for name in family.__all__)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_everything_public_is_documented(name: str) -> None:
    thing = PUBLIC[name]
    assert inspect.getdoc(thing)
    if inspect.isclass(thing):
        for member, attribute in vars(thing).items():
            if not member.startswith("_") and (callable(attribute) or isinstance(attribute, property)):
                assert inspect.getdoc(attribute), f"{name}.{member}"


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_function_is_typed(name: str) -> None:
    thing = PUBLIC[name]
    if inspect.isfunction(thing):
        signature = inspect.signature(thing)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(p.annotation is not inspect.Parameter.empty for p in signature.parameters.values())


def _record(name: str) -> Value:
    """A node made the way that a user makes it."""
    row = PRIMITIVES[name]
    operands = [Value(0.25 + 0.5 * place) for place in range(row.arity or 2)]
    if name in OPERATORS:
        node: Any = getattr(Value, OPERATORS[name])(*operands)
    elif name in UFUNCS:
        node = UFUNCS[name](*operands)
    elif name == "dot":
        node = autodiff.dot(operands[:1], operands[1:])
    else:
        function = getattr(autodiff, name)
        node = function(*operands) if row.arity else function(operands)
    assert isinstance(node, Value)
    return node


@pytest.mark.parametrize("name", sorted(set(PRIMITIVES) - {row.name for row in INNER}))
def test_every_row_can_be_recorded_by_a_documented_name(name: str) -> None:
    assert _record(name).primitive is PRIMITIVES[name]


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_a_row_is_complete(name: str) -> None:
    """The change test: a row in the table, a documented function or operator, a row in the domain table."""
    assert name in DOMAINS
    assert name in {*OPERATORS, *UFUNCS} or PRIMITIVES[name] in INNER or inspect.getdoc(getattr(autodiff, name))


def test_every_public_name_has_one_entry_in_the_reference() -> None:
    """Mend it by a line such as `.. autofunction:: name` in docs/reference/<package>-<subject>.rst."""
    entries: dict[str, list[str]] = {module: [] for module in OWN}
    for path in (ROOT / "docs/reference").glob("*-*.rst"):
        page = path.read_text(encoding="utf-8")
        (module,) = MODULE.findall(page)
        entries[module] += ENTRY.findall(page)
    assert {module: sorted(names) for module, names in entries.items()} == {
        module: sorted(names) for module, names in OWN.items()
    }


def _sections(thing: Any) -> set[str]:
    """The titles of the numpydoc sections in a docstring of its own."""
    return {*re.findall(r"^(\w[\w ]*)\n-{3,}$", inspect.cleandoc(thing.__doc__ or ""), re.MULTILINE)}


def _described(thing: Any) -> list[str]:
    """The parameters that a docstring describes, in order."""
    text = inspect.cleandoc(thing.__doc__ or "")
    section = re.search(r"^Parameters\n-{3,}\n(.*?)(?=^\w[^\n]*\n-{3,}$|\Z)", text, re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^(\*{0,2}\w[^\n:]*?)(?: :[^\n]*)?$", section.group(1) if section else "", re.MULTILINE)
    return [name.lstrip("*") for head in heads for name in head.split(", ")]


def _constructor(thing: Any) -> Any:
    """The class whose docstring describes the parameters: it defines the constructor."""
    return (
        next((base for base in thing.__mro__ if "__init__" in vars(base)), thing) if inspect.isclass(thing) else thing
    )


def _expected(thing: Any) -> list[str]:
    parameters = inspect.signature(thing).parameters
    return [name for name in parameters if name not in {"self", "cls"}]


def _methods(kind: type) -> Iterator[Any]:
    """The public methods that a class defines by itself: not those that tables or a base class give it."""
    for name, attribute in vars(kind).items():
        method = getattr(attribute, "__func__", attribute)  # of a static or class method
        if not name.startswith("_") and inspect.isfunction(method) and method.__code__.co_name == name:
            yield method


CALLABLE = [
    pytest.param(thing, id=f"{package}.{name}")
    for package in OWN
    for name in sorted(OWN[package])
    if callable(thing := getattr(importlib.import_module(package), name))
    and not (inspect.isclass(thing) and issubclass(thing, Exception))
]


METHODS = [
    pytest.param(kind, method, id=f"{package}.{method.__qualname__}")
    for package in OWN
    for name in sorted(OWN[package])
    if inspect.isclass(kind := getattr(importlib.import_module(package), name))
    for method in _methods(kind)
]


@pytest.mark.parametrize(("kind", "method"), METHODS)
def test_a_method_describes_its_parameters(kind: type, method: Any) -> None:
    """In its own docstring, or in that of the base class whose method it defines."""
    contracts = [vars(base)[method.__name__] for base in kind.__mro__ if method.__name__ in vars(base)]
    assert any(_described(contract) == _expected(method) for contract in contracts)


@pytest.mark.parametrize("thing", CALLABLE)
def test_a_public_docstring_has_its_sections_and_every_parameter(thing: Any) -> None:
    assert "Examples" in _sections(thing)
    called = thing.__call__ if getattr(thing, "_is_protocol", False) else _constructor(thing)
    if "Attributes" not in _sections(called) or "Parameters" in _sections(called):
        assert _described(called) == _expected(called)
    if not inspect.isclass(called) and inspect.signature(called).return_annotation != "None":
        assert _sections(called) & {"Returns", "Yields"}
