"""Where a seed script writes its pictures: the folder of its one option, --out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path


def picture_folder(argv: Sequence[str] | None, *, purpose: str) -> Path:
    """Read the command line and return the folder, made if need be.

    Ends the script with one line on stderr and status 2 where the folder cannot be made.
    """
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument(
        "--out", type=Path, default=Path("seeds-out"), help="folder of the pictures (default seeds-out)"
    )
    folder: Path = parser.parse_args(argv).out
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.exit(2, f"{parser.prog}: cannot make the folder {folder}: {error.strerror or error}\n")
    return folder
