"""draw(): from a Value to a picture of the graph below it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import autodiff
from autodiff import Value
from viz import folding, sketch
from viz.dot import write
from viz.errors import DrawingOptionError, DrawingTypeError
from viz.look import Look
from viz.program_graph import write_program
from viz.render import DOT_TEXT, TIME_LIMIT, PathLike, Picture, require_format

if TYPE_CHECKING:
    from autodiff import Program


def draw(
    value: Value | Program,
    *,
    direction: str | None = None,
    format: str = "svg",  # noqa: A002 - graphviz's name
    values: bool = True,
    gradients: bool = True,
    slopes: bool = True,
    precision: int = 4,
    legend: bool = True,
    filename: PathLike | None = None,
    max_labeled: int = 300,
    max_nodes: int = 1500,
    time_limit: float = TIME_LIMIT,
) -> Picture:
    """The graph below `value`, every node and every edge, as a `graphviz.Digraph` that notebooks show.

    Of a compiled Program the page is drawn that printing shows: what is given, each step with what it reads, and
    the results; the options for numbers do not count.

    A node shows its label or operation, its data and its gradient in `precision` significant digits,
    a dash where no sweep has run. An edge shows its local slope; its width is |slope × upstream|.
    Color is the gradient, shape the role; `direction` is LR, the default, TB, that of programs, RL or BT.

    With `filename` the picture is written at once, in the format of its extension, or in `format` where it has
    none; a `.gv` or `.dot` file gets the DOT text. Beyond `max_labeled` nodes numbers are on hover, beyond
    `max_nodes` nodes are folded, and a note says how many. A layout is ended after `time_limit` seconds.

    Raises DrawingTypeError (a TypeError) for anything else, DrawingOptionError (a
    ValueError) for an unknown option value; with `filename` also what `Picture.render` raises.

    >>> x = Value(3.0, label="x")
    >>> y = x * x
    >>> y.backward()
    >>> picture = draw(y)
    >>> picture.source.count("n0 -> n1")
    2
    """
    direction = _usual_direction(value) if direction is None else direction
    look = Look(
        direction=direction, values=values, gradients=gradients, slopes=slopes, precision=precision, legend=legend,
        max_labeled=max_labeled, max_nodes=max_nodes,
    )  # fmt: skip
    require_format(format)
    if not time_limit > 0:
        raise DrawingOptionError(f"time_limit is a number of seconds above 0, got {time_limit!r}")
    picture = Picture(filename="graph.gv", format=format, time_limit=time_limit)
    if isinstance(value, Value):
        write(picture, _sketched(value, look), look)
    else:
        write_program(picture, _required_program(value), direction=look.direction, legend=look.legend)
    if filename is not None:
        _write_file(picture, filename)
    return picture


def _usual_direction(value: object) -> str:
    """From left to right; programs, whose lines are long, from the top down."""
    return "LR" if isinstance(value, Value) else "TB"


def _required_program(value: object) -> Program:
    if isinstance(value, autodiff.Program):  # looked up here, for drawing Values does not need the compiler
        return value
    remedy = "draw one of them, or their sum" if hasattr(value, "__len__") else "wrap a number as Value(number)"
    raise DrawingTypeError(f"draw needs a Value or a Program, got {type(value).__name__}; {remedy}")


def _sketched(value: Value, look: Look) -> sketch.Sketch:
    """What is to be drawn, folded if it is too large."""
    whole = sketch.read(value)
    if folding.fits(whole, look.max_nodes):
        return whole
    return folding.fold(whole, max(2, min(look.max_labeled, look.max_nodes)))


def _write_file(picture: Picture, filename: PathLike) -> None:
    if Path(filename).suffix[1:].lower() in DOT_TEXT:
        picture.save(filename)
    else:
        picture.render(filename, cleanup=True)
