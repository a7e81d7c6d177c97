"""Files that are either written whole or not at all."""

from __future__ import annotations

import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, making its folder where needed. On any error no part of it is left behind.

    Threads and processes may write to one path at once: the last to finish wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name that no other write has, of a length that does not depend on the path's, which may be the longest allowed.
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with partial.open("xb") as file:
            file.write(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
