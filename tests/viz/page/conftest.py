"""One browser for all tests of a worker, and the pages that they look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.viz.page.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started
