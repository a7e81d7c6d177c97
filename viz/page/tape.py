"""The tape: a graph as flat lists, one record's graph for all records where they share one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from autodiff import Primitive, Value
from viz.subject import Subject

REDUCERS = {"mean": "mean", "sum": "sum"}
"""Operations that may join the losses of records."""


@final
@dataclass(frozen=True)
class Operation:
    """One operation of a tape: what it does to which slots; `value` is the node that shows it."""

    primitive: Primitive
    operands: tuple[int, ...]


@final
@dataclass(frozen=True, eq=False)
class Tape:
    """The graph of one record, or of a whole Value, in topological order.

    A slot is a leaf, a constant or an operation. Values that differ between records are columns.
    """

    values: tuple[Value | float | None, ...]
    """What each slot stands for in the first record: a Value, a constant, or None for the record's mean or sum."""
    operations: Mapping[int, Operation]
    root: int
    slot_of: Mapping[Value, int]
    """The slot of each Value of the first record."""
    columns: tuple[int, ...] = ()
    """The slots that have a number of their own in each record: features first, in their order."""
    rows: tuple[tuple[float, ...], ...] = ()
    """For each record the numbers of the columns; empty where there are no records."""
    reduction: str = "sum"
    """How the losses of the records make the loss of all."""


def tape_of(subject: Subject) -> Tape:
    """The shortest tape of a subject: of one record where all records have the same graph, else of the whole."""
    if len(subject.records) > 1:
        shared = _shared(subject)
        if shared is not None:
            return shared
    return _whole(subject)


def _whole(subject: Subject) -> Tape:
    slots = _Slots()
    for node in subject.order:
        slots.add(node)
    features = tuple(slots.of[leaf] for record in subject.records for leaf in record.inputs if leaf in slots.of)
    if len(subject.records) != 1:
        return slots.tape(slots.of[subject.root])
    row = tuple(_data(slots.values[slot]) for slot in features)
    return slots.tape(slots.of[subject.root], columns=features, rows=(row,))


@final
class _Slots:
    """Slots being filled: nodes in topological order, each use of a constant before its user."""

    def __init__(self) -> None:
        self.values: list[Value | float | None] = []
        self.operations: dict[int, Operation] = {}
        self.of: dict[Value, int] = {}

    def add(self, node: Value) -> None:
        operands = tuple(self.of[x] if isinstance(x, Value) else self._put(x) for x in node.operands)
        self.of[node] = slot = self._put(node)
        if node.primitive is not None:
            self.operations[slot] = Operation(node.primitive, operands)

    def join(self, primitive: Primitive, operands: Sequence[int]) -> int:
        """An operation that no single node stands for."""
        slot = self._put(None)
        self.operations[slot] = Operation(primitive, tuple(operands))
        return slot

    def tape(self, root: int, **more: Any) -> Tape:
        return Tape(tuple(self.values), self.operations, root, self.of, **more)

    def _put(self, value: Value | float | None) -> int:
        self.values.append(value)
        return len(self.values) - 1


def _shared(subject: Subject) -> Tape | None:
    """The tape of one record, or None where the records have different graphs or their losses are not averaged."""
    head = subject.root
    if head.primitive is None or head.primitive.name not in REDUCERS:
        return None
    parts = _parts(subject)
    ends = _ends(subject, parts)
    if ends is None:
        return None
    walks = [_Walk(subject, place, nodes, ends[place]) for place, nodes in enumerate(parts)]
    if any(walk.structure != walks[0].structure for walk in walks):
        return None
    return _tape_of_records(subject, walks)


def _parts(subject: Subject) -> list[list[Value]]:
    """The nodes of each record, in topological order."""
    parts: list[list[Value]] = [[] for _ in subject.records]
    for node in subject.order:
        if node in subject.record_of:
            parts[subject.record_of[node]].append(node)
    return parts


def _ends(subject: Subject, parts: Sequence[Sequence[Value]]) -> list[list[Value]] | None:
    """For each record its terms of the reduction; None unless all nodes belong to a record, to all or to the root."""
    known = {*subject.record_of}
    for node in subject.order:
        if node.operands and node not in known and node is not subject.root and not _is_shared(node, known):
            return None
    ends: list[list[Value]] = [[] for _ in parts]
    for term in subject.root.operands:
        if not isinstance(term, Value) or term not in subject.record_of:
            return None
        ends[subject.record_of[term]].append(term)
    return ends if len({len(terms) for terms in ends}) == 1 and ends[0] else None


def _is_shared(node: Value, of_records: set[Value]) -> bool:
    """Whether a node is made from parameters alone, so that all records share it."""
    return not any(isinstance(operand, Value) and operand in of_records for operand in node.operands)


@final
class _Walk:
    """One record's graph as a structure to compare, and the constants that may differ."""

    def __init__(self, subject: Subject, place: int, nodes: Sequence[Value], ends: Sequence[Value]) -> None:
        position = {node: number for number, node in enumerate(nodes)}
        inputs = {leaf: number for number, leaf in enumerate(subject.records[place].inputs)}
        self.nodes = nodes
        self.ends = ends
        self.record = subject.records[place]
        self.constants: list[float] = []
        self.structure = (tuple(self._row(node, position, inputs) for node in nodes), tuple(position[x] for x in ends))

    def _row(self, node: Value, position: Mapping[Value, int], inputs: Mapping[Value, int]) -> tuple[Any, ...]:
        if not node.operands:
            return ("leaf", inputs.get(node, id(node)))
        return (node.primitive, *(self._operand(operand, position) for operand in node.operands))

    def _operand(self, operand: Any, position: Mapping[Value, int]) -> Any:
        if isinstance(operand, Value):
            return position.get(operand, ("shared", id(operand)))
        self.constants.append(operand)
        return "constant"


def _tape_of_records(subject: Subject, walks: Sequence[_Walk]) -> Tape:
    first, slots = walks[0], _Slots()
    own = {*first.nodes}
    for node in subject.order:
        if node in own or (node not in subject.record_of and node is not subject.root):
            slots.add(node)
    ends = [slots.of[term] for term in first.ends]
    head: Any = subject.root.primitive
    root = ends[0] if len(ends) == 1 else slots.join(head, ends)
    used = [place for place, leaf in enumerate(first.record.inputs) if leaf in own]
    varying, numbers = _varying(walks, _constant_slots(slots, first))
    return slots.tape(
        root,
        columns=(*(slots.of[first.record.inputs[place]] for place in used), *varying),
        rows=tuple(
            (*(walk.record.inputs[place].data for place in used), *row)
            for walk, row in zip(walks, numbers, strict=True)
        ),
        reduction=REDUCERS[head.name],
    )


def _constant_slots(slots: _Slots, walk: _Walk) -> list[int]:
    """The slots of the constants of one record, in the order in which a walk meets them."""
    found = []
    for node in walk.nodes:
        if node.primitive is not None:
            operands = slots.operations[slots.of[node]].operands
            found += [slot for slot, x in zip(operands, node.operands, strict=True) if not isinstance(x, Value)]
    return found


def _varying(walks: Sequence[_Walk], slots: Sequence[int]) -> tuple[list[int], list[tuple[float, ...]]]:
    """The constants that differ between records, and for each record their numbers."""
    columns = list(zip(*(walk.constants for walk in walks), strict=True))
    places = [place for place, column in enumerate(columns) if len({*map(repr, column)}) > 1]
    return [slots[place] for place in places], [tuple(walk.constants[place] for place in places) for walk in walks]


def _data(value: Any) -> float:
    return float(value.data) if isinstance(value, Value) else float(value)
