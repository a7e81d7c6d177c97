"""Random programs in Python: text that is run on Values, on symbols and, where it is installed, on JAX.

A program takes a number, a row of three, and a dict of numbers in containers, and closes over two parameters. Its
statements are of many kinds: containers, closures, loops, generators, arrays of NumPy, and derivatives inside.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff
from autodiff import Value

FUNCTIONS = ("sin", "cos", "tanh", "sigmoid", "softplus", "exp", "relu", "log", "sqrt", "atan", "square", "log1p")
_SMOOTH = FUNCTIONS[:5]
STARTS = ("x", "row[0]", "row[1]", "row[2]", "d['a']", "d['b'][0]", "d['b'][1]", "w", "b")
ON_VALUES = {name: getattr(autodiff, name) for name in (*FUNCTIONS, "where", "maximum", "minimum", "logsumexp", "grad")}


class Writer:
    """Writes the text of a program, from a seed; a smooth one has no kinks, poles or overflow."""

    def __init__(self, seed: int, *, smooth: bool) -> None:
        self._draw = random.Random(seed)
        self._smooth = smooth
        self._names = [*STARTS]
        self._count = 0

    def text(self) -> str:
        """The function `program(x, row, d)`, with its parameters `w` and `b` from around it."""
        lines = [line for _ in range(self._draw.randint(2, 7)) for line in self._statement()]
        body = "\n".join(f"    {line}" for line in [*lines, f"return {self._result()}"])
        return f"def program(x, row, d):\n{body}\n"

    def _result(self) -> str:
        last = " + ".join(self._names[-3:])
        return f"tanh({last})" if self._smooth else last

    def _name(self) -> str:
        self._count += 1
        self._names.append(f"v{self._count}")
        return self._names[-1]

    def _atom(self) -> str:
        draw = self._draw
        return (
            repr(draw.choice((0.5, 2.0, -1.0, 0.25, 3.0))) if draw.random() < 0.15 else draw.choice(self._names[-12:])
        )

    def _expression(self, depth: int = 2) -> str:
        draw = self._draw
        if depth == 0 or draw.random() < 0.15:
            return self._atom()
        a, b, c = (self._expression(depth - 1) for _ in range(3))
        forms = [f"({a} + {b})", f"({a} - {b})", f"tanh({a} * {b})", f"-({a})", f"({a} / (1.5 + ({b}) ** 2))"]
        forms += [
            f"{draw.choice(_SMOOTH)}({a})",
            f"tanh({a}) ** 3",
            f"sum([tanh({a}), {b}, {c}])",
            f"cos({a} * {b} + {c})",
        ]
        if not self._smooth:
            forms += [f"({a} * {b})", f"({a} / {b})", f"maximum({a}, {b})", f"minimum({a}, {b})", f"abs({a})"]
            forms += [f"where({a} > {b}, {c}, {a})", f"{draw.choice(FUNCTIONS)}({a})", f"where({a} == {b}, {c}, {b})"]
            forms += [f"where(({a} < {b}) & ({b} <= {c}), {a}, {c})"]
        return draw.choice(forms)

    def _statement(self) -> list[str]:
        e, f, g = (self._expression() for _ in range(3))
        k = self._draw.randint(1, 4)
        kinds = _STATEMENTS if self._smooth else _STATEMENTS + _KINKED
        text = self._draw.choice(kinds)
        return text.format(e=e, f=f, g=g, k=k, v=self._name()).splitlines()


_STATEMENTS = (
    "{v} = {e}",
    "{v} = [{e}, {f}, {g}]\n{v}.append({v}[0])\n{v} = tanh({v}[-1] * {v}[1]) + {v}[{k} % 3]",
    "{v} = {{'p': {e}, 'q': ({f}, [{g}])}}\n{v} = {v}['p'] - {v}['q'][1][0] + sum([v for v in {v}['q'][:1]])",
    "{v} = {e}\nfor k in range({k}):\n    {v} = tanh({v} * (0.5 + k)) + {f}",
    "{v}, k = {e}, 0\nwhile k < {k}:\n    {v}, k = sin({v}) - row[k % 3], k + 1",
    "def {v}(t, s={e}, *, u=b):\n    return tanh(t * s) + u\n{v} = {v}({f}, u={g})",
    "{v} = (lambda t: [t, {e}][{k} % 2])({f})",
    "{v} = sum([tanh(t * {k}) for t in [*row, {e}]])",
    "{v} = sum([t * s for t, s in zip(row, [tanh({e}), sin({f}), cos({g})])])",
    "{v} = functools.reduce(lambda s, t: tanh(s) + t, [{e}, {f}, {g}])",
    "def {v}():\n    t = {e}\n    for k in range({k}):\n        yield t\n        t = sin(t) + {f}\n{v} = sum([*{v}()])",
    "{v} = dict(zip('abc', row))\n{v}['a'] += {e}\n{v} = {v}.pop('a') + {v}.get('b', 0.0)",
    "try:\n    {v} = {e}\n    if {k} > 2:\n        raise KeyError\nexcept KeyError:\n    {v} = {f}",
    "if {k} > 2 and len(row) == 3:\n    {v} = {e}\nelse:\n    {v} = {f}",
    "match [{e}, {f}]:\n    case [t, s]:\n        {v} = tanh(t) - s\n    case _:\n        {v} = 0.0",
    "{v} = array([{e}, {f}, {g}])\n{v} = ({v} * {v}[::-1]).sum() / (3.0 + dot({v}, {v}))",
    "{v} = array([{e}, {f}])\n{v} = stack([{v}, {v} * 2.0]).reshape(4)[{k} % 4] + tanh(outer({v}, {v})[0, 1])",
    "{v} = tanh(array([row[0], {e}, {f}]) @ array(row)) + mean(array([{g}, w]))",
    "{v} = grad(lambda t: sin(t * {e}) + tanh(t) * {f})({g})",
    "{v} = grad(grad(lambda t: sin(t) * w + tanh(t) ** 2))({e})",
    "{v} = sorted(enumerate([{e}, {f}, {g}]), key=lambda pair: -pair[0])[{k} % 3][1]",
    "{v} = [[t * s for t in row] for s in (w, b)][{k} % 2][{k} % 3] + {e}",
)
_KINKED = (
    "{v} = logsumexp([{e}, {f}, {g}])",
    "{v} = sum([maximum(t, 0.5) for t in array([{e}, {f}, {g}])])",
    "{v} = minimum({e}, maximum({f}, {g}))\n{v} = where({v} >= {e}, {v}, {f})",
)


def compiled_text(text: str, names: dict[str, Any]) -> Callable[..., Any]:
    """The program of a text, with the functions that it finds by these names."""
    scope = {"functools": functools, **names}
    exec(text, scope)
    made: Callable[..., Any] = scope["program"]
    return made


def on_values(text: str, w: Value, b: Value) -> Callable[..., Any]:
    """The program on the library's functions and on NumPy, which closes over these parameters."""
    arrays = {name: getattr(np, name) for name in ("array", "stack", "outer", "dot", "mean")}
    return compiled_text(text, {**ON_VALUES, **arrays, "tanh": _tanh, "w": w, "b": b})


def _tanh(x: Any) -> Any:
    return np.tanh(x) if isinstance(x, np.ndarray) else autodiff.tanh(x)
