"""Seed row U3: admissions records made ready for a sigmoid.

Rank is a name and not a quantity, so it becomes four dummy columns of ones and zeros. Scores in the hundreds
would saturate a sigmoid, so gre and gpa are standardized to mean 0 and standard deviation 1. A random tenth
is kept aside for testing.

    python examples/data_preparation.py
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np
import pandas as pd
from admissions_job.records import DEFAULT_CSV, RecordsError, read_records
from numpy.typing import NDArray

STANDARDISED = ("gre", "gpa")
FEATURES = (*STANDARDISED, "rank_1", "rank_2", "rank_3", "rank_4")
TRAINING_SHARE = 0.9
SPLIT_SEED = 42


@final
@dataclass(frozen=True)
class Preparation:
    """Features of shape (n, 6), targets of shape (n,), and which of these rows train and which test."""

    features: NDArray[np.float64]
    targets: NDArray[np.float64]
    training: NDArray[np.intp]
    """In the order in which they were drawn, which is the order of training."""
    test: NDArray[np.intp]
    """The other rows, in the file's order."""


def prepare(records: pd.DataFrame, *, split_seed: int = SPLIT_SEED) -> Preparation:
    """Dummy columns, standardized scores and the 90/10 split that the seed's legacy random stream draws.

    As in the seed, mean and standard deviation are those of all rows, the test rows included, and the
    deviation is the sample's (divided by n - 1). Raises RecordsError for a column that cannot be
    standardized and for fewer than 2 records.
    """
    if len(records) < 2:
        raise RecordsError(f"{len(records)} record cannot be split into training and test; give at least 2")
    dummies = pd.get_dummies(pd.Categorical(records["rank"].astype(int), categories=[1, 2, 3, 4]), prefix="rank")
    table = pd.concat([_standardized(records), dummies.set_index(records.index)], axis=1)
    training, test = split(len(records), seed=split_seed)
    return Preparation(
        table[list(FEATURES)].to_numpy(dtype=float), records["admit"].to_numpy(dtype=float), training, test
    )


def split(count: int, *, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Nine tenths of `count` rows in the order drawn without replacement, and the rest in ascending order."""
    training = np.random.RandomState(seed).choice(count, size=int(count * TRAINING_SHARE), replace=False)
    return training, np.setdiff1d(np.arange(count), training)


def _standardized(records: pd.DataFrame) -> pd.DataFrame:
    scores = records[list(STANDARDISED)]
    with np.errstate(over="ignore"):  # an overflow shows in the deviation, which is checked
        deviations = scores.std()
    for name in STANDARDISED:
        column = scores[name]
        if column.min() == column.max():
            raise RecordsError(f"{name} cannot be standardized: it is {column.iloc[0]:g} in every record")
        if not np.isfinite(deviations[name]):
            raise RecordsError(f"{name} cannot be standardized: its numbers are too large")
    return (scores - scores.mean()) / deviations


def legacy_seed(text: str) -> int:
    """A seed of NumPy's legacy random stream, for argparse: a whole number from 0 to 2**32 - 1."""
    seed = int(text)
    if not 0 <= seed < 2**32:
        raise argparse.ArgumentTypeError(f"{seed} is not a seed; give a whole number from 0 to {2**32 - 1}")
    return seed


def describe(records: pd.DataFrame, prepared: Preparation) -> None:
    """Print what the preparation did."""
    print(f"{len(records)} records, {int(records['admit'].sum())} admitted")
    for name in STANDARDISED:
        print(
            f"{name}: mean {records[name].mean():g}, standard deviation {records[name].std():.4f} before; 0 and 1 after"
        )
    counts = records["rank"].astype(int).value_counts().sort_index()
    print("rank:", ", ".join(f"{count} times {rank}" for rank, count in counts.items()))
    print("\nThe first three training records:")
    first = pd.DataFrame(prepared.features[prepared.training[:3]], columns=list(FEATURES), index=prepared.training[:3])
    print(first.to_string(float_format="%.4f"))
    for name, rows in (("training", prepared.training), ("test", prepared.test)):
        print(f"{name}: {len(rows)} records, {int(prepared.targets[rows].sum())} admitted")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Prepare the admissions data as the seed's data_prep.py does.")
    parser.add_argument("--csv", type=Path, default=DEFAULT_CSV, help="records as admit,gre,gpa,rank")
    parser.add_argument(
        "--split-seed", type=legacy_seed, default=SPLIT_SEED, help="seed of the 90/10 split (default 42)"
    )
    options = parser.parse_args(argv)
    try:
        records = read_records(options.csv)
        describe(records, prepare(records, split_seed=options.split_seed))
    except RecordsError as error:
        print(f"data_preparation: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
