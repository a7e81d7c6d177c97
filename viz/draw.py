"""draw(): from a Value, a model with data, or a program to a picture."""

from __future__ import annotations

import functools
from functools import cached_property
from pathlib import Path
from typing import Any, final

import autodiff
from autodiff import Value
from viz.drawing import folding, sketch
from viz.drawing.compose import network_drawing
from viz.drawing.model import Drawing
from viz.drawing.network import Network, read_network
from viz.drawing.options import Constants, Direction, Options
from viz.drawing.program_graph import explained, program_sketches, read_program
from viz.drawing.states import notes
from viz.drawing.vertices import Layout, unplaced_drawing, vertex_drawing
from viz.errors import OptionError
from viz.render import DOT_TEXT, TIME_LIMIT, PathLike, Picture, require_format, require_time_limit
from viz.subject import Drawable, Loss, Subject, read_subject
from viz.writers.dot.graph import write
from viz.writers.dot.program import write_program

MOST_NODES = 1500
"""Beyond this many nodes DOT text is folded, unless `max_nodes` says otherwise."""
PAGES = (400, 40, 24, 16, 11, 8, 5, 3)
"""The most vertices that folding to a page tries, one after the other until the picture fits."""
WIDEST, TALLEST = 1280.0 * 10.5 / 9.0, 850.0 * 10.5 / 9.0
"""Text of 10.5, the smallest of vertices, is 9 where a picture as large as this is shrunk to a page."""


def draw(
    subject: Drawable,
    *data: Any,
    loss: Loss | None = None,
    direction: Direction | None = None,
    format: str = "svg",  # noqa: A002 - graphviz's name
    values: bool = True,
    gradients: bool = True,
    slopes: bool = True,
    contributions: bool = False,
    constants: Constants = "shared",
    precision: int = 4,
    legend: bool = True,
    filename: PathLike | None = None,
    max_labeled: int = 300,
    max_nodes: int | None = None,
    time_limit: float = TIME_LIMIT,
) -> Picture:
    """Draw a graph with its values, gradients and local slopes.

    The neurons of a network are cards in columns: each weight under the name of what feeds it, the sum, the
    activation with the point at which it works, and all gradients. Other graphs have a vertex for each node. What
    would not fit a page of 1280 by 850 pixels with text of at least 9 is folded, and counted on the picture.

    Parameters
    ----------
    subject : Value, callable, Program or CompiledFunction
        A graph as it stands; a model, which is run on `data` and swept without touching the gradients that its
        parameters hold; or a compiled program.
    *data : array_like or data frame
        For a model: features of shape (records, inputs) or (inputs,), and targets, one for each record.
    loss : callable, optional
        For a model: a function (predictions, targets) -> Value, such as `nn.mse`.
    direction : {"LR", "TB", "RL", "BT"}, optional
        Of vertices: from left to right, or for programs from the top down. Cards run from left to right only.
    format : str
        Of `render` and `pipe`: svg, png, pdf, or another that Graphviz knows.
    values, gradients, slopes : bool
        Which numbers to write.
    contributions : bool
        Write slope × upstream = contribution on edges, and the sum at nodes that are read several times. Not on
        cards.
    constants : {"shared", "hidden", "separate"}
        One vertex for each number, none, or one for each use. Cards hold constants, so "separate" is not for them.
    precision : int
        Significant digits, 0 to 17; decimals in the columns of cards.
    legend : bool
        Whether to explain the marks below the picture.
    filename : path-like, optional
        Write the picture at once, in the format of the extension, or in `format` where there is none; a `.gv` or
        `.dot` file gets the DOT text.
    max_labeled : int
        Beyond this many vertices numbers are on hover.
    max_nodes : int, optional
        Fold beyond this many vertices, rather than what does not fit a page; 1500 for DOT text.
    time_limit : float
        Seconds after which a layout is ended.

    Returns
    -------
    Picture
        A `graphviz.Digraph` that notebooks show.

    Raises
    ------
    OptionTypeError
        A TypeError: for anything else, or where data or the loss are missing.
    OptionError
        A ValueError: for an option value that no drawing knows, or that this drawing cannot follow. With `filename`
        also what `Picture.render` raises.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> y = x * x
    >>> y.backward()
    >>> picture = draw(y)
    >>> picture.source.count("n0 -> n1")
    2
    """
    require_format(format)
    require_time_limit(time_limit)
    program = _program(subject)
    usual: Direction = "LR" if program is None else "TB"
    options = Options(
        direction=usual if direction is None else direction, values=values, gradients=gradients, slopes=slopes,
        contributions=contributions, constants=constants, precision=precision, legend=legend, max_labeled=max_labeled,
        max_nodes=max_nodes,
    )  # fmt: skip
    if program is not None:
        drawn = functools.partial(_program_drawing, program, options)
        picture = Picture(filename="graph.gv", format=format, time_limit=time_limit, drawn=drawn)
        _write_program(picture, program, options)
    else:
        content = _Content(read_subject(subject, *data, loss=loss), options)
        picture = Picture(filename="graph.gv", format=format, time_limit=time_limit, drawn=content.drawing)
        write(picture, unplaced_drawing(content.sketch, options, content.notes), options)
    picture.as_drawn()
    if filename is not None:
        _write_file(picture, filename)
    return picture


