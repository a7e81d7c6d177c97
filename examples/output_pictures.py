"""Where the examples that people know write their pictures: their common command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path


def output_pictures(argv: Sequence[str] | None, *, purpose: str) -> Path:
    """Read the command line and return the folder for pictures, made if need be.

    Ends the script with one line on stderr and status 2 where the folder cannot be made.
    """
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--out", type=Path, default=Path("examples-out"), help="folder of the pictures (examples-out)")
    folder: Path = parser.parse_args(argv).out
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.exit(2, f"{parser.prog}: cannot make the folder {folder}: {error.strerror or error}\n")
    return folder
