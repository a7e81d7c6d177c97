"""Origins: what the rows of a block came from in few words, derivatives by what they are derivatives along."""

from __future__ import annotations

import pytest

from autodiff.compilation.trace.origins import ADJOINT, GRADIENT, Derivatives, Mark, described
from autodiff.compilation.trace.symbol import Symbol
from autodiff.modes import Origin
from autodiff.primitive import Primitive
from autodiff.rules import MEAN, SIGMOID


def _mark(path: str, role: str = "", whole: Primitive | None = None) -> Mark:
    """A mark of a scope, and of a label where a colon stands before it."""
    scope, _, label = path.partition(":")
    origin = Origin(tuple(scope.split("/")) if scope else (), role) if scope or role else None
    return label or None, origin, whole


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ([], ""),
        ([""], ""),
        (["layer 1"], "layer 1"),
        (["layer 1/neuron 2:w1"], "layer 1 / neuron 2 / w1"),
        ([":loss"], "loss"),
        (["layer 1/neuron 1"] * 3, "layer 1 / neuron 1"),
        (["layer 1/neuron 1", "", "layer 1/neuron 2"], "layer 1 / neuron 1 and neuron 2"),
        (["layer 1/neuron 1", "layer 1/neuron 2", "layer 1/neuron 4"], "layer 1 / neuron 1 … neuron 4"),
        ([":w1", ":w2"], "w1 and w2"),
        (["layer 1/neuron 1", "layer 2/neuron 3"], "layer 1 / neuron 1 and layer 2 / neuron 3"),
        (["layer 1/neuron 1:w1", "layer 2/neuron 1", "loss"], "layer 1 / neuron 1 / w1 and others"),
        (["layer 1", "layer 1/neuron 1"], "layer 1 and others"),
    ],
)
def test_places_in_few_words(paths: list[str], words: str) -> None:
    assert described(map(_mark, paths)) == words
    of_adjoints = described(_mark(path, ADJOINT) for path in paths)
    assert of_adjoints == (f"adjoint of {words}" if words else "")


def test_derivatives_are_not_mixed_with_what_they_are_of() -> None:
    assert described([_mark(":w", GRADIENT), _mark(":v", GRADIENT), _mark(":w")]) == "gradient of w and v and others"
    assert described([_mark(":w"), _mark(":v", ADJOINT)]) == "w and others"
    apart = [_mark("layer 1", ADJOINT), _mark("layer 1:s", ADJOINT), _mark(":w")]
    assert described(apart) == "adjoint of layer 1 and others"
    assert described([_mark(":w", "parameter")]) == "w"


def test_what_they_are_parts_of() -> None:
    assert described([_mark(":a", whole=SIGMOID), _mark(":b", whole=SIGMOID)]) == "a and b, for sigmoid"
    assert described([_mark("", whole=SIGMOID), _mark("", whole=MEAN)]) == "for sigmoid and mean"


def test_the_origin_of_a_derivative_is_made_once() -> None:
    place, twin = Origin(("layer 1",), "parameter"), Origin(("layer 1",))
    gradients = Derivatives(GRADIENT)
    assert gradients.of(place) is gradients.of(place)
    assert gradients.of(place) == gradients.of(twin) == Origin(("layer 1",), GRADIENT)
    assert gradients.of(None) == Origin((), GRADIENT)


def test_marks_of_derivatives_name_their_leaves() -> None:
    place, gradients = Origin(("layer 1",), "parameter"), Derivatives(GRADIENT)
    made = [
        Symbol(None, (), batched=False, label=label, origin=origin)
        for label, origin in [("w", place), ("v", place), (None, None)]
    ]
    origins = [gradients.of(place), gradients.of(place), gradients.of(None)]
    marks = gradients.marks(made)
    assert marks == [("w", origins[0], None), ("v", origins[1], None), (None, origins[2], None)]
    assert [id(origin) for _, origin, _ in marks] == [*map(id, origins)]
