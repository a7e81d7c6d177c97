"""What a function calls its arguments."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from autodiff.compilation.trace.argument_names import argument_names


class Callable:
    def __call__(self, features: Any) -> Any:
        return features


def several(x: Any, /, y: Any, *rest: Any, z: Any = 0.0) -> Any:
    return x


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (lambda x, y: x, ["x", "y"]),
        (several, ["x", "y"]),
        (several, ["x", "y", "rest[0]", "rest[1]"]),
        (functools.partial(several, 1.0), ["y", "rest[0]"]),
        (Callable(), ["features"]),
        (lambda x, y=1.0: x, ["x"]),
        (max, [None, None]),  # has no signature
    ],
)
def test_names(function: Any, names: list[str | None]) -> None:
    assert argument_names(function, len(names)) == names
