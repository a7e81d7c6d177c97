"""A drawing as lines of text: a tree, each node below the node that reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from viz.drawing.model import Card, Drawing, Vertex
from viz.text import ABSENT, printable, shortened, shown_number

MOST_LINES = 200
LONGEST_NAME = 28
_DEEPEST = 60
MOST_REPEATED = 4
"""More operands than that, of which each has its line already, are one line."""


def tree(drawing: Drawing) -> str:
    """The nodes of `drawing`, or the cards of a network, with values and gradients, below the notes.

    A node that is read several times is written out once, and referred to as `(above)` from then on. Constants
    have no gradient. Beyond 200 lines, or 60 levels, the rest is counted.

    Examples
    --------
    >>> import viz
    >>> from autodiff import Value
    >>> x = Value(3.0, label="x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> print(tree(viz.draw(y).drawing))
    +        value 10  gradient 1
    ├─ ×     value 9   gradient 1
    │  ├─ x  value 3   gradient 6
    │  └─ x  (above)
    └─ 1
    """
    rows: list[tuple[str, str, str]] = []
    hidden = 0
    for row in _rows(drawing):
        if len(rows) < MOST_LINES:
            rows.append(row)
        else:
            hidden += 1
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}".rstrip() for row in rows]
    said = [printable(f"! {note}") for note in drawing.notes]
    return "\n".join([*said, *lines, *([f"… {hidden:,} more lines"] if hidden else [])])


def _rows(drawing: Drawing) -> Iterator[tuple[str, str, str]]:
    """Name, value and gradient of each line, from the results down, without recursion."""
    items: dict[str, Vertex | Card] = {vertex.key: vertex for vertex in drawing.vertices}
    items |= {card.key: card for card in drawing.cards}
    read: dict[str, list[str]] = defaultdict(list)
    for line in sorted(drawing.lines, key=lambda line: line.row):  # as a card has its rows; vertices have none
        read[line.head].append(line.tail)
    seen: set[str] = set()
    results = [key for key, item in items.items() if item.result]
    stack = [(key, "", "") for key in reversed(results)]
    while stack:
        key, lead, below = stack.pop()
        item = items[key]
        name = f"{lead}{_name(item)}"
        if isinstance(item, Vertex) and item.role == "constant":
            yield name, "", ""
            continue
        if key in seen:
            yield name, "(above)", ""
            continue
        seen.add(key)
        yield name, *_numbers(item)
        if len(below) > 3 * _DEEPEST and read[key]:
            yield f"{below}└─ …", "", ""
            continue
        if len(read[key]) > MOST_REPEATED and seen.issuperset(read[key]):
            yield f"{below}└─ all {len(read[key]):,}", "(above)", ""
            continue
        stack += _children(read[key], below)


def _children(keys: Sequence[str], below: str) -> Iterator[tuple[str, str, str]]:
    """What a node reads, the last first, with the lines that lead to it and to what it reads."""
    last = len(keys) - 1
    for place in range(last, -1, -1):
        mark, line = ("└─ ", "   ") if place == last else ("├─ ", "│  ")
        yield keys[place], below + mark, below + line


def _name(item: Vertex | Card) -> str:
    if isinstance(item, Card):
        place = " / ".join(item.scope) if item.neurons == 1 else item.title
        return f"{_visible(place, 2 * LONGEST_NAME)} = {_visible(item.activation)}"
    if item.role == "constant":
        return _number(item.number)
    name, operation = _visible(item.name or item.title), _visible(item.operation)
    return f"{name} = {operation}" if operation and operation != name else name


def _numbers(item: Vertex | Card) -> tuple[str, str]:
    """The value and the gradient, as far as there are any."""
    if isinstance(item, Vertex):
        if item.number is None:
            return f"{item.nodes:,} nodes" if item.nodes > 1 else f"×{item.records}" if item.records > 1 else "", ""
        return f"value {_number(item.number)}", f"gradient {_number(item.grad)}"
    value = f"value {_number(item.outputs[0])}" if len(item.outputs) == 1 else f"×{item.records}"
    return value, f"gradient {_number(sum(item.gradients))}" if item.gradients else ""


def _visible(text: str, longest: int = LONGEST_NAME) -> str:
    return shortened(printable(" ".join(text.split())), longest)


def _number(number: float | None) -> str:
    return ABSENT if number is None else shown_number(number + 0.0, 4)
