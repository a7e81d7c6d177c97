"""The folder that results are written into: all of them at the end, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from admissions_job.interruption import too_late

_PREFIX = ".unfinished-"
_A_DAY = 86_400.0  # seconds


class OutputError(OSError):
    """The folder cannot be written; the message is one line that names it and says why."""


@contextmanager
def output_folder(folder: Path, *, files: Iterable[str]) -> Iterator[Path]:
    """A temporary folder whose files move into `folder` when the block ends, and vanish if it fails.

    Raises OutputError before the block runs if `folder` or one of `files` in it cannot be written.
    """
    _clear_abandoned(folder)
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        try:
            staging = _staging(folder, files)
        except OSError as error:
            raise OutputError(f"cannot write into {folder}: {error.strerror or error}") from error
        try:
            yield staging
            too_late()
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
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=folder))


def _clear_abandoned(folder: Path) -> None:
    """Remove what runs that were killed have left."""
    for staging in folder.glob(f"{_PREFIX}*"):
        process = staging.name.removeprefix(_PREFIX).partition("-")[0]
        if not (process.isdecimal() and _runs(int(process), staging)):
            shutil.rmtree(staging, ignore_errors=True)


def _runs(process: int, staging: Path) -> bool:
    """Whether the process that made a folder may still be at work in it."""
    if os.name == "nt":  # where one cannot ask without ending it
        return time.time() - staging.stat().st_mtime < _A_DAY
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # another user's
        return True
    return process != os.getpid()


@contextmanager
def named(path: Path) -> Iterator[None]:
    """An error without a file's name gets this one: a full disk, or a limit of size, is met where no name is known."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        raise OutputError(f"cannot write {path.name}: {error.strerror or error}") from error


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
