"""Straight-line programs over primitives: functions that run on any kind of number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

from autodiff.primitive import Primitive
from autodiff.testing.formula import program

Operand: TypeAlias = int | float
"""What a step reads: an int is the place of an earlier entry, a float is a constant."""

Interpret: TypeAlias = Callable[..., Any]
"""Evaluates a step, as `interpret(primitive, *operands)`."""


def apply(primitive: Primitive, *operands: Any) -> Any:
    """The primitive itself on the operands: floats, Values, NumPy arrays, or whatever primitives apply to."""
    return primitive(*operands)


@final
@dataclass(frozen=True)
class Step:
    """One operation of an `Expression`.

    Parameters
    ----------
    primitive : Primitive
    operands : tuple of int or float
        An int is the place of an earlier entry, a float is a constant.

    Examples
    --------
    >>> from autodiff.rules import MUL
    >>> Step(MUL, (0, 2.0)).places
    (0,)
    """

    primitive: Primitive
    operands: tuple[Operand, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """The places of the entries that are read, in order; one read twice is listed twice."""
        return tuple(operand for operand in self.operands if isinstance(operand, int))


@final
@dataclass(frozen=True, repr=False)
class Expression:
    """A function of a few numbers, and a point to evaluate it at.

    The inputs are the first entries, each step appends one, and the last entry is the result. An entry that is read
    twice makes a shared graph. An expression is called like any function, so every transform takes it.

    Parameters
    ----------
    inputs : tuple of float
        The point.
    steps : tuple of Step

    Examples
    --------
    >>> from autodiff import grad
    >>> from autodiff.rules import MUL, SIN
    >>> expression = Expression((0.0,), (Step(SIN, (0,)), Step(MUL, (1, 0))))
    >>> expression
    sin(x0) * x0 at x0 = 0.0
    >>> expression(2.0) == expression.run([2.0]) == SIN(2.0) * 2.0
    True
    >>> grad(grad(expression))(*expression.inputs)
    2.0
    """

    inputs: tuple[float, ...]
    steps: tuple[Step, ...]

    def __call__(self, *inputs: Any) -> Any:
        """The result for inputs of any kind that primitives apply to."""
        return self.run(inputs)

    def run(self, inputs: Sequence[Any], interpret: Interpret = apply) -> Any:
        """The result for inputs of any kind.

        Parameters
        ----------
        inputs : sequence
            Of any kind that `interpret` takes.
        interpret : callable, optional
            Evaluates each step, as ``interpret(primitive, *operands)``; by default the primitive itself.

        Returns
        -------
        scalar
            Of the kind of `inputs`.
        """
        return self.entries(inputs, interpret)[-1]

    def entries(self, inputs: Sequence[Any], interpret: Interpret = apply) -> list[Any]:
        """The inputs, then the result of each step.

        Parameters
        ----------
        inputs, interpret
            As in `run`.

        Returns
        -------
        list
        """
        entries = list(inputs)
        for step in self.steps:
            entries.append(interpret(step.primitive, *(read(entries, operand) for operand in step.operands)))
        return entries

    @property
    def is_shared(self) -> bool:
        """Whether the result depends on that of some step in more than one way."""
        reads = Counter(place for step in self.read_steps().values() for place in step.places)
        return any(count > 1 for place, count in reads.items() if place >= len(self.inputs))

    def read_steps(self) -> dict[int, Step]:
        """The steps that the result depends on, by the place of the entry each makes, in order."""
        first, last = len(self.inputs), len(self.inputs) + len(self.steps) - 1
        wanted = {last}
        for place in range(last, first - 1, -1):
            if place in wanted:
                wanted.update(self.steps[place - first].places)
        return {place: self.steps[place - first] for place in range(first, last + 1) if place in wanted}

    @property
    def source(self) -> str:
        """Python that computes `out` after `from autodiff import *`, to paste into a test.

        Examples
        --------
        >>> from autodiff.rules import ADD, EXP, MUL
        >>> steps = Step(EXP, (0,)), Step(MUL, (1, 1)), Step(ADD, (2, 0.5))
        >>> print(Expression((1.0,), steps).source)
        x0 = 1.0
        y0 = exp(x0)
        out = y0 * y0 + 0.5
        """
        inputs, named, result = program(len(self.inputs), self.read_steps())
        assigned = {name: repr(self.inputs[place]) for place, name in inputs.items()} | named | {"out": result}
        return "\n".join(f"{name} = {text}" for name, text in assigned.items())

    def __repr__(self) -> str:
        inputs, named, result = program(len(self.inputs), self.read_steps())
        shared = ", ".join(f"{name} = {text}" for name, text in named.items())
        point = ", ".join(f"{name} = {self.inputs[place]!r}" for place, name in inputs.items())
        return f"{result}{f' with {shared}' if shared else ''} at {point}"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))  # what Hypothesis and IPython ask first, before they spell a dataclass out


def read(entries: Sequence[Any], operand: Operand) -> Any:
    """The entry at a place, or the constant itself."""
    return entries[operand] if isinstance(operand, int) else operand
