"""`copy.copy` and `copy.deepcopy` of nodes."""

from __future__ import annotations

from typing import Any, final

from autodiff.modes import current_tracer
from autodiff.refusals import refused
from autodiff.reverse import NumberNode
from autodiff.serialization.generations import generations
from autodiff.sources import user_line


def copied(node: NumberNode) -> NumberNode:
    """A node with the same number, gradient and operands: `copy.copy`.

    Raises TraceError (a TypeError) while a function is being compiled: a replay would not copy.
    """
    if current_tracer() is not None:
        raise refused(f"a Value was copied while compiling, at {user_line()}; use the Value itself, or detach() it")
    copy = _blank(node)
    for name in _slots(node):
        setattr(copy, name, getattr(node, name))
    return copy


def deep_copied(node: NumberNode, memo: dict[int, Any]) -> NumberNode:
    """A copy of the whole graph below `node`, gradients included: `copy.deepcopy`.

    Nodes that one deepcopy reaches twice, from whatever object, are copied once: `memo` knows them.
    Labels, origins and primitives cannot change and are shared with the original.
    """
    fresh = []
    for generation in generations(node, _Copied(memo)):
        for original in generation:
            memo[id(original)] = copied(original)
        fresh += generation
    for original in fresh:
        copy = memo[id(original)]
        copy.operands = tuple([x if type(x) is float else memo[id(x)] for x in original.operands])
        copy.grad = memo[id(original.grad)] if type(original.grad) is type(node) else original.grad
    return memo[id(node)]  # type: ignore[no-any-return]  # the copy of a node is a node of that type


@final
class _Copied:
    """The nodes that a deepcopy has copied already, by its memo."""

    def __init__(self, memo: dict[int, Any]) -> None:
        self._memo = memo

    def __contains__(self, node: object) -> bool:
        return id(node) in self._memo


def _blank(node: NumberNode) -> NumberNode:
    return object.__new__(type(node))


def _slots(node: object) -> tuple[str, ...]:
    return type(node).__slots__  # type: ignore[attr-defined,no-any-return]  # every kind of node has slots
