"""Contents: what a model is made of, and whether all of it is of this package."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff
from autodiff import Value
from nn.modules.activations import ACTIVATIONS
from nn.modules.module import Module

_OWN_FUNCTIONS = (*ACTIVATIONS.values(), autodiff.softmax)
_DATA = frozenset((type(None), Value, bool, int, float, str))


def contents_of(model: Module) -> list[Any]:
    """What a model is made of, to its leaves; of the Modules in it their types, for they would keep the model."""
    found: list[Any] = []
    _collect(model, (model,), found)
    return found


def runs_own_code_only(contents: list[Any]) -> bool:
    """Whether a model runs the code of this package alone, which does the same in each call.

    Not so for a class or an activation of the user's own, and for anything that is not known to be data.
    """
    return all(map(_is_own, (thing for thing in contents if type(thing) not in _DATA)))


def _is_own(thing: Any) -> bool:
    if isinstance(thing, type):
        return issubclass(thing, Module) and thing.__module__.startswith("nn.modules.")
    return any(function is thing for function in _OWN_FUNCTIONS)


def _collect(thing: Any, path: tuple[Any, ...], found: list[Any]) -> None:
    """Append what `thing`, reached through the owners on `path`, is made of."""
    if isinstance(thing, Module):
        found.append(type(thing))
        for name, part in vars(thing).items():
            found.append(name)
            if not any(part is owner for owner in path):
                _collect(part, (*path, part), found)
    elif isinstance(thing, dict):
        for name, part in thing.items():
            found.append(name)
            _collect(part, path, found)
    elif isinstance(thing, (list, tuple)):
        found.append(len(thing))
        if {*map(type, thing)} <= _DATA:  # weights, by the thousand
            found.extend(thing)
        else:
            for part in thing:
                _collect(part, path, found)
    elif isinstance(thing, np.ndarray):
        found.append(thing.shape)
        found.extend(thing.ravel().tolist())
    else:
        found.append(thing)
