"""Tree: a graph as lines of text, a node below the node that reads it."""

from __future__ import annotations

from collections.abc import Iterator

from autodiff import Value
from viz.why import naming
from viz.why.naming import number
from viz.why.sweep import Sweep

MOST_LINES = 200
LONGEST = 60
_DEEPEST = 60


def tree(root: Value) -> str:
    """The graph below `root` with each node's value, and its gradient of one sweep.

    A node that is read several times is written out once, and referred to as `(above)` from then on. Constants
    have no gradient. Beyond 200 lines, or 60 levels, the rest is counted.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> print(tree(x * x + 1))
    +        value 10  gradient 1
    ├─ ×     value 9   gradient 1
    │  ├─ x  value 3   gradient 6
    │  └─ x  (above)
    └─ 1
    """
    rows: list[tuple[str, str, str]] = []
    hidden = 0
    for row in _rows(Sweep(root)):
        if len(rows) < MOST_LINES:
            rows.append(row)
        else:
            hidden += 1
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}".rstrip() for row in rows]
    return "\n".join([*lines, f"… {hidden:,} more lines"] if hidden else lines)


def _rows(sweep: Sweep) -> Iterator[tuple[str, str, str]]:
    """Name, value and gradient of each line, from the root down, without recursion."""
    seen: set[Value] = set()
    stack: list[tuple[Value | float, str, str]] = [(sweep.root, "", "")]
    while stack:
        node, lead, below = stack.pop()
        if not isinstance(node, Value):
            yield f"{lead}{number(node)}", "", ""
            continue
        name = f"{lead}{_name(node)}"
        if node in seen:
            yield name, "(above)", ""
            continue
        seen.add(node)
        yield name, f"value {number(node.data)}", f"gradient {number(sweep.gradient(node))}"
        if len(below) > 3 * _DEEPEST and node.operands:
            yield f"{below}└─ …", "", ""
            continue
        last = len(node.operands) - 1
        for place in range(last, -1, -1):
            mark, line = ("└─ ", "   ") if place == last else ("├─ ", "│  ")
            stack.append((node.operands[place], below + mark, below + line))


def _name(node: Value) -> str:
    title = naming.title(node)
    operation = naming.visible(node.primitive.symbol or node.primitive.name) if node.primitive else ""
    return f"{title} = {operation}" if operation and operation != title else title
