"""What a picture, a ledger or a finding is about: a graph, and the records, features and model that it came from."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, final

from autodiff import Value, enable_grad, no_grad, topological_order
from autodiff.errors import ShapeError
from viz.errors import CoercionError, OptionTypeError
from viz.records import Table, entry_list, feature_table, target_rows
from viz.sweep import one_sweep

if TYPE_CHECKING:
    from autodiff import Program

Loss: TypeAlias = Callable[[Any, Any], Any]
"""A function (predictions, targets) -> Value, such as `nn.mse`."""


Drawable: TypeAlias = "Value | Callable[..., Any] | Program"
"""A graph, a model or another function, or a compiled program."""


@final
@dataclass(frozen=True, eq=False, slots=True)
class Record:
    """One record that went through a model."""

    name: str
    """Its label in a data frame, else its number from 1."""
    inputs: tuple[Value, ...]
    """A leaf for each feature, labeled with its name; the record's only one."""
    outputs: tuple[Any, ...]
    """The model's outputs: Values, and floats where one depends on nothing."""
    target: Any = None
    """A float, a list of floats where there are several outputs, or None without targets."""
    loss: float | None = None
    """The loss of this record by itself; None without a loss."""


@final
@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the data that is nan or infinite."""

    record: str
    """The name of its record."""
    column: str
    """The name of its feature, or `target`."""
    number: float
    leaf: Value | None = None
    """The node of a feature."""

    def __str__(self) -> str:
        return f"{self.column} of record {self.record}"


@final
@dataclass(frozen=True, eq=False)
class Subject:
    """A graph with all that is known of where it came from. The fields but `root` are empty for a bare Value."""

    root: Value
    swept: bool
    """Whether there are gradients: a sweep has reached the root."""
    gradients: Mapping[Value, float] = field(repr=False)
    """The gradient of each node, empty if not swept: what the nodes of a Value hold; for a model those of one
    sweep made here, which leaves the gradients that its parameters hold alone."""
    order: Sequence[Value] = field(repr=False)
    """The graph in topological order, the root last."""
    records: tuple[Record, ...] = field(default=(), repr=False)
    model: Any = None
    features: tuple[str, ...] = ()
    """The names of the inputs."""
    loss_name: str = ""
    """The name of the loss function."""

    @property
    def has_own_graph(self) -> bool:
        """Whether the graph was made here, from a model and data."""
        return bool(self.records)

    @cached_property
    def unusable(self) -> tuple[Cell, ...]:
        """The features that the graph reads, and the targets, that are nan or infinite."""
        read = {*self.order}
        found = []
        for record in self.records:
            for name, leaf in zip(self.features, record.inputs, strict=True):
                if not math.isfinite(leaf.data) and leaf in read:
                    found.append(Cell(record.name, name, leaf.data, leaf))
            targets = record.target if isinstance(record.target, list) else [record.target]
            for number, target in enumerate(targets, start=1):
                if target is not None and not math.isfinite(target):
                    found.append(Cell(record.name, "target" if len(targets) == 1 else f"target {number}", target))
        return tuple(found)

    @cached_property
    def one_sweep(self) -> Mapping[Value, float]:
        """The gradients of exactly one sweep, whatever the nodes hold."""
        return self.gradients if self.has_own_graph else one_sweep(self.order)

    @cached_property
    def record_of(self) -> Mapping[Value, int]:
        """For each node made from the inputs of one record alone, the place of that record in `records`."""
        found = {leaf: place for place, record in enumerate(self.records) for leaf in record.inputs}
        several: set[Value] = set()
        for node in self.order:
            operands = [operand for operand in node.operands if isinstance(operand, Value)]
            below = {found[operand] for operand in operands if operand in found}
            if len(below) > 1 or not several.isdisjoint(operands):
                several.add(node)
            elif below:
                found[node] = below.pop()
        return found


def read_subject(subject: Any, *data: Any, loss: Loss | None = None) -> Subject:
    """Read what a user wants to look at.

    Parameters
    ----------
    subject : Value or callable
        A recorded graph, or a model that takes the list of one record's features.
    *data : array_like or data frame
        For a model the features, of shape (records, inputs) or (inputs,), and the targets, of shape (records,) or
        (records, outputs). The columns of a data frame name the features.
    loss : callable, optional
        A function (predictions, targets) -> Value, such as `nn.mse`. Needed unless there is one record of one output.

    Returns
    -------
    Subject
        With gradients of one sweep for a model. Its parameters keep the gradients that they hold.

    Raises
    ------
    OptionTypeError
        A TypeError: for anything else, or if data or the loss are missing.
    ShapeError
        A ValueError: if features, targets and outputs do not fit together.

    Examples
    --------
    >>> w = Value(2.0, label="w")
    >>> seen = read_subject(lambda record: w * record[0], [[3.0]])
    >>> seen.root.data, seen.gradients[w], w.grad
    (6.0, 3.0, 0.0)
    """
    if isinstance(subject, Value):
        if data or loss is not None:
            raise OptionTypeError("a Value is a graph already; give data and a loss together with a model")
        return _of_value(subject)
    _require_model(subject, data, loss)
    with enable_grad():
        return _of_model(subject, data, loss)


def _of_value(root: Value) -> Subject:
    order = topological_order(root)
    swept = held_gradient(root) != 0.0
    return Subject(root, swept, {node: held_gradient(node) for node in order} if swept else {}, order)


def held_gradient(node: Value) -> float:
    """The gradient that a node holds as a number, also where it is a Value that can be differentiated again."""
    return float(node.grad.data if isinstance(node.grad, Value) else node.grad)


def _require_model(subject: Any, data: Sequence[Any], loss: Loss | None) -> None:
    kind = type(subject).__name__
    if not callable(subject):
        remedy = "draw one of them, or their sum" if hasattr(subject, "__len__") else "wrap a number as Value(number)"
        raise CoercionError(f"expected a Value, or a model with data, got {kind}; {remedy}")
    if not 1 <= len(data) <= 2:
        raise OptionTypeError(
            f"a model is drawn with its features and targets, as draw(model, X, y, loss=nn.mse); "
            f"got {kind} with {len(data)} of these"
        )
    if loss is not None and not callable(loss):
        raise OptionTypeError(f"loss is a function of predictions and targets, such as nn.mse, got {loss!r}")
    if (loss is None) != (len(data) == 1):
        missing = "a loss, such as loss=nn.mse" if loss is None else "targets for the loss"
        raise OptionTypeError(f"draw(model, X, y, loss=nn.mse) takes targets and a loss together; give {missing}")


def _of_model(model: Any, data: Sequence[Any], loss: Loss | None) -> Subject:
    table = feature_table(data[0])
    targets = target_rows(data[1], len(table.rows)) if len(data) == 2 else (None,) * len(table.rows)
    records = [_record(model, table, place, target) for place, target in enumerate(targets)]
    root = _single_output(records) if loss is None else _loss(loss, records)
    order = topological_order(root)
    return Subject(
        root, True, one_sweep(order), order, tuple(records if loss is None else _with_losses(loss, records)),
        model, table.columns, "" if loss is None else getattr(loss, "__name__", type(loss).__name__),
    )  # fmt: skip


def _record(model: Any, table: Table, place: int, target: Any) -> Record:
    inputs = tuple(
        cell if isinstance(cell, Value) else Value(cell, label=name)
        for cell, name in zip(table.rows[place], table.columns, strict=True)
    )
    outputs = tuple(entry_list(model(list(inputs))))
    width = len(target) if isinstance(target, list) else 1
    if target is not None and len(outputs) != width:
        raise ShapeError(f"the model has {len(outputs)} outputs and each record {width} targets; they must be equal")
    return Record(table.names[place], inputs, outputs, target)


def _single_output(records: Sequence[Record]) -> Value:
    if len(records) > 1 or len(records[0].outputs) > 1:
        raise OptionTypeError(
            f"{len(records)} records of {len(records[0].outputs)} outputs make no single root; "
            "give targets and a loss, as draw(model, X, y, loss=nn.mse)"
        )
    return _required_value(records[0].outputs[0], "the model returned")


def _loss(loss: Loss, records: Sequence[Record]) -> Value:
    root = loss([_prediction(record) for record in records], [record.target for record in records])
    return _required_value(root, "the loss returned")


def _with_losses(loss: Loss, records: Sequence[Record]) -> list[Record]:
    """The records with the loss that each has by itself."""
    out = []
    with no_grad():
        for record in records:
            alone = loss([_prediction(record)], [record.target])
            number = float(alone.data if isinstance(alone, Value) else alone)
            out.append(Record(record.name, record.inputs, record.outputs, record.target, number))
    return out


def _prediction(record: Record) -> Any:
    """The outputs as a target is written: bare if there is one."""
    return record.outputs[0] if len(record.outputs) == 1 else list(record.outputs)


def _required_value(root: Any, what: str) -> Value:
    if not isinstance(root, Value):
        raise CoercionError(f"{what} {root!r} of type {type(root).__name__}, which is no Value with a graph to draw")
    return root
