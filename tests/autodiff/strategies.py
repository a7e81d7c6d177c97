"""Hypothesis strategies for random expressions and shared graphs over the table of primitives.

An `Expression` is a straight-line program: each step applies a primitive to earlier entries, so an
entry that is read twice makes a shared graph, and one step that reads an entry twice a double edge.
It runs on anything that primitives apply to, and on anything else through `interpret`.

Steps are drawn so that derivatives are defined and moderate: a primitive is applied only where its
value and slopes are bounded and hardly change nearby, which keeps kinks, poles and tails away without
a table of domains, for a user's own primitives too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

from hypothesis import strategies as st

from autodiff import Primitive, Value, local_slopes
from autodiff.rules import IDENTITY, PRIMITIVES

Draw = Callable[[st.SearchStrategy[Any]], Any]

# The simplest operations first: failing examples shrink towards them.
_SIMPLEST = ("add", "mul", "sub", "neg")
ALL_PRIMITIVES = tuple(sorted(PRIMITIVES.values(), key=lambda row: row.name not in _SIMPLEST))

LARGEST_VALUE = 32.0
LARGEST_SLOPE = 8.0
_NEARBY = 2.0**-20
_CHANGE = 2.0**-12  # of value and slopes from here to nearby: bounds the next derivative by about 256


@final
@dataclass(frozen=True)
class Step:
    """One operation: a primitive, and the places of the entries that it reads."""

    primitive: Primitive
    places: tuple[int, ...]


@final
@dataclass(frozen=True)
class Expression:
    """Inputs, and steps that each append one entry; the last entry is the result."""

    inputs: tuple[float, ...]
    steps: tuple[Step, ...]

    def run(self, inputs: Sequence[Any], interpret: Callable[..., Any] = Primitive.__call__) -> Any:
        """The last entry for `inputs` of any kind; `interpret(primitive, *operands)` makes each step."""
        return self.entries(inputs, interpret)[-1]

    def entries(self, inputs: Sequence[Any], interpret: Callable[..., Any] = Primitive.__call__) -> list[Any]:
        """The inputs, then what each step made."""
        entries = list(inputs)
        for step in self.steps:
            entries.append(interpret(step.primitive, *(entries[place] for place in step.places)))
        return entries

    def __repr__(self) -> str:
        """A program to read when Hypothesis shows a failure."""
        lines = [f"x{place} = {number!r}" for place, number in enumerate(self.inputs)]
        for place, step in enumerate(self.steps, len(self.inputs)):
            lines.append(f"x{place} = {step.primitive.name}({', '.join(f'x{read}' for read in step.places)})")
        return f"<expression: {'; '.join(lines)}>"


def safe_floats(bound: float = 2.0) -> st.SearchStrategy[float]:
    """Short binary fractions within ±bound: they shrink to whole numbers and print in full."""
    return st.integers(round(-bound * 64), round(bound * 64)).map(lambda count: count / 64)


def is_safe(primitive: Primitive, operands: Sequence[float]) -> bool:
    """Whether value and slopes are bounded at the operands, and change little when all of them move a bit."""
    here = _value_and_slopes(primitive, operands)
    if not abs(here[0]) <= LARGEST_VALUE or not all(abs(slope) <= LARGEST_SLOPE for slope in here[1:]):
        return False
    for move in (_NEARBY, -_NEARBY):
        # Unequal moves, because ties stay ties when both sides move alike.
        moved = [x + move * (1 - 2 * (place % 2)) / (1 + place) for place, x in enumerate(operands)]
        there = _value_and_slopes(primitive, moved)
        if not all(abs(a - b) <= _CHANGE for a, b in zip(here, there, strict=True)):
            return False
    return True


def _value_and_slopes(primitive: Primitive, operands: Sequence[float]) -> list[float]:
    node = primitive(*map(Value, operands))
    return [node.data, *(slope or 0.0 for slope in local_slopes(node))]


@st.composite
def expressions(
    draw: Draw,
    *,
    primitives: Iterable[Primitive] = ALL_PRIMITIVES,
    max_inputs: int = 3,
    max_steps: int = 8,
    max_operands: int = 4,
) -> Expression:
    """Expressions of up to `max_steps` steps, n-ary ones of up to `max_operands` operands.

    They shrink towards few steps of the first primitives on whole inputs.
    """
    table = list(primitives)
    inputs = tuple(draw(st.lists(safe_floats(), min_size=1, max_size=max_inputs)))
    entries, steps = list(inputs), list[Step]()
    for _ in range(draw(st.integers(1, max_steps))):
        step = draw(_steps(table, entries, max_operands))
        steps.append(step)
        entries.append(step.primitive(*(entries[place] for place in step.places)))
    return Expression(inputs, tuple(steps))


@st.composite
def _steps(draw: Draw, table: Sequence[Primitive], entries: Sequence[float], max_operands: int) -> Step:
    # Counting from the newest entry makes deep graphs likely, and short ones the simplest.
    reads = st.integers(0, len(entries) - 1).map(lambda back: len(entries) - 1 - back)
    places = tuple(draw(st.lists(reads, min_size=max_operands, max_size=max_operands)))
    start = draw(st.integers(0, len(table) - 1))
    # The first that fits from there on: nothing is drawn in vain.
    for primitive in (*table[start:], *table[:start]):
        count = primitive.arity or draw(st.integers(1, max_operands // 2)) * 2  # pairs, for dot
        if count <= max_operands and is_safe(primitive, [entries[place] for place in places[:count]]):
            return Step(primitive, places[:count])
    return Step(IDENTITY, places[:1])


def moderate(numbers: Iterable[float], bound: float) -> bool:
    """Whether all are finite and within ±bound."""
    return all(abs(number) <= bound for number in numbers)
