"""Checkpoint: a run on disk, complete enough that going on from it gives the same bits as never having stopped."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, final

import numpy as np

from autodiff import Value
from nn.arrays import RealArray
from nn.errors import CheckpointError
from nn.files.safetensors_file import read_arrays, write_arrays
from nn.optimizers.memory import State
from nn.randomness import Randomness
from nn.training.history import History

_SHARE = 10.0
"""A file is written when so many times as long has passed as the last one took: at most a tenth of the time."""


class Snapshots(Protocol):
    """What a checkpoint needs of a stepper."""

    @property
    def stepped(self) -> Sequence[Value]:
        """The trained parameters, in the order of `snapshot`."""

    @property
    def state_names(self) -> Sequence[str]:
        """The names of the entries of the state, in their order."""

    def snapshot(self) -> tuple[RealArray, State]:
        """Their numbers and the optimizer's state."""

    def restore(self, numbers: RealArray, state: State) -> None:
        """Go on from a snapshot."""


@final
class Checkpoint:
    """The file of a run: written after epochs, and read to go on."""

    def __init__(
        self, path: str | os.PathLike[str], parameters: Sequence[Value], names: Sequence[str], plan: Mapping[str, Any]
    ) -> None:
        self.path = Path(path)
        self._places = {parameter: place for place, parameter in enumerate(parameters)}
        self._names = list(names)
        self._plan = dict(plan)
        self._due = 0.0

    def write(self, stepper: Snapshots, rng: Randomness, history: History, best: RealArray | None) -> None:
        """Write the run as it is after a complete epoch."""
        started = perf_counter()
        numbers, state = stepper.snapshot()
        order = self._order(stepper)
        arrays = {"parameters": _placed(numbers, order)}
        arrays |= {
            f"state.{name}": _placed(entry, order) for name, entry in zip(stepper.state_names, state, strict=True)
        }
        if best is not None:
            arrays["best"] = _placed(best, order)
        document = {
            "parameters": self._names,
            "plan": self._plan,
            "generator": _generator_state(rng),
            "history": dataclasses.asdict(history),
        }
        write_arrays(self.path, "checkpoint", arrays, document)
        ended = perf_counter()
        self._due = ended + _SHARE * (ended - started)

    @property
    def is_due(self) -> bool:
        """Whether enough time has passed since the last file."""
        return perf_counter() >= self._due

    def read(self, stepper: Snapshots, rng: Randomness) -> tuple[History, RealArray | None]:
        """Set parameters, optimizer and generator as the file has them; return its history and best parameters.

        Raises CheckpointError (a ValueError), before anything is changed, for a file that cannot be read or that is
        of another model or plan.
        """
        arrays, document = read_arrays(self.path, "checkpoint")
        self._check(arrays, document, stepper.state_names, rng)
        order = self._order(stepper)
        state = tuple(_taken(arrays[f"state.{name}"], order) for name in stepper.state_names)
        _set_generator(rng, document["generator"])
        stepper.restore(arrays["parameters"][order], state)
        history = History(**document["history"])
        history.checks = [(epoch, loss) for epoch, loss in history.checks]
        best = arrays.get("best")
        return history, None if best is None else best[order]

    def _check(self, arrays: Mapping[str, Any], document: Any, state: Sequence[str], rng: Randomness) -> None:
        if document["parameters"] != self._names:
            raise CheckpointError(
                f"{str(self.path)!r} is of a model of other parameters: it has {_summary(document['parameters'])}, "
                f"and this model {_summary(self._names)}"
            )
        differing = [name for name in self._plan if document["plan"].get(name) != self._plan[name]]
        if differing:
            name = differing[0]
            raise CheckpointError(
                f"{str(self.path)!r} is of a run with {name} {document['plan'].get(name)!r}, and this one has "
                f"{self._plan[name]!r}; a run goes on with the options that it began with"
            )
        wanted = {"parameters", *(f"state.{name}" for name in state)}
        if arrays.keys() - {"best"} != wanted:
            raise CheckpointError(
                f"{str(self.path)!r} holds the arrays {sorted(arrays)}, and {sorted(wanted)} are needed"
            )
        count = (len(self._names),)
        for name, array in arrays.items():
            if array.shape != count and not (name.startswith("state.") and array.shape == ()):
                raise CheckpointError(f"{name} in {str(self.path)!r} has the shape {array.shape} in place of {count}")
        if document["generator"]["kind"] != _kind(rng):
            raise CheckpointError(
                f"{str(self.path)!r} was drawn by {document['generator']['kind']}, and rng is {_kind(rng)}; "
                "pass the same"
            )

    def _order(self, stepper: Snapshots) -> list[int]:
        return [self._places[parameter] for parameter in stepper.stepped]


def _placed(entries: Any, order: list[int]) -> Any:
    """Entries of a stepper in the order of the parameters; a number stays one."""
    if np.ndim(entries) == 0:
        return np.array(float(entries))
    out = np.empty(len(order))
    out[order] = entries
    return out


def _taken(array: Any, order: list[int]) -> Any:
    """What `_placed` made, back; a number as a float, whose arithmetic is that of the run before."""
    return float(array) if array.ndim == 0 else array[order]


def _summary(names: Sequence[str]) -> str:
    return f"{len(names)} ({names[0]} … {names[-1]})"


def _kind(rng: Randomness) -> str:
    return type(rng).__name__ if isinstance(rng, np.random.RandomState) else type(rng.bit_generator).__name__


def _generator_state(rng: Randomness) -> dict[str, Any]:
    state: Any = rng.get_state(legacy=False) if isinstance(rng, np.random.RandomState) else rng.bit_generator.state
    return {"kind": _kind(rng), "state": _plain(state)}


def _set_generator(rng: Randomness, saved: Mapping[str, Any]) -> None:
    if isinstance(rng, np.random.RandomState):
        rng.set_state(saved["state"])
    else:
        rng.bit_generator.state = saved["state"]


def _plain(thing: Any) -> Any:
    """A generator's state as JSON holds it; arrays become lists, which NumPy takes back."""
    if isinstance(thing, Mapping):
        return {name: _plain(part) for name, part in thing.items()}
    if isinstance(thing, np.ndarray):
        return thing.tolist()
    return int(thing) if isinstance(thing, np.integer) else thing
