"""Options that NumPy's functions have in common, and how those that cannot be honored are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff.errors import AutodiffError, UnknownUfuncError
from autodiff.modes import current_tracer
from autodiff.refusals import refused
from autodiff.sources import user_line

_REMEDIES = {
    "where": "choose first, as in np.where(mask, a, 0.0)",
    "initial": "combine the result with it afterwards",
    "casting": "leave it out: entries stay Values",
    "order": "leave it out: entries stay Values",
    "subok": "leave it out",
    "signature": "leave it out",
}


def unknown(message: str) -> AutodiffError:
    """The error for what is not known on arrays of Values, which a trace remembers."""
    if current_tracer() is None:
        return UnknownUfuncError(message)
    return refused(f"{message}, at {user_line()}")


def checked_options(name: str, options: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """The options of a call without those that every function has, and what `out` is.

    Raises UnknownUfuncError (a TypeError) for one that would cut the graph or is not honored.
    """
    if not options:
        return {}, None
    left = {key: option for key, option in options.items() if option is not np._NoValue}
    out, dtype = left.pop("out", None), left.pop("dtype", None)
    if isinstance(out, tuple):
        if len(out) > 1:
            raise unknown(f"np.{name} with {len(out)} outputs is not known on arrays of Values")
        out = out[0]
    if out is not None and not (isinstance(out, np.ndarray) and out.dtype == object):
        kind = f"an array of {out.dtype}" if isinstance(out, np.ndarray) else type(out).__name__
        raise unknown(f"np.{name} cannot write Values into {kind}; make the array with autodiff.zeros(shape)")
    if dtype is not None and np.dtype(dtype) not in (np.dtype(object), np.dtype(float)):
        raise unknown(f"np.{name} with dtype={dtype!r} cannot record; a Value is a float64: leave dtype out")
    for key, remedy in _REMEDIES.items():
        if key in left and not _is_default(key, left.pop(key)):
            raise unknown(f"np.{name} with {key}= cannot record on arrays of Values; {remedy}")
    return left, out


def _is_default(key: str, option: Any) -> bool:
    default = {"where": True, "casting": "same_kind", "order": "K", "subok": True}.get(key)
    return option is None or (isinstance(option, (bool, str)) and option == default)


def written(name: str, result: Any, out: Any) -> Any:
    """The result, in `out` where that is an array."""
    if out is None:
        return result
    if np.shape(result) != out.shape:
        raise unknown(f"np.{name} gives shape {np.shape(result)}, but out has shape {out.shape}; give them one shape")
    out[...] = result
    return out
