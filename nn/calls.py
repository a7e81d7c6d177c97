"""Calls: errors that suggest the right name or place of an argument."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

from nn.errors import OptionTypeError

P = ParamSpec("P")
R = TypeVar("R")

_ELSEWHERE = {
    "learning_rate": ("optimizer",),
    "shuffle": ("batch_size",),
    "p": ("share",),
    "lr": ("learning_rate", "optimizer"),
    "rate": ("learning_rate", "optimizer"),
    "optim": ("optimizer",),
    "criterion": ("loss",),
    "loss_fn": ("loss",),
    "verbose": ("progress",),
    "num_epochs": ("epochs",),
    "n_epochs": ("epochs",),
    "max_iter": ("epochs",),
    "seed": ("rng",),
    "random_state": ("rng",),
    "generator": ("rng",),
    "val_data": ("validation_data",),
    "eval_set": ("validation_data",),
    "val_split": ("validation_split",),
    "validation_fraction": ("validation_split",),
    "regularizer": ("penalty",),
    "buffer_size": ("shuffle_buffer",),
    "normalized_shape": ("width",),
    "hidden_layer_sizes": ("sizes",),
    "epsilon": ("eps",),
    "nesterovs_momentum": ("nesterov",),
}
"""Names of options in other libraries, with the names here."""


def explained(example: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function suggest the right call when its arguments do not fit.

    Parameters
    ----------
    example : str
        A right call, which messages show; they begin with its name.

    Returns
    -------
    callable
        Decorates a function, or the `__init__` of a class. The result raises OptionTypeError, a TypeError, as Python
        raises a TypeError.
    """
    title = example.partition("(")[0]

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        parameters = [*inspect.signature(function).parameters.values()]
        own = parameters[1:] if parameters[0].name == "self" else parameters
        skipped = len(parameters) - len(own)
        names = frozenset(parameter.name for parameter in own)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            if not kwargs.keys() <= names:
                strange = next(name for name in kwargs if name not in names)
                raise OptionTypeError(f"{title} has no option {strange!r}{_meant(strange, own)}; write {example}")
            placed = args[skipped:]
            if len(placed) > sum(parameter.kind is not parameter.KEYWORD_ONLY for parameter in own):
                raise OptionTypeError(f"{title} takes {_by_place(own)}, got {_shown(placed)}; write {example}")
            missing = _missing(own, placed, kwargs)
            if missing:
                raise OptionTypeError(f"{title} needs {' and '.join(missing)}; write {example}")
            return function(*args, **kwargs)

        return called

    return decorated


def _meant(strange: str, own: Sequence[inspect.Parameter]) -> str:
    names = [parameter.name for parameter in own]
    known = [name for name in _ELSEWHERE.get(strange, ()) if name in names]
    near = known or difflib.get_close_matches(strange, names, n=1)
    return f", perhaps {near[0]} is meant" if near else f", only {', '.join(names)}"


def _by_place(own: Sequence[inspect.Parameter]) -> str:
    names = [parameter.name for parameter in own if parameter.kind is not parameter.KEYWORD_ONLY]
    return f"{', '.join(names)} by place and the rest by name" if names else "its options by name"


def _shown(values: Sequence[Any]) -> str:
    shown = ", ".join(f"{value!r:.40}" for value in values)
    return f"{len(values)} by place ({shown})"


def _missing(own: Sequence[inspect.Parameter], placed: Sequence[Any], named: dict[str, Any]) -> list[str]:
    """The parameters without a default that a call gives no argument."""
    return [
        parameter.name
        for place, parameter in enumerate(own)
        if parameter.default is parameter.empty
        and parameter.name not in named
        and (place >= len(placed) or parameter.kind is parameter.KEYWORD_ONLY)
    ]
