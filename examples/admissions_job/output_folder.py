"""The folder that results are written into: all of them at the end, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class OutputError(OSError):
    """The folder cannot be written; the message is one line that names it and says why."""


@contextmanager
def output_folder(folder: Path, *, files: Iterable[str]) -> Iterator[Path]:
    """A temporary folder whose files move into `folder` when the block ends, and vanish if it fails.

    Raises OutputError before the block runs if `folder` or one of `files` in it cannot be written.
    """
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        try:
            staging = _staging(folder, files)
        except OSError as error:
            raise OutputError(f"cannot write into {folder}: {error.strerror or error}") from error
        try:
            yield staging
            _move(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except BaseException:
        _remove_empty(made)
        raise


def _staging(folder: Path, files: Iterable[str]) -> Path:
    """A folder inside `folder`, so that moving out of it is a rename and a full disk shows early."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        if (folder / name).is_dir():
            raise IsADirectoryError(f"{name} is a folder there")
    return Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))


def _move(staging: Path, folder: Path) -> None:
    for path in sorted(staging.iterdir()):
        os.replace(path, folder / path.name)  # noqa: PTH105 - replaces on every platform, as Path.rename does not


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove the folders that this run has made, innermost first, as far as they are empty."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return
