"""From a subject to its drawing."""

from __future__ import annotations

from itertools import chain

from autodiff import Value
from viz.drawing.columns import MARGIN, ROOM, lay_out_columns
from viz.drawing.legend import ALARM, HEIGHT, LEADING, legend
from viz.drawing.model import Box, Drawing
from viz.drawing.network import Network
from viz.drawing.neurons import is_parameter
from viz.drawing.numbers import column_number, short_number
from viz.drawing.options import Options
from viz.drawing.scale import Scale, scale_of
from viz.drawing.states import notes

LEAST_WIDTH = 1060.0


def network_drawing(network: Network, options: Options) -> Drawing:
    """The drawing of a network as cards in columns."""
    subject = network.subject
    scale = _network_scale(network)
    said = tuple(notes(subject))
    shift_note = 20.0 * len(said)
    layout = lay_out_columns(network, scale, options, room=ROOM - shift_note)
    sentences = _sentences(network, scale, options, layout.sentence)
    width = max(layout.width, LEAST_WIDTH)
    top = layout.bottom + 22.0
    height = max(HEIGHT, 22.0 + LEADING * len(sentences))
    box = Box(MARGIN, top + shift_note, width - 2 * MARGIN, height)
    explained = None
    if options.legend:
        shown = scale if subject.swept else None
        explained = legend(shown, sentences, _caption(network, options), box, colors=options.gradients)
    return Drawing(
        _title(network), _description(network, layout.sentence), width, box.y + (height if options.legend else 0.0),
        layout.columns, layout.cards, layout.vertices, layout.lines, folds=layout.folds, legend=explained, notes=said,
        nodes=len(subject.order), swept=subject.swept, largest=scale.largest, decades=scale.decades,
        notes_at=(MARGIN, top + 12.0),
        records=tuple(record.name for record in subject.records) or tuple(map(str, range(1, network.records + 1))),
    )  # fmt: skip


def _network_scale(network: Network) -> Scale:
    subject = network.subject
    parameters = [subject.gradients.get(node, 0.0) for node in subject.order if is_parameter(node)]
    root = subject.root
    sums: list[float | None] = []
    for item in network.items.values():
        if item.neuron:
            for nodes in ([one.total for one in item.neuron.passes], [one.output for one in item.neuron.passes]):
                sums.append(None if root in nodes else network.summed(nodes))
    return scale_of(chain(parameters, sums), parameters)


def _sentences(network: Network, scale: Scale, options: Options, flow: str) -> list[str]:
    if not network.subject.swept:
        return ["Cells stay empty until backward() has run."]
    root = _root_name(network.subject.root, network.subject.loss_name)
    summed = f", summed over {network.records:,} records" if network.records > 1 else ""
    what = "Color: gradient of" if options.gradients else "Lines: slope × upstream of"
    lines = [
        f"{what} {root}{summed}; log scale over {scale.decades} decades.",
        "Purple: it rises as the number rises; orange: it falls; dashed: exactly 0.",
        "The root's own gradient, 1, is left out. Width: |slope × upstream|, log.",
    ]
    if network.starts:
        lines.append(ALARM)
    return [*lines, f"{flow}."] if flow else lines


def _root_name(root: Value, loss: str) -> str:
    return root.label or loss or "the result"


def _title(network: Network) -> str:
    sizes = [len(network.columns[depth]) for depth in sorted(network.columns)]
    shown = sizes if len(sizes) <= 6 else [*sizes[:3], "…", sizes[-1]]
    return f"network {'-'.join(map(str, shown))}"


def _caption(network: Network, options: Options) -> tuple[str, ...]:
    root, records = network.subject.root, network.subject.records
    name = (
        f"record {records[0].name}"
        if len(records) == 1 and records[0].name != "1"
        else f"{network.records:,} {'record' if network.records == 1 else 'records'}"
    )
    return (
        _title(network),
        f"{name}, {len(network.subject.order):,} nodes",
        f"{_root_name(root, network.subject.loss_name)} {column_number(root.data) if options.values else ''}".rstrip(),
    )


def _description(network: Network, flow: str) -> str:
    root = network.subject.root
    parts = [
        f"{_title(network)} as cards: each neuron with its weights, their values and gradients.",
        f"{network.records:,} {'record' if network.records == 1 else 'records'}, {len(network.subject.order):,} nodes.",
        f"{_root_name(root, network.subject.loss_name)} is {short_number(root.data, 6)}.",
        *notes(network.subject),
        flow,
    ]
    return " ".join(part for part in parts if part)
