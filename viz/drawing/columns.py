"""Cards in columns by depth: sizes, places and lines. Inputs, weights and neurons keep their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from autodiff import Value
from viz.drawing.cards import Form, beyond_four, card, folded_card, forms, large_height
from viz.drawing.model import Box, Card, Column, Fold, Line, Paint, Point, Vertex
from viz.drawing.network import Item, Network, Wire, layer_name
from viz.drawing.numbers import column_number, fitted, short_number
from viz.drawing.options import Options
from viz.drawing.scale import CARD, HAIRLINE, INK, STRONG, ZERO, Scale

PAGE_WIDTH, ROOM = 1231.0, 664.0
MARGIN, TOP = 24.0, 70.0
INPUT_WIDTH, LOSS_WIDTH = 128.0, 112.0
NARROWEST_GAP, WIDEST_GAP = 54.0, 130.0
LEGEND_WIDTH = 1012.0
"""What the legend needs: narrower networks spread as far."""
MOST_INPUTS, ROOMY_INPUTS = 34, 9
MOST_HAIRLINES = 1200
MOST_STRONG = 160
ROOMY = 60
"""Up to this many lines between two columns each is drawn in color."""


@final
@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where: the part of a drawing above its legend."""

    columns: tuple[Column, ...]
    cards: tuple[Card, ...]
    vertices: tuple[Vertex, ...]
    lines: tuple[Line, ...]
    folds: tuple[Fold, ...]
    width: float
    bottom: float
    sentence: str


def lay_out_columns(network: Network, scale: Scale, options: Options, *, room: float = ROOM) -> Layout:
    """The network in columns that fit the page, as large as they can be, and at most `room` pixels high."""
    build = _Placing(network, scale, options, room)
    columns, hidden = build.shown_columns()
    chosen = build.chosen_forms(columns, hidden)
    widths = [
        FOLD_WIDTH if items is hidden else build.width(items, form) for items, form in zip(columns, chosen, strict=True)
    ]
    total = sum(widths) + build.loss_width
    gaps = len(columns) - 1 + bool(network.tail_nodes)
    wide = max(WIDEST_GAP, min(2 * WIDEST_GAP, (LEGEND_WIDTH - total) / max(gaps, 1)))
    gap = min(wide, max(NARROWEST_GAP, (PAGE_WIDTH - total) / max(gaps, 1)))
    build.measure(columns, chosen)
    x = MARGIN
    for items, form, width in zip(columns, chosen, widths, strict=True):
        build.column(items, form, x)
        x += width + gap
    if network.tail_nodes:
        build.loss(x)
        x += build.loss_width + gap
    return build.layout(x - gap + MARGIN)


FOLD_WIDTH = 140.0


