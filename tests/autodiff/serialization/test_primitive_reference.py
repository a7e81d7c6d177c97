"""Pickled primitives: by name from the table, by module from elsewhere."""

from __future__ import annotations

import pickle
import pickletools
import sys
from pathlib import Path

import pytest

from autodiff import Primitive, PrimitivePicklingError, UnknownPrimitiveError, Value, define_primitive
from autodiff.rules import PRIMITIVES


@define_primitive(partials=[lambda out, x: 3.0 * out / x])
def cube(x: float) -> float:
    return x * x * x


TWICE = Primitive("twice", lambda x: 2.0 * x, lambda x: 2.0 * x, (2.0,))


@pytest.mark.parametrize("row", [*PRIMITIVES.values(), cube, TWICE], ids=str)
def test_a_primitive_is_unpickled_as_itself(row: Primitive) -> None:
    assert pickle.loads(pickle.dumps(row)) is row


@pytest.mark.parametrize("row", PRIMITIVES.values(), ids=str)
def test_rows_of_the_table_are_pickled_by_name_alone(row: Primitive) -> None:
    texts = [argument for _, argument, _ in pickletools.genops(pickle.dumps(row)) if isinstance(argument, str)]
    assert texts == ["autodiff.serialization.primitive_reference", "primitive_named", row.name]


def test_graphs_with_a_users_primitives() -> None:
    x, y = pickle.loads(pickle.dumps((x := Value(2.0), TWICE(cube(x)))))
    y.backward()
    assert (y.data, x.grad) == (16.0, 24.0)


def test_a_local_primitive_cannot_be_pickled() -> None:
    local = Primitive("local", lambda x: x, lambda x: x, (1.0,))
    with pytest.raises(PrimitivePicklingError, match="<primitive local> is not in the table"):
        pickle.dumps(local(Value(1.0)))
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(local)


def test_a_primitive_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    written = pickle.dumps(cube)
    monkeypatch.delattr(sys.modules[__name__], "cube")
    with pytest.raises(UnknownPrimitiveError, match="cube, which is not there now"):
        pickle.loads(written)


def test_a_name_of_another_version() -> None:
    written = pickle.dumps(PRIMITIVES["sqrt"], protocol=0).replace(b"sqrt", b"sqrz")
    with pytest.raises(LookupError, match="unknown operation 'sqrz'; did you mean sqrt"):
        pickle.loads(written)


def test_a_module_that_a_pickle_names_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hostile_module.py").write_text("raise SystemExit('this was run')")
    monkeypatch.syspath_prepend(tmp_path)
    own = __name__.encode()
    written = pickle.dumps(cube, protocol=0).replace(b"V" + own, b"Vhostile_module")
    with pytest.raises(UnknownPrimitiveError, match="module 'hostile_module', which is not imported; if you trust"):
        pickle.loads(written)
    assert "hostile_module" not in sys.modules
