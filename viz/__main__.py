"""Draw an expression or a saved graph: `python -m viz "tanh(w*x + b)**2" w=0.5 x=2 b=-1 -o graph.svg`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from autodiff import Value, from_json
from autodiff.errors import AutodiffError
from viz.draw import draw
from viz.drawing import sketch
from viz.drawing.options import Options
from viz.drawing.states import notes
from viz.drawing.vertices import unplaced_drawing
from viz.expression import ExpressionError, read_expression
from viz.files import write_whole
from viz.page import page
from viz.subject import held_gradient, read_subject
from viz.writers.tree import tree

OPTIONS = ("-o", "-h", "--")
REFUSED = 2
FAILED = 1


def _picture(root: Value, path: Path) -> None:
    draw(root, filename=path)


def _text(root: Value, path: Path) -> None:
    write_whole(path, f"{_tree(root)}\n".encode())


def _tree(root: Value) -> str:
    subject = read_subject(root)
    return tree(unplaced_drawing(sketch.read(subject), Options(), tuple(notes(subject))))


def _page(root: Value, path: Path) -> None:
    page(root, filename=path)


WRITERS: Mapping[str, Callable[[Value, Path], None]] = {
    ".svg": _picture,
    ".png": _picture,
    ".pdf": _picture,
    ".gv": _picture,
    ".dot": _picture,
    ".txt": _text,
    ".html": _page,
}
"""What writes a file of each extension."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0, 1 if a file cannot be read or written, 2 for what is refused."""
    options = _parser().parse_args(_told_apart(sys.argv[1:] if argv is None else argv))
    try:
        root = _graph(options)
        if held_gradient(root) == 0.0:  # a saved graph may have been swept
            root.backward()
        if options.output is None:
            print(_tree(root))
        else:
            _writer(options.output)(root, options.output)
    except ExpressionError as error:
        print(f"error: {error}", file=sys.stderr)
        return REFUSED
    except (OSError, AutodiffError) as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED
    return 0


def _told_apart(argv: Sequence[str]) -> list[str]:
    """The arguments, with a blank after an expression that begins with a minus, so that argparse takes it for none of
    its options."""

    def is_expression(entry: str) -> bool:
        return entry.startswith("-") and entry != "-" and not entry.startswith(OPTIONS)

    return [f"{entry} " if is_expression(entry) else entry for entry in argv]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m viz", description="Draw an expression or a saved graph.")
    parser.add_argument("expression", nargs="?", help='such as "tanh(w*x + b)**2"')
    parser.add_argument("numbers", nargs="*", metavar="name=number", help="the number of each name")
    parser.add_argument("-o", "--output", type=Path, help=f"{', '.join(WRITERS)}; without it a tree of text is printed")
    parser.add_argument("--from", dest="saved", type=Path, metavar="graph.json", help="a graph that to_json wrote")
    return parser


def _graph(options: argparse.Namespace) -> Value:
    if options.output is not None:
        _writer(options.output)  # before any work
    if options.saved is not None:
        if options.expression is not None:
            raise ExpressionError("give an expression or --from, not both")
        return _saved(options.saved)
    if options.expression is None:
        raise ExpressionError('give an expression, such as "w*x + b" w=0.5 x=2 b=-1, or --from graph.json')
    return read_expression(options.expression, _numbers(options.numbers))


def _saved(path: Path) -> Value:
    roots = from_json(path.read_text(encoding="utf-8"))
    if not isinstance(roots, Value):
        raise ExpressionError(f"{path} holds {len(roots)} graphs; save one Value with to_json")
    return roots


def _numbers(given: Sequence[str]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for entry in given:
        name, sign, number = entry.partition("=")
        if not sign or not name.isidentifier():
            raise ExpressionError(f"expected name=number, got {entry!r}")
        if name in numbers:
            raise ExpressionError(f"{name} is given twice")
        try:
            numbers[name] = float(number)
        except ValueError:
            raise ExpressionError(f"{name} needs a number, got {number!r}") from None
    return numbers


def _writer(path: Path) -> Callable[[Value, Path], None]:
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ExpressionError(f"no writer for {path.name!r}; known extensions are {', '.join(WRITERS)}")
    return writer


if __name__ == "__main__":
    sys.exit(main())