@final
class _Placing:
    """The places of everything, filled column by column."""

    def __init__(self, network: Network, scale: Scale, options: Options, room: float) -> None:
        self.network, self.scale, self.options, self.room = network, scale, options, room
        self.hidden: set[str] = set()
        self.columns: list[Column] = []
        self.cards: dict[str, Card] = {}
        self.vertices: dict[str, Vertex] = {}
        self.folds: list[Fold] = []
        self.drawn: dict[str, str] = {}
        self.names = {item.key: item.title for item in network.items.values()}
        self.depths: dict[str, int] = {}
        self.height = 0.0
        wider = beyond_four(options)
        self.input_width = INPUT_WIDTH + wider
        self.loss_width = LOSS_WIDTH + 1.5 * wider if network.tail_nodes else 0.0

    def shown_columns(self) -> tuple[list[list[Item]], list[Item]]:
        """The columns of items; of more layers than fit, the middle ones are one column that is folded."""
        columns = [*self.network.columns.values()]
        narrow = sum(self.width(items, self._forms(items)[-1]) + NARROWEST_GAP for items in columns) + LOSS_WIDTH
        if narrow <= PAGE_WIDTH:
            return columns, []
        keep = max(1, int((PAGE_WIDTH - LOSS_WIDTH - 2 * 130.0) / (narrow / len(columns)) / 2))
        middle = [item for items in columns[1 + keep : -keep] for item in items]
        self.hidden = {item.key for item in middle}
        return [*columns[: 1 + keep], middle, *columns[-keep:]], middle

    def _forms(self, items: Sequence[Item]) -> list[Form]:
        neurons = [item.neuron for item in items if item.neuron]
        return forms(neurons, self.room, self.options) if neurons else [Form("S", self.input_width, 33.0, 0.0)]

    def width(self, items: Sequence[Item], form: Form) -> float:
        """How wide a column is."""
        return form.width if any(item.neuron for item in items) else self.input_width

    def chosen_forms(self, columns: Sequence[Sequence[Item]], hidden: object) -> list[Form]:
        """The largest forms whose columns fit the page side by side; the widest column shrinks first."""
        fold = [Form("fold", FOLD_WIDTH, 34.0, 0.0)]
        options = [fold if items is hidden else self._forms(items) for items in columns]
        loss = self.loss_width + NARROWEST_GAP if self.loss_width else 0.0
        room = PAGE_WIDTH - loss - NARROWEST_GAP * (len(columns) - 1)
        while sum(choice[0].width for choice in options) > room:
            wide = [place for place, choice in enumerate(options) if len(choice) > 1]
            if not wide:
                break
            widest = max(wide, key=lambda place: options[place][0].width)
            options[widest] = options[widest][1:]
        return [choice[0] for choice in options]

    def measure(self, columns: Sequence[Sequence[Item]], chosen: Sequence[Form]) -> None:
        """How high the tallest column is."""
        shown = [pair for pair in zip(columns, chosen, strict=True) if not self._is_hidden(pair[0])]
        heights = [_stack_height(items, form, self.room) for items, form in shown]
        self.height = max([150.0, *heights])

    def _is_hidden(self, items: Sequence[Item]) -> bool:
        return bool(self.hidden) and self.hidden.issuperset(item.key for item in items)

    def column(self, items: Sequence[Item], form: Form, x: float) -> None:
        """Place one column with its title."""
        neurons = [item for item in items if item.neuron]
        number = len(self.columns)
        if neurons:
            self._cards(items, form, x)
        else:
            self._inputs(items, x)
        for item in items:
            self.depths[self.drawn[item.key]] = number
        self.columns.append(self._title(items, form, x))

    def _title(self, items: Sequence[Item], form: Form, x: float) -> Column:
        neurons = [item.neuron for item in items if item.neuron]
        if not neurons:
            records = self.network.records
            names = [record.name for record in self.network.subject.records]
            title = f"{records:,} records" if records > 1 else f"record {names[0]}" if names else "inputs"
            many = len(items)
            if self.columns:
                return Column("between", f"{many:,} {'expression' if many == 1 else 'expressions'}", (x, 36.0))
            return Column(title, f"{many:,} {'feature' if many == 1 else 'features'}", (x, 36.0))
        kinds = list(dict.fromkeys(neuron.activation for neuron in neurons))
        count = f"{len(neurons):,} {'neuron' if len(neurons) == 1 else 'neurons'}"
        title = layer_name(items) or f"{len({neuron.scope[:-1] for neuron in neurons})} layers"
        strip = form.size != "L" and not self._is_hidden(items)
        widest = max(neurons, key=lambda neuron: len(neuron.weights))
        bias = "" if widest.bias is None else ", bias"
        caption = f"{len(widest.weights)} weights{bias}, ∂ output" if strip else ""
        return Column(title, f"{count}, {', '.join(kinds[:2])}", (x, 36.0), caption, (x, 54.0))

    def _inputs(self, items: Sequence[Item], x: float) -> None:
        shown, folded = _ends(items, MOST_INPUTS)
        count = len(shown) + bool(folded)
        pitch = min(92.0, self.height / count)
        size = min(33.0, pitch - 3.0)
        y = TOP + (self.height - pitch * count) / 2 + (pitch - size) / 2
        for place, item in enumerate(shown):
            if folded and place == len(shown) - len(shown) // 2:
                self._folded_inputs(folded, Box(x, y, self.input_width, size))
                y += pitch
            self.vertices[item.key] = self._input(item, Box(x, y, self.input_width, size))
            self.drawn[item.key] = item.key
            y += pitch

    def _input(self, item: Item, box: Box) -> Vertex:
        node = item.nodes[0]
        number = node.data if isinstance(node, Value) else node
        records = len(item.nodes)
        text = self._written(number) if records == 1 else f"×{records}"
        grad = self.network.summed([node for node in item.nodes if isinstance(node, Value)])
        numbers = [node.data if isinstance(node, Value) else node for node in item.nodes]
        spread = f"value {numbers[0]!r}" if records == 1 else f"{records} records, {min(numbers):g} to {max(numbers):g}"
        details = (item.title, spread, f"gradient {short_number(grad, 17)}")
        role = "input" if item.is_data else "operation"
        return Vertex(
            item.key, role, fitted(item.title, 12.0, 56.0), text, number if records == 1 else None, grad, None, box,  # type: ignore[arg-type]  # one of two
            Paint(CARD, STRONG, 1.2, ink=INK), records=records, numbers=tuple(numbers), details=details,
        )  # fmt: skip

    def _written(self, number: float | None) -> str:
        return column_number(number, self.options.precision) if self.options.values else ""

    def _folded_inputs(self, items: Sequence[Item], box: Box) -> None:
        key = "xfold"
        self.vertices[key] = Vertex(
            key, "folded", f"… {len(items):,} more", "", None, None, None, box, Paint("#f7f7f5", STRONG, ink=INK),
            nodes=len(items),
        )  # fmt: skip
        self.drawn.update((item.key, key) for item in items)
        self.folds.append(Fold("inputs", len(items)))

    def _cards(self, items: Sequence[Item], form: Form, x: float) -> None:
        if self._is_hidden(items):
            y = TOP + self.height / 2 - 17.0
            self._folded_cards(items, replace(form, width=FOLD_WIDTH), x, y)
            return
        shown, folded = _ends(items, int(self.room / 14.0) - 3) if form.size == "fold" else (items, [])
        height = _stack_height(items, form, self.room)
        count = len(shown) + (2 if folded else 0)
        slack = (self.height - height) / count if form.size != "L" else min(40.0, (self.height - height) / count)
        spread = min(slack, 14.0) if form.size != "L" else slack
        y = TOP + (self.height - height - spread * (count - 1)) / 2
        for place, item in enumerate(shown):
            if folded and place == len(shown) - len(shown) // 2:
                self._folded_cards(folded, form, x, y)
                y += 40.0
            y = self._one(item, form, x, y) + spread

    def _one(self, item: Item, form: Form, x: float, y: float) -> float:
        """Place a card, or an expression between cards; returns where the next may stand."""
        self.drawn[item.key] = item.key
        if item.neuron is None:
            self.vertices[item.key] = self._input(item, Box(x, y, self.input_width, 33.0))
            return y + 40.0
        tails = [wire.tail for wire in self.network.wires if wire.head == item.key] if form.size == "L" else []
        names = [self.names[tail] for tail in tails]
        fitting = replace(form, size="S") if form.size == "fold" else form
        made = self.cards[item.key] = card(self.network, item, fitting, x, y, self.scale, names, self.options)
        return y + made.box.height + (form.pitch if form.size == "L" else _gap(form))

    def _folded_cards(self, items: Sequence[Item], form: Form, x: float, y: float) -> None:
        key = f"fold{len(self.folds)}"
        made = folded_card(self.network, items, form, x, y, self.scale, key, self.options)
        self.cards[key] = made
        self.drawn.update((item.key, key) for item in items)
        self.folds.append(Fold(layer_name(items) or "layers", len(items)))

    def loss(self, x: float) -> None:
        """Place the loss, and the target where there is one record."""
        network, root = self.network, self.network.subject.root
        name = root.label or network.subject.loss_name or (root.primitive.name if root.primitive else "")
        gradient = network.gradient(root)
        outputs = [
            one.output
            for key in network.ends
            for item in [network.items[key]]
            if item.neuron
            for one in item.neuron.passes
        ]
        lines = [f"output {self._written(outputs[0].data)}"] if len(outputs) == 1 and self.options.values else []
        lines += [f"{network.records:,} records"] if network.records > 1 else []
        lines += [f"gradient {short_number(gradient)}"] if self.options.gradients else []
        height = 58.0 + 18.0 * len(lines)
        middle = TOP + self.height / 2
        box = Box(x, middle - height / 2, self.loss_width, height)
        details = (
            name,
            f"value {root.data!r}",
            f"{network.tail_nodes} {'node' if network.tail_nodes == 1 else 'nodes'}, folded",
            f"gradient {short_number(gradient, 17)}",
        )
        self.vertices["loss"] = Vertex(
            "loss", "operation", fitted(name, 11.5, self.loss_width - 14), self._written(root.data), root.data,
            gradient, None, box, Paint(CARD, INK, 1.3, ink=INK), tuple(lines), result=True, details=details,
            numbers=tuple(record.loss for record in network.subject.records if record.loss is not None),
            nodes=network.tail_nodes,
        )  # fmt: skip
        self.depths["loss"] = len(self.columns)
        self.columns.append(Column("loss", "", (x, 36.0)))
        target = self._target()
        if target:
            below = Box(x + 6, box.bottom + 22, self.loss_width - 12, 28.0)
            self.vertices["target"] = Vertex(
                "target", "target", target, "", None, None, None, below, Paint(CARD, ZERO, 1.0, (2.0, 2.0), INK),
                details=(target,),
            )  # fmt: skip
            self.depths["target"] = len(self.columns) - 1

    def _target(self) -> str:
        records = self.network.subject.records
        if not self.options.values:
            return "target" if self.network.records == 1 and (records or self.network.targets) else ""
        if len(records) == 1 and isinstance(records[0].target, float):
            return f"target {short_number(records[0].target, self.options.precision)}"
        leaves = [leaf for leaf in self.network.targets if isinstance(leaf, Value)]
        if self.network.records == 1 and len(leaves) == 1:
            return fitted(f"{leaves[0].label or 'target'} {self._written(leaves[0].data)}", 11.5, self.loss_width - 16)
        return ""

    def layout(self, width: float) -> Layout:
        """Everything placed so far, with the lines between."""
        lines, sentence = self._lines()
        bottoms = [card.box.bottom for card in self.cards.values()] + [
            vertex.box.bottom for vertex in self.vertices.values()
        ]
        noted = [card.note_at[1] for card in self.cards.values() if card.note]
        return Layout(
            tuple(self.columns), tuple(self.cards.values()), tuple(self.vertices.values()), tuple(lines),
            tuple(self.folds), width, max(bottoms + noted), sentence,
        )  # fmt: skip

    def _lines(self) -> tuple[list[Line], str]:
        between: dict[tuple[int, int], list[Wire]] = defaultdict(list)
        for wire in _merged(self.network.wires, self.drawn):
            between[self.depths[wire.tail], self.depths[wire.head]].append(wire)
        lines: list[Line] = []
        strong, all_lines, left_out = 0, 0, 0
        for wires in between.values():
            chosen = wires if len(wires) <= ROOMY else _half(wires)
            dense = len(chosen) < len(wires)
            if dense:
                strong, all_lines = strong + len(chosen), all_lines + len(wires)
                hair = [wire for wire in wires if wire not in set(chosen)] if len(wires) <= MOST_HAIRLINES else []
                left_out += len(wires) - len(chosen) - len(hair)
                lines += [self._line(wire, hairline=True) for wire in hair]
            widest = 3.4 if len(wires) > ROOMY // 2 else 6.5
            ordered = sorted(chosen, key=lambda wire: (wire.shown not in (None, 0.0), abs(wire.shown or 0.0)))
            lines += [self._line(wire, widest=widest) for wire in ordered]
        lines.sort(key=lambda line: line.paint.width > HAIRLINE.width)
        if "target" in self.vertices:
            upper, lower = self.vertices["loss"].box, self.vertices["target"].box
            at = upper.x + upper.width / 2
            lines.append(
                Line(
                    "target",
                    "loss",
                    -1,
                    _straight((at, lower.y), (at, upper.bottom)),
                    Paint(stroke=ZERO, width=1.0, dash=(2.0, 2.0)),
                )
            )
        sentence = f"{strong:,} of {all_lines:,} lines carry at least half of each layer's flow" if all_lines else ""
        rest = (
            "; the rest: hairlines"
            if all_lines and not left_out
            else f"; {left_out:,} are not drawn"
            if left_out
            else ""
        )
        return lines, sentence + rest

    def _line(self, wire: Wire, *, hairline: bool = False, widest: float = 6.5) -> Line:
        start = self._start(wire.tail)
        end = self._end(wire.head, wire.row)
        paint = HAIRLINE if hairline else self.scale.line(wire.shown, widest=widest)
        names = self.names.get(wire.tail, wire.tail), self.names.get(wire.head, wire.head)
        details = (f"{names[0]} → {names[1]}", f"{short_number(wire.shown, 17)}")
        return Line(wire.tail, wire.head, wire.row, curve(start, end), paint, wire.slope, wire.shown, details=details)

    def _start(self, key: str) -> Point:
        made = self.cards.get(key)
        if made is None:
            return self.vertices[key].box.right
        return made.rows[-1].port if made.rows else made.box.right

    def _end(self, key: str, row: int) -> Point:
        made = self.cards.get(key)
        if made is None:
            return self.vertices[key].box.left
        return made.rows[row].port if made.rows and row >= 0 else made.box.left


