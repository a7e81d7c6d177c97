"""Pipeline: every pass of the compiler, in order."""

from __future__ import annotations

from functools import partial

from autodiff.compilation.program.assembly import program_of
from autodiff.compilation.program.program import FIXED, Program
from autodiff.compilation.rewrite.algebra import ALGEBRA
from autodiff.compilation.rewrite.request import Request, answers, in_all, summed_over_batch
from autodiff.compilation.rewrite.rule import Rule
from autodiff.compilation.rewrite.simplify import fused, rewritten
from autodiff.compilation.trace.symbol import Symbol
from autodiff.compilation.trace.tracer import Trace, tracing


def compiled_program(trace: Trace, request: Request, rules: tuple[Rule, ...]) -> Program:
    """The program that answers a request, for the back end whose rules these are.

    `trace` is the first pass: the function, called once on symbols (`trace.tracer`). Algebra and the back end's rules
    are one walk: each operation is rewritten once its operands are, so what one rule makes the next one sees, and a
    second walk would take as long again. Both come before sums are fused and taken over the batch: a slope such as
    s·(1 - s) is a product only until it is fused into a dot, and a square is summed by a matrix product only if it is
    known to be one.
    """
    rules = (*ALGEBRA, *rules)
    order: list[Symbol] = []  # the operations, each after its operands
    weight, count = (Symbol(None, (), batched=False, source=name) for name in FIXED)
    with tracing():  # symbols go before the collector looks at them
        groups = answers(trace, request, weight if request.reduced else 1.0)  # differentiate
        groups = in_all(groups, partial(rewritten, rules=rules, order=order))  # algebra, and the back end's rules
        groups = in_all(groups, partial(fused, order=order))  # additions into sums, products into dots
        if request.reduced:
            groups = summed_over_batch(groups, weight, count, order)
        arguments = [(f"argument {number}", symbols) for number, symbols in enumerate(trace.arguments)]
        leaves = [("parameters", [*trace.parameters.values()]), *arguments, (FIXED[0], [weight]), (FIXED[1], [count])]
        placed = {group.name: group.places for group in groups if group.places}
        return program_of({group.name: group.roots for group in groups}, leaves, placed)  # vectorize