def _program(subject: Any) -> autodiff.Program | None:
    """The program that is to be drawn; None for a Value or a model."""
    if isinstance(subject, Value):
        return None
    if isinstance(subject, autodiff.CompiledFunction):
        return subject.program
    return subject if isinstance(subject, autodiff.Program) else None


def _write_program(picture: Picture, program: autodiff.Program, options: Options) -> None:
    """Every step as DOT text."""
    page = program.page
    whole = next(program_sketches(read_program(page)))
    sentences = [*page.totals, *(explained(page) if options.legend else [])]
    write_program(picture, unplaced_drawing(whole, options), sentences, direction=options.direction)


def _program_drawing(program: autodiff.Program, options: Options, layout: Layout) -> Drawing:
    """The program folded no more than a page needs, or than `max_nodes` asks for."""
    page = program.page
    foldings = [*program_sketches(read_program(page))]
    for shown in foldings:
        few = len(shown.vertices) <= (PAGES[0] if options.max_nodes is None else options.max_nodes)
        if not few and shown is not foldings[-1]:
            continue
        sentences = [*page.totals, *explained(page, shown)]
        made = vertex_drawing(shown, options, (), layout, sentences=sentences)
        if options.max_nodes is not None or _fits_page(made):
            break
    return made


def _fits_page(drawing: Drawing) -> bool:
    return drawing.width <= WIDEST and drawing.height <= TALLEST


@final
class _Content:
    """What is to be drawn, folded as far as its writer needs it. Read when draw() is called, not later."""

    def __init__(self, subject: Subject, options: Options) -> None:
        self.subject, self.options = subject, options
        self.network: Network | None = read_network(subject) if options.max_nodes is None else None
        self.whole = sketch.read(subject, constants=options.constants)
        self.notes = tuple(notes(subject))
        if self.network is not None:
            _require_cards(options)
            self._cards = network_drawing(self.network, options)

    @cached_property
    def sketch(self) -> sketch.Sketch:
        """For DOT text."""
        most = MOST_NODES if self.options.max_nodes is None else self.options.max_nodes
        if folding.fits(self.whole, most):
            return self.whole
        return folding.fold(self.whole, max(2, min(self.options.max_labeled, most)))

    def drawing(self, layout: Layout) -> Drawing:
        """Cards, or vertices folded to a page."""
        if self.network is not None:
            return self._cards
        if self.options.max_nodes is not None:
            return vertex_drawing(self.sketch, self.options, self.notes, layout)
        whole = folding.fits_page(self.whole) and folding.fits(self.whole, PAGES[0])
        shown = self.whole if whole else folding.fold(self.whole, PAGES[0], page=True)
        made = vertex_drawing(shown, self.options, self.notes, layout)
        for most in PAGES[1:]:
            if _fits_page(made):
                break
            if most < len(shown.vertices):
                shown = folding.fold(self.whole, most, page=True)
                made = vertex_drawing(shown, self.options, self.notes, layout)
        return made


def _require_cards(options: Options) -> None:
    """Raise OptionError for an option that cards cannot follow, rather than leave it without effect."""
    remedy = f"draw a vertex for each node with max_nodes={MOST_NODES}"
    if options.direction != "LR":
        raise OptionError(
            f"the cards of a network run from left to right, got direction={options.direction!r}; {remedy}"
        )
    if options.contributions:
        raise OptionError(
            f"the lines between cards have no room for contributions=True; {remedy}, or read viz.ledger(node, root)"
        )
    if options.constants == "separate":
        raise OptionError(f"cards hold the constants of a network, got constants='separate'; {remedy}")


def _write_file(picture: Picture, filename: PathLike) -> None:
    if Path(filename).suffix[1:].lower() in DOT_TEXT:
        picture.save(filename)
    else:
        picture.render(filename, cleanup=True)
