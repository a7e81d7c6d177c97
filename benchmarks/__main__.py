"""Print the rows as a table of ratios, each with the largest that is good enough; below 1 ours is the faster."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tqdm import tqdm

from benchmarks.rows import ROWS, Row


def main(argv: Sequence[str] | None = None) -> None:
    names = [row.name for row in ROWS]
    families = sorted({name.split("-")[0] for name in names})
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "rows",
        nargs="*",
        choices=[*names, *families, []],
        metavar="row",
        help=f"of {', '.join(names)}, or what such names begin with; all if none",
    )
    chosen = parser.parse_args(argv).rows or names
    print(f"{'row':<16}{'peer':<12}{'ratio':>14}{'target':>10}   what is compared, ours / theirs")
    for row in ROWS:
        if row.name in chosen or row.name.split("-")[0] in chosen:
            print(line(row))


def line(row: Row) -> str:
    """One row of the table."""
    if not row.available:
        return f'{row.name:<16}{row.peer:<12}{"not installed":>14}   pip install "valuegraph[bench,bench-peers]"'
    with tqdm(total=row.rounds, desc=row.name, leave=False) as bar:
        ratio = row.ratio(lambda done: bar.update(done - bar.n))
    verdict = "" if ratio <= row.target else "   MISSED"
    return f"{row.name:<16}{row.peer:<12}{ratio:>14.4g}{f'≤ {row.target:.3g}':>10}   {row.about}{verdict}"


if __name__ == "__main__":
    main()
