"""Kept programs: what a run compiled, for later runs of models made alike, as a search or cross-validation has them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, TypeAlias, final

from autodiff import CompiledFunction, Value
from nn.training.objective import Objective

Likeness: TypeAlias = tuple[Any, ...]
"""What two objectives have in common if one program serves both."""

_MOST_PROGRAMS = 4
_MOST_PARAMETERS = 20_000
"""A kept program holds the model that it was recorded from, so that large ones are let go."""


@final
@dataclass(frozen=True)
class KeptProgram:
    """A compiled loss, and which of a model's Values its parameters are."""

    compiled: CompiledFunction
    places: tuple[int, ...]
    """For each parameter of the program its place among the Values of the model, in the order of its contents."""


_kept: OrderedDict[Likeness, KeptProgram] = OrderedDict()


def kept_program(likeness: Likeness) -> KeptProgram | None:
    """The program of an earlier run, or None."""
    found = _kept.get(likeness)
    if found is not None:
        _kept.move_to_end(likeness)
    return found


def keep_program(likeness: Likeness, program: KeptProgram) -> None:
    """Keep a program, in place of the one that was not used for longest."""
    _kept[likeness] = program
    while len(_kept) > _MOST_PROGRAMS:
        _kept.popitem(last=False)


def likeness_of(objective: Objective, inputs: list[str]) -> tuple[Likeness, list[Value]] | None:
    """What decides on the program of an objective, and the Values of its model, each once.

    None where other code than that of this package decides too, and for a large model.
    """
    if not objective.runs_own_code_only:
        return None
    places: dict[Value, int] = {}
    parts = [_part(thing, places) for thing in objective.contents]
    if len(places) > _MOST_PARAMETERS or any(value.operands for value in places):
        return None
    records, penalty = objective.records, objective.penalty
    strength = None if penalty is None else (type(penalty), penalty.strength)  # type: ignore[attr-defined]  # L1 or L2
    shape = records.features.shape[1:], records.targets.shape[1:]
    return (objective.loss, objective.reduction, strength, *inputs, *shape, *parts), list(places)


def _part(thing: Any, places: dict[Value, int]) -> Any:
    """A part of a model such that equal ones do the same: with its type, for 1 == True, and Values by their place."""
    return (Value, places.setdefault(thing, len(places))) if type(thing) is Value else (type(thing), thing)
