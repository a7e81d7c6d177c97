"""Print the rows as a table of ratios: below 1 ours is the faster."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tqdm import tqdm

from benchmarks.comparison import Comparison
from benchmarks.rows import ROWS


def main(argv: Sequence[str] | None = None) -> None:
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", choices=[*names, []], metavar="row", help=f"of {', '.join(names)}; all if none"
    )
    chosen = parser.parse_args(argv).rows or names
    print(f"{'row':<16}{'peer':<12}{'ours / theirs':>14}{'target':>10}   what is compared")
    for row in ROWS:
        if row.name in chosen:
            print(line(row))


def line(row: Comparison) -> str:
    """One row of the table."""
    if not row.available:
        return f'{row.name:<16}{row.peer:<12}{"not installed":>14}   pip install "valuegraph[bench]"'
    with tqdm(total=row.rounds, desc=row.name, leave=False) as bar:
        ratio = row.ratio(lambda done: bar.update(done - bar.n))
    verdict = "" if ratio <= row.target else "   MISSED"
    return f"{row.name:<16}{row.peer:<12}{ratio:>14.4g}{f'≤ {row.target:.3g}':>10}   {row.about}{verdict}"


if __name__ == "__main__":
    main()
