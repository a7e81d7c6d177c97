"""The payload: what a page is told of a graph, as plain data for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autodiff import Primitive, Value, local_slopes
from viz.page.infix import infix
from viz.page.operations import operation_key, operation_source
from viz.page.sources import sources_payload
from viz.page.tape import Operation, Tape
from viz.subject import Subject


def graph_payload(subject: Subject, tape: Tape) -> tuple[dict[str, Any], dict[str, str]]:
    """The data of a graph, and the source of each operation that the script can compute."""
    sources = operation_sources(tape.operations.values())
    keys = list(dict.fromkeys(_key(operation) for operation in tape.operations.values()))
    return {
        "names": keys,
        "op": [
            keys.index(_key(tape.operations[slot])) if slot in tape.operations else -1
            for slot in range(len(tape.values))
        ],
        "args": [operand for slot in range(len(tape.values)) for operand in _operands(tape, slot)],
        "count": [len(_operands(tape, slot)) for slot in range(len(tape.values))],
        "constant": [int(isinstance(value, float)) for value in tape.values],
        "numbers": [
            0.0 if slot in tape.operations else plain(_number(value)) for slot, value in enumerate(tape.values)
        ],
        "root": tape.root,
        "columns": list(tape.columns),
        "parameters": parameter_slots(tape),
        "records": [[plain(number) for number in row] for row in tape.rows],
        "reduction": tape.reduction,
        "stored": _stored(tape, sources),
        "sources": sources_payload(tape),
        "formula": infix(tape),
        **_description(subject, tape),
    }, sources


def operation_sources(operations: Any) -> dict[str, str]:
    """The JavaScript of each operation, by its name; those that run in Python alone are missing."""
    found = {}
    for operation in operations:
        key = _key(operation)
        if key not in found:
            found[key] = operation_source(operation.primitive, len(operation.operands))
    return {key: source for key, source in found.items() if source is not None}


def plain(number: float) -> float | str:
    """A number as JSON has it, or as text where it is not finite."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0.0 else "-Infinity"


def parameter_slots(tape: Tape) -> list[int]:
    """The slots of the parameters, in the order of the graph; of all labeled leaves where none is marked as one."""
    leaves = [slot for slot, value in enumerate(tape.values) if isinstance(value, Value) and not value.operands]
    marked = [slot for slot in leaves if _role(tape.values[slot]) == "parameter"]
    return marked or [slot for slot in leaves if slot not in tape.columns]


def _key(operation: Operation) -> str:
    return operation_key(operation.primitive, len(operation.operands))


def _operands(tape: Tape, slot: int) -> Sequence[int]:
    return tape.operations[slot].operands if slot in tape.operations else ()


def _number(value: Value | float | None) -> float:
    return float(value.data) if isinstance(value, Value) else 0.0 if value is None else value


def _role(value: Any) -> str:
    return value.origin.role if isinstance(value, Value) and value.origin else ""


def _stored(tape: Tape, sources: Mapping[str, str]) -> list[list[Any]]:
    """The number and slopes of each operation that runs in Python alone."""
    return [
        [slot, {"number": plain(_number(node)), "slopes": [plain(slope or 0.0) for slope in local_slopes(node)]}]
        for slot, operation in tape.operations.items()
        if _key(operation) not in sources and isinstance(node := tape.values[slot], Value)
    ]


def _description(subject: Subject, tape: Tape) -> dict[str, Any]:
    """Labels, scopes, symbols and names: what a person reads."""
    scopes: dict[tuple[str, ...], int] = {(): 0}
    of_slots = []
    for value in tape.values:
        scope = value.origin.scope if isinstance(value, Value) and value.origin else ()
        of_slots.append(scopes.setdefault(scope, len(scopes)))
    return {
        "labels": {
            str(slot): value.label for slot, value in enumerate(tape.values) if isinstance(value, Value) and value.label
        },
        "scopes": [list(scope) for scope in scopes],
        "scopeOf": of_slots,
        "symbols": [row.symbol or row.name for row in _rows(tape)],
        "activations": [int(row.activation) for row in _rows(tape)],
        "recordNames": [record.name for record in subject.records] if tape.rows else [],
        "targets": [record.target for record in subject.records] if tape.rows else [],
        "lossName": subject.loss_name,
        "rootTitle": subject.root.label
        or (subject.root.primitive.symbol or subject.root.primitive.name if subject.root.primitive else ""),
    }


def _rows(tape: Tape) -> Sequence[Primitive]:
    """The row of each operation of the script, in the order of their names."""
    return [*{_key(operation): operation.primitive for operation in tape.operations.values()}.values()]
