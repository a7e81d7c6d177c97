"""The three packages of the distribution under one name: `valuegraph.autodiff`, `valuegraph.nn`, `valuegraph.viz`."""

import importlib
import typing

if typing.TYPE_CHECKING:
    import autodiff as autodiff
    import nn as nn
    import viz as viz

__all__ = ["__version__", "autodiff", "nn", "viz"]

__version__ = "0.2.0"

_PACKAGES = ("autodiff", "nn", "viz")


def __dir__() -> list[str]:
    return sorted({*globals(), *_PACKAGES})


if not typing.TYPE_CHECKING:  # for type checkers the packages are imported above

    def __getattr__(name):
        """A package at its first use: a program that draws nothing does not pay for drawing."""
        if name not in _PACKAGES:
            raise AttributeError(f"module 'valuegraph' has no attribute {name!r}; it has {', '.join(_PACKAGES)}")
        found = globals()[name] = importlib.import_module(name)
        return found
