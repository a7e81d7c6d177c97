"""Python's control flow, builtins and containers, and NumPy's functions, as functions of one record.

`NUMBERS` take a number, `ROWS` a list of three. Each asks of its argument what Python lets one ask; what becomes of
that when it is compiled is held by `test_python.py`. Not among them are the bytes of an array of objects, which are
addresses.
"""

from __future__ import annotations

import array
import asyncio
import bisect
import cmath
import collections
import contextlib
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import heapq
import io
import itertools
import json
import math
import operator
import pickle
import random
import statistics
import string
import struct
import time
import types
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

import autodiff
from autodiff import Value, no_grad, where

Probe = Callable[[Any], Any]
W = Value(8.125)
NUMBERS: dict[str, Probe] = {}
ROWS: dict[str, Probe] = {}


def _number(function: Probe) -> Probe:
    NUMBERS[function.__name__.strip("_").replace("_", " ")] = function
    return function


def _row(function: Probe) -> Probe:
    ROWS[function.__name__.strip("_").replace("_", " ")] = function
    return function


# Statements.


@_number
def if_(x: Any) -> Any:
    if x > 0.7:
        return x
    return -x


@_number
def if_elif(x: Any) -> Any:
    if x == 1.0:
        return 3.0
    elif x != 0.5:
        return x
    return -x


@_number
def if_not(x: Any) -> Any:
    if not x:
        return 3.0
    return x


@_number
def while_(x: Any) -> Any:
    while x < 10.0:
        x = 2.0 * x + 1.0
    return x


@_number
def while_with_break(x: Any) -> Any:
    while True:
        x = x + 1.0
        if x > 5.0:
            break
    return x


@_number
def for_over_a_range(x: Any) -> Any:
    out = 0.0
    for k in range(4):
        out = out * x + k
    return out


@_number
def for_with_else(x: Any) -> Any:
    for k in (0.5, 1.0):
        if x == k:
            break
    else:
        return x
    return 2.0 * x


@_number
def for_with_continue(x: Any) -> Any:
    out = x
    for k in (0.5, 1.0):
        if x < k:
            continue
        out = out * k
    return out


@_number
def range_of_a_number(x: Any) -> Any:
    return sum(range(int(x)))


@_number
def try_except(x: Any) -> Any:
    try:
        return 1.0 / x
    except ZeroDivisionError:
        return 0.0


@_number
def try_except_value_error(x: Any) -> Any:
    try:
        return math.log(x)
    except ValueError:
        return 0.0


@_number
def try_except_everything(x: Any) -> Any:
    try:
        return float(x)
    except Exception:  # noqa: BLE001 - what is tested
        return 0.0


@_number
def try_finally(x: Any) -> Any:
    out = [x]
    try:
        return out[0] * 2.0
    finally:
        out.clear()


@_number
def try_else(x: Any) -> Any:
    try:
        y = x * 2.0
    except TypeError:
        return 0.0
    else:
        return y + 1.0


@_number
def raise_when_negative(x: Any) -> Any:
    try:
        if x < 0.0:
            raise ValueError(x)
    except ValueError as error:
        return -error.args[0]
    return x


@_number
def an_exception_that_carries_it(x: Any) -> Any:
    try:
        raise KeyError(x)
    except KeyError as error:
        return error.args[0] * 2.0


@_number
def assert_(x: Any) -> Any:
    assert x == x
    return x


@_number
def with_(x: Any) -> Any:
    with contextlib.nullcontext(x * 2.0) as y:
        return y + x


@_number
def with_suppress(x: Any) -> Any:
    with contextlib.suppress(TypeError, ValueError):
        return math.sqrt(x)
    return 0.0


@_number
def match_a_literal(x: Any) -> Any:
    match x:
        case 1.0:
            return 5.0
        case _:
            return x


@_number
def match_a_class(x: Any) -> Any:
    match x:
        case float():
            return 2.0 * x
        case _:
            return 2.0 * x


@_number
def match_with_a_guard(x: Any) -> Any:
    match x:
        case y if y > 0.7:
            return y
        case _:
            return -x


@_row
def match_a_sequence(row: Any) -> Any:
    match row:
        case [a, b, c]:
            return a * b + c
        case _:
            return 0.0


@_row
def match_a_sequence_with_a_literal(row: Any) -> Any:
    match row:
        case [1.0, b, c]:
            return b + c
        case [a, *_]:
            return a


@_number
def match_a_mapping(x: Any) -> Any:
    match {"a": x}:
        case {"a": y}:
            return y * 3.0


@_number
def nested_function(x: Any) -> Any:
    def inner(y: Any) -> Any:
        return x * y

    return inner(x + 1.0)


@_number
def recursion(x: Any) -> Any:
    def power(y: Any, n: int) -> Any:
        return 1.0 if n == 0 else y * power(y, n - 1)

    return power(x, 5)


@_number
def recursion_on_the_number(x: Any) -> Any:
    def down(y: Any) -> Any:
        return y if y < 0.0 else down(y - 1.0)

    return down(x)


@_number
def generator(x: Any) -> Any:
    def powers() -> Iterator[Any]:
        y = x
        for _ in range(3):
            yield y
            y = y * x

    return sum(powers())


@_number
def generator_that_is_sent_to(x: Any) -> Any:
    def running() -> Any:
        total = x
        while True:
            total = total + (yield total)

    going = running()
    next(going)
    going.send(2.0 * x)
    return going.send(x)


@_number
def coroutine(x: Any) -> Any:
    async def doubled() -> Any:
        return 2.0 * x

    routine = doubled()
    try:
        routine.send(None)
    except StopIteration as stop:
        return stop.value
    return 0.0


@_number
def asyncio_run(x: Any) -> Any:
    async def doubled() -> Any:
        await asyncio.sleep(0)
        return 2.0 * x

    return asyncio.run(doubled())


@_number
def walrus(x: Any) -> Any:
    return (y := x * 2.0) * y


@_number
def nonlocal_(x: Any) -> Any:
    total = 0.0

    def add(y: Any) -> None:
        nonlocal total
        total = total + y

    add(x)
    add(x * x)
    return total


@_number
def in_place_operators(x: Any) -> Any:
    y = x
    y += 1.0
    y *= x
    y -= 2.0
    y /= 4.0
    y **= 2
    return y


@_number
def global_list(x: Any) -> Any:
    seen: list[Any] = []
    seen.append(x)
    seen.append(x * x)
    return seen[0] + seen[-1]


