"""Loads damaged pickles in a process of its own, and says what became of each: `python -m ... FIRST COUNT`.

A process of its own, because the unpickler itself may end it, and because what was imported is counted.
"""

from __future__ import annotations

import collections
import difflib  # noqa: F401 - messages compare names with it; what a pickle imports is counted from here on
import json
import pickle
import random
import sys
from typing import Any

from autodiff import Origin, Value, exp, sum, topological_order  # noqa: A004 - the library's sum
from autodiff.primitive import Primitive

REFUSALS = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    RecursionError,
    SystemError,
    TypeError,
    ValueError,
)
"""What pickle may raise for a damaged file: those its documentation names, and those that reading wrong bytes has."""


def original() -> bytes:
    """A pickle with every field that a node has: labels, origins, gradients that are nodes, constants."""
    x, w = Value(0.5, label="x"), Value(-1.25, label="w", origin=Origin(("layer 1",), "parameter"))
    loss = exp(x * w) / (1.0 + w**2.0) + sum([x, w, x])
    loss.backward(create_graph=True)
    return pickle.dumps({"loss": loss, "parts": [x, w]})


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The content with one to three bytes changed, taken out, doubled or moved, or cut short."""
    made = bytearray(content)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(made))
        match rng.randrange(5):
            case 0:
                made[place] ^= 1 << rng.randrange(8)
            case 1:
                made[place] = rng.randrange(256)
            case 2:
                del made[place : place + rng.randint(1, 9)]
            case 3:
                made[place:place] = made[place : place + rng.randint(1, 40)]
            case _:
                other = rng.randrange(len(made))
                made[place : place + 9], made[other : other + 9] = made[other : other + 9], made[place : place + 9]
        if not made:
            break
    return bytes(made[: rng.randrange(len(made))] if made and rng.random() < 0.05 else made)


def nodes_in(loaded: Any) -> list[Value]:
    """The Values in what was loaded, to any depth of its containers."""
    found, waiting, seen = [], [loaded], set[int]()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, Value):
            found.append(thing)
        elif isinstance(thing, dict):
            waiting += [*thing, *thing.values()]
        elif isinstance(thing, (list, tuple, set, frozenset)):
            waiting += thing
    return found


def fault(node: Value) -> str | None:
    """What is wrong with a node that can be read; one that cannot be read is not wrong in silence."""
    if not hasattr(node, "stamp"):
        return None
    order = topological_order(node)
    for each in order:
        arity = each.primitive.arity if isinstance(each.primitive, Primitive) else 0
        whole = type(each.data) is float and (each.label is None or isinstance(each.label, str))
        if not whole or arity not in (None, len(each.operands)) or (each.primitive is None) != (not each.operands):
            return repr(each)
    return None


def main(first: int, count: int) -> None:
    """Print, as JSON, how many pickles loaded and were refused, the modules they imported, and what was wrong."""
    content, outcomes, wrong = original(), collections.Counter[str](), []
    pickle.loads(content)
    before = set(sys.modules)
    for seed in range(first, first + count):
        try:
            loaded = pickle.loads(mutated(content, random.Random(seed)))
        except REFUSALS as error:
            outcomes[type(error).__name__] += 1
            continue
        outcomes["loaded"] += 1
        faults = [fault(node) for node in nodes_in(loaded)]
        wrong += [f"{seed}: {found}" for found in faults if found is not None]
    foreign = sorted(name for name in set(sys.modules) - before if not name.startswith(("autodiff", "encodings")))
    print(json.dumps({"outcomes": outcomes, "wrong": wrong, "foreign": foreign}))


if __name__ == "__main__":
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32))  # a length that was damaged asks for any memory
    main(*map(int, sys.argv[1:]))
