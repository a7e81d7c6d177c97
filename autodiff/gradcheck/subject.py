"""The function under test as a function of one flat list of numbers, and the names of its inputs and outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.argnums import ArgNums, chosen_arguments
from autodiff.errors import CoercionError, ShapeError
from autodiff.gradcheck.foreign import blamed, kinds, plain, restored
from autodiff.modes import no_grad
from autodiff.structure import Structure, flatten, unflatten
from autodiff.value import Value

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Evaluate = Callable[[Sequence[float]], Floats]
"""From one number for each input to one for each output."""


@final
@dataclass(frozen=True)
class Subject:
    """A function and the arguments it is checked at."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    argnums: tuple[int, ...]
    structure: Structure
    point: tuple[float, ...]
    """The inputs: every number of the arguments that are differentiated along, in order."""
    inputs: tuple[str, ...]
    """Where each stands: `args[0]['w'][1, 2]`."""
    kind: Callable[[float], Any]
    """What the function is called on: Values, as code that uses their methods needs, or floats."""

    def call(self, scalars: Sequence[Any]) -> Any:
        """The result for other inputs, in the structure that the function gives it."""
        return self.call_on(unflatten(self.structure, scalars))

    def call_on(self, chosen: Sequence[Any]) -> Any:
        """The result for other arguments in place of those that are differentiated along."""
        args = list(self.args)
        for number, replacement in zip(self.argnums, chosen, strict=True):
            args[number] = replacement
        return self.function(*args)

    def flat(self, scalars: Sequence[Any]) -> list[Any]:
        """The numbers of the result, in order: what transforms differentiate."""
        return scalars_of(self.call(scalars), "the function under test returned")

    def evaluate(self, point: Sequence[float]) -> Floats:
        """The numbers of the result."""
        return on_floats(lambda numbers: self.flat([*map(self.kind, numbers)]))(point)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Where each number of the result stands: `result`, or `result[0]['loss']`."""
        with no_grad(), np.errstate(all="ignore"):
            return tuple(paths(self.call([*map(self.kind, self.point)]), "result"))


def subject_of(
    function: Callable[..., Any], args: tuple[Any, ...], argnums: ArgNums | None, kind: Callable[[float], Any]
) -> Subject:
    """The subject of a check. Raises CoercionError for arguments that hold other things than numbers, and
    ShapeError (a ValueError) if they hold no number."""
    given, args = args, plain(args)
    places = tuple(chosen_arguments(range(len(args)) if argnums is None else argnums, len(args)))
    tree = tuple(args[place] for place in places)
    scalars, structure = flatten(tree)
    if not scalars:
        raise ShapeError("check_gradients needs a number to differentiate along, and the arguments hold none")
    names = [name for place in places for name in paths(args[place], f"args[{place}]")]
    called = calling(function, kinds(given) if kind is float else None)
    return Subject(called, args, places, structure, tuple(numbers(tree)), tuple(names), kind)


def calling(function: Callable[..., Any], kind: Any) -> Callable[..., Any]:
    """`function` on plain arguments, which it gets in the kinds of other libraries, with a plain result."""

    def called(*args: Any) -> Any:
        with blamed("the function under test"):
            return plain(function(*restored(args, kind)))

    return called


def scalars_of(tree: Any, source: str) -> list[Any]:
    """The floats and Values in a tree, in order. Raises CoercionError that begins with where the tree is from."""
    try:
        return flatten(tree)[0]
    except CoercionError:
        raise CoercionError(f"{source} {tree!r}; expected numbers in tuples, lists, dicts or arrays") from None


def numbers(tree: Any, source: str = "a derivative is") -> list[float]:
    """The numbers in a tree of floats and Values, in order."""
    return [scalar.data if isinstance(scalar, Value) else scalar for scalar in scalars_of(tree, source)]


def paths(tree: Any, name: str) -> Iterator[str]:
    """How Python would spell each number of a tree, in the order of `flatten`."""
    if isinstance(tree, np.ndarray) and tree.ndim:
        for place in np.ndindex(tree.shape):
            yield f"{name}[{', '.join(map(str, place))}]"
    elif isinstance(tree, Mapping):
        for key, child in tree.items():
            yield from paths(child, f"{name}[{key!r}]")
    elif isinstance(tree, tuple) and hasattr(tree, "_fields"):
        for field, child in zip(tree._fields, tree, strict=True):
            yield from paths(child, f"{name}.{field}")
    elif isinstance(tree, (tuple, list)):
        for number, child in enumerate(tree):
            yield from paths(child, f"{name}[{number}]")
    else:
        yield name


def on_floats(function: Callable[[Sequence[Any]], Any]) -> Evaluate:
    """`function` as one from floats to floats, nothing being recorded outside of it."""

    def evaluate(point: Sequence[float]) -> Floats:
        with no_grad(), np.errstate(all="ignore"):
            return np.array(numbers(function(list(point))), dtype=float)

    return evaluate
