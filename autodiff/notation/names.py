"""A name of its own for every leaf that a formula shows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from autodiff.value import Value


def leaf_names(
    leaves: Iterable[Value], *, taken: Iterable[str] = (), spell: Callable[[str], str] = str
) -> dict[Value, str]:
    """The label of each leaf as `spell` writes it, and x0, x1, ... for those without one.

    No two leaves get one name, and none gets one that is `taken`: of several with one label the first keeps
    it, and the others are x0, x1, ... too. The names depend on the order and labels of the leaves alone.
    """
    listed, avoided = list(leaves), frozenset(taken)
    labels = {spell(leaf.label) for leaf in listed if leaf.label} - avoided
    fresh = unused_names("x", labels | avoided, spell=spell)
    names: dict[Value, str] = {}
    for leaf in listed:
        own = spell(leaf.label) if leaf.label else None
        if own is not None and own in labels:
            labels.discard(own)
            names[leaf] = own
        else:
            names[leaf] = next(fresh)
    return names


def leaves_as_read(root: Value) -> list[Value]:
    """The leaves below a root that stand for variables, in the order in which a reader of its formula meets them."""
    found: list[Value] = []
    seen: set[Value] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(reversed(node.parents))
            if not node.operands and not node.is_constant:
                found.append(node)
    return found


def unused_names(
    stem: str, taken: Iterable[str], *, start: int = 0, spell: Callable[[str], str] = str
) -> Iterator[str]:
    """`stem` with the numbers from `start` on, without the names that are taken."""
    avoided = frozenset(taken)
    numbered = (spell(f"{stem}{number}") for number in itertools.count(start))
    return (name for name in numbered if name not in avoided)
