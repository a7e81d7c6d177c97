"""Derivatives of any order along any sequence of operands, by every way that the library computes them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff
from autodiff import grad, jvp

Function = Callable[..., Any]
Places = tuple[int, ...]
"""The operands that are differentiated along, the first one first."""


def by_reverse(function: Function, places: Places) -> Function:
    return functools.reduce(lambda made, place: grad(made, argnums=place), places, function)


def by_forward(function: Function, places: Places) -> Function:
    return functools.reduce(_pushed, places, function)


def _pushed(function: Function, place: int) -> Function:
    def along(*point: Any) -> Any:
        def of_one(x: Any) -> Any:
            return function(*point[:place], x, *point[place + 1 :])

        return jvp(of_one, (point[place],), (1.0,))[1]

    return along


def eagerly(derivative: Function, points: Sequence[Sequence[float]]) -> list[float]:
    return [float(derivative(*point)) for point in points]


def compiled(derivative: Function, points: Sequence[Sequence[float]]) -> list[float]:
    columns = [np.array(column) for column in zip(*points, strict=True)]
    return np.asarray(autodiff.compile(derivative, batched=range(len(columns)))(*columns)).tolist()  # type: ignore[no-any-return]


WAYS: dict[str, Callable[[Function, Places, Sequence[Sequence[float]]], list[float]]] = {
    "reverse": lambda function, places, points: eagerly(by_reverse(function, places), points),
    "forward": lambda function, places, points: eagerly(by_forward(function, places), points),
    "reverse, compiled": lambda function, places, points: compiled(by_reverse(function, places), points),
    "forward, compiled": lambda function, places, points: compiled(by_forward(function, places), points),
}


def sequences(operands: int, *, highest: int = 3) -> list[Places]:
    """Every sequence of one to three operands: each mixed partial in each order of differentiation."""
    return [places for order in range(1, highest + 1) for places in itertools.product(range(operands), repeat=order)]
