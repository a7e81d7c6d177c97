"""A neuron as a card: which of three sizes it takes, and what stands where on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

from viz.drawing.model import Box, Card, Cell, Curve, Paint, Row, Size
from viz.drawing.network import Item, Network
from viz.drawing.neurons import Neuron
from viz.drawing.numbers import column_number, fitted, short_number, sign, text_width
from viz.drawing.options import Options
from viz.drawing.scale import ALARM_FILL, ALARM_LINE, CARD, INFECTED_FILL, INK, STRONG, Scale

L_WIDTH, HEADER, CURVE, SIGMA, PAD = 218.0, 32.0, 62.0, 25.0, 8.0
ROW, LEAST_ROW = 22.0, 17.0
BETWEEN = 14.0
"""Between large cards."""
CELL_WIDTH = 76.0
DIGIT = 7.4
"""What each decimal beyond four adds to a number."""
MOST_TALL, TALL = 4, 74.0
"""Up to so many cards of the middle size have room for a slope and a gradient in figures."""
MOST_CELLS = 64
"""A strip of more weights than that shows runs of them, each by its strongest."""
MOST_DOTS = 60
"""More records than that are shown by quantiles."""
SAMPLES = 33


@final
@dataclass(frozen=True, slots=True)
class Form:
    """The size that all the cards of a column take."""

    size: Size
    width: float
    height: float
    """Of its tallest card; others of the column may be lower."""
    pitch: float
    row: float = ROW
    cell: float = 0.0
    """The width of a cell in a strip."""

    @property
    def is_tall(self) -> bool:
        """Of the middle size, with figures."""
        return self.size == "M" and self.height == TALL


def beyond_four(options: Options) -> float:
    """The pixels that a column needs for numbers of more than four decimals."""
    return DIGIT * max(0, options.precision - 4)


def large_height(neuron: Neuron, row: float) -> float:
    """How high a large card of this neuron is."""
    active = CURVE + SIGMA if neuron.passes[0].activation else 0.0
    return HEADER + row * len(neuron.parameters) + 9.0 + SIGMA + active + PAD


def forms(neurons: Sequence[Neuron], room: float, options: Options) -> list[Form]:
    """The forms in which the cards of a column fit into `room` pixels, the largest first; the last always does."""
    found = []
    count = len(neurons)
    cells = min(MOST_CELLS, max(len(neuron.weights) for neuron in neurons))
    curve = 46.0 if any(neuron.passes[0].activation for neuron in neurons) else 0.0
    for row in (ROW, 19.5, LEAST_ROW):
        tall = sum(large_height(neuron, row) for neuron in neurons)
        if tall + BETWEEN * (count - 1) <= room:
            wide = L_WIDTH + 2 * beyond_four(options)
            found.append(Form("L", wide, max(large_height(neuron, row) for neuron in neurons), BETWEEN, row))
            break
    if count <= MOST_TALL and (TALL + 5.0) * count <= room:
        cell = max(7.0, min(17.0, 160.0 / cells))
        wide = max(158.0 + beyond_four(options), 24.0 + cell * (cells + 1) + 3.0)
        found.append(Form("M", wide, TALL, 0.0, ROW, cell))
    if 30.0 * count <= room:
        cell = max(7.0, min(17.0, 160.0 / cells))
        height = min(36.0, room / count - 5.0)
        found.append(Form("M", 32.0 + curve + cell * cells + 3.0 + cell + 38.0, height, 0.0, ROW, cell))
    if 14.0 * count <= room:
        cell = max(3.0, min(9.0, 110.0 / cells))
        found.append(Form("S", 26.0 + cell * cells + 3.0 + cell + 28.0, min(22.0, room / count - 2.5), 0.0, ROW, cell))
    else:
        cell = max(3.0, min(9.0, 110.0 / cells))
        found.append(Form("fold", max(136.0, 26.0 + cell * cells + 3.0 + cell + 28.0), 11.5, 0.0, ROW, cell))
    return found


def card(
    network: Network, item: Item, form: Form, x: float, y: float, scale: Scale, names: Sequence[str], options: Options
) -> Card:
    """The card of a neuron with its upper left corner at (x, y); `names` are of what feeds its weights."""
    neuron = item.neuron
    if neuron is None:
        raise ValueError("an input has no card")
    if form.size == "L":
        box = Box(x, y, form.width, large_height(neuron, form.row))
        made = _Large(network, neuron, form, box, scale, options).card(item, names)
    elif form.is_tall:
        made = _tall(network, item, neuron, form, x, y, scale, options)
    else:
        made = _small(network, item, neuron, form, x, y, scale, options)
    outputs, gradients = [one.output for one in neuron.passes], network.subject.gradients
    return replace(
        made, totals=tuple(one.total.data for one in neuron.passes), outputs=tuple(node.data for node in outputs),
        gradients=tuple(gradients.get(node, 0.0) for node in outputs) if network.subject.swept else (),
    )  # fmt: skip


@final
@dataclass(frozen=True, slots=True)
class _Large:
    """A card of rows with numbers, filled from above."""

    network: Network
    neuron: Neuron
    form: Form
    box: Box
    scale: Scale
    options: Options

    def card(self, item: Item, names: Sequence[str]) -> Card:
        """The card; `names` are of what feeds its weights."""
        network, neuron, form, box = self.network, self.neuron, self.form, self.box
        rows, middle = [], box.y + HEADER + form.row / 2
        for place, parameter in enumerate(neuron.parameters):
            bias = place == len(neuron.weights)
            title, role = ("bias", "bias") if bias else (fitted(names[place], 11.5, 62.0), "weight")
            rows.append(self._row(title, parameter.data, network.gradient(parameter), middle, role, height=form.row))
            middle += form.row
        middle += 9.0 + (SIGMA - form.row) / 2
        rows.append(self._total(middle))
        curve = None
        if neuron.passes[0].activation:
            top = middle + SIGMA / 2
            curve = _curve(neuron, Box(box.x + 14.0, top + 4.0, 108.0, CURVE - 12.0), axes=True)
            middle = top + CURVE + SIGMA / 2 - 2.0
            rows.append(self._output(middle))
        return Card(
            item.key, fitted(item.title, 13.0, 80.0), neuron.scope, "L", neuron.activation, box,
            _outline(network, neuron), tuple(rows), curve=curve,
            slope_text=_slopes(curve, self.options) if self.options.slopes else "",
            note=_note(network, neuron) if curve else "", note_at=(box.x + 130, middle - 56.0),
            records=len(neuron.passes), details=_details(network, neuron), result=self._is_result,
        )  # fmt: skip

    @property
    def _is_result(self) -> bool:
        return self.network.subject.root in [one.output for one in self.neuron.passes]

    def _total(self, middle: float) -> Row:
        totals = [one.total for one in self.neuron.passes]
        single, linear = len(totals) == 1, not self.neuron.passes[0].activation
        return self._row(
            "Σ" if single else f"Σ over {len(totals)}", totals[0].data if single else None,
            self.network.summed(totals), middle, "total", right=linear, plain=linear and self._is_result,
        )  # fmt: skip

    def _output(self, middle: float) -> Row:
        outputs = [one.output for one in self.neuron.passes]
        return self._row(
            fitted(self.neuron.activation, 11.5, 62.0), outputs[0].data if len(outputs) == 1 else None,
            self.network.summed(outputs), middle, "output", right=True, plain=self._is_result,
        )  # fmt: skip

    def _row(
        self, name: str, number: float | None, gradient: float | None, middle: float, role: str, *,
        height: float = ROW, right: bool = False, plain: bool = False,
    ) -> Row:  # fmt: skip
        box, precision = self.box, self.options.precision
        wide = CELL_WIDTH + beyond_four(self.options)
        cell: Cell | None = None
        if self.options.gradients:
            place = Box(box.x + box.width - 9 - wide, middle - (height - 4) / 2, wide, height - 4)
            cell = self.scale.cell(gradient, column_number(gradient, precision), place)
            if plain:  # the root's own 1 takes no part in the scale
                cell = Cell(gradient, f"gradient {short_number(gradient)}", 0.0, place, Paint("", "#dfdfdb"))
        shown = "" if number is None or not self.options.values else column_number(number, precision)
        port = (box.x + box.width if right else box.x, middle)
        return Row(name, number, shown, cell, middle, port, role)  # type: ignore[arg-type]  # one of four


def _tall(
    network: Network, item: Item, neuron: Neuron, form: Form, x: float, y: float, scale: Scale, options: Options
) -> Card:
    """A card of the middle size with its slope and its gradient in figures, the strip below."""
    outputs = [one.output for one in neuron.passes]
    total, wide = network.summed(outputs), CELL_WIDTH + beyond_four(options)
    place = Box(x + form.width - 8.0 - wide, y + 7.0, wide, 18.0)
    note = _note(network, neuron)
    strip = _strip(network, neuron, replace(form, height=30.0), x + 12.0, y + 60.0, scale)
    curve = _curve(neuron, Box(x + 12.0, y + 25.0, 44.0, 18.0), axes=False) if neuron.passes[0].activation else None
    return Card(
        item.key, fitted(item.title, 11.5, form.width - wide - 26.0), neuron.scope, "M", neuron.activation,
        Box(x, y, form.width, form.height), _outline(network, neuron),
        strip=strip if options.gradients else (),
        total=scale.cell(total, column_number(total, options.precision), place) if options.gradients else None,
        curve=curve, slope_text=_slopes(curve, options) if options.slopes else "", note=note,
        note_at=(x + form.width - 8.0 - text_width(note, 10.5), y + 64.0), records=len(outputs),
        details=_details(network, neuron), result=network.subject.root in outputs, title_at=(x + 12.0, y + 20.0),
        slope_at=(x + 66.0, y + 41.0),
    )  # fmt: skip


def _small(
    network: Network, item: Item, neuron: Neuron, form: Form, x: float, y: float, scale: Scale, options: Options
) -> Card:
    box = Box(x, y, form.width, form.height)
    middle = y + form.height / 2
    outputs = [one.output for one in neuron.passes]
    medium = form.size == "M"
    has_curve = medium and bool(neuron.passes[0].activation)
    left = x + (32.0 if medium else 24.0)
    curve = _curve(neuron, Box(left, middle - 9.0, 36.0, 18.0), axes=False) if has_curve else None
    start = x + form.width - (38.0 if medium else 28.0) - form.cell - 3.0 - form.cell * _cells(neuron)
    strip = _strip(network, neuron, form, start, middle, scale)
    total = network.summed(outputs)
    wide, high = (22.0, min(20.0, form.height - 6)) if medium else (18.0, min(14.0, form.height - 4))
    cell = scale.cell(
        total, sign(total), Box(x + form.width - wide - (8 if medium else 5), middle - high / 2, wide, high)
    )
    note = _note(network, neuron)
    return Card(
        item.key, _index(item.title), neuron.scope, form.size, neuron.activation, box, _outline(network, neuron),
        strip=strip if options.gradients else (), total=cell if options.gradients else None, curve=curve, note=note,
        note_at=(start + 6.0, middle + 3.8), title_at=(x + 7.0, middle + 3.8),
        records=len(outputs), details=_details(network, neuron), result=network.subject.root in outputs,
    )  # fmt: skip


def _cells(neuron: Neuron) -> int:
    return min(MOST_CELLS, len(neuron.weights))


def _strip(network: Network, neuron: Neuron, form: Form, x: float, middle: float, scale: Scale) -> tuple[Cell, ...]:
    """A cell for each weight: high if positive, low if negative, a dash at zero. The bias stands apart."""
    count = len(neuron.weights)
    cells = _cells(neuron)
    gradients: list[float | None] = []
    for place in range(cells):
        run = neuron.weights[place * count // cells : (place + 1) * count // cells]
        gradients.append(max((network.gradient(weight) for weight in run), key=_magnitude))
    if neuron.bias is not None:
        gradients.append(network.gradient(neuron.bias))
    high = max(6.0, form.height * 0.42)
    strip = []
    for place, gradient in enumerate(gradients):
        left = x + place * form.cell + (3.0 if place == cells else 0.0)
        hang = high * 0.22 * ((gradient or 0.0) < 0) - high * 0.22 * ((gradient or 0.0) > 0)
        width = form.cell - (1.0 if form.cell > 5 else 0.4)
        strip.append(scale.cell(gradient, "", Box(left, middle - high / 2 + hang, width, high)))
    return tuple(strip)


def _magnitude(gradient: float | None) -> float:
    return -1.0 if gradient is None else math.inf if math.isnan(gradient) else abs(gradient)


def _index(title: str) -> str:
    number = title[len(title.rstrip("0123456789")) :]
    return number or fitted(title, 10.5, 22.0)


def _outline(network: Network, neuron: Neuron) -> Paint:
    """Dashed where nothing comes through for any of the records; a nan or inf looks otherwise where it starts."""
    if _starts(network, neuron):
        return Paint(ALARM_FILL, ALARM_LINE, 2.6, ink=INK)
    if not _is_finite(neuron):
        return Paint(INFECTED_FILL, ALARM_LINE, 1.3, (4.0, 2.5), INK)
    silent = network.subject.swept and all(network.gradient(parameter) == 0.0 for parameter in neuron.parameters)
    return Paint(CARD, STRONG, 1.3, (3.0, 2.5) if silent else (), INK)


def _starts(network: Network, neuron: Neuron) -> bool:
    nodes = {node for one in neuron.passes for node in (one.total, *one.activation)}
    return not network.starts.isdisjoint(nodes.union(neuron.parameters))


def _is_finite(neuron: Neuron) -> bool:
    return all(math.isfinite(one.output.data) for one in neuron.passes)


def _note(network: Network, neuron: Neuron) -> str:
    if _starts(network, neuron):
        return "starts here"
    if _is_finite(neuron) and neuron.passes[0].activation and all(one.slope == 0.0 for one in neuron.passes):
        return "dead" if len(neuron.passes) > 1 else "off"
    return ""


def _curve(neuron: Neuron, box: Box, *, axes: bool) -> Curve:
    """The activation over a range around 0 that holds the sums of all records."""
    sums = [one.total.data for one in neuron.passes if math.isfinite(one.total.data)]
    reach = max([4.0 if neuron.activation in ("σ", "tanh") else 2.0, *(1.15 * abs(x) for x in sums)])
    first = neuron.passes[0]
    xs = [reach * (2.0 * step / (SAMPLES - 1) - 1.0) for step in range(SAMPLES)]
    ys = [first.at(x) for x in xs]
    finite = [y for y in ys if math.isfinite(y)] or [0.0]
    low, high = min(finite), max(finite)
    span = (high - low) or 1.0

    def at(x: float, y: float) -> tuple[float, float]:
        return box.x + (x / reach + 1.0) / 2.0 * box.width, box.bottom - (y - low) / span * box.height

    shown = _quantiles(sorted(sums))
    dots = tuple(at(x, first.at(x)) for x in shown)
    slopes = tuple(one.slope for one in neuron.passes)
    tangent = None
    if axes and len(sums) == 1 and math.isfinite(slopes[0]):
        x, y, slope = sums[0], first.at(sums[0]), slopes[0]
        step = 17.0 / math.hypot(box.width / (2 * reach), slope * box.height / span)
        tangent = at(x - step, y - slope * step), at(x + step, y + slope * step)
    lines = (
        (at(-reach, max(low, min(high, 0.0))), at(reach, max(low, min(high, 0.0))), at(0.0, low), at(0.0, high))
        if axes
        else None
    )
    points = tuple(at(x, y) for x, y in zip(xs, ys, strict=True) if math.isfinite(y))
    return Curve(points, dots, tangent, slopes, lines)


def _quantiles(ordered: Sequence[float]) -> Sequence[float]:
    if len(ordered) <= MOST_DOTS:
        return ordered
    return [ordered[round(place * (len(ordered) - 1) / (MOST_DOTS - 1))] for place in range(MOST_DOTS)]


def _slopes(curve: Curve | None, options: Options) -> str:
    """The slope of the activation, or its range over records."""
    if curve is None:
        return ""
    low, high = min(curve.slopes), max(curve.slopes)
    return (
        column_number(low, options.precision)
        if low == high or math.isnan(low)
        else f"{short_number(low, 2)} … {short_number(high, 2)}"
    )


def _details(network: Network, neuron: Neuron) -> tuple[str, ...]:
    outputs = [one.output for one in neuron.passes]
    largest = max((network.gradient(parameter) for parameter in neuron.parameters), key=_magnitude)
    return (
        " / ".join(neuron.scope),
        f"{len(neuron.weights)} weights{'' if neuron.bias is None else ' and a bias'}, {neuron.activation}, "
        f"{len(outputs)} {'record' if len(outputs) == 1 else 'records'}",
        f"gradient of the output {short_number(network.summed(outputs), 17)}",
        f"largest gradient of a parameter {short_number(largest, 17)}",
    )


def folded_card(
    network: Network, items: Sequence[Item], form: Form, x: float, y: float, scale: Scale, key: str, options: Options
) -> Card:
    """Several neurons of a column as one: how many, their gradient together, and how much of it cancels."""
    neurons = [item.neuron for item in items if item.neuron]
    outputs = [one.output for neuron in neurons for one in neuron.passes]
    box = Box(x, y, form.width, 34.0)
    total = network.summed(outputs)
    absolute = sum(abs(network.gradient(node) or 0.0) for node in outputs)
    kept = f"κ {short_number(abs(total) / absolute, 2)}" if total is not None and absolute else ""
    text = f"… {len(items)} more"
    cell = scale.cell(total, sign(total), Box(x + form.width - 23, y + 9, 18, 16))
    details = (
        f"{len(neurons)} neurons folded",
        f"their gradients together {short_number(total, 17)}",
        f"absolute {short_number(absolute, 17)}",
    )
    return Card(
        key, text, neurons[0].scope[:-1], "fold", neurons[0].activation, box, Paint("#f7f7f5", STRONG, 1.0, ink=INK),
        total=cell if options.gradients else None, neurons=len(neurons), note=kept if options.gradients else "",
        title_at=(x + 10.0, y + 20.8), note_at=(x + 16 + text_width(text, 10.5), y + 21),
        records=len(neurons[0].passes), details=details,
    )  # fmt: skip
