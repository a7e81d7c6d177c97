"""A gradient next to the function itself, both compiled and called in the same way: the bound of theory is 4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff
from benchmarks import admissions, bundle, digits, mixture, moons_compiled, wide
from benchmarks.classifier import Classifier, scalar_loss
from benchmarks.comparison import Comparison, Work


def _admissions() -> tuple[Work, Work]:
    return _ratio(_of_weights(admissions.scalar_loss), admissions.records(), admissions.first_weights())


def _classifier(work: Classifier) -> tuple[Work, Work]:
    return _ratio(_of_weights(scalar_loss), [work.features, work.one_hot()], work.first_weights())


def _mixture() -> tuple[Work, Work]:
    return _ratio(mixture.scalar_log_likelihood, [mixture.point_rows()], mixture.parameters())


def _bundle() -> tuple[Work, Work]:
    """Of one number a record, half the squared length of the residual, along camera, point and weight."""
    given = [np.asfortranarray(array) for array in bundle.observations()]

    def half_square(*args: Any) -> Any:
        a, b = bundle.residual(*args, autodiff)
        return 0.5 * (a * a + b * b)

    compiled = autodiff.compile(half_square, batched=(0, 1, 2, 3))
    return lambda: compiled.value_and_grad(*given, argnums=(0, 1, 2)), lambda: compiled(*given)


def _bound(bound: Any) -> tuple[Work, Work]:
    return bound, bound.value


def _of_weights(loss_of: Callable[[Any], Callable[[Any, Any], Any]]) -> Callable[..., Any]:
    """The loss of a record with the weights as further arguments."""
    return lambda features, target, *weights: loss_of(list(weights))(features, target)


def _ratio(function: Callable[..., Any], records: Sequence[Any], parameters: Sequence[Any]) -> tuple[Work, Work]:
    arrays = [np.asfortranarray(array) for array in records]
    compiled = autodiff.compile(function, batched=range(len(arrays)))
    numbers = range(len(arrays), len(arrays) + len(parameters))
    return (
        lambda: compiled.value_and_grad(*arrays, *parameters, argnums=numbers, reduction="mean"),
        lambda: compiled(*arrays, *parameters),
    )


def _row(name: str, prepare: Callable[[], tuple[Work, Work]], repeats: int, *needs: str) -> Comparison:
    about = f"value and gradient against the value alone, {name}"
    return Comparison(f"gradient-{name}", "numpy", 3.0, about, _warm(prepare), 11, repeats, needs)


def _warm(prepare: Callable[[], tuple[Work, Work]]) -> Callable[[], tuple[Work, Work]]:
    def prepared() -> tuple[Work, Work]:
        sides = prepare()
        for work in sides:
            work()
        return sides

    return prepared


ROWS = (
    _row("admissions", _admissions, 100),
    _row("moons", lambda: _bound(moons_compiled.replayed()), 100),
    _row("moons-lifted", lambda: _bound(moons_compiled.lifted()), 20),
    _row("digits", lambda: _classifier(digits.classifier()), 20, "sklearn"),
    _row("wide", lambda: _classifier(wide.classifier()), 5),
    _row("mixture", _mixture, 20),
    _row("bundle", _bundle, 1),
)
