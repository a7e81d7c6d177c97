"""A graph read as a network: inputs merged over records, neurons in columns, what stands between, and the loss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import final

from autodiff import Value
from viz.drawing.neurons import Neuron, Source, find_neurons, is_parameter
from viz.drawing.states import first_not_finite
from viz.subject import Subject


@final
@dataclass(eq=False, slots=True)
class Item:
    """A card, or a vertex beside the cards: an input, or an expression between two layers."""

    key: str
    title: str
    depth: int
    neuron: Neuron | None = None
    nodes: tuple[Source, ...] = ()
    """Of an input or expression: its node in each record."""

    @property
    def is_data(self) -> bool:
        """Whether it stands for a feature."""
        return self.neuron is None and not any(isinstance(node, Value) and node.operands for node in self.nodes)


@final
@dataclass(frozen=True, slots=True)
class Wire:
    """What flows from an item into a weight of a card, or into the loss."""

    tail: str
    head: str
    row: int
    shown: float | None
    """The gradient of the weight where the tail is data; else slope × upstream, summed over records."""
    absolute: float = 0.0
    slope: float | None = None


@final
@dataclass(eq=False, slots=True)
class Network:
    """Items in drawing order, and the wires between them."""

    subject: Subject
    items: dict[str, Item]
    wires: list[Wire]
    records: int
    targets: tuple[Source, ...] = ()
    """What the loss compares the outputs with, where that is known."""
    ends: tuple[str, ...] = ()
    """The keys of the items that the loss reads; the last card itself where there is no loss."""
    tail_nodes: int = 0
    """How many nodes the loss is made of."""
    columns: dict[int, list[Item]] = field(default_factory=dict)
    starts: frozenset[Value] = frozenset()
    """The nodes where a nan or inf starts."""

    def gradient(self, node: Value) -> float | None:
        """The gradient of a node; None before a sweep."""
        return self.subject.gradients.get(node) if self.subject.swept else None

    def summed(self, nodes: Sequence[Value]) -> float | None:
        """The sum of gradients, over records."""
        return sum(self.subject.gradients.get(node, 0.0) for node in nodes) if self.subject.swept else None


def read_network(subject: Subject) -> Network | None:
    """The network in a graph; None where there are no neurons, or where they are not the whole of it."""
    neurons = find_neurons(subject.order)
    if not neurons:
        return None
    reading = _Reading(subject, neurons)
    if not reading.items_are_complete():
        return None
    return reading.network()


@final
class _Reading:
    """One pass over the neurons in topological order, which gives each operand its item."""

    def __init__(self, subject: Subject, neurons: Sequence[Neuron]) -> None:
        self.subject = subject
        places = {node: place for place, node in enumerate(subject.order)}
        ordered = sorted(neurons, key=lambda neuron: places[neuron.passes[0].total])
        self.neurons = [_by_record(neuron, subject) for neuron in ordered]
        self.items: dict[str, Item] = {}
        self.item_of: dict[Value, str] = {}
        self.floats: dict[tuple[int, int], str] = {}
        self.rows: dict[str, list[str]] = {}
        self.below: dict[Value, tuple[str, ...]] = {}
        self.inputs = 0
        for number, neuron in enumerate(self.neurons):
            self._add(number, neuron)

    def _add(self, number: int, neuron: Neuron) -> None:
        key = f"c{number}"
        columns = [tuple(one.sources[row] for one in neuron.passes) for row in range(len(neuron.weights))]
        tails = [self._tail(sources, len(columns), row) for row, sources in enumerate(columns)]
        depth = 1 + max(self.items[tail].depth for tail in tails)
        self.items[key] = Item(key, neuron.scope[-1], depth, neuron)
        self.rows[key] = tails
        self.item_of.update(dict.fromkeys([one.output for one in neuron.passes], key))

    def _tail(self, sources: tuple[Source, ...], width: int, row: int) -> str:
        """The item that feeds a weight; the same for all records."""
        first = sources[0]
        if not isinstance(first, Value):
            if (width, row) not in self.floats:
                self.floats[width, row] = self._vertex(f"x{row + 1}", sources)
            return self.floats[width, row]
        if first not in self.item_of:
            operation = first.primitive.symbol or first.primitive.name if first.primitive else ""
            key = self._vertex(first.label or operation or f"x{row + 1}", sources)
            self.item_of.update((node, key) for node in sources if isinstance(node, Value))
            if first.operands:
                feeding = self._feeding(first)
                self.items[key].depth = 1 + max((self.items[tail].depth for tail in feeding), default=-1)
                self.rows[key] = list(feeding)
        return self.item_of[first]

    def _vertex(self, title: str, sources: tuple[Source, ...]) -> str:
        key = f"x{self.inputs}"
        self.inputs += 1
        self.items[key] = Item(key, title, 0, None, sources)
        return key

    def _feeding(self, node: Value) -> tuple[str, ...]:
        """The items that an expression between neurons is made of."""
        found: dict[str, None] = {}
        seen, stack = {node}, [*node.operands]
        while stack:
            operand = stack.pop()
            if not isinstance(operand, Value) or operand in seen:
                continue
            seen.add(operand)
            if operand in self.item_of:
                found[self.item_of[operand]] = None
            else:
                stack += operand.operands
        return tuple(found)

    def items_are_complete(self) -> bool:
        """Whether all parameters are on cards, and each weight is fed by one item in all records."""
        on_cards = {parameter for neuron in self.neurons for parameter in neuron.parameters}
        if not on_cards.issuperset(filter(is_parameter, self.subject.order)):
            return False
        for key, tails in self.rows.items():
            neuron = self.items[key].neuron
            for row, tail in enumerate(tails if neuron else ()):
                sources = [one.sources[row] for one in neuron.passes] if neuron else []
                if any(isinstance(source, Value) and self.item_of.get(source) != tail for source in sources):
                    return False
        return True

    def network(self) -> Network:
        """The items in columns with all wires."""
        ends, leaves, count = self._loss()
        records = max(len(neuron.passes) for neuron in self.neurons)
        network = Network(self.subject, self.items, [], records, leaves, ends, count)
        network.wires = [*self._wires(network)]
        network.starts = frozenset(first_not_finite(self.subject))
        columns: dict[int, list[Item]] = defaultdict(list)
        for item in self.items.values():
            columns[item.depth].append(item)
        for depth in sorted(columns):
            network.columns[depth] = _in_order(columns[depth])
        return network

    def _loss(self) -> tuple[tuple[str, ...], tuple[Source, ...], int]:
        """What the root is made of above the neurons: the items it reads, other leaves, and how many nodes."""
        root = self.subject.root
        if root in self.item_of:
            return (self.item_of[root],), (), 0
        ends: dict[str, None] = {}
        leaves: list[Source] = []
        seen, stack, count = {root}, [root], 0
        while stack:
            node = stack.pop()
            count += 1
            for operand in reversed(node.operands):
                if not isinstance(operand, Value):
                    leaves.append(operand)
                elif operand not in seen:
                    seen.add(operand)
                    if operand in self.item_of:
                        ends[self.item_of[operand]] = None
                    elif operand.operands:
                        stack.append(operand)
                    else:
                        leaves.append(operand)
        return tuple(key for key in self.items if key in ends), tuple(leaves), count

    def _wires(self, network: Network) -> Iterator[Wire]:
        for key, tails in self.rows.items():
            neuron = self.items[key].neuron
            for row, tail in enumerate(tails):
                yield _wire(network, self.items[tail], key, row if neuron else -1, neuron)
        if self.subject.root not in self.item_of:
            for key in network.ends:
                item = self.items[key]
                outputs = [one.output for one in item.neuron.passes] if item.neuron else []
                absolute = sum(abs(self.subject.gradients.get(node, 0.0)) for node in outputs)
                yield Wire(key, "loss", -1, network.summed(outputs), absolute)


def _by_record(neuron: Neuron, subject: Subject) -> Neuron:
    """The neuron with its passes in the order of the records."""
    if len(subject.records) < 2:
        return neuron
    place = subject.record_of
    return replace(neuron, passes=tuple(sorted(neuron.passes, key=lambda one: place.get(one.total, 0))))


def _wire(network: Network, tail: Item, head: str, row: int, neuron: Neuron | None) -> Wire:
    if neuron is None or not network.subject.swept:
        return Wire(tail.key, head, row, None)
    weight = neuron.weights[row]
    totals = [network.subject.gradients[one.total] for one in neuron.passes]
    if tail.is_data:
        gradient = network.gradient(weight)
        return Wire(tail.key, head, row, gradient, abs(gradient or 0.0), None)
    contributions = [weight.data * upstream for upstream in totals]
    return Wire(tail.key, head, row, sum(contributions), sum(map(abs, contributions)), weight.data)


def _in_order(items: Sequence[Item]) -> list[Item]:
    """Expressions first, then neurons: by the numbers in their names if the rest of these is alike, so that 10 comes
    after 9, else as they were met."""
    cards = [item for item in items if item.neuron]
    names = {item.key: [_split(name) for name in item.neuron.scope] for item in cards if item.neuron}
    if len({tuple(stem for stem, _ in parts) for parts in names.values()}) == 1:
        cards.sort(key=lambda item: [number for _, number in names[item.key]])
    return [*(item for item in items if item.neuron is None), *cards]


def _split(name: str) -> tuple[str, int]:
    """A name and the number that it ends with."""
    stem = name.rstrip("0123456789")
    return stem, int("0" + name[len(stem) :][:9])


def layer_name(items: Sequence[Item]) -> str:
    """The name of a column: the scope that its neurons share, or how many of what there are."""
    scopes: Mapping[tuple[str, ...], None] = {item.neuron.scope[:-1]: None for item in items if item.neuron}
    return (" / ".join(next(iter(scopes))) or "neurons") if len(scopes) == 1 else ""
