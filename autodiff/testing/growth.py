"""An expression while it is being drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

from hypothesis import strategies as st

from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, IDENTITY, MEAN, MUL
from autodiff.testing.expression import Operand, Step, read
from autodiff.testing.safety import jumps, moderate, value_and_slopes
from autodiff.value import Value

LARGEST_REACH = 1e4
_ENTRIES_FOR_A_CONSTANT = 3  # how many of each four operands are entries, on average


@final
@dataclass(frozen=True)
class Growth:
    """What the steps so far have made, and which steps may follow."""

    primitives: tuple[Primitive, ...]
    max_operands: int
    constants: tuple[float, ...]
    kinks: bool
    starts: tuple[int, ...]
    """Places in `primitives` to begin at, those of several operands more often: they make graphs, others chains."""
    numbers: list[float]
    """Of each entry."""
    reaches: list[float]
    """How much each entry magnifies rounding: the sum, over all paths down from it, of the products of slopes."""

    def grow(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Step:
        """Draw a step, and append what it makes."""
        operands = tuple(draw(st.tuples(*[st.sampled_from(self._readable())] * self.max_operands)))
        start = draw(st.sampled_from(self.starts))
        # The first that fits from there down: nothing is drawn in vain, and no higher place stands for a simpler step.
        for place in range(start, start - len(self.primitives), -1):
            primitive = self.primitives[place]
            count = primitive.arity or self._count(primitive, draw)
            if count <= self.max_operands:
                step = Step(primitive, self._anchored(operands[:count]))
                if self._append(step):
                    return step
        step = Step(IDENTITY, (len(self.numbers) - 1,))
        self._append(step)
        return step

    def joined(self, place: int) -> Step:
        """A last step, appended, which reads an earlier entry and the newest: the first of three that fits."""
        steps = [Step(primitive, (place, len(self.numbers) - 1)) for primitive in (MUL, ADD, MEAN)]
        return next(step for step in steps if self._append(step))  # a mean of moderate numbers is moderate

    def _readable(self) -> Sequence[Operand]:
        """What may be read. The newest entry comes first, and most often: that makes graphs deep."""
        newest_first = range(len(self.numbers) - 1, -1, -1)
        constants = (*self.constants, *self.numbers) if self.kinks and self.constants else self.constants
        entries = [place for place in newest_first for _ in range(3 if place == newest_first[0] else 1)]
        repeats = -(-_ENTRIES_FOR_A_CONSTANT * len(constants) // len(entries)) or 1
        return *(entries * repeats), *constants

    def _count(self, primitive: Primitive, draw: Callable[[st.SearchStrategy[Any]], Any]) -> int:
        if primitive is DOT:
            return 2 * int(draw(st.integers(1, self.max_operands // 2)))
        return int(draw(st.integers(1, self.max_operands)))

    def _anchored(self, operands: tuple[Operand, ...]) -> tuple[Operand, ...]:
        """The operands, the newest entry in place of the first if all are constants."""
        if any(isinstance(operand, int) for operand in operands):
            return operands
        return len(self.numbers) - 1, *operands[1:]

    def _append(self, step: Step) -> bool:
        """Append what the step makes, if it is moderate, and smooth unless kinks are wanted."""
        values = [*map(Value, self.numbers)]
        operands = [read(values, operand) for operand in step.operands]
        here = value_and_slopes(step.primitive, operands)
        reach = 1.0 + sum(
            abs(slope) * read(self.reaches, operand)
            for slope, operand in zip(here[1:], step.operands, strict=True)
            if isinstance(operand, int)
        )
        if not (
            moderate(here) and reach <= LARGEST_REACH and (self.kinks or not jumps(step.primitive, operands, here))
        ):
            return False
        self.numbers.append(here[0])
        self.reaches.append(reach)
        return True
