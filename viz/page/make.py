"""page(): from a graph, or a model with data, to a page."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

from autodiff import Value, sources
from viz.errors import CoercionError, OptionTypeError
from viz.page.choices import choices_source
from viz.page.expression import Expression
from viz.page.film import Film, film_payload
from viz.page.findings import findings_payload
from viz.page.optimizer import Descent, rule_payload
from viz.page.page import Page, PathLike
from viz.page.payload import graph_payload
from viz.page.structure import structure_payload
from viz.page.tape import Tape, tape_of
from viz.subject import Drawable, Loss, Subject, read_subject


def page(
    subject: Drawable | Film,
    *data: Any,
    loss: Loss | None = None,
    optimizer: Any = None,
    filename: PathLike | None = None,
    title: str | None = None,
) -> Page:
    """Write a graph as one HTML file in which you can ask why a gradient is what it is.

    Parameters
    ----------
    subject : Value, callable or Film
        A recorded graph; a function, with its arguments as `data`; a model, with features and targets as `data`; or
        a film, and a second one as `data` to compare two runs.
    *data : float, Value or array_like
        Numbers or Values for the arguments of a function; for a model the features, of shape (records, inputs), and
        the targets.
    loss : callable, optional
        For a model, a function (predictions, targets) -> Value, such as `nn.mse`.
    optimizer : Optimizer, optional
        For a model, the rule by which the page trains, such as `nn.Adam(learning_rate=0.01)`; by default gradient
        descent. It is not changed.
    filename : path-like, optional
        Where to save the page at once.
    title : str, optional
        The heading; by default the name of the function or the shape of the model.

    Returns
    -------
    Page
        With `.html` and `.save(path)`; a notebook shows it.

    Raises
    ------
    CoercionError, OptionTypeError
        TypeErrors, for any other subject, if data or the loss are missing, and for anything but an optimizer.
    ShapeError
        A ValueError, if features, targets and outputs do not fit together.

    Examples
    --------
    >>> from autodiff import tanh
    >>> def neuron(w, x, b):
    ...     return tanh(w * x + b)
    >>> made = page(neuron, -0.5, 2.0, 0.3)
    >>> "neuron" in made.html, "http" in made.html.replace("http-equiv", "").replace("http://www.w3.org", "")
    (True, False)
    """
    if optimizer is not None and (isinstance(optimizer, type) or not hasattr(optimizer, "update")):
        raise OptionTypeError(f"optimizer takes an optimizer, such as nn.SGD(learning_rate=0.1), got {optimizer!r}")
    films = [run for run in (subject, *data) if isinstance(run, Film)]
    if films:
        subject, data, loss = films[0].model, films[0].data, films[0].loss
    made = _page(subject, data, loss, optimizer=optimizer, title=title, films=films)
    if filename is not None:
        made.save(filename)
    return made


def _page(
    subject: Any, data: Sequence[Any], loss: Loss | None, *, optimizer: Any, title: str | None, films: Sequence[Film]
) -> Page:
    seen, leaves = _seen(subject, data, loss)
    tape = tape_of(seen)
    graph, scripts = graph_payload(seen, tape)
    structure = structure_payload(seen, tape)
    asked: tuple[Any, Sequence[Any], Loss | None] = (subject, data, loss)
    if seen.model is None:
        asked = seen.root, (), None
    found = findings_payload(*asked, tape, structure["neurons"])
    parameters: list[Any] = [tape.values[slot] for slot in graph["parameters"]]
    trains = bool(structure["neurons"] and tape.rows and not films)
    rule = rule_payload(optimizer or Descent(), parameters) if trains else None
    payload = {
        "title": title or _title(subject, seen),
        "graph": graph | structure,
        "rule": rule[0] if rule else None,
        "film": film_payload(films, parameters) if films else None,
        **found,
    }
    chosen = choices_source(subject, _slots(tape, leaves)) if leaves else None
    return Page(payload, scripts, rule[1] if rule else None, chosen)


def _seen(subject: Any, data: Sequence[Any], loss: Loss | None) -> tuple[Subject, list[Value]]:
    """What is shown, and of a function the leaves that are its arguments."""
    if callable(subject) and not isinstance(subject, Value) and loss is None and data and all(map(_is_scalar, data)):
        out, leaves = _called(subject, data)
        return read_subject(out), leaves
    return read_subject(subject, *data, loss=loss), []


def _slots(tape: Tape, leaves: Sequence[Value]) -> list[Any]:
    """Leaves as the script reads them; those that are not in the graph by their numbers."""
    return [Expression(f"v[{tape.slot_of[leaf]}]") if leaf in tape.slot_of else leaf.data for leaf in leaves]


def _is_scalar(given: Any) -> bool:
    return isinstance(given, (Value, Real))


def _called(function: Callable[..., Any], data: Sequence[Any]) -> tuple[Value, list[Value]]:
    """The graph of one call, and its arguments, leaves with the names of the parameters."""
    names = _names(function, len(data))
    leaves = [x if isinstance(x, Value) else Value(x, label=name) for x, name in zip(data, names, strict=True)]
    with sources():
        out = function(*leaves)
    if not isinstance(out, Value):
        raise CoercionError(f"{_name(function)} returned {out!r}, which is no Value with a graph to show")
    return out, leaves


def _names(function: Callable[..., Any], count: int) -> list[str]:
    try:
        names = [*inspect.signature(function).parameters]
    except ValueError:  # some builtins do not tell
        names = []
    return names[:count] if len(names) >= count else [f"x{place}" for place in range(1, count + 1)]


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__)).strip("<>")


def _title(subject: Any, seen: Subject) -> str:
    if isinstance(subject, Value):
        return subject.label or "graph"
    if seen.model is None:
        return _name(subject)
    sizes = _sizes(subject)
    return f"network {sizes}" if sizes else _name(subject)


def _sizes(model: Any) -> str:
    layers = getattr(model, "layers", None)
    if not layers or not all(hasattr(layer, "outputs") for layer in layers):
        return ""
    return "-".join(str(width) for width in (layers[0].inputs, *(layer.outputs for layer in layers)))
