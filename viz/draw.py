"""draw(): from a Value to a picture of the graph below it."""

from __future__ import annotations

from pathlib import Path

from autodiff import Value
from viz import folding, sketch
from viz.dot import write
from viz.errors import DrawingOptionError, DrawingTypeError
from viz.look import Look
from viz.render import DOT_TEXT, TIME_LIMIT, PathLike, Picture, require_format


def draw(
    value: Value,
    *,
    direction: str = "LR",
    format: str = "svg",  # noqa: A002 - graphviz's name
    values: bool = True,
    gradients: bool = True,
    slopes: bool = True,
    precision: int = 4,
    legend: bool = True,
    filename: PathLike | None = None,
    max_labelled: int = 300,
    max_nodes: int = 1500,
    time_limit: float = TIME_LIMIT,
) -> Picture:
    """The graph below `value`, every node and every edge, as a `graphviz.Digraph` that notebooks show.

    A node shows its label or operation, its data and its gradient in `precision` significant digits,
    a dash where no sweep has run. An edge shows its local slope; its width is |slope × upstream|.
    Colour is the gradient, shape the role; `direction` is LR, TB, RL or BT.

    With `filename` the picture is written at once, in the format of its extension, or in `format` where it has
    none; a `.gv` or `.dot` file gets the DOT text. Beyond `max_labelled` nodes numbers are on hover, beyond
    `max_nodes` nodes are folded, and a note says how many. A layout is ended after `time_limit` seconds.

    Raises DrawingTypeError (a TypeError) for anything that is not a Value, DrawingOptionError (a
    ValueError) for an unknown option value; with `filename` also what `Picture.render` raises.

    >>> x = Value(3.0, label="x")
    >>> y = x * x
    >>> y.backward()
    >>> picture = draw(y)
    >>> picture.source.count("n0 -> n1")
    2
    """
    look = Look(
        direction=direction, values=values, gradients=gradients, slopes=slopes, precision=precision, legend=legend,
        max_labelled=max_labelled, max_nodes=max_nodes,
    )  # fmt: skip
    _require_drawable(value)
    require_format(format)
    if not time_limit > 0:
        raise DrawingOptionError(f"time_limit is a number of seconds above 0, got {time_limit!r}")
    picture = Picture(filename="graph.gv", format=format, time_limit=time_limit)
    write(picture, _sketched(value, look), look)
    if filename is not None:
        _write_file(picture, filename)
    return picture


def _require_drawable(value: object) -> None:
    if isinstance(value, Value):
        return
    remedy = "draw one of them, or their sum" if hasattr(value, "__len__") else "wrap a number as Value(number)"
    raise DrawingTypeError(f"draw needs a Value, got {type(value).__name__}; {remedy}")


def _sketched(value: Value, look: Look) -> sketch.Sketch:
    """What is to be drawn, folded if it is too large."""
    whole = sketch.read(value)
    if folding.fits(whole, look.max_nodes):
        return whole
    return folding.fold(whole, max(2, min(look.max_labelled, look.max_nodes)))


def _write_file(picture: Picture, filename: PathLike) -> None:
    if Path(filename).suffix[1:].lower() in DOT_TEXT:
        picture.save(filename)
    else:
        picture.render(filename, cleanup=True)