def _gap(form: Form) -> float:
    return 5.0 if form.size == "M" else 2.5


def _stack_height(items: Sequence[Item], form: Form, room: float) -> float:
    neurons = [item.neuron for item in items if item.neuron]
    if not neurons:
        count = min(len(items), MOST_INPUTS + 1)
        return count * (min(92.0, room / count) if count > ROOMY_INPUTS else 58.0)
    vertices = 40.0 * (len(items) - len(neurons))
    if form.size == "L":
        return vertices + sum(large_height(neuron, form.row) for neuron in neurons) + form.pitch * (len(items) - 1)
    shown = min(len(neurons), int(room / 14.0) - 3) if form.size == "fold" else len(neurons)
    return vertices + shown * (form.height + _gap(form)) + (40.0 if form.size == "fold" else 0.0)


def _ends(items: Sequence[Item], most: int) -> tuple[Sequence[Item], Sequence[Item]]:
    """The first and last items, and those between that are folded; at least two."""
    if len(items) <= most + 1:
        return items, []
    front = most - most // 2
    return [*items[:front], *items[len(items) - most // 2 :]], items[front : len(items) - most // 2]


def _merged(wires: Iterable[Wire], drawn: Mapping[str, str]) -> list[Wire]:
    """The wires between what is drawn; those into or out of a fold are added up."""
    merged: dict[tuple[str, str, int], Wire] = {}
    for wire in wires:
        tail, head = drawn[wire.tail], drawn.get(wire.head, wire.head)
        if tail == head:
            continue
        folded = (tail, head) != (wire.tail, wire.head)
        key = tail, head, -1 if folded and head != wire.head else wire.row
        known = merged.get(key)
        if known is None:
            merged[key] = Wire(tail, head, key[2], wire.shown, wire.absolute, None if folded else wire.slope)
        else:
            total = None if known.shown is None or wire.shown is None else known.shown + wire.shown
            merged[key] = replace(known, shown=total, absolute=known.absolute + wire.absolute, slope=None)
    return [*merged.values()]


def _half(wires: Sequence[Wire]) -> list[Wire]:
    """The fewest wires that carry half of the absolute flow together; all of them before a sweep are none."""
    ordered = sorted(wires, key=lambda wire: -wire.absolute)
    total, flow = sum(wire.absolute for wire in wires), 0.0
    chosen: list[Wire] = []
    for wire in ordered:
        if not flow < total / 2 or len(chosen) == MOST_STRONG:
            break
        chosen.append(wire)
        flow += wire.absolute
    return chosen


def curve(start: Point, end: Point) -> tuple[Point, ...]:
    """A path from a right port to a left port."""
    reach = max(24.0, abs(end[0] - start[0]) / 2)
    return start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end


def _straight(start: Point, end: Point) -> tuple[Point, ...]:
    return start, start, end, end
