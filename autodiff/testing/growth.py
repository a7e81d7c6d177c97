"""An expression while it is being drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

from hypothesis import strategies as st

from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT, IDENTITY, MEAN, MUL
from autodiff.testing.expression import Operand, Step
from autodiff.testing.safety import jumps, moderate, value_and_slopes
from autodiff.value import Value

LARGEST_REACH = 1e4
_ENTRIES_FOR_A_CONSTANT = 3  # how many of each four operands are entries, on average


@final
@dataclass(frozen=True)
class Growth:
    """The entries so far, and which steps may follow."""

    primitives: tuple[Primitive, ...]
    max_operands: int
    constants: tuple[float, ...]
    kinks: bool
    starts: tuple[int, ...]
    """Places in `primitives` to begin at, those of several operands more often: they make graphs, others chains."""
    numbers: list[float]
    """The number of each entry."""
    reaches: list[float]
    """How much each entry magnifies rounding: the sum, over all paths down from it, of the products of slopes."""

    def grow(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Step:
        """Draw a step, and append its result."""
        operands = tuple(draw(st.tuples(*[st.sampled_from(self._readable())] * self.max_operands)))
        count = draw(st.integers(1, self.max_operands))
        on_kink = self.kinks and draw(st.booleans())
        return self._appended(self._fitting(draw(st.sampled_from(self.starts)), operands, count, on_kink))

    def joined(self, place: int) -> Step:
        """Append a last step, which reads an earlier entry and the newest: the first of three that fits."""
        steps = [Step(primitive, (place, len(self.numbers) - 1)) for primitive in (MUL, ADD, MEAN)]
        return self._appended(next(step for step in steps if self._fits(step)))  # a mean of moderate numbers does

    def _readable(self) -> Sequence[Operand]:
        """What may be read. The newest entry comes first, and most often: that makes graphs deep."""
        newest_first = range(len(self.numbers) - 1, -1, -1)
        constants = (*self.constants, *self.numbers) if self.kinks and self.constants else self.constants
        entries = [place for place in newest_first for _ in range(3 if place == newest_first[0] else 1)]
        repeats = -(-_ENTRIES_FOR_A_CONSTANT * len(constants) // len(entries)) or 1
        return *(entries * repeats), *constants

    def _fitting(self, start: int, operands: tuple[Operand, ...], count: int, on_kink: bool) -> Step:
        """The first step that fits from a place in the table down, one on a kink if that is wanted and there is one.

        Never rejects a draw, and shrinking stays monotone.
        """
        fitting: Step | None = None
        for place in range(start, start - len(self.primitives), -1):
            step = self._candidate(self.primitives[place], operands, count)
            if step is not None and self._fits(step):
                fitting = fitting or step
                if not on_kink or jumps(step.primitive, *self._around(step)):
                    return step
        return fitting or Step(IDENTITY, (len(self.numbers) - 1,))

    def _candidate(self, primitive: Primitive, operands: tuple[Operand, ...], count: int) -> Step | None:
        """The primitive on as many of the operands as it takes, on the newest entry first if these are constants."""
        size = primitive.arity or (2 * -(-count // 2) if primitive is DOT else count)
        if size > self.max_operands:
            return None
        read = operands[:size]
        if not any(isinstance(operand, int) for operand in read):
            read = len(self.numbers) - 1, *read[1:]
        return Step(primitive, read)

    def _fits(self, step: Step) -> bool:
        """Whether the step is moderate, and smooth unless kinks are wanted."""
        operands, here = self._around(step)
        if not moderate(here) or self._reach(step, here) > LARGEST_REACH:
            return False
        return self.kinks or not jumps(step.primitive, operands, here)

    def _around(self, step: Step) -> tuple[list[Any], list[float]]:
        """The operands of a step, and its value and slopes at them."""
        operands = [Value(self.numbers[x]) if isinstance(x, int) else x for x in step.operands]
        return operands, value_and_slopes(step.primitive, operands)

    def _reach(self, step: Step, here: Sequence[float]) -> float:
        along = zip(here[1:], step.operands, strict=True)
        return 1.0 + sum(abs(slope) * self.reaches[x] for slope, x in along if isinstance(x, int))

    def _appended(self, step: Step) -> Step:
        _, here = self._around(step)
        self.numbers.append(here[0])
        self.reaches.append(self._reach(step, here))
        return step
