"""Values and symbols have the operators that the rows name, and neither writes one of them by hand."""

from __future__ import annotations

import ast
import inspect

import pytest

from autodiff import Value
from autodiff.compilation.trace.symbol import Symbol
from autodiff.conditions import COMPARISONS
from autodiff.methods import Operators
from autodiff.rules import PRIMITIVES

NAMED = {
    name: row
    for row in (*PRIMITIVES.values(), *COMPARISONS)
    for name in (*row.methods, *([row.reflected] if row.reflected else []))
}
# Made of several rows, or none.
COMPOSED = {"__divmod__", "__rdivmod__", "__round__", "__trunc__", "clip", "conjugate", "imag", "real", "round"}
NODES = pytest.mark.parametrize("node_type", [Value, Symbol])


def _written(node_type: type) -> set[str]:
    """The names of methods in the source of a class, with those declared for type checkers alone."""
    return {
        name
        for node in ast.walk(ast.parse(inspect.getsource(node_type)))
        for name in (
            [node.name]
            if isinstance(node, ast.FunctionDef)
            else [target.id for target in node.targets if isinstance(target, ast.Name)]
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) != "__slots__"
            else []
        )
    }


def test_what_type_checkers_see_is_what_the_rows_name() -> None:
    assert _written(Operators) == {*NAMED, *COMPOSED, "__array_function__", "__pos__"}


@NODES
def test_each_kind_of_node_has_every_operator_of_the_table(node_type: type) -> None:
    for name in NAMED:
        assert vars(node_type)[name].__qualname__ == f"{node_type.__name__}.{name}"
        assert name not in _written(node_type)


@NODES
@pytest.mark.parametrize("name", [name for name, row in PRIMITIVES.items() if row.arity and not row.chooses])
def test_each_kind_of_node_has_every_function_of_the_table(node_type: type, name: str) -> None:
    assert vars(node_type)[name].__name__ in (name, *PRIMITIVES[name].methods)
