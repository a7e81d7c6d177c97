"""Kept programs: what was compiled for one model, for others made alike, as a search or cross-validation has them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, final

from autodiff import Value
from nn.modules.contents import runs_own_code_only

Made = TypeVar("Made")

Likeness: TypeAlias = tuple[Any, ...]
"""What two models have in common if one program serves both."""

_MOST_PROGRAMS = 4
_MOST_PARAMETERS = 20_000
"""A kept program may hold the Values that it was recorded from, so that those of large models are let go."""


@final
@dataclass(frozen=True)
class KeptProgram(Generic[Made]):
    """What was compiled, and which of a model's Values its parameters are."""

    made: Made
    places: tuple[int, ...]
    """For each parameter of the program its place among the Values of the model, in the order of its contents."""


@final
class KeptPrograms(Generic[Made]):
    """The programs that were used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Likeness, KeptProgram[Made]] = OrderedDict()

    def get(self, likeness: Likeness) -> KeptProgram[Made] | None:
        """The program for models like this, or None."""
        found = self._kept.get(likeness)
        if found is not None:
            self._kept.move_to_end(likeness)
        return found

    def keep(self, likeness: Likeness, made: Made, parameters: Sequence[Value], values: Sequence[Value]) -> None:
        """Keep a program of these parameters, `values` being those of its model, in place of the one used least."""
        places = {value: place for place, value in enumerate(values)}
        self._kept[likeness] = KeptProgram(made, tuple(places[value] for value in parameters))
        while len(self._kept) > _MOST_PROGRAMS:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Keep none."""
        self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


def likeness_of(contents: Sequence[Any]) -> tuple[Likeness, list[Value]] | None:
    """What decides on the program of a model with these contents, and its Values, each once.

    None where other code than that of this package decides too, and for a large model.
    """
    if not runs_own_code_only([*contents]):
        return None
    places: dict[Value, int] = {}
    parts = [_part(thing, places) for thing in contents]
    if len(places) > _MOST_PARAMETERS or any(value.operands for value in places):
        return None
    return tuple(parts), list(places)


def _part(thing: Any, places: dict[Value, int]) -> Any:
    """A part of a model such that equal ones do the same: with its type, for 1 == True, and Values by their place."""
    return (Value, places.setdefault(thing, len(places))) if type(thing) is Value else (type(thing), thing)
