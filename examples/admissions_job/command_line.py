"""The options of admissions.py, checked as far as they can be before the data are read."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, final

from data_preparation import SPLIT_SEED, legacy_seed

from admissions_job.networks import RECIPES, Recipe
from admissions_job.records import DEFAULT_CSV

EPILOGUE = """The defaults are those of the seed listings: 1000 epochs at rate 0.5 from weight seed 42 for one-layer,
900 epochs at rate 0.005 from weight seed 21 for two-layer. A rate is meant as in the listings, for a step along
minus half the gradient of the mean squared error. Ctrl-C ends the training and keeps what was learned; the
status is then 130."""


MOST_HIDDEN = 10_000
"""Hidden units. Each is seven Values and its part of a graph, so a million would need gigabytes."""


class OptionError(ValueError):
    """An option does not fit the data or another option; the message is one line."""


@final
@dataclass(frozen=True)
class Options:
    """One field for each option; None where a network's own default holds."""

    network: str
    epochs: int | None
    hidden: int | None
    batch_size: int | None
    seed: int | None
    split_seed: int
    learning_rate: float | None
    record: int
    csv: Path
    out: Path
    no_pictures: bool
    graphs: bool

    def recipes(self) -> list[Recipe]:
        """The chosen networks with the given options in place of their defaults."""
        names = [*RECIPES] if self.network == "both" else [self.network]
        return [
            RECIPES[name].changed(
                epochs=self.epochs, learning_rate=self.learning_rate, seed=self.seed, hidden=self.hidden
            )
            for name in names
        ]

    def check_against(self, *, records: int, training: int) -> None:
        """Raise OptionError unless the record exists and a batch fits into the training records."""
        if not 0 <= self.record < records:
            raise OptionError(f"--record {self.record}: the records are numbered from 0 to {records - 1}")
        if self.batch_size is not None and self.batch_size > training:
            raise OptionError(f"--batch-size {self.batch_size}: there are {training} training records")


@final
class OneLineParser(argparse.ArgumentParser):
    """A parser that refuses with one line on stderr, without the usage, and status 2."""

    def error(self, message: str) -> NoReturn:
        """End the program."""
        self.exit(2, f"{self.prog}: {message}\n")


def read_options(argv: Sequence[str] | None) -> Options:
    """The options of a command line. Ends the program with one line and status 2 where it is wrong."""
    parser = _parser()
    options = Options(**vars(parser.parse_args(argv)))
    if options.hidden is not None and options.network == "one-layer":
        parser.error("--hidden is for the two-layer network")
    return options


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="admissions.py",
        description="Train the admissions networks of the seed documents by graph traversal, and draw them.",
        epilog=EPILOGUE,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--network", choices=(*RECIPES, "both"), default="both", help="which to train (default both)")
    add("--epochs", type=_at_least_one, help="passes over the training records")
    add("--hidden", type=_hidden, help="hidden units of the two-layer network (default 2)")
    add("--batch-size", type=_at_least_one, help="records a step, shuffled each epoch (default all, in order)")
    add("--seed", type=_named("seed", legacy_seed), help="seed of the first weights, and of the shuffling")
    add(
        "--split-seed",
        type=_named("seed", legacy_seed),
        default=SPLIT_SEED,
        help="seed of the 90/10 split (default 42)",
    )
    add("--learning-rate", type=_rate, help="rate in the listings' sense")
    add("--record", type=_whole, default=0, help="which record to draw, numbered from 0 as in the CSV (default 0)")
    add("--csv", type=Path, default=DEFAULT_CSV, help="other records with the columns admit, gre, gpa and rank")
    add("--out", type=Path, default=Path("admissions-out"), help="folder for the results (default admissions-out)")
    add("--no-pictures", action="store_true", help="write results.json alone")
    add(
        "--graphs",
        action="store_true",
        help="build and sweep a graph of all the records in every step, in place of a program compiled from one: "
        "the same numbers, at a fraction of the speed",
    )
    return parser


def _at_least_one(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return number


def _hidden(text: str) -> int:
    number = _at_least_one(text)
    if number > MOST_HIDDEN:
        raise argparse.ArgumentTypeError(f"{text} is above {MOST_HIDDEN}, the most that are sensible for these records")
    return number


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0 < rate < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return rate


def _named(name: str, convert: Callable[[str], int]) -> Callable[[str], int]:
    """`convert` under the name that argparse puts into its messages."""

    def named(text: str) -> int:
        return convert(text)

    named.__name__ = name
    return named
