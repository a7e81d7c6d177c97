"""The formula of a graph in LaTeX, with shared and long parts on lines of their own."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any, final

from autodiff.errors import NotationError
from autodiff.graph import topological_order
from autodiff.notation.latex_forms import written
from autodiff.notation.latex_part import Level, Part, number_part
from autodiff.notation.latex_text import checked_latex, latex_name
from autodiff.notation.names import leaf_names, leaves_as_read, unused_names
from autodiff.rules import DOT
from autodiff.value import Value

_FEWEST_TERMS = 6


def to_latex(
    value: Value, *, names: Mapping[Value, str] | None = None, max_terms: int = 40, max_lines: int = 40
) -> str:
    r"""The formula that made `value`, in LaTeX for use inside mathematics; it needs amsmath.

    Leaves are written by their labels, and x_0, x_1, ... without one; constants as numbers. A node that is used more
    than once, or has a label, is written once, on a line of its own, and by its label or as t_1, t_2, ... where it is
    used: the result is then an `aligned` block.

    Parameters
    ----------
    value : Value
    names : mapping of Value to str, optional
        Names in LaTeX for any of the nodes.
    max_terms : int
        Parts of more names, numbers and operations than this are cut into lines too; of an operation on so many
        operands those in the middle are left out. At least 6.
    max_lines : int
        Of more lines than this the first are left out. At least 1. The block says how much is left out.

    Returns
    -------
    str

    Raises
    ------
    NotationError
        A ValueError, for a name whose braces do not pair up, and for limits that are too small.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> print(to_latex((x + 1) ** 2 / x))
    \frac{\left(x + 1\right)^{2}}{x}
    >>> y = x * x + 1
    >>> print(to_latex(y / (2 - y)))
    \begin{aligned}
    t_{1} &= x x + 1 \\
    t_{2} &= \frac{t_{1}}{2 - t_{1}}
    \end{aligned}
    """
    if max_terms < _FEWEST_TERMS or max_lines < 1:
        raise NotationError(
            f"max_terms must be at least {_FEWEST_TERMS} and max_lines at least 1, got {max_terms} and {max_lines}"
        )
    order = topological_order(value)
    formula = _Formula(order, names or {}, max_terms=max_terms, max_lines=max_lines)
    for node in order:
        formula.write(node)
    return formula.text(value)


@final
class _Formula:
    """The lines of a formula, while a walk from the leaves to the root writes them."""

    def __init__(self, order: Sequence[Value], names: Mapping[Value, str], *, max_terms: int, max_lines: int) -> None:
        self._max_terms = max_terms
        self._uses = Counter(operand for node in order for operand in node.operands if isinstance(operand, Value))
        self._names = _names(order, names)
        self._fresh = unused_names("t", self._names.values(), start=1, spell=latex_name)
        self._parts: dict[Value, Part] = {}  # of nodes that are still to be used
        self._lines: deque[str] = deque(maxlen=max_lines)
        self._line_count = self._elided = 0

    def write(self, node: Value) -> None:
        """Write one node whose operands are written."""
        if node.primitive is None:
            self._parts[node] = Part(self._names[node], Level.ATOM) if node in self._names else number_part(node.data)
            return
        part = written(node.primitive.name, node.primitive.latex, self._operand_parts(node))
        uses = self._uses[node]
        self._parts[node] = self._defined(node, part) if uses > 1 or (uses and node in self._names) else part

    def text(self, root: Value) -> str:
        """The formula of the root, with the lines that it needs."""
        if not self._line_count and not self._elided:
            return self._parts[root].text
        self._defined(root, self._parts[root])
        lines = [*self._lines]
        if self._line_count > len(lines):
            lines.insert(0, rf"&\text{{({self._line_count - len(lines)} lines before these are left out)}}")
        if self._elided:
            lines.append(rf"&\text{{(dots stand for {self._elided} operands that are left out)}}")
        return "\n".join([r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"])

    def _operand_parts(self, node: Value) -> list[Part]:
        """The operands as pieces that together keep to the budget, the largest cut out first."""
        operands = self._shown_operands(node)
        parts = [self._operand_part(operand) for operand in operands]
        sizes = [part.size for part in parts]
        while sum(sizes) >= self._max_terms:
            place = sizes.index(max(sizes))
            parts[place], sizes[place] = self._defined(operands[place], parts[place]), 1
        return parts

    def _shown_operands(self, node: Value) -> Sequence[Any]:
        """The operands, with an ellipsis in place of those in the middle if even their names are too many."""
        half = len(node.operands) // 2
        if node.primitive is DOT:
            room = (self._max_terms - 1) // 2
            return [*self._abridged(node.operands[:half], room), *self._abridged(node.operands[half:], room)]
        return self._abridged(node.operands, self._max_terms - 1)

    def _abridged(self, operands: Sequence[Any], room: int) -> Sequence[Any]:
        hidden = len(operands) - room + 1
        if hidden <= 1:
            return operands
        self._elided += hidden
        head = room // 2
        return [*operands[:head], Part(r"\cdots", Level.ATOM, elided=hidden), *operands[head + hidden :]]

    def _operand_part(self, operand: Any) -> Part:
        if isinstance(operand, Part):
            return operand
        if not isinstance(operand, Value):
            return number_part(operand)
        return self._parts[operand] if self._uses[operand] > 1 else self._parts.pop(operand)

    def _defined(self, node: Value, part: Part) -> Part:
        """Write a line for a node; its name, to be used from now on."""
        name = self._names.get(node) or next(self._fresh)
        self._lines.append(f"{name} &= {part.text}")
        self._line_count += 1
        return Part(name, Level.ATOM)


def _names(order: Sequence[Value], given: Mapping[Value, str]) -> dict[Value, str]:
    """The names of all nodes that have one: those given, those of leaves, and labels that are like no other name."""
    names = {node: checked_latex(given[node]) for node in order if node in given}
    shown = [leaf for leaf in leaves_as_read(order[-1]) if leaf not in names]
    names |= leaf_names(shown, taken=names.values(), spell=latex_name)
    taken = set(names.values())
    for node in order:
        if node.label and node.operands and node not in names:
            name = latex_name(node.label)
            if name not in taken:
                taken.add(name)
                names[node] = name
    return names
