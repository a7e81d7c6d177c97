"""Files: arrays with a JSON document in one safetensors file, written whole or not at all, and checked when read."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from nn.errors import CheckpointError

VERSION = 1
"""The version of what is in a file; files of a later one are refused."""

_PREFIX = "valuegraph"


def write_arrays(path: str | os.PathLike[str], kind: str, arrays: Mapping[str, Any], document: Any) -> None:
    """Write a file in the place of an earlier one, which stays whole until this one is.

    Parameters
    ----------
    path
        Where; no suffix is added.
    kind : str
        What the file is, such as "checkpoint".
    arrays
        Arrays by name.
    document
        What JSON can hold: dicts, lists, texts, numbers.

    Raises CheckpointError (a ValueError) as `checked_target` does.
    """
    target = checked_target(path)
    made = {name: np.ascontiguousarray(array).reshape(np.shape(array)) for name, array in arrays.items()}
    text = json.dumps(document, allow_nan=True, sort_keys=True)
    metadata = {"format": f"{_PREFIX} {kind}", "version": str(VERSION), "document": text, "digest": _digest(made, text)}
    content = save(made, metadata=metadata)
    # A name that no other write has: threads and processes may write to one path at once, and the last one wins.
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with partial.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    _sync_folder(target.parent)


def checked_target(path: str | os.PathLike[str]) -> Path:
    """Where to write. Raises CheckpointError (a ValueError) for a folder, and where there is no folder for the file."""
    target = Path(path)
    if target.is_dir():
        raise CheckpointError(f"{str(target)!r} is a folder; give the path of a file in it")
    if not target.parent.is_dir():
        raise CheckpointError(f"there is no folder {str(target.parent)!r} for the file {target.name!r}; make it first")
    return target


def read_arrays(path: str | os.PathLike[str], kind: str) -> tuple[dict[str, np.ndarray[Any, Any]], Any]:
    """The arrays and the document of a file.

    Raises CheckpointError (a ValueError) that says what is wrong: there is no such file, it is cut short or damaged,
    of another kind, or of a later version.
    """
    target = Path(path)
    try:
        content = target.read_bytes()
    except FileNotFoundError:
        raise CheckpointError(f"there is no file {str(target)!r}") from None
    except IsADirectoryError:
        raise CheckpointError(f"{str(target)!r} is a folder and no file") from None
    try:
        arrays, metadata = load(content), _metadata(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(f"{str(target)!r} is cut short, damaged or no safetensors file: {error}") from None
    if metadata.get("format") != f"{_PREFIX} {kind}":
        raise CheckpointError(f"{str(target)!r} is no {_PREFIX} {kind}: its format is {metadata.get('format')!r}")
    version = metadata.get("version", "")
    if not version.isdigit() or int(version) > VERSION:
        raise CheckpointError(
            f"{str(target)!r} is of version {version}, and this release reads up to {VERSION}; install a newer release"
        )
    text = metadata.get("document", "")
    if metadata.get("digest") != _digest(arrays, text):
        raise CheckpointError(
            f"{str(target)!r} was changed after it was written: its digest does not fit; use an intact copy"
        )
    return arrays, json.loads(text)


def _metadata(content: bytes) -> dict[str, str]:
    length = int.from_bytes(content[:8], "little")
    found: dict[str, str] = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    return found


def _digest(arrays: Mapping[str, np.ndarray[Any, Any]], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the new name last; Windows has no such call, and does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
