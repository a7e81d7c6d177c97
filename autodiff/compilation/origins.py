"""Origins: in few words, what the members of a pack came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autodiff.compilation.symbol import Symbol

Path = tuple[str, ...]


def described(members: Iterable[Symbol]) -> str:
    """The one place they came from, `layer 1 / neuron 1 … neuron 4` for several of one parent, or the first
    and how many others. Empty where no scope or label is known."""
    marks = {(symbol.label, id(symbol.origin)): symbol for symbol in members}
    paths = [*dict.fromkeys(path for path in map(_path, marks.values()) if path)]
    if len(paths) < 2:
        return " / ".join(paths[0]) if paths else ""
    if len({path[:-1] for path in paths}) == 1:
        return f"{' / '.join(paths[0])} … {paths[-1][-1]}"
    return (
        f"{' / '.join(paths[0])} … {' / '.join(paths[-1])}" if _alike(paths) else f"{' / '.join(paths[0])} and others"
    )


def _alike(paths: Sequence[Path]) -> bool:
    return len({len(path) for path in paths}) == 1


def _path(symbol: Symbol) -> Path:
    scope = symbol.origin.scope if symbol.origin else ()
    return (*scope, symbol.label) if symbol.label else scope
