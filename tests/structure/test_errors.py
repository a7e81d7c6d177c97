"""One tree of exceptions: every error that a package raises is exported by it, and is a builtin as well."""

from __future__ import annotations

import builtins
import importlib
import re
from typing import Any

import pytest

import autodiff
from autodiff.errors import AutodiffError
from tests.structure.sources import PACKAGES, module_name, source_files

# Raised and caught inside one package, so no caller meets them.
INNER = {
    "Diverged",  # fit turns it into DivergenceError
    "ExpressionError",  # the command line prints it
    "WasmUnavailableError",  # the layout turns it into RenderError
}
BUILTIN = {name for name, thing in vars(builtins).items() if isinstance(thing, type) and issubclass(thing, Exception)}


def _raised(package: str) -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in source_files(package))
    return {name for name in re.findall(r"raise (\w+)\(", text) if name[0].isupper()}


def _exported(package: str) -> dict[str, Any]:
    module = importlib.import_module(package)
    return {name: getattr(module, name) for name in module.__all__}


EXPORTED = {
    (package, name): thing
    for package in PACKAGES
    for name, thing in _exported(package).items()
    if isinstance(thing, type) and issubclass(thing, Exception)
}


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_raises_it_exports(package: str) -> None:
    assert _raised(package) - INNER - BUILTIN <= set(_exported(package))


@pytest.mark.parametrize("name", sorted({name for _, name in EXPORTED}))
def test_a_name_is_one_class(name: str) -> None:
    assert len({thing for (_, known), thing in EXPORTED.items() if known == name}) == 1


@pytest.mark.parametrize("error", sorted({*EXPORTED.values()}, key=lambda error: error.__name__))
def test_each_error_is_of_the_tree_and_a_builtin(error: type[Exception]) -> None:
    if error is not AutodiffError:
        assert issubclass(error, AutodiffError) or issubclass(error, UserWarning)
        ancestors = {base for base in error.__mro__ if not issubclass(base, AutodiffError)}
        assert ancestors - {Exception, BaseException, object}, (
            "a caller catches a builtin, or one of the standard library"
        )


@pytest.mark.parametrize("path", source_files(*PACKAGES), ids=module_name)
def test_no_module_defines_an_error_of_another_name_for_one_mistake(path: Any) -> None:
    defined = re.findall(r"^class (\w+Error)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    known = {name for _, name in EXPORTED} | INNER
    assert set(defined) <= known


def test_argnums_out_of_range_is_one_class() -> None:
    def product(x: Any, y: Any) -> Any:
        return x * y

    def asked() -> list[Any]:
        return [
            lambda: autodiff.grad(product, 5)(1.0, 2.0),
            lambda: autodiff.jacobian(product, 5)(1.0, 2.0),
            lambda: autodiff.hessian(product, 5)(1.0, 2.0),
            lambda: autodiff.check_gradients(product, 1.0, 2.0, argnums=5),
            lambda: autodiff.compile(product, batched=(0, 1)).value_and_grad([1.0], [2.0], argnums=5),
        ]

    for ask in asked():
        with pytest.raises(autodiff.OptionError, match="argnums names argument 5, but the call has 2"):
            ask()
