"""The structure of a graph as the page draws it: layers of neurons, each with its weights and what feeds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff import Value
from viz.drawing.neurons import Neuron, Pass, find_neurons
from viz.page.tape import Tape
from viz.subject import Subject


def structure_payload(subject: Subject, tape: Tape) -> dict[str, Any]:
    """The neurons of one record's graph, in layers; empty lists where the graph has none."""
    found = [
        row
        for neuron in find_neurons(subject.order)
        if (one := _pass_on(neuron, tape.slot_of)) and (row := _neuron(neuron, one, tape))
    ]
    found.sort(key=lambda row: row["total"])
    depths = _depths(found)
    layers: dict[tuple[int, str], int] = {}
    for row, depth in sorted(zip(found, depths, strict=True), key=lambda pair: pair[1]):
        title = row.pop("layerTitle")
        row["layer"] = layers.setdefault((depth, title), len(layers))
        row["key"] = f"{title}/{row['title']}"
    return {
        "neurons": sorted(found, key=lambda row: row["layer"]),  # stable: neurons keep their order
        "layers": [title for _, title in layers],
        "inputs": _inputs(found, tape),
    }


def _pass_on(neuron: Neuron, slots: Mapping[Value, int]) -> Pass | None:
    """The pass of the record that the tape holds."""
    return next((one for one in neuron.passes if one.total in slots), None)


def _neuron(neuron: Neuron, one: Pass, tape: Tape) -> dict[str, Any] | None:
    slots = tape.slot_of
    if not all(isinstance(source, Value) for source in one.sources):
        return None
    weights = [slots[weight] for weight in neuron.weights]
    sources = [slots[source] for source in one.sources if isinstance(source, Value)]
    bias = None if neuron.bias is None else slots[neuron.bias]
    return {
        "title": neuron.scope[-1],
        "layerTitle": " › ".join(neuron.scope[:-1]),
        "weights": weights,
        "sources": sources,
        "bias": bias,
        "parameters": weights if bias is None else [*weights, bias],
        "sum": _between(slots[one.total], {*weights, *sources}, tape),
        "total": slots[one.total],
        "inner": [slots[node] for node in one.activation],
        "output": slots[one.output],
        "activation": neuron.activation,
    }


def _between(total: int, ends: set[int], tape: Tape) -> list[int]:
    """The operations that make a neuron's sum of its products."""
    found: set[int] = set()
    stack = [total]
    while stack:
        slot = stack.pop()
        if slot not in ends and slot not in found and slot in tape.operations:
            found.add(slot)
            stack += tape.operations[slot].operands
    return sorted(found)


def _depths(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """How many neurons stand between each neuron and the inputs."""
    depth_of: dict[int, int] = {}
    depths = []
    for row in rows:  # in topological order
        depth = 1 + max(depth_of.get(source, 0) for source in row["sources"])
        depth_of[row["output"]] = depth
        depths.append(depth)
    return depths


def _inputs(rows: Sequence[Mapping[str, Any]], tape: Tape) -> list[int]:
    """What feeds weights and is no neuron's output, features in their order first."""
    outputs = {row["output"] for row in rows}
    sources = dict.fromkeys(source for row in rows for source in row["sources"] if source not in outputs)
    columns = [slot for slot in tape.columns if slot in sources]
    return [*columns, *(slot for slot in sources if slot not in columns)]