# Expressions.
NUMBERS |= {
    "ternary": lambda x: x if x > 0 else -x,
    "and": lambda x: x and 3.0,
    "or": lambda x: x or 3.0,
    "not": lambda x: (not x) * 1.0,
    "comparison and": lambda x: (x > 0 and x < 1) * 1.0,
    "chained comparison": lambda x: 1.0 if 0 < x < 1 else 2.0,
    "a comparison times a number": lambda x: (x > 0) * x,
    "a comparison as a result": lambda x: x > 0.5,
    "a sum of comparisons": lambda x: sum([x > 0, x > 1, x > 2]),
    "is None": lambda x: 0.0 if x is None else x,
    "is itself": lambda x: x if x is x else 0.0,
    "== None": lambda x: 1.0 if x == None else x,  # noqa: E711
    "== a string": lambda x: 1.0 if x == "a" else x,
    "!= None": lambda x: 1.0 if x != None else x,  # noqa: E711
    "== a list": lambda x: 1.0 if x == [1.0] else x,
    "~ of a comparison": lambda x: ~(x > 0) * x,
    "xor of comparisons": lambda x: ((x > 0) ^ (x < 1)) * x,
    "starred": lambda x: sum([*[x, x], *(x,)]),
    "unpacking": lambda x: (lambda a, *b: a * b[0])(x, x + 1.0, x),
    "keyword arguments": lambda x: (lambda *, a, b: a - 2.0 * b)(b=x, a=x * x),
    "default arguments": lambda x: (lambda a=x, b=2.0: a * b)(),
    "// and %": lambda x: x // 1.0 + x % 1.0,
    "pow with a modulus": lambda x: pow(x, 2, 3),
    "pow of two": lambda x: pow(x * x + 1.0, x),
    "<<": lambda x: x << 1,
    "matmul": lambda x: np.array([x, x]) @ np.array([x, 1.0]),
    "unary": lambda x: -x + +x - (-abs(x)),
}

# Builtins.
NUMBERS |= {
    "abs": abs,
    "float": float,
    "int": int,
    "bool": bool,
    "complex": lambda x: complex(x).real,
    "str": lambda x: float(str(x)),
    "repr": lambda x: float(repr(x)),
    "len of str": lambda x: len(str(x)) * x,
    "ascii": lambda x: float(ascii(x)),
    "format": lambda x: float(format(x, ".1f")),
    "format without a spec": lambda x: float(format(x)),
    "f-string": lambda x: float(f"{x}"),
    "f-string with a spec": lambda x: float(f"{x:.1f}"),
    "percent": lambda x: float("%g" % x),  # noqa: UP031
    "percent s": lambda x: float("%s" % x),  # noqa: UP031
    "str.format": lambda x: float("{:.2f}".format(x)),  # noqa: UP032
    "str.join": lambda x: len(",".join(map(str, [x]))) * x,
    "print": lambda x: (print(x, file=io.StringIO()), x)[1],
    "string.Template": lambda x: float(string.Template("$x").substitute(x=x)),
    "hex": lambda x: float.fromhex(float.hex(x)),
    "round": round,
    "round to digits": lambda x: round(x, 1),
    "divmod": lambda x: divmod(x, 1.0)[1],
    "hash": lambda x: hash(x) % 7 * 1.0,
    "id": lambda x: {id(x): 3.0}[id(x)] * x,
    "callable": lambda x: 1.0 if callable(x) else x,
    "max of two": lambda x: max(x, 0.7),
    "min of two": lambda x: min(x, 0.7),
    "max of one": lambda x: max([x]),
    "max with default": lambda x: max([], default=x),
    "max by key": lambda x: max([x, 1.0], key=abs),
    "max by index": lambda x: max(range(3), key=[x, 2.0 * x, -x].__getitem__) * x,
    "sum": lambda x: sum([x, x * x, 1.0]),
    "sum with a start": lambda x: sum([x, x * x], x),
    "any": lambda x: any([x > 1.0, x < 0.0]) * x,
    "all": lambda x: all([x < 1.0, x > 0.0]) * x,
    "filter": lambda x: sum(filter(lambda y: y > 0, [x, -x])),
    "filter None": lambda x: sum(filter(None, [x, 1.0])),
    "map": lambda x: sum(map(operator.mul, [x, x], [1.0, 2.0])),
    "zip": lambda x: sum(a * b for a, b in zip([x, 2.0], [3.0, x], strict=True)),
    "enumerate": lambda x: sum(k * y for k, y in enumerate([x, x, 1.0])),
    "reversed": lambda x: next(reversed([x, 2.0 * x])),
    "iter": lambda x: next(iter([x])),
    "iter with a sentinel": lambda x: sum(iter(iter([x, 2.0, 1.0]).__next__, 1.0)),
    "slice": lambda x: [1.0, 2.0, 3.0][: int(x)][-1],
    "slice of a symbol": lambda x: sum([1.0, 2.0, 3.0][slice(0, x)]),
    "index": lambda x: [1.0, 2.0][x],
    "operator.index": lambda x: operator.index(x) * 1.0,
    "chr": lambda x: len(chr(x)) * x,
    "bytes": lambda x: len(bytes([x])) * x,
    "getattr": lambda x: getattr(x, "missing", 2.0) * x,
    "hasattr": lambda x: x if hasattr(x, "__add__") else 0.0,
    "vars": lambda x: vars(types.SimpleNamespace(x=x))["x"] * 2.0,
    "eval": lambda x: eval("x * 2.0", {"x": x}),
    "sorted": lambda x: sorted([x, 0.7, -x])[0],
    "sorted one": lambda x: sorted([x])[0],
    "sorted by a key": lambda x: sorted([x, 2.0], key=lambda y: 1)[0],
    "sorted pairs": lambda x: sorted([(1, x), (0, 2.0 * x)])[0][1],
    "list.sort": lambda x: (lambda row: (row.sort(), row[0])[1])([x, 0.7]),
    "is_integer": lambda x: x.is_integer() * 1.0,
    "as_integer_ratio": lambda x: x.as_integer_ratio()[0] * 1.0,
    "real": lambda x: x.real * 1.0,
    "imag": lambda x: x.imag + x,
    "conjugate": lambda x: x.conjugate(),
}

# Containers.


class Color(enum.Enum):
    RED = 1.0
    BLUE = 0.5


class Level(enum.IntEnum):
    LOW = 0
    HIGH = 1


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclasses.dataclass
class Box:
    """Compares what it holds."""

    x: Any
    y: Any = 1.0


@dataclasses.dataclass(frozen=True, order=True)
class Key:
    """Hashes and orders by what it holds."""

    x: Any


