"""Contents: what a model is made of, and whether all of it is of this package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import autodiff
from autodiff import Value
from nn.modules.activations import ACTIVATIONS
from nn.modules.module import Module

_OWN_FUNCTIONS = (*ACTIVATIONS.values(), autodiff.softmax)


def contents_of(model: Module) -> list[Any]:
    """What a model is made of, to its leaves; of the Modules in it their types, for they would keep the model."""
    return list(_contents(model, (model,)))


def runs_own_code_only(contents: list[Any]) -> bool:
    """Whether a model runs the code of this package alone, which does the same in each call.

    Not so for a class or an activation of the user's own, and for anything that is not known to be data.
    """
    return all(map(_is_own, contents))


def _is_own(thing: Any) -> bool:
    if isinstance(thing, type):
        return issubclass(thing, Module) and thing.__module__.startswith("nn.modules.")
    return thing is None or type(thing) in (Value, bool, int, float, str) or any(f is thing for f in _OWN_FUNCTIONS)


def _contents(thing: Any, path: tuple[Any, ...]) -> Iterator[Any]:
    if isinstance(thing, Module):
        yield type(thing)
        for name, part in vars(thing).items():
            yield name
            if not any(part is owner for owner in path):
                yield from _contents(part, (*path, part))
    elif isinstance(thing, dict):
        for name, part in thing.items():
            yield name
            yield from _contents(part, path)
    elif isinstance(thing, (list, tuple)):
        yield len(thing)
        for part in thing:
            if type(part) is Value:
                yield part
            else:
                yield from _contents(part, path)
    elif isinstance(thing, np.ndarray):
        yield thing.shape
        yield from thing.ravel().tolist()
    else:
        yield thing
