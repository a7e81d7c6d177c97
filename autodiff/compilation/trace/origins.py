"""Origins: in few words, what the members of a block came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import final

from autodiff.compilation.trace.symbol import Symbol
from autodiff.modes import Origin
from autodiff.primitive import Primitive

Mark = tuple[str | None, Origin | None, Primitive | None]
"""The label of a scalar, where it was made, and the operation that it was made for with others, if any."""

Path = tuple[str, ...]

ADJOINT, GRADIENT = "adjoint", "gradient"
"""The roles of what belongs to another scalar: its adjoint in one record, its gradient over all of them."""

_PREFIXES = {ADJOINT: "adjoint of ", GRADIENT: "gradient of "}


@final
class Derivatives:
    """The origins of the derivatives along scalars, each made once."""

    def __init__(self, role: str) -> None:
        self._role = role
        self._known: dict[int, tuple[Origin | None, Origin]] = {}

    def of(self, origin: Origin | None) -> Origin:
        """Where the derivative along a scalar of this origin belongs."""
        found = self._known.get(id(origin))
        if found is None:
            # With the origin itself, so that its id stays its own.
            found = self._known[id(origin)] = (origin, replace(origin or Origin(), role=self._role))
        return found[1]

    def marks(self, leaves: Sequence[Symbol]) -> list[Mark]:
        """The marks of the derivatives along leaves."""
        distinct = {id(leaf.origin): leaf.origin for leaf in leaves}
        made = {key: self.of(origin) for key, origin in distinct.items()}
        return [(leaf.label, made[id(leaf.origin)], None) for leaf in leaves]


def described(marks: Iterable[Mark]) -> str:
    """The one place they came from, `layer 1 / neuron 1 … neuron 4` for several, or the first where places are
    not alike, and what they are parts of. Empty where nothing is known."""
    distinct = {(label, id(origin), whole): (label, origin, whole) for label, origin, whole in marks}
    wholes = dict.fromkeys(whole.name for _, _, whole in distinct.values() if whole)
    place = _place([(label, origin) for label, origin, _ in distinct.values()])
    return ", ".join([*([place] if place else []), *([f"for {' and '.join(wholes)}"] if wholes else [])])


def common_scope(marks: Sequence[Mark]) -> Path:
    """The scopes around all that these came from, outermost first; none where one of them has no scope."""
    scopes = [*dict.fromkeys(origin.scope if origin else () for _, origin, _ in marks)]
    return tuple(level[0] for level in takewhile(lambda level: len({*level}) == 1, zip(*scopes, strict=False)))


def _place(made: Iterable[tuple[str | None, Origin | None]]) -> str:
    places = dict.fromkeys((_prefix(origin), _path(label, origin)) for label, origin in made)
    known = [(prefix, path) for prefix, path in places if path]
    if not known:
        return ""
    first = known[0][0]
    joined = first + _joined([path for prefix, path in known if prefix == first])
    others = "" if joined.endswith(_OTHERS) or all(prefix == first for prefix, _ in known) else _OTHERS
    return joined + others


_OTHERS = " and others"


def _joined(paths: Sequence[Path]) -> str:
    first, last = paths[0], paths[-1]
    start = " / ".join(first)
    if len(paths) == 1:
        return start
    if len({len(path) for path in paths}) > 1:
        return start + _OTHERS
    own = next(place for place, (a, b) in enumerate(zip(first, last, strict=True)) if a != b)
    return f"{start}{' and ' if len(paths) == 2 else ' … '}{' / '.join(last[own:])}"


def _prefix(origin: Origin | None) -> str:
    return _PREFIXES.get(origin.role, "") if origin else ""


def _path(label: str | None, origin: Origin | None) -> Path:
    scope = origin.scope if origin else ()
    return (*scope, label) if label else scope