class Reversible:
    """Truth, length and items that its content decides."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def __bool__(self) -> bool:
        return bool(self.x > 0)

    def __len__(self) -> int:
        return int(self.x)

    def __eq__(self, other: object) -> bool:
        return bool(self.x == other.x) if isinstance(other, Reversible) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.x)


class Ordered(collections.UserList[Any]):
    """A list of its own class."""


@functools.lru_cache
def _cached(x: Any) -> Any:
    return 2.0 * x


@functools.cache
def _cached_by_keyword(*, x: Any) -> Any:
    return 2.0 * x


@functools.singledispatch
def _dispatched(x: Any) -> Any:
    return x * 2.0


NUMBERS |= {
    "list": lambda x: [x, 1.0, x][2] * 2.0,
    "tuple": lambda x: (x, 1.0)[0] * 2.0,
    "list comprehension": lambda x: sum([x * k for k in range(4)]),
    "a comprehension that chooses": lambda x: sum([y for y in (x, -x) if y > 0]),
    "list.index": lambda x: [0.7, x].index(x) * 1.0,
    "list.count": lambda x: [x, 1.0].count(1.0) * 1.0,
    "list.remove": lambda x: (lambda row: (row.remove(1.0), row[0])[1])([x, 1.0]),
    "in a list": lambda x: 1.0 if 1.0 in [x, 2.0] else 0.0,
    "itself in a list": lambda x: 1.0 if x in [x, 2.0] else 0.0,
    "not in a tuple": lambda x: 1.0 if x not in (1.0, 2.0) else 0.0,
    "in a range": lambda x: 1.0 if x in range(3) else 0.0,
    "== of lists": lambda x: 1.0 if [x] == [1.0] else 0.0,
    "== of one list": lambda x: (lambda row: 1.0 if row == [1.0, 2.0] else x)([x]),
    "< of tuples": lambda x: 1.0 if (x, 1.0) < (1.0, 2.0) else 0.0,
    "== of tuples with itself": lambda x: 1.0 if (x, 1.0) == (x, 1.0) else 0.0,
    "== of tuples of other lengths": lambda x: 1.0 if (x,) == (1.0, 2.0) else x,
    "== of dicts": lambda x: 1.0 if {"a": x} == {"a": 1.0} else 0.0,
    "set": lambda x: len({x, 1.0}) * 1.0,
    "in a set": lambda x: (x in {1.0}) * 1.0,
    "a set that is asked": lambda x: ({1.0} - {x} == set()) * 1.0,
    "set.add": lambda x: (lambda s: (s.add(x), len(s))[1])({1.0}) * 1.0,
    "set.discard": lambda x: (lambda s: (s.discard(x), len(s))[1])({1.0}) * 1.0,
    "frozenset": lambda x: len(frozenset([x, 1.0])) * 1.0,
    "dict get": lambda x: {1.0: 5.0}.get(x, 0.0),
    "dict key": lambda x: {x: 5.0}.get(1.0, 0.0),
    "dict setdefault": lambda x: {1.0: 5.0}.setdefault(x, 2.0),
    "dict pop": lambda x: {1.0: 5.0}.pop(x, 2.0),
    "dict value": lambda x: {"a": x}["a"] * 2.0,
    "dict comprehension": lambda x: len(dict.fromkeys(range(3), x)) * x,
    "dict of keys": lambda x: len(dict.fromkeys([x, 1.0])) * 1.0,
    "dict merge": lambda x: ({"a": x} | {"b": 2.0 * x})["b"],
    "in dict values": lambda x: (1.0 in {"a": x}.values()) * 1.0,
    "in dict items": lambda x: (("a", x) in {"a": 1.0}.items()) * 1.0,
    "items in a set": lambda x: len({"a": x}.items() & {"a": 1.0}.items()) * 1.0,
    "defaultdict": lambda x: collections.defaultdict(float, {1.0: 2.0})[x],
    "defaultdict of lists": lambda x: (lambda d: (d["a"].append(x), d["a"][0])[1])(collections.defaultdict(list)),
    "Counter": lambda x: collections.Counter([x, 1.0])[1.0] * 1.0,
    "Counter of words": lambda x: collections.Counter("aab")["a"] * x,
    "deque": lambda x: collections.deque([x, 1.0], maxlen=1)[0] * x,
    "deque.index": lambda x: collections.deque([x, 1.0]).index(1.0) * 1.0,
    "ChainMap": lambda x: collections.ChainMap({"a": x}, {"b": 1.0})["a"] * 2.0,
    "ChainMap by it": lambda x: collections.ChainMap({1.0: 2.0}).get(x, 3.0),
    "OrderedDict": lambda x: collections.OrderedDict(a=x)["a"] * 2.0,
    "UserList": lambda x: Ordered([x, 1.0])[0] * 2.0,
    "UserList.count": lambda x: Ordered([x, 1.0]).count(1.0) * 1.0,
    "namedtuple": lambda x: Pair(x, 1.0)._replace(b=2.0 * x).b,
    "namedtuple ==": lambda x: (Pair(x, 1.0) == Pair(1.0, 1.0)) * 1.0,
    "dataclass": lambda x: Box(x).x * Box(x, x).y,
    "dataclass ==": lambda x: 1.0 if Box(x) == Box(1.0) else 0.0,
    "dataclass != of what is alike": lambda x: 1.0 if Box(x) != Box(x) else 0.0,
    "dataclass order": lambda x: 1.0 if Key(x) < Key(0.7) else 0.0,
    "dataclass hash": lambda x: {Key(1.0): 2.0}.get(Key(x), 0.0),
    "dataclasses.replace": lambda x: dataclasses.replace(Box(x), y=x).y * 2.0,
    "dataclasses.asdict": lambda x: dataclasses.asdict(Box(x))["x"] * 2.0,
    "dataclasses.astuple": lambda x: dataclasses.astuple(Box(x))[0] * 2.0,
    "an object's bool": lambda x: 1.0 if Reversible(x) else 0.0,
    "an object's len": lambda x: len(Reversible(x)) * 1.0,
    "an object's hash": lambda x: {Reversible(1.0): 2.0}.get(Reversible(x), 0.0),
    "an object's ==": lambda x: 1.0 if Reversible(x) == Reversible(1.0) else 0.0,
    "Enum by value": lambda x: Color(x).value if x in (1.0, 0.5) else 0.0,
    "Enum by value, caught": lambda x: _enum_or(x),
    "Enum ==": lambda x: 1.0 if Color.RED.value == x else 0.0,
    "IntEnum ==": lambda x: 1.0 if x == Level.HIGH else x,
    "IntEnum times": lambda x: x * Level.HIGH + Level.LOW,
    "lru_cache": lambda x: _cached(x),
    "cache by keyword": lambda x: _cached_by_keyword(x=x),
    "cached_property": lambda x: _Lazy(x).doubled,
    "partial": lambda x: functools.partial(operator.mul, x)(3.0),
    "reduce": lambda x: functools.reduce(operator.mul, [x, 2.0, x]),
    "reduce by max": lambda x: functools.reduce(max, [x, 0.7]),
    "singledispatch": lambda x: _dispatched(x),
    "cmp_to_key": lambda x: sorted([x, 0.7], key=functools.cmp_to_key(lambda a, b: -1 if a < b else 1))[0],
    "SimpleNamespace ==": lambda x: (types.SimpleNamespace(x=x) == types.SimpleNamespace(x=1.0)) * 1.0,
    "heapq": lambda x: heapq.nsmallest(1, [x, 0.7])[0],
    "heappush": lambda x: (lambda h: (heapq.heappush(h, x), h[0])[1])([0.7]),
    "heappush pairs": lambda x: (lambda h: (heapq.heappush(h, (x, 1)), h[0][0])[1])([(0.7, 0)]),
    "bisect": lambda x: bisect.bisect([0.0, 1.0, 2.0], x) * 1.0,
    "insort": lambda x: (lambda row: (bisect.insort(row, x), row[0])[1])([0.7]),
    "itertools.accumulate": lambda x: [*itertools.accumulate([x, x, 1.0])][-1],
    "accumulate by max": lambda x: [*itertools.accumulate([x, 0.7], max)][-1],
    "groupby": lambda x: len([*itertools.groupby([x, 1.0])]) * 1.0,
    "takewhile": lambda x: sum(itertools.takewhile(lambda y: y > 0, [x, 1.0])),
    "compress": lambda x: sum(itertools.compress([1.0, 2.0], [x, 1.0])),
    "product": lambda x: sum(a * b for a, b in itertools.product([x, 1.0], repeat=2)),
    "islice": lambda x: sum(itertools.islice([1.0, 2.0], x)),
    "repeat times": lambda x: sum(itertools.repeat(x, 3)),
    "chain": lambda x: sum(itertools.chain([x], [x, 1.0])),
    "operator.attrgetter": lambda x: operator.attrgetter("x")(Box(x)) * 2.0,
    "operator.countOf": lambda x: operator.countOf([x, 1.0], 1.0) * 1.0,
    "operator.truth": lambda x: operator.truth(x) * 1.0,
    "operator.contains": lambda x: operator.contains([x], 1.0) * 1.0,
    "operator.gt": lambda x: where(operator.gt(x, 0.7), x, -x),
    "operator.not_": lambda x: operator.not_(x) * 1.0,
    "array.array": lambda x: array.array("d", [x])[0],
    "struct": lambda x: struct.unpack("d", struct.pack("d", x))[0],
    "memoryview": lambda x: memoryview(array.array("d", [x]))[0],
    "json": lambda x: json.loads(json.dumps([x]))[0],
    "json with a default": lambda x: json.loads(json.dumps([x], default=str))[0],
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
    "pickle of a list": lambda x: pickle.loads(pickle.dumps([x]))[0],
    "copy": lambda x: copy.copy([x])[0] * 2.0,
    "copy of it": lambda x: copy.copy(x) * 2.0,
    "deepcopy": lambda x: copy.deepcopy([x])[0] * 2.0,
    "deepcopy of a dataclass": lambda x: copy.deepcopy(Box(x)).x * 2.0,
    "copy.replace": lambda x: copy.copy(Box(x)).x * 2.0,
}


class _Lazy:
    def __init__(self, x: Any) -> None:
        self.x = x

    @functools.cached_property
    def doubled(self) -> Any:
        return 2.0 * self.x


def _enum_or(x: Any) -> Any:
    try:
        return Color(x).value
    except ValueError:
        return 0.0


# Numbers of other kinds, and the standard library's functions of numbers.
NUMBERS |= {
    "Decimal": lambda x: float(decimal.Decimal(x)),
    "Decimal plus": lambda x: float(decimal.Decimal(1) + x) if not isinstance(x, float) else x + 1.0,
    "== Decimal": lambda x: 1.0 if x == decimal.Decimal(1) else 0.0,
    "< Decimal": lambda x: 1.0 if x < decimal.Decimal(1) else 0.0,
    "Decimal ==": lambda x: 1.0 if decimal.Decimal(1) == x else 0.0,
    "Decimal in a list": lambda x: 1.0 if decimal.Decimal(1) in [x] else 0.0,
    "Fraction": lambda x: float(fractions.Fraction(x)),
    "plus a Fraction": lambda x: x + fractions.Fraction(1, 2),
    "a Fraction times": lambda x: fractions.Fraction(1, 2) * x,
    "== a Fraction": lambda x: where(x == fractions.Fraction(1, 2), 1.0, 0.0),
    "== a third": lambda x: 1.0 if x == fractions.Fraction(1, 3) else 0.0,
    "complex times": lambda x: (x * 1j).imag,
    "== complex": lambda x: 1.0 if x == 1 + 0j else 0.0,
    "bool times": lambda x: x * True + False,
    "int times": lambda x: 3 * x + 2**70,
    "a large int": lambda x: where(x < 2**53 + 1, x, 0.0),
    "np.float32 times": lambda x: np.float32(0.5) * x,
    "np.float64 times": lambda x: np.float64(0.1) * x,
    "np.int64 times": lambda x: np.int64(3) * x,
    "np.bool times": lambda x: np.True_ * x,
    "timedelta": lambda x: datetime.timedelta(seconds=x).total_seconds(),
    "timedelta times": lambda x: (datetime.timedelta(seconds=1) * x).total_seconds(),
    "math.sin": math.sin,
    "math.floor": lambda x: math.floor(x) * 1.0,
    "math.ceil": lambda x: math.ceil(x) * 1.0,
    "math.trunc": lambda x: math.trunc(x) * 1.0,
    "math.isnan": lambda x: math.isnan(x) * 1.0,
    "math.isclose": lambda x: math.isclose(x, 1.0) * 1.0,
    "math.fsum": lambda x: math.fsum([x, 1.0]),
    "math.prod": lambda x: math.prod([x, 2.0, x]),
    "math.dist": lambda x: math.dist([x], [1.0]),
    "math.copysign": lambda x: math.copysign(1.0, x),
    "math.pow": lambda x: math.pow(x, 2),
    "math.fmod": lambda x: math.fmod(x, 2.0),
    "math.frexp": lambda x: math.frexp(x)[0],
    "cmath": lambda x: cmath.exp(x).real,
    "statistics.mean": lambda x: statistics.mean([x, 1.0]),
    "statistics.fmean": lambda x: statistics.fmean([x, 1.0]),
    "statistics.median": lambda x: statistics.median([x, 1.0, 0.7]),
    "statistics.mode": lambda x: statistics.mode([x, 1.0, 1.0]),
    "statistics.stdev": lambda x: statistics.stdev([x, 1.0]),
    "statistics.NormalDist": lambda x: statistics.NormalDist(x, 1.0).mean,
    "statistics.pvariance": lambda x: statistics.pvariance([x, 1.0]),
    "random.seed": lambda x: random.Random(x).random(),
    "random.choices by weight": lambda x: random.Random(0).choices([1.0, 2.0], weights=[x * x, 1.0])[0],
    "random.uniform": lambda x: random.Random(0).uniform(x, 1.0),
    "random.gauss": lambda x: random.Random(0).gauss(x, 1.0),
    "random.shuffle": lambda x: (lambda row: (random.Random(1).shuffle(row), row[0])[1])([x, 1.0, 2.0 * x]),
    "random.choice": lambda x: random.Random(1).choice([x, 1.0, 2.0 * x]),
    "a generator of NumPy": lambda x: np.random.default_rng(0).normal(x, 1.0),
    "a choice of NumPy": lambda x: np.random.default_rng(0).choice([x, 2.0 * x]),
}

# A Value that is closed over, and the library's own.
NUMBERS |= {
    "a Value times": lambda x: W * x,
    "a Value's data": lambda x: W.data * x,
    "a Value decides": lambda x: x if W > 1.0 else -x,
    "a Value in a set": lambda x: x * ({W} == {W}),
    "a Value as a key": lambda x: {W: x}[W] * 2.0,
    "a Value in a list": lambda x: x * (2.0 in [W]),
    "a Value in format": lambda x: float(f"{W:.1f}") * x,
    "a Value's hash": lambda x: x if hash(W) == hash(W) else 0.0,
    "a Value that is itself": lambda x: x if W is W else 0.0,
    "Value of it": lambda x: Value(x) * 2.0,
    "no_grad": lambda x: _without_grad(x),
    "grad inside": lambda x: autodiff.grad(lambda y: y**3)(x),
    "grad that branches": lambda x: autodiff.grad(lambda y: y**3 if y > 0 else y)(x),
    "where": lambda x: where(x > 0.7, x, -x),
    "maximum": lambda x: autodiff.maximum(x, 0.7),
    "a closure over a local Value": lambda x: (lambda v: v * x)(Value(3.0)),
}


def _without_grad(x: Any) -> Any:
    with no_grad():
        return x * 2.0


# Rows.
ROWS |= {
    "len": lambda r: len(r) * r[0],
    "indices": lambda r: r[0] - r[-1],
    "an index from a row": lambda r: r[int(r[0])],
    "a slice": lambda r: sum(r[1:]) - r[::-1][0],
    "unpacking": lambda r: (lambda a, b, c: a * b - c)(*r),
    "max": max,
    "min": min,
    "sorted": lambda r: sorted(r)[0],
    "sorted by key": lambda r: sorted(r, key=lambda x: -x)[0],
    "argmax": lambda r: r.index(max(r)) * 1.0,
    "sum": sum,
    "any": lambda r: any(r) * 1.0,
    "all positive": lambda r: all(x > 0 for x in r) * 1.0,
    "set": lambda r: len(set(r)) * 1.0,
    "Counter": lambda r: collections.Counter(r).most_common(1)[0][1] * 1.0,
    "in": lambda r: (r[0] in r[1:]) * 1.0,
    "tuple as a key": lambda r: {(1.0, 2.0, 3.0): 4.0}.get(tuple(r), 0.0),
    "== of rows": lambda r: (r == [1.0, 2.0, 3.0]) * 1.0,
    "== of arrays": lambda r: np.sum(np.array(r) == 1.0) * 1.0,
    "count": lambda r: r.count(1.0) * 1.0,
    "a mask": lambda r: sum(np.array(r)[np.array(r) > 0.7]),
    "nested lists": lambda r: [[a * b for b in r] for a in r][1][2],
    "dict of names": lambda r: (lambda d: d["a"] * d["b"])(dict(zip("abc", r, strict=True))),
    "json": lambda r: json.loads(json.dumps(r))[0],
    "join": lambda r: len(" ".join(map(str, r))) * 1.0,
    "isinstance of list": lambda r: r[0] if isinstance(r, list) else r[1],
    "append": lambda r: (r.append(1.0), sum(r))[1],
    "assignment to an entry": lambda r: (r.__setitem__(0, 5.0), r[0] * r[1])[1],
    "a pairwise loop": lambda r: sum(abs(a - b) for a, b in itertools.pairwise(r)),
    "combinations": lambda r: sum(a * b for a, b in itertools.combinations(r, 2)),
    "heap": lambda r: heapq.nlargest(1, r)[0],
    "bisect in the row": lambda r: bisect.bisect(r, 0.7) * 1.0,
    "hash of a tuple": lambda r: hash(tuple(r)) % 5 * 1.0,
}

# NumPy on arrays made of a row.
A = np.asarray
ROWS |= {
    f"np.{name}": function
    for name, function in {
        "nan_to_num": lambda r: np.nan_to_num(A(r))[0],
        "nan_to_num of a list": lambda r: np.nan_to_num(r)[0],
        "sort": lambda r: np.sort(A(r))[0],
        "ndarray.sort": lambda r: (lambda a: (a.sort(), a[0])[1])(np.array(r)),
        "argsort": lambda r: np.argsort(A(r))[0] * 1.0,
        "argmax": lambda r: np.argmax(A(r)) * 1.0,
        "argmin": lambda r: np.argmin(A(r)) * 1.0,
        "max": lambda r: np.max(A(r)),
        "nanmax": lambda r: np.nanmax(A(r)),
        "nanmin": lambda r: np.nanmin(A(r)),
        "nansum": lambda r: np.nansum(A(r)),
        "nanmean": lambda r: np.nanmean(A(r)),
        "nanstd": lambda r: np.nanstd(A(r)),
        "nanprod": lambda r: np.nanprod(A(r)),
        "nancumsum": lambda r: np.nancumsum(A(r))[-1],
        "nanmedian": lambda r: np.nanmedian(A(r)),
        "nanargmax": lambda r: np.nanargmax(A(r)) * 1.0,
        "median": lambda r: np.median(A(r)),
        "percentile": lambda r: np.percentile(A(r), 50),
        "ptp": lambda r: np.ptp(A(r)),
        "unique": lambda r: len(np.unique(A(r))) * 1.0,
        "isin": lambda r: np.isin(A(r), [1.0]).sum() * 1.0,
        "isin among": lambda r: np.isin([1.0], A(r)).sum() * 1.0,
        "in1d of one": lambda r: np.isin(A(r), A(r)).sum() * 1.0,
        "intersect1d": lambda r: len(np.intersect1d(A(r), [1.0])) * 1.0,
        "union1d": lambda r: len(np.union1d(A(r), [1.0])) * 1.0,
        "setdiff1d": lambda r: len(np.setdiff1d(A(r), [1.0])) * 1.0,
        "searchsorted": lambda r: np.searchsorted([0.0, 1.0], A(r))[0] * 1.0,
        "searchsorted in it": lambda r: np.searchsorted(A(r), 1.0) * 1.0,
        "digitize": lambda r: np.digitize(A(r), [0.0, 1.0])[0] * 1.0,
        "histogram": lambda r: np.histogram(A(r))[0][0] * 1.0,
        "bincount": lambda r: np.bincount(A(r))[0] * 1.0,
        "isclose": lambda r: np.isclose(A(r), 1.0).sum() * 1.0,
        "allclose": lambda r: np.allclose(A(r), 1.0) * 1.0,
        "array_equal": lambda r: np.array_equal(A(r), [1.0, 2.0, 3.0]) * 1.0,
        "array_equal of itself": lambda r: (lambda a: np.array_equal(a, a))(A(r)) * 1.0,
        "array_equiv": lambda r: np.array_equiv(A(r), [1.0, 2.0, 3.0]) * 1.0,
        "array_equal with nan": lambda r: np.array_equal(A(r), [1.0, 2.0, 3.0], equal_nan=True) * 1.0,
        "where": lambda r: np.where(A(r) > 0.7, A(r), 0.0)[0],
        "where truth": lambda r: np.where(A(r), 1.0, 0.0)[0],
        "select": lambda r: np.select([A(r) > 0.7], [A(r)])[0],
        "piecewise": lambda r: np.piecewise(A(r), [A(r) > 0.7], [1.0, 2.0])[0],
        "choose": lambda r: np.choose(A(r), [[1.0], [2.0]])[0],
        "extract": lambda r: np.extract(A(r) > 0.7, A(r)).sum(),
        "compress": lambda r: np.compress(A(r) > 0.7, A(r)).sum(),
        "putmask": lambda r: (lambda a: (np.putmask(a, a > 0.7, 0.0), a[0])[1])(np.array(r)),
        "place": lambda r: (lambda a: (np.place(a, a > 0.7, [0.0]), a[0])[1])(np.array(r)),
        "copyto where": lambda r: (lambda a: (np.copyto(a, 0.0, where=a > 0.7), a[0])[1])(np.array(r)),
        "sign": lambda r: np.sign(A(r))[0],
        "any": lambda r: np.any(A(r)) * 1.0,
        "all": lambda r: np.all(A(r)) * 1.0,
        "any of comparisons": lambda r: np.any(A(r) > 0.7) * 1.0,
        "all of an axis": lambda r: np.all(A([r, r]), axis=0)[0] * 1.0,
        "logical_not": lambda r: np.logical_not(A(r))[0] * 1.0,
        "logical_and": lambda r: np.logical_and(A(r), True)[0] * 1.0,
        "logical_or of two": lambda r: np.logical_or(A(r), A(r))[0] * 1.0,
        "logical_xor": lambda r: np.logical_xor(A(r), True)[0] * 1.0,
        "logical_or.reduce": lambda r: np.logical_or.reduce(A(r)) * 1.0,
        "logical_and.accumulate": lambda r: np.logical_and.accumulate(A(r))[-1] * 1.0,
        "nonzero": lambda r: len(np.nonzero(A(r))[0]) * 1.0,
        "flatnonzero": lambda r: len(np.flatnonzero(A(r))) * 1.0,
        "argwhere": lambda r: len(np.argwhere(A(r))) * 1.0,
        "count_nonzero": lambda r: np.count_nonzero(A(r)) * 1.0,
        "trim_zeros": lambda r: len(np.trim_zeros(A(r))) * 1.0,
        "astype float": lambda r: A(r).astype(float)[0],
        "astype int": lambda r: A(r).astype(int)[0] * 1.0,
        "astype bool": lambda r: A(r).astype(bool)[0] * 1.0,
        "astype str": lambda r: float(A(r).astype(str)[0]),
        "astype complex": lambda r: A(r).astype(complex)[0].real,
        "array of floats": lambda r: np.array(r, dtype=float)[0],
        "asarray_chkfinite": lambda r: np.asarray_chkfinite(A(r))[0],
        "fromiter": lambda r: np.fromiter(r, float)[0],
        "full": lambda r: np.full(2, r[0])[0],
        "full of floats": lambda r: np.full(2, r[0], dtype=float)[0],
        "full_like": lambda r: np.full_like(np.zeros(2), r[0])[0],
        "assignment into floats": lambda r: (lambda a: (a.__setitem__(0, r[0]), a[0])[1])(np.zeros(2)),
        "round": lambda r: np.round(A(r))[0],
        "rint": lambda r: np.rint(A(r))[0],
        "fix": lambda r: np.fix(A(r))[0],
        "floor": lambda r: np.floor(A(r))[0],
        "trunc": lambda r: np.trunc(A(r))[0],
        "floor_divide": lambda r: np.floor_divide(A(r), 1.0)[0],
        "mod": lambda r: np.mod(A(r), 1.0)[0],
        "isnan": lambda r: np.isnan(A(r))[0] * 1.0,
        "isnan of one": lambda r: np.isnan(r[0]) * 1.0,
        "isfinite of one": lambda r: np.isfinite(r[0]) * 1.0,
        "signbit of one": lambda r: np.signbit(r[0]) * 1.0,
        "isinf": lambda r: np.isinf(A(r)).sum() * 1.0,
        "isneginf": lambda r: np.isneginf(A(r)).sum() * 1.0,
        "isposinf": lambda r: np.isposinf(r[0]) * 1.0,
        "isreal": lambda r: np.isreal(A(r)).sum() * r[0],
        "iscomplex": lambda r: np.iscomplex(A(r)).sum() + r[0],
        "isscalar": lambda r: r[0] * (1.0 + np.isscalar("a")),
        "real": lambda r: np.real(A(r))[0],
        "imag": lambda r: np.imag(A(r))[0],
        "angle": lambda r: np.angle(A(r))[0],
        "real_if_close": lambda r: np.real_if_close(A(r))[0],
        "conj": lambda r: np.conj(A(r))[0],
        "abs": lambda r: np.abs(A(r))[0],
        "vectorize": lambda r: np.vectorize(lambda x: 1.0 if x > 0.7 else 2.0)(A(r))[0],
        "vectorize without a branch": lambda r: np.vectorize(lambda x: x * 2.0, otypes=[object])(A(r))[0],
        "vectorize that finds its type": lambda r: np.vectorize(lambda x: x * 2.0)(A(r))[0],
        "frompyfunc": lambda r: np.frompyfunc(lambda x: x * 2.0, 1, 1)(A(r))[0],
        "apply_along_axis": lambda r: np.apply_along_axis(lambda a: a.sum(), 0, A(r)) * 1.0,
        "sum": lambda r: np.sum(A(r)),
        "sum where": lambda r: np.sum(A(r), where=A(r) > 0.7),
        "sum of an axis": lambda r: np.sum(A([r, r]), axis=0)[1],
        "sum of floats": lambda r: np.sum(A(r), dtype=float),
        "prod": lambda r: np.prod(A(r)),
        "mean": lambda r: np.mean(A(r)),
        "mean of floats": lambda r: np.mean(A(r), dtype=float),
        "average": lambda r: np.average(A(r), weights=[1.0, 2.0, 3.0]),
        "average by the row": lambda r: np.average([1.0, 2.0, 3.0], weights=A(r) ** 2),
        "var": lambda r: np.var(A(r)),
        "std": lambda r: np.std(A(r) + A([1.0, 2.0, 4.0])),
        "cumsum": lambda r: np.cumsum(A(r))[-1],
        "cumprod": lambda r: np.cumprod(A(r))[-1],
        "diff": lambda r: np.diff(A(r))[0],
        "ediff1d": lambda r: np.ediff1d(A(r))[0],
        "gradient": lambda r: np.gradient(A(r))[0],
        "trapezoid": lambda r: np.trapezoid(A(r)),
        "interp": lambda r: np.interp(0.5, [0.0, 1.0, 2.0], r),
        "convolve": lambda r: np.convolve(A(r), [1.0, 2.0])[1],
        "correlate": lambda r: np.correlate(A(r), [1.0, 2.0])[0],
        "dot": lambda r: np.dot(A(r), A(r)),
        "inner": lambda r: np.inner(A(r), [1.0, 2.0, 3.0]),
        "outer": lambda r: np.outer(A(r), A(r))[1, 2],
        "matmul": lambda r: (A([r, r]) @ A(r))[0],
        "einsum": lambda r: np.einsum("i,i", A(r), A(r)),
        "tensordot": lambda r: np.tensordot(A(r), A(r), 1) * 1.0,
        "cross": lambda r: np.cross(A(r), [1.0, 2.0, 3.0])[0],
        "kron": lambda r: np.kron(A(r), [1.0, 2.0])[1],
        "vdot": lambda r: np.vdot(A(r), A(r)),
        "trace": lambda r: np.trace(np.outer(A(r), A(r))),
        "linalg.norm": lambda r: np.linalg.norm(A(r)),
        "linalg.det": lambda r: np.linalg.det(A([r[:2], r[1:]])),
        "linalg.solve": lambda r: np.linalg.solve(A([[1.0, 2.0], [3.0, 4.0]]), A(r[:2]))[0],
        "linalg.matrix_power": lambda r: np.linalg.matrix_power(A([r[:2], r[1:]]), 2)[0, 1],
        "polyval": lambda r: np.polyval(A(r), 2.0),
        "polyval at it": lambda r: np.polyval([1.0, 2.0, 3.0], r[0]),
        "clip": lambda r: np.clip(A(r), 0.0, 1.0)[0],
        "clip of one": lambda r: np.clip(r[0], 0.0, 1.0),
        "maximum": lambda r: np.maximum(A(r), 0.7)[0],
        "fmax": lambda r: np.fmax(A(r), 0.7)[0],
        "maximum.reduce": lambda r: np.maximum.reduce(A(r)),
        "minimum.accumulate": lambda r: np.minimum.accumulate(A(r))[-1],
        "add.reduce": lambda r: np.add.reduce(A(r)),
        "add.at": lambda r: (lambda a: (np.add.at(a, [0], r[0]), a[0])[1])(np.array(r)),
        "multiply.outer": lambda r: np.multiply.outer(A(r), A(r))[0, 1],
        "subtract.accumulate": lambda r: np.subtract.accumulate(A(r))[-1],
        "heaviside": lambda r: np.heaviside(A(r), 0.5)[0],
        "copysign": lambda r: np.copysign(A(r), 1.0)[0],
        "hypot": lambda r: np.hypot(A(r), 1.0)[0],
        "exp": lambda r: np.exp(A(r))[0],
        "expm1 of one": lambda r: np.expm1(r[0]),
        "sinc": lambda r: np.sinc(A(r))[0],
        "i0": lambda r: np.i0(A(r))[0],
        "unwrap": lambda r: np.unwrap(A(r))[0],
        "deg2rad": lambda r: np.deg2rad(A(r))[0],
        "square": lambda r: np.square(A(r))[0],
        "cbrt": lambda r: np.cbrt(A(r))[0],
        "nextafter": lambda r: np.nextafter(A(r), 1.0)[0],
        "ldexp": lambda r: np.ldexp(A(r), 2)[0],
        "frexp": lambda r: np.frexp(A(r))[0][0],
        "modf": lambda r: np.modf(A(r))[0][0],
        "take": lambda r: np.take(A(r), [2, 0])[0],
        "take by it": lambda r: np.take([1.0, 2.0], A(r))[0],
        "index by it": lambda r: np.array([1.0, 2.0])[A(r)][0],
        "repeat by it": lambda r: len(np.repeat([1.0], r[0])) * 1.0,
        "arange to it": lambda r: len(np.arange(r[0])) * 1.0,
        "linspace to it": lambda r: np.linspace(0.0, r[0], 3)[1],
        "zeros of it": lambda r: len(np.zeros(r[0])) * 1.0,
        "roll": lambda r: np.roll(A(r), 1)[0],
        "concatenate": lambda r: np.concatenate([A(r), [1.0]])[0] * 2.0,
        "concatenate of floats": lambda r: np.concatenate([A(r), [1.0]], dtype=float, casting="unsafe")[0],
        "stack": lambda r: np.stack([A(r), A(r)])[1, 0] * 2.0,
        "reshape": lambda r: A(r).reshape(3, 1)[2, 0] * 2.0,
        "transpose": lambda r: np.outer(A(r), [1.0, 2.0]).T[1, 0],
        "broadcast_to": lambda r: np.broadcast_to(A(r), (2, 3))[1, 2] * 2.0,
        "tile": lambda r: np.tile(A(r), 2)[4] * 2.0,
        "pad": lambda r: np.pad(A(r), 1)[1] * 2.0,
        "pad by the edge": lambda r: np.pad(A(r), 1, mode="edge")[0] * 2.0,
        "pad by the maximum": lambda r: np.pad(A(r), 1, mode="maximum")[0] * 1.0,
        "flip": lambda r: np.flip(A(r))[0] * 2.0,
        "diag": lambda r: np.diag(A(r))[1, 1] * 2.0,
        "triu": lambda r: np.triu(np.outer(A(r), A(r)))[1, 0] + r[0],
        "meshgrid": lambda r: np.meshgrid(A(r), [1.0])[0][0, 0] * 2.0,
        "insert": lambda r: np.insert(A(r), 0, 5.0)[1] * 2.0,
        "delete": lambda r: np.delete(A(r), 0)[0] * 2.0,
        "append": lambda r: np.append(A(r), 1.0)[0] * 2.0,
        "tolist": lambda r: A(r).tolist()[0] * 2.0,
        "item": lambda r: A(r).item(0) * 2.0,
        "view": lambda r: A(r).view(np.int64)[0] * 1.0,
        "copy": lambda r: A(r).copy()[0] * 2.0,
        "deepcopy": lambda r: copy.deepcopy(A(r))[0] * 2.0,
        "pickle": lambda r: pickle.loads(pickle.dumps(A(r)))[0],
        "lexsort": lambda r: np.lexsort((A(r),))[0] * 1.0,
        "partition": lambda r: np.partition(A(r), 0)[0],
        "argpartition": lambda r: np.argpartition(A(r), 0)[0] * 1.0,
        "may_share_memory": lambda r: r[0] * np.may_share_memory(A(r), np.zeros(1)),
        "masked_where": lambda r: np.ma.masked_where(A(r) > 0.7, A(r)).sum(),
        "masked_invalid": lambda r: np.ma.masked_invalid(A(r)).sum(),
        "ma.array": lambda r: np.ma.array(A(r), mask=[True, False, False]).sum(),
        "matrix": lambda r: np.asmatrix(A(r)).sum() * 1.0,
        "rec": lambda r: np.rec.fromarrays([A(r)], names="a").a[0] * 2.0,
        "iterate": lambda r: sum(np.nditer(A(r), flags=["refs_ok"], op_dtypes=["O"])).item() * 1.0,
        "fft": lambda r: np.fft.fft(A(r))[0].real,
        "cov": lambda r: np.cov(A(r)) * 1.0,
        "corrcoef": lambda r: np.corrcoef(A(r), [1.0, 2.0, 4.0])[0, 1],
        "testing": lambda r: (np.testing.assert_allclose(A(r), A(r)), r[0])[1],
        "testing equal": lambda r: (np.testing.assert_array_equal(A(r), A(r)), r[0])[1],
        "random.choice by p": lambda r: np.random.default_rng(0).choice(3, p=A(r) ** 2 / sum(A(r) ** 2)) * 1.0,
    }.items()
}

# What is another number at each call, or asks what its argument is. A trace cannot see it; `check` calls and compares.
CALLS = itertools.count(1)
SEEN: list[Any] = []
MEMO: dict[str, Any] = {}
DRAWS = np.random.default_rng(0)


def _counted(x: Any) -> Any:
    global _calls
    _calls += 1
    return x * _calls


_calls = 0


def _by_default(x: Any, seen: list[Any] = []) -> Any:  # noqa: B006 - what is tested
    seen.append(1)
    return x * len(seen)


def _attribute(x: Any) -> Any:
    _attribute.calls = getattr(_attribute, "calls", 0) + 1  # type: ignore[attr-defined]
    return x * _attribute.calls  # type: ignore[attr-defined]


def _by_type(x: Any) -> Any:
    match x:
        case float():
            return x
        case _:
            return 2.0 * x


VARYING: dict[str, Probe] = {
    "random.random": lambda x: x * random.random(),
    "random.choice of numbers": lambda x: x * random.choice([1.0, 2.0, 3.0]),
    "random comparison": lambda x: x * (random.random() > 0.5),
    "np.random": lambda x: x * np.random.rand(),
    "a generator of numbers": lambda x: x * DRAWS.normal(),
    "a shuffle": lambda x: x * random.sample([1.0, 2.0, 3.0, 4.0], 4)[0],
    "time.perf_counter": lambda x: x * time.perf_counter(),
    "time.time_ns": lambda x: x * time.perf_counter_ns(),
    "uuid": lambda x: x * (uuid.uuid4().int % 1000),
    "a global counter": _counted,
    "itertools.count": lambda x: x * next(CALLS),
    "a mutable default": _by_default,
    "an attribute of the function": _attribute,
    "a list outside": lambda x: (SEEN.append(1), x * len(SEEN))[1],
    "a memo outside": lambda x: x * MEMO.setdefault("first", x),
    "isinstance of float": lambda x: x if isinstance(x, float) else 2.0 * x,
    "type of": lambda x: x if type(x) is float else 2.0 * x,
    "match of a class": _by_type,
    "hasattr of hex": lambda x: x if hasattr(x, "hex") else 2.0 * x,
    "the name of its type": lambda x: x * len(type(x).__name__),
}
# The text of a symbol, for those who debug: it shows no number, so that none can be read from it.
TEXTS: dict[str, Callable[[Any], str]] = {
    "repr": repr,
    "f-string with !r": lambda x: f"{x!r}",
    "f-string with =": lambda x: f"{x=}",
    "percent r": lambda x: "%r" % x,  # noqa: UP031
    "ascii": ascii,
    "dataclass": lambda x: repr(Key(x)),
    "list": lambda x: str([x]),
    "dict": lambda x: str({"a": x}),
    "a product": lambda x: repr(x * 8.125),
    "an array": lambda x: repr(np.array([x])),
    "array2string": lambda x: np.array2string(np.array([x])),
    "a Value": lambda x: repr(W),
    "a Value in a list": lambda x: str([W]),
}
