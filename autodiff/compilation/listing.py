"""Listing: a program as a page that a person can read.

It reads programs and is read by them, so it knows them by their attributes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.rules import DOT

_DOUBLE = 8  # bytes
_PHASES = ("once, before the records", "for all records, chunk by chunk", "once, after the records")


def listing(program: Any) -> str:
    """What is given, each step with its shape, its operation and what it came from, the results, and the totals.

    A block of shape (rows, records) is one of an operation's results in each record; operands are blocks,
    which stand for rows of them, and numbers. After # stands the scope, or the label, of what was lifted.
    """
    return "\n".join([_totals(program), *_given(program), *_steps(program), *_results(program)])


def _totals(program: Any) -> str:
    batched = sum(block.rows for block in program.blocks if block.batched)
    shared = sum(block.rows for block in program.blocks if not block.batched)
    return (
        f"{program.nodes} operations a record became {len(program.steps)} steps on arrays\n"
        f"memory: at most {batched} rows a record ({_DOUBLE * batched} bytes as float64) "
        f"and {shared} for all records ({_DOUBLE * shared} bytes)"
    )


def _given(program: Any) -> list[str]:
    read = {source.block for step in program.steps for source in step.reads if hasattr(source, "block")}
    read |= {source.block for output in program.outputs for _, source in output.parts if hasattr(source, "block")}
    lines = [
        _line(program, number, f"{block.name}{f': {block.contents}' if block.contents else ''}")
        for number, block in enumerate(program.blocks[: program.given])
        if number in read
    ]
    return ["given", *lines] if lines else []


def _steps(program: Any) -> list[str]:
    lines: list[str] = []
    for heading, steps in zip(_PHASES, program.phases(), strict=True):
        if steps:
            lines += [heading, *(_line(program, step.out, _operation(step), step.origin) for step in steps)]
    return lines


def _results(program: Any) -> list[str]:
    lines = ["results"]
    for output in program.outputs:
        blocks = sorted({source.block for _, source in output.parts if hasattr(source, "block")})
        names = [f"%{block}" for block in blocks]
        if any(not hasattr(source, "block") for _, source in output.parts):
            names.append("constants")
        lines.append(f"       {_shape(output.size, output.batched):<17} from {', '.join(names) or 'nothing'}")
    return lines


def _line(program: Any, number: int, text: str, origin: str = "") -> str:
    block = program.blocks[number]
    line = f"  %{number:<4}{_shape(block.rows, block.batched):<17} {text}"
    return f"{line:<64} # {origin}" if origin else line


def _shape(rows: int, batched: bool) -> str:
    return f"({rows}, records)" if batched else f"({rows})"


def _operation(step: Any) -> str:
    """The name and the operands; of how many terms or factors, where their number may vary."""
    primitive = step.primitive
    count = len(step.reads) // 2 if primitive is DOT else len(step.reads)
    many = f" of {count}" if primitive.arity is None else ""
    return f"{primitive.name}{many}({', '.join(_operands(step.reads))})"


def _operands(reads: Sequence[Any]) -> list[str]:
    """The blocks and constants that a step reads, runs of one block as one."""
    shown: list[str] = []
    for read in reads:
        text = f"%{read.block}" if hasattr(read, "block") else _constants(read)
        if not shown or shown[-1] != text:
            shown.append(text)
    return shown


def _constants(numbers: Any) -> str:
    return f"{numbers[0]:g}" if (numbers == numbers[0]).all() else f"{len(numbers)} constants"
