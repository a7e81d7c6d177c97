"""The picture that draw() returns: a graphviz.Digraph that needs no dot executable for SVG."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, final

import graphviz

from viz.errors import DrawingOptionError, LayoutTimeoutError, RenderError
from viz.files import write_whole
from viz.layout import lay_out

PathLike = str | os.PathLike[str]

DOT_TEXT = frozenset({"gv", "dot"})
TIME_LIMIT = 60.0


@final
class Picture(graphviz.Digraph):  # type: ignore[misc]  # graphviz has no types
    """A `graphviz.Digraph` whose `render()`, `pipe()` and notebook display fall back on the WebAssembly build.

    `source` is the DOT text and `save()` writes it; both need no layout program. A layout is ended
    after `time_limit` seconds.
    """

    filename: str
    directory: str
    time_limit: float

    def __init__(self, *positional: Any, time_limit: float = TIME_LIMIT, **options: Any) -> None:
        super().__init__(*positional, **options)
        self.time_limit = time_limit

    def _copy_kwargs(self, **options: Any) -> dict[str, Any]:
        copied: dict[str, Any] = super()._copy_kwargs(**options) | {"time_limit": self.time_limit}
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

        Raises RenderError (a RuntimeError) where no program can make this format, LayoutTimeoutError
        (a TimeoutError) after the time limit.
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
        """Write the DOT text and the picture, and return the picture's path.

        `render("graph.svg")` writes `graph.svg`, its format taken from the extension, and `graph.gv`
        beside it; `render("graph.gv", format="png")` writes `graph.gv.png`, as graphviz does.
        With `cleanup` the DOT text is written only if the layout fails; `view` opens the picture.

        Raises what `pipe` raises, and then has written the DOT text; DrawingOptionError (a ValueError)
        for a format that contradicts the extension; OSError for a path that cannot be written.
        The picture is written whole or not at all.
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
                raise DrawingOptionError(f"{outfile} is named as {named}, but format is {wanted!r}; change either")
            filename = Path(outfile).with_suffix(".gv") if filename is None else filename
            if Path(filename) == Path(outfile):
                raise DrawingOptionError(f"{outfile} would be the DOT text and the picture; use save() for the text")
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
        """Write the DOT text, whole or not at all, and return its path."""
        self.filename = self.filename if filename is None else os.fspath(filename)
        self.directory = self.directory if directory is None else os.fspath(directory)
        if not (skip_existing and Path(self.filepath).exists()):
            write_whole(Path(self.filepath), self.source.encode(self.encoding))
        return str(self.filepath)

    def _repr_svg_(self) -> str:
        return str(self.pipe("svg", encoding="utf-8"))

    def _laid_out(self, wanted: str, engine: str | None, *, kept: str) -> bytes:
        return lay_out(self.source, format=wanted, engine=engine or self.engine, time_limit=self.time_limit, kept=kept)


def require_format(given: object) -> None:
    """Raise DrawingOptionError unless `given` is a format that Graphviz knows."""
    if not isinstance(given, str) or given not in graphviz.FORMATS:
        raise DrawingOptionError(f"format is svg, png, pdf or another that Graphviz knows, got {given!r}")


def extension_format(path: PathLike) -> str | None:
    """The picture format that the extension of `path` names, or None: a DOT file is not a picture."""
    extension = Path(path).suffix[1:].lower()
    return extension if extension in graphviz.FORMATS and extension not in DOT_TEXT else None
