"""Listing: from a program to the page that a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from autodiff.compilation.listing.cost import cost_of
from autodiff.compilation.listing.legend import legend
from autodiff.compilation.listing.step_text import (
    Index,
    constants_text,
    index_text,
    read_text,
    readings,
    rows_text,
    step_text,
)
from autodiff.compilation.program.page import Entry, Page, Section
from autodiff.compilation.program.program import Output, Program, Read, Rows, Step
from autodiff.compilation.trace.origins import common_scope

_PHASES = ("once, before the records", "for all records, chunk by chunk", "once, after the records")


def page_of(program: Program) -> Page:
    """The totals, the given blocks, the steps with operation, shape and origin, the results, and a legend."""
    steps = tuple(_sections(program))
    given = Section("given", tuple(_given_entries(program)))
    texts = [entry.text for section in (given, *steps) for entry in section.entries]
    return Page(
        _totals(program),
        given,
        steps,
        Section("results", tuple(_output_entry(program, output) for output in program.outputs)),
        legend(texts),
    )


def _sections(program: Program) -> Iterator[Section]:
    """The steps phase by phase, in the order in which they run; in each, those that lead to the result come first."""
    result, *others = program.outputs
    leading = set(program.leading_to(result).steps)
    further = others[0].name if len(others) == 1 else "derivatives"
    phases = program.phases()
    for phase, steps in zip(_PHASES if any(phases[1:]) else ("once", "", ""), phases, strict=True):
        for leads, name in ((True, result.name), (False, further)):
            entries = tuple(_step_entry(program, step) for step in steps if (step in leading) is leads)
            if entries:
                yield Section(f"{phase}: {name}", entries, leads)


def _totals(program: Program) -> tuple[str, ...]:
    cost = cost_of(program)
    each, single = cost.record_operations, cost.single_operations
    operations = _counted(each, "operation") + " for each record" if each else _counted(single, "operation")
    operations += f" and {single} for all" if each and single else ""
    numbers = _counted(cost.single_numbers, "number")
    if not cost.record_rows:
        memory = f"{numbers} ({cost.single_bytes} bytes as float64)"
    else:
        rows = _counted(cost.record_rows, "row")
        memory = (
            f"{rows} with a number for each record ({cost.record_bytes} bytes a record as float64) "
            f"and {numbers} for all ({cost.single_bytes} bytes)"
        )
    return f"{operations} became {_counted(len(program.steps), 'step')}", f"memory: {memory}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _given_entries(program: Program) -> Iterator[Entry]:
    read = _sources(program)
    for number, block in enumerate(program.blocks[: program.given]):
        if number not in read:
            continue
        origin = block.origin_text()
        text = f"{block.name}: {origin}" if origin else block.name
        name, shape = f"%{number}", _shape(block.rows, batched=block.batched)
        parts = () if block.batched else tuple(_part_entries(program, number, read[number]))
        scope = common_scope(block.marks)
        yield Entry(name, shape, text, batched=block.batched, parts=parts, block=number, scope=scope)


def _part_entries(program: Program, number: int, read: dict[str, Index]) -> Iterator[Entry]:
    """The parts in which a given block is read, where their names differ from that of the whole."""
    block = program.blocks[number]
    whole = block.origin_text()
    for name, rows in sorted(read.items(), key=lambda entry: entry[1].tolist()):
        origin = block.origin_text(rows)
        if origin != whole:
            scope = common_scope([block.marks[row] for row in rows])
            yield Entry(name, _shape(len(rows), batched=False), origin, block=number, scope=scope)


def _sources(program: Program) -> dict[int, dict[str, Index]]:
    """For each block, the rows of it that steps or outputs read, by their text in the listing."""
    found: dict[int, dict[str, Index]] = {}
    for step in program.steps:
        for rows in _rows_read(program, step):
            found.setdefault(rows.block, {})[rows_text(rows, program.blocks)] = rows.index
    for output in program.outputs:
        for _, read in output.parts:
            if isinstance(read, Rows):
                found.setdefault(read.block, {})
    return found


def _rows_read(program: Program, step: Step) -> list[Rows]:
    return [operand.rows for operand in chain(*readings(step, program.blocks)) if operand.rows is not None]


def _step_entry(program: Program, step: Step) -> Entry:
    block = program.blocks[step.out]
    sources = {rows_text(rows, program.blocks): rows.block for rows in _rows_read(program, step)}
    return Entry(
        f"%{step.out}",
        _shape(block.rows, batched=block.batched),
        step_text(step, program.blocks),
        block.origin_text(),
        tuple(sources),
        block.batched,
        block=step.out,
        sources=tuple(sources.values()),
        scope=common_scope(block.marks),
        operation=step.primitive.name,
    )


def _output_entry(program: Program, output: Output) -> Entry:
    parts = [_result_part(program, output, part) for part in sorted(output.parts, key=lambda part: int(part[0][0]))]
    whole = parts[0].text if len(parts) == 1 else "" if parts else "nothing"
    return Entry(
        output.name,
        _shape(output.size, batched=output.batched),
        whole,
        "",
        tuple(chain.from_iterable(part.reads for part in parts)),
        output.batched,
        tuple(parts) if len(parts) > 1 else (),
        sources=tuple(chain.from_iterable(part.sources for part in parts)),
    )


def _result_part(program: Program, output: Output, part: tuple[Index, Read]) -> Entry:
    positions, read = part
    name, shape = index_text(positions, output.size), _shape(len(positions), batched=output.batched)
    if not isinstance(read, Rows):
        return Entry(name, shape, constants_text(read))
    source = rows_text(Rows(read.block, np.unique(read.index)), program.blocks)
    return Entry(name, shape, read_text(read, program.blocks), "", (source,), output.batched, sources=(read.block,))


def _shape(rows: int, *, batched: bool) -> str:
    return f"({rows}, records)" if batched else f"({rows})"
