"""Checks of a parsed JSON document, all before anything is built from it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from autodiff.errors import GraphFormatError
from autodiff.modes import Origin
from autodiff.numerics import sum_all
from autodiff.primitive import Primitive
from autodiff.rules import DOT, LOGSUMEXP, MEAN, SUM
from autodiff.serialization.json_record import Record, Roots
from autodiff.serialization.json_text import Oversized
from autodiff.serialization.primitive_reference import unknown_operation

FORMAT, VERSION = "valuegraph", 1

_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def checked_document(
    document: Any, table: Mapping[str, Primitive], *, verify: bool, max_nodes: int
) -> tuple[list[Record], Roots]:
    """The nodes and roots of a document. Raises GraphFormatError (a ValueError) that says what is wrong where."""
    _check_version(document)
    _check_keys(document, {"format", "version", "nodes", "roots"}, "the document")
    listed = document["nodes"]
    if not isinstance(listed, list):
        raise GraphFormatError(f"nodes must be a list, got {_shown(listed)}")
    if len(listed) > max_nodes:
        raise GraphFormatError(
            f"{len(listed)} nodes are more than max_nodes={max_nodes}; raise it if you trust the text"
        )
    records: list[Record] = []
    for place, fields in enumerate(listed):
        records.append(_checked_record(fields, place, len(listed), table))
        if verify:
            _check_number(records, place)
    return records, _checked_roots(document["roots"], len(listed))


def _check_version(document: Any) -> None:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        found = document.get("format") if isinstance(document, dict) else document
        raise GraphFormatError(f'expected an object with "format": "{FORMAT}", got {_shown(found)}')
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise GraphFormatError(f"version must be a whole number from 1, got {_shown(version)}")
    if version > VERSION:
        raise GraphFormatError(
            f"the text is of version {version}, and this library reads versions up to {VERSION}; "
            "upgrade the library to read it"
        )


def _check_keys(
    record: dict[str, Any], known: Collection[str], where: str, *, required: Collection[str] | None = None
) -> None:
    missing = sorted(set(known if required is None else required) - set(record))
    if missing:
        raise GraphFormatError(f"{where} lacks {', '.join(missing)}")
    unknown = sorted(set(record) - set(known))
    if unknown:
        raise GraphFormatError(f"{where} has unknown keys {_shown(unknown)}; known are {', '.join(sorted(known))}")


def _checked_record(fields: Any, place: int, size: int, table: Mapping[str, Primitive]) -> Record:
    where = f"node {place}"
    if not isinstance(fields, dict):
        raise GraphFormatError(f"{where} must be an object, got {_shown(fields)}")
    _check_keys(fields, {"operation", "operands", "data", "grad", "label", "origin"}, where, required={"data"})
    primitive = _checked_primitive(fields, where, table)
    return Record(
        data=_checked_real(fields["data"], f"data of {where}"),
        grad=_checked_gradient(fields.get("grad", 0.0), where, size),
        primitive=primitive,
        operands=() if primitive is None else _checked_operands(fields["operands"], primitive, place),
        label=None if "label" not in fields else _checked_text(fields["label"], f"label of {where}"),
        origin=None if "origin" not in fields else _checked_origin(fields["origin"], where),
    )


def _checked_primitive(fields: dict[str, Any], where: str, table: Mapping[str, Primitive]) -> Primitive | None:
    if ("operation" in fields) != ("operands" in fields):
        lacking = "operands" if "operation" in fields else "operation"
        raise GraphFormatError(f"{where} lacks {lacking}; a node has both, or neither if it is a leaf")
    if "operation" not in fields:
        return None
    name = _checked_text(fields["operation"], f"operation of {where}")
    if name not in table:
        raise GraphFormatError(
            f"{where}: {unknown_operation(name, table)}; operations of your own are passed as primitives=[...]"
        )
    return table[name]


def _checked_operands(given: Any, primitive: Primitive, place: int) -> tuple[int | float, ...]:
    where = f"node {place}"
    if not isinstance(given, list):
        raise GraphFormatError(f"operands of {where} must be a list, got {_shown(given)}")
    expected = _expected_count(primitive, len(given))
    if expected:
        raise GraphFormatError(f"{where}: {primitive.name} takes {expected}, got {len(given)}")
    operands = tuple([_checked_operand(operand, place) for operand in given])
    if not primitive.chooses and all([type(operand) is float for operand in operands]):
        raise GraphFormatError(
            f"{where}: {primitive.name} of constants alone is a constant; write a node without an operation"
        )
    return operands


def _expected_count(primitive: Primitive, count: int) -> str:
    """How many operands it should have been; nothing if the count is right."""
    if primitive.arity is not None:
        return "" if count == primitive.arity else f"{primitive.arity} operand{'s' if primitive.arity > 1 else ''}"
    if primitive is DOT and count % 2:
        return "two vectors of one length, an even number of operands"
    return "" if count else "at least one operand"


def _checked_operand(operand: Any, place: int) -> int | float:
    if type(operand) is int and 0 <= operand < place:
        return operand
    if isinstance(operand, dict) and set(operand) == {"constant"}:
        return _checked_real(operand["constant"], f"a constant of node {place}")
    if type(operand) is int and operand >= place:
        raise GraphFormatError(
            f"node {place} refers to {'itself' if operand == place else f'the later node {operand}'}: "
            "operands come before the nodes that read them, so that no graph has a cycle"
        )
    raise GraphFormatError(
        f"an operand of node {place} must be the index of an earlier node "
        f'or {{"constant": number}}, got {_shown(operand)}'
    )


def _checked_real(given: Any, what: str) -> float:
    if type(given) in (int, float):
        return float(given)
    if type(given) is str and given in _NOT_FINITE:
        return _NOT_FINITE[given]
    if isinstance(given, Oversized):
        raise GraphFormatError(f"{what} is {given}, beyond the range of float64, about ±1.8e308")
    raise GraphFormatError(f'{what} must be a number, "nan", "inf" or "-inf", got {_shown(given)}')


def _checked_gradient(given: Any, where: str, size: int) -> int | float:
    if isinstance(given, dict):
        _check_keys(given, {"node"}, f"grad of {where}")
        return _checked_index(given["node"], f"grad of {where}", size)
    return _checked_real(given, f"grad of {where}")


def _checked_index(given: Any, what: str, size: int) -> int:
    if type(given) is int and 0 <= given < size:
        return given
    raise GraphFormatError(f"{what} must be the index of one of {size} nodes, from 0, got {_shown(given)}")


def _checked_text(given: Any, what: str) -> str:
    if isinstance(given, str):
        return given
    raise GraphFormatError(f"{what} must be text, got {_shown(given)}")


def _checked_origin(given: Any, where: str) -> Origin:
    if not isinstance(given, dict):
        raise GraphFormatError(f"origin of {where} must be an object, got {_shown(given)}")
    _check_keys(given, {"scope", "role", "source"}, f"origin of {where}", required=())
    scope = given.get("scope", [])
    if not isinstance(scope, list):
        raise GraphFormatError(f"scope of {where} must be a list of names, got {_shown(scope)}")
    return Origin(
        scope=tuple(_checked_text(name, f"a scope of {where}") for name in scope),
        role=_checked_text(given.get("role", ""), f"role of {where}"),
        source=_checked_text(given.get("source", ""), f"source of {where}"),
    )


def _checked_roots(given: Any, size: int) -> Roots:
    if isinstance(given, dict):
        return {name: _checked_index(root, f"root {name[:60]!r}", size) for name, root in given.items()}
    if isinstance(given, list):
        return [_checked_index(root, f"root {place}", size) for place, root in enumerate(given)]
    return _checked_index(given, "roots", size)


def _check_number(records: Sequence[Record], place: int) -> None:
    record = records[place]
    if record.primitive is None:
        return
    operands = [records[operand].data if type(operand) is int else operand for operand in record.operands]
    computed = record.primitive.compute(*map(float, operands))
    same = math.isnan(computed) if math.isnan(record.data) else computed == record.data
    slack = max(1e-307, _rounding(record.primitive, operands))
    if not same and not math.isclose(computed, record.data, rel_tol=1e-12, abs_tol=slack):
        raise GraphFormatError(
            f"data of node {place} is {record.data}, but {record.primitive.name} of its operands is {computed}"
        )


def _rounding(primitive: Primitive, operands: Sequence[float]) -> float:
    """n·ulp·Σ|terms| of a sum of n terms, which bounds what the order of adding them changes; 0 of anything else."""
    if primitive not in _TERMS:
        return 0.0
    terms = _TERMS[primitive](operands)
    rounding = sum_all(*[abs(term) * len(terms) * sys.float_info.epsilon for term in terms])
    return rounding if math.isfinite(rounding) else 0.0


def _products(halves: Sequence[float]) -> list[float]:
    half = len(halves) // 2
    return [a * b for a, b in zip(halves[:half], halves[half:], strict=True)]


_TERMS: dict[Primitive, Callable[[Sequence[float]], Sequence[float]]] = {
    SUM: lambda terms: terms,
    MEAN: lambda terms: [term / len(terms) for term in terms],
    LOGSUMEXP: lambda terms: terms,
    DOT: _products,
}
"""What adds up to the result of an operation, and may cancel."""


def _shown(given: Any) -> str:
    shown = repr(given)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
