"""The picture that draw() returns: a graphviz.Digraph that needs no dot executable for SVG."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, final

import graphviz

from viz.drawing.model import Drawing
from viz.drawing.vertices import Layout
from viz.errors import LayoutTimeoutError, OptionError, OptionTypeError, RenderError
from viz.files import write_whole
from viz.layout import has_dot, lay_out
from viz.writers.dot.placed import ENGINE, placed_dot
from viz.writers.raster import is_available, png
from viz.writers.svg import svg

PathLike = str | os.PathLike[str]

Drawn = Callable[[Layout], Drawing]
"""Makes a drawing, with Graphviz's places where it needs these."""

DOT_TEXT = frozenset({"gv", "dot"})
PRINTED = frozenset({"pdf", "ps", "ps2", "eps", "svgz"})
"""Formats of lines and letters that `dot` paints from a drawing."""
PIXELS = frozenset({"png", "jpg", "jpeg", "jpe", "gif", "bmp", "tif", "tiff", "webp"})
SHARP = 144
"""Dots per inch of these: two for each unit of a drawing."""
TIME_LIMIT = 60.0


@final
class Picture(graphviz.Digraph):  # type: ignore[misc]  # graphviz has no types
    """The picture that `draw` returns: a `graphviz.Digraph` that notebooks show and that needs no `dot` for SVG.

    `source` is the DOT text of the graph and `save()` writes it; both need no layout program, and neither does the
    drawing of a network, which is made of cards. PNG is the same drawing where resvg-py is installed (extra `png`) or
    Graphviz is; PDF and other pictures are the same drawing, painted by Graphviz. Data formats, such as `json` or
    `plain`, are what Graphviz makes of the DOT text. A layout is ended after `time_limit` seconds.

    Attributes
    ----------
    drawing : Drawing
        The drawing as plain data with all places.
    time_limit : float
        Seconds.

    Examples
    --------
    >>> from autodiff import Value
    >>> from viz import draw
    >>> draw(Value(3.0, label="x") * 2.0).pipe(format="svg")[:5]
    b'<?xml'
    """

    filename: str
    directory: str
    time_limit: float

    def __init__(
        self, *positional: Any, time_limit: float = TIME_LIMIT, drawn: Drawn | None = None, drawn_source: str = "",
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*positional, **options)
        self.time_limit = time_limit
        self._drawn = drawn
        self._drawn_source = drawn_source
        self._made: Drawing | None = None

    @property
    def drawing(self) -> Drawing:
        """The drawing as plain data with all places.

        Raises
        ------
        RenderError
            A RuntimeError, for a Picture that `draw` did not make. Raises what `pipe` raises too.
        """
        return self._placed("The DOT text is in .source, and .save() writes it.")

    def _placed(self, kept: str) -> Drawing:
        if self._drawn is None:
            raise RenderError("this Picture holds DOT text alone; only what viz.draw returns has a drawing")
        if self._made is None:
            self._made = self._drawn(
                functools.partial(lay_out, format="json0", engine="dot", time_limit=self.time_limit, kept=kept)
            )
        return self._made

    def _copy_kwargs(self, **options: Any) -> dict[str, Any]:
        copied: dict[str, Any] = super()._copy_kwargs(**options)
        copied |= {"time_limit": self.time_limit, "drawn": self._drawn, "drawn_source": self._drawn_source}
        return copied

    def pipe(
        self,
        format: str | None = None,  # noqa: A002 - graphviz's name
        *,
        engine: str | None = None,
        encoding: str | None = None,
        quiet: bool = True,  # noqa: ARG002 - graphviz's name; warnings of the layout program are never printed
    ) -> bytes | str:
        """The picture as bytes, or as text if an `encoding` is given.

        Parameters
        ----------
        format : str, optional
            "svg", "png", "pdf" or another that Graphviz knows; by default that of `draw`.
        engine : str, optional
            Another layout program of Graphviz.
        encoding : str, optional
            Such as "utf-8".
        quiet : bool
            Accepted as graphviz does; warnings of the layout program are never printed.

        Returns
        -------
        bytes or str

        Raises
        ------
        RenderError
            A RuntimeError where no program can make this format.
        LayoutTimeoutError
            A TimeoutError after the time limit.
        """
        require_format(format or self.format)
        picture = self._laid_out(
            format or self.format, engine, kept="The DOT text is in .source, and .save() writes it."
        )
        return picture if encoding is None else picture.decode(encoding)

    def render(
        self,
        filename: PathLike | None = None,
        directory: PathLike | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002 - graphviz's name
        quiet: bool = True,  # noqa: ARG002 - graphviz's name; warnings of the layout program are never printed
        quiet_view: bool = False,
        *,
        outfile: PathLike | None = None,
        engine: str | None = None,
    ) -> str:
        """Write the DOT text and the picture, each whole or not at all.

        Parameters
        ----------
        filename : path, optional
            Of the DOT text, as in graphviz: ``render("graph.gv", format="png")`` writes ``graph.gv.png`` too. With the
            extension of a format it is the path of the picture: ``render("graph.svg")`` writes ``graph.gv`` too.
        directory : path, optional
            The folder of both files.
        view : bool
            Open the picture.
        cleanup : bool
            Write the DOT text only if the layout fails.
        format : str, optional
            "svg", "png", "pdf" or another that Graphviz knows; by default that of the path, then that of `draw`.
        quiet : bool
            Accepted as graphviz does; warnings of the layout program are never printed.
        quiet_view : bool
            Open the picture, and print nothing.
        outfile : path, optional
            Of the picture.
        engine : str, optional
            Another layout program of Graphviz.

        Returns
        -------
        str
            The path of the picture.

        Raises
        ------
        RenderError, LayoutTimeoutError
            As `pipe` raises them. The DOT text is written then.
        OptionError
            A ValueError, for a format that contradicts the extension.
        OSError
            For a path that cannot be written.
        """
        if outfile is None and filename is not None and extension_format(filename) is not None:
            filename, outfile = None, filename
        wanted = format or (outfile and extension_format(outfile)) or self.format
        require_format(wanted)
        self._aim(filename, directory, outfile, wanted)
        target = Path(self.directory, outfile) if outfile is not None else Path(f"{self.filepath}.{wanted}")
        write_whole(target, self._laid_out_or_saved(wanted, engine, cleanup=cleanup))
        if view or quiet_view:
            self._view(str(target), format=wanted, quiet=quiet_view)
        return str(target)

    def _aim(
        self, filename: PathLike | None, directory: PathLike | None, outfile: PathLike | None, wanted: str
    ) -> None:
        """Set where the DOT text goes, beside `outfile` unless it has a name of its own."""
        if outfile is not None:
            named = extension_format(outfile)
            if wanted != (named or wanted):
                raise OptionError(f"{outfile} is named as {named}, but format is {wanted!r}; change either")
            filename = Path(outfile).with_suffix(".gv") if filename is None else filename
            if Path(filename) == Path(outfile):
                raise OptionError(f"{outfile} would be the DOT text and the picture; use save() for the text")
        self.filename = self.filename if filename is None else os.fspath(filename)
        self.directory = self.directory if directory is None else os.fspath(directory)

    def _laid_out_or_saved(self, wanted: str, engine: str | None, *, cleanup: bool) -> bytes:
        """The picture; the DOT text is in its file if that was asked for, or if there is no picture."""
        if not cleanup:
            self.save()
        try:
            return self._laid_out(wanted, engine, kept=f"The DOT text is in {self.filepath}.")
        except (RenderError, LayoutTimeoutError):
            self.save()
            raise

    def save(
        self,
        filename: PathLike | None = None,
        directory: PathLike | None = None,
        *,
        skip_existing: bool | None = False,
    ) -> str:
        """Write the DOT text, whole or not at all.

        Parameters
        ----------
        filename : path, optional
        directory : path, optional
        skip_existing : bool
            Leave a file that exists as it is.

        Returns
        -------
        str
            The path of the DOT text.
        """
        self.filename = self.filename if filename is None else os.fspath(filename)
        self.directory = self.directory if directory is None else os.fspath(directory)
        if not (skip_existing and Path(self.filepath).exists()):
            write_whole(Path(self.filepath), self.source.encode(self.encoding))
        return str(self.filepath)

    def _repr_svg_(self) -> str:
        return str(self.pipe("svg", encoding="utf-8"))

    def _repr_html_(self) -> str:
        """The SVG within the page, where it shrinks to the width of an output cell; as an image it would be cut off."""
        return f'<div style="overflow-x:auto">{self._repr_svg_().partition("?>")[2]}</div>'

    def as_drawn(self) -> Self:
        """This picture, from now on held to its drawing until something is added to the DOT text."""
        self._drawn_source = str(self.source)
        return self

    def _is_as_drawn(self) -> bool:
        """Whether the DOT text is still what `draw` wrote; what a user adds to it, only Graphviz can show."""
        return self._drawn is not None and self.source == self._drawn_source

    def _laid_out(self, wanted: str, engine: str | None, *, kept: str) -> bytes:
        if self._is_as_drawn() and engine is None:
            if wanted == "svg":
                return svg(self._placed(kept)).encode()
            if wanted == "png" and is_available():
                return png(svg(self._placed(kept)))
            if wanted in PRINTED | PIXELS and has_dot():
                text = placed_dot(self._placed(kept), dpi=SHARP if wanted in PIXELS else None)
                return lay_out(text, format=wanted, engine=ENGINE, time_limit=self.time_limit, kept=kept)
        return lay_out(self.source, format=wanted, engine=engine or self.engine, time_limit=self.time_limit, kept=kept)


def require_format(given: object) -> None:
    """Raise OptionError unless `given` is a format that Graphviz knows."""
    if not isinstance(given, str) or given not in graphviz.FORMATS:
        raise OptionError(f"format is svg, png, pdf or another that Graphviz knows, got {given!r}")


def require_time_limit(given: object) -> None:
    """Raise OptionTypeError unless `given` is a number, OptionError unless it is above 0."""
    expected = f"time_limit is a number of seconds above 0, got {given!r}"
    if not isinstance(given, (int, float)) or isinstance(given, bool):
        raise OptionTypeError(f"{expected} of type {type(given).__name__}")
    if not given > 0:
        raise OptionError(expected)


def extension_format(path: PathLike) -> str | None:
    """The picture format that the extension of `path` names, or None: a DOT file is not a picture."""
    extension = Path(path).suffix[1:].lower()
    return extension if extension in graphviz.FORMATS and extension not in DOT_TEXT else None
